"""Workbooks: named sheets of rows, for those who read reports in a spreadsheet."""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula: an apostrophe is put before one that looks like it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


Value = str | int | float | bool | date | datetime | None

_LONGEST_NAME = 31  # letters, and none of these
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDEST, _NARROWEST = 60, 8
_OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": True, "remove_timezone": True, "default_date_format": "yyyy-mm-dd",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its headings, its rows. A row is as long as the headings, or shorter."""

    name: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX file with these sheets, at least one, in order; headings stay in sight. No text in it is a formula, a
    link or a number; None is an empty cell, a moment is written in UTC."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, _OPTIONS)
    bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, sheet in _named(sheets):
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.write_row(0, 0, [safe(each) for each in sheet.head], bold)
        for place, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, place, column, value, moment)
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
    book.close()
    return content.getvalue()


def _write(page: xlsxwriter.workbook.Worksheet, row: int, column: int, value: Value, moment: object) -> None:
    if isinstance(value, str):
        page.write_string(row, column, safe(value))
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.astimezone(UTC), moment)
    elif value is not None:
        page.write(row, column, value)


def _named(sheets: Iterable[Sheet]) -> Iterator[tuple[str, Sheet]]:
    """Each with a name that a spreadsheet allows, and no other sheet has."""
    taken: set[str] = set()
    for sheet in sheets:
        name = wanted = sheet.name.translate(_NOT_IN_NAMES).strip()[:_LONGEST_NAME] or "Sheet"
        number = 2
        while name.lower() in taken:
            name = f"{wanted[: _LONGEST_NAME - 4]} ({number})"
            number += 1
        taken.add(name.lower())
        yield name, sheet


def _widths(sheet: Sheet) -> Iterator[int]:
    for column, title in enumerate(sheet.head):
        texts = [str(row[column]) for row in sheet.rows[:200] if len(row) > column and row[column] is not None]
        yield max(_NARROWEST, min(_WIDEST, max(map(len, [title, *texts])) + 2))
