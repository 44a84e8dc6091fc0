"""Workbooks and comma-separated values: named sheets of rows, for those who read reports in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import xlsxwriter

Value = str | int | float | bool | date | datetime | None

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST_TEXT = 32_000  # letters: a cell holds 32,767, and drops what is longer
_LONGEST_NAME = 31  # letters, and none of these
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_WIDEST, _NARROWEST = 60, 8
_LOOKED_AT = 200  # rows, for the width of a column
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


def workbook(sheets: Iterable[Sheet], title: str = "") -> bytes:
    """An XLSX file with these sheets, at least one, in order; headings stay in sight, and on paper stand on each page,
    which lies across and is as wide as the sheet. No text in it is a formula, a
    link or a number; None is an empty cell, a moment is written in UTC. Texts of several lines are wrapped."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"title": title} if title else {})
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, sheet in _named(sheets):
            page = book.add_worksheet(name)
            page.freeze_panes(1, 0)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            for column, width in enumerate(_widths(sheet)):
                page.set_column(column, column, width, wrapped if _has_lines(sheet) else None)
            page.write_row(0, 0, [_safe(each) for each in sheet.head], bold)
            for place, row in enumerate(sheet.rows, start=1):
                for column, value in enumerate(row):
                    _write(page, place, column, value, moment)
    return content.getvalue()


def comma_separated(sheet: Sheet) -> str:
    """A CSV file of one sheet. No text in it is taken for a formula; None is nothing."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(sheet.head)
    writer.writerows([_safe(each) if isinstance(each, str) else each for each in row] for row in sheet.rows)
    return lines.getvalue()


def _safe(text: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula: an apostrophe is put before one that looks like it."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _write(page: xlsxwriter.workbook.Worksheet, row: int, column: int, value: Value, moment: object) -> None:
    if isinstance(value, str):
        page.write_string(row, column, _safe(value[:_LONGEST_TEXT]))
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
    """By the longest line of each column."""
    for column, title in enumerate(sheet.head):
        texts = [str(row[column]) for row in sheet.rows[:_LOOKED_AT] if len(row) > column and row[column] is not None]
        yield max(_NARROWEST, min(_WIDEST, max(len(line) for text in (title, *texts) for line in text.split("\n")) + 2))


def _has_lines(sheet: Sheet) -> bool:
    return any(isinstance(value, str) and "\n" in value for row in sheet.rows for value in row)
