"""Workbooks: what a spreadsheet program finds in them."""

import io
import re
from datetime import UTC, date, datetime, timedelta, timezone
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from tracker.reports.spreadsheet import Sheet, Value, comma_separated, workbook

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(*sheets: Sheet) -> dict[str, list[list[str]]]:
    """The sheets by name; a cell as its kind (“s” a text, “n” a number, “f” a formula) and what it holds."""
    book = ZipFile(io.BytesIO(workbook(sheets)))
    texts = [each.findtext(f"{_MAIN}t", "") for each in _tree(book, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]
    names = [str(each.get("name")) for each in _tree(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")]
    pages = [_tree(book, f"xl/worksheets/sheet{place}.xml") for place in range(1, len(names) + 1)]
    return {name: _rows(page, texts) for name, page in zip(names, pages, strict=True)}


def _tree(book: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))


def _rows(page: ElementTree.Element, texts: list[str]) -> list[list[str]]:
    return [[_cell(cell, texts) for cell in row.iter(f"{_MAIN}c")] for row in page.iter(f"{_MAIN}row")]


def _cell(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.findtext(f"{_MAIN}v", "")
    if cell.find(f"{_MAIN}f") is not None:
        return "f"
    return f"s {texts[int(value)]}" if cell.get("t") == "s" else f"{cell.get('t', 'n')} {value}"


def cell(value: Value) -> str:
    return read(Sheet("x", ("a",), [(value,)]))["x"][1][0]


def test_sheets_have_their_names_and_rows_in_order() -> None:
    found = read(Sheet("Tiers", ("tier", "share"), [(1, 0.5), (2, None)]), Sheet("Issues", ("issue",), [("RIV-1",)]))

    assert found == {"Tiers": [["s tier", "s share"], ["n 1", "n 0.5"], ["n 2"]], "Issues": [["s issue"], ["s RIV-1"]]}


def test_each_sheet_lies_across_is_as_wide_as_the_paper_and_repeats_its_head_on_every_page() -> None:
    book = ZipFile(io.BytesIO(workbook([Sheet("Tiers", ("tier",), [(1,)]), Sheet("Issues", ("issue",), [("RIV-1",)])])))
    for place in (1, 2):
        page = _tree(book, f"xl/worksheets/sheet{place}.xml")
        setup, fit = page.find(f"{_MAIN}pageSetup"), page.find(f"{_MAIN}sheetPr/{_MAIN}pageSetUpPr")
        assert setup is not None
        assert (setup.get("orientation"), setup.get("fitToHeight")) == ("landscape", "0")
        assert fit is not None
        assert fit.get("fitToPage") == "1"
    heads = {each.text for each in _tree(book, "xl/workbook.xml").iter(f"{_MAIN}definedName")}
    assert heads == {"Tiers!$1:$1", "Issues!$1:$1"}


@pytest.mark.parametrize("text", ["=1+1", "+44", "-5", "@SUM(A1)", "\t=1", "{=1}"])
def test_no_text_is_a_formula(text: str) -> None:
    assert re.fullmatch(r"s '?" + re.escape(text), cell(text))


@pytest.mark.parametrize("text", ["https://example.org", "0012", "mailto:a@b.example", "internal:x!A1"])
def test_no_text_is_a_link_or_a_number(text: str) -> None:
    assert cell(text) == f"s {text}"


@pytest.mark.parametrize(
    "value, found",
    [
        pytest.param(date(2026, 3, 2), "n 46083", id="a day, counted from 1900"),
        pytest.param(
            datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=-6))), "n 46083.75", id="a moment in UTC"
        ),
        pytest.param(True, "b 1", id="yes or no"),
        pytest.param(datetime(2026, 3, 2, 18, tzinfo=UTC), "n 46083.75", id="a moment"),
    ],
)
def test_a_value_keeps_its_kind(value: Value, found: str) -> None:
    assert cell(value) == found


def test_a_text_that_no_cell_holds_is_cut_rather_than_lost() -> None:
    assert len(cell("a" * 40_000)) == len("s ") + 32_000


def test_comma_separated_values_hold_no_formula_and_nothing_for_none() -> None:
    found = comma_separated(Sheet("x", ("a", "b, c", "d"), [("=1+1", 2.5, None), ("two\nlines", True, -5)]))

    assert found == 'a,"b, c",d\r\n\'=1+1,2.5,\r\n"two\nlines",True,-5\r\n'


def test_names_that_no_spreadsheet_allows_are_mended() -> None:
    long = "A name that is far too long for a sheet"

    assert list(read(*(Sheet(name, ("a",), []) for name in ("a/b", "A B", "", long)))) == [
        "a b",
        "A B (2)",
        "Sheet",
        long[:31],
    ]
