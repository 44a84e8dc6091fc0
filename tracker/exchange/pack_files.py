"""A pack as files: the paper for the meeting, and a workbook with a sheet for each part."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from tracker.exchange.cells import safe
from tracker.exchange.paper import paper
from tracker.rules.packs import Content


def as_pdf(content: Content) -> bytes:
    """As its reader may see it; `changed` (sentences) says what changed since it was frozen."""
    return paper("pack", content)


def as_xlsx(content: Content) -> bytes:
    """Sheets: Agenda, Decisions, and where the reader has the theme report, Themes and Quotations."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"Pack for {content['meeting']}"})
        _sheet(book, "Agenda", _AGENDA, (_agenda(each) for each in content["agenda"]))
        _sheet(book, "Decisions", _DECISIONS, (_decision(each) for each in content["decisions"]))
        if report := content["themes"]:
            _sheet(book, "Themes", _THEMES, (_theme(each) for each in (*report["themes"], report["untagged"])))
            if quoted := report.get("quotations"):
                names = {line["key"]: line["name"] for line in (*report["themes"], report["untagged"])}
                rows = ((names[each["theme"]], each["text"], each["by"]) for each in quoted)
                _sheet(book, "Quotations", _QUOTATIONS, rows)
    return kept.getvalue()


_AGENDA = ("Issue", "Title", "Matters", "Between", "Ball with", "Here since", "Limit", "Tier", "Story so far")
_DECISIONS = ("Decision", "What", "Decided on", "Due on", "State", "Owners")
_THEMES = ("Theme", "Occurrences", "Before", "Issues", "Open", "Solved", "Resolved, not solved")
_QUOTATIONS = ("Theme", "Quotation", "Said by")
_WIDE = {
    "Title": 46,
    "Between": 30,
    "Ball with": 30,
    "Story so far": 80,
    "What": 60,
    "Owners": 50,
    "Theme": 36,
    "Quotation": 80,
}


def _sheet(book: Any, name: str, heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for place, head in enumerate(heads):
        sheet.set_column(place, place, _WIDE.get(head, 16), wrapped)
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, [safe(cell) if isinstance(cell, str) else cell for cell in row])


def _agenda(item: Content) -> tuple[Any, ...]:
    here = next((rung["name"] for rung in item["ladder"] if rung["here"]), "")
    sides, story = " and ".join(item["sides"]), "\n".join(item["story"])
    return item["ref"], item["title"], item["severity"], sides, item["ball"], item["since"], item["limit"], here, story


def _decision(each: Content) -> tuple[Any, ...]:
    owners = "\n".join(each["owners"])
    return each["number"], each["what"], each["decided_on"], each["due_on"], each["state"], owners


def _theme(line: Content) -> tuple[Any, ...]:
    counts = ("occurrences", "before", "issues", "open", "solved", "not_solved")
    return line["name"], *("" if line[name] is None else line[name] for name in counts)
