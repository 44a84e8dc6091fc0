"""Reads a workbook as a spreadsheet program does: the rows of each sheet, numbers as numbers, an empty cell as None."""

import io
import re
from xml.etree import ElementTree
from zipfile import ZipFile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cell = str | float | None


def rows_of(content: bytes) -> dict[str, list[dict[str, Cell]]]:
    """By the name of the sheet: each row under its headings."""
    book = ZipFile(io.BytesIO(content))
    texts = [each.findtext(f"{_MAIN}t", "") for each in _tree(book, "xl/sharedStrings.xml").iter(f"{_MAIN}si")]
    names = [str(each.get("name")) for each in _tree(book, "xl/workbook.xml").iter(f"{_MAIN}sheet")]
    return {name: _rows(_tree(book, f"xl/worksheets/sheet{place}.xml"), texts) for place, name in enumerate(names, 1)}


def _tree(book: ZipFile, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(book.read(name))


def _rows(page: ElementTree.Element, texts: list[str]) -> list[dict[str, Cell]]:
    head, *rows = [
        {re.sub(r"\d", "", str(cell.get("r"))): _value(cell, texts) for cell in row.iter(f"{_MAIN}c")}
        for row in page.iter(f"{_MAIN}row")
    ]
    return [{str(title): row.get(column) for column, title in head.items()} for row in rows]


def _value(cell: ElementTree.Element, texts: list[str]) -> Cell:
    value = cell.findtext(f"{_MAIN}v", "")
    return texts[int(value)] if cell.get("t") == "s" else float(value)
