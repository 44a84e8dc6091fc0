"""A pack as files: the paper for the meeting, and a workbook with a sheet for each part."""

import io
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from tracker.reports.paper import paper
from tracker.reports.spreadsheet import safe
from tracker.rules.packs import Content, headlines


def as_pdf(content: Content) -> bytes:
    """As its reader may see it; `changed` (sentences) says what changed since it was frozen."""
    return paper("pack", content)


def as_xlsx(content: Content) -> bytes:
    """Sheets: Agenda, Decisions, and where the reader has the theme report, Headlines, Themes and Quotations."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"Pack for {content['meeting']}"})
        _sheet(book, "Agenda", _AGENDA, (_agenda(each) for each in content["agenda"]))
        _sheet(book, "Decisions", _DECISIONS, (_decision(each) for each in content["decisions"]))
        if content["themes"]:
            _theme_sheets(book, content["themes"])
    return kept.getvalue()


_AGENDA = (
    "Issue",
    "Title",
    "Matters",
    "Between",
    "Ball with",
    "Here since",
    "Limit",
    "Tier",
    "What happened",
    "Story so far",
)
_DECISIONS = ("Decision", "What", "Decided on", "Due on", "State", "Owners")
_HEADLINES = ("Headline",)
_THEMES = ("Theme", "Verdict", "Occurrences", "Before", "Issues", "Open", "Solved", "Resolved, not solved")
_QUOTATIONS = ("Theme", "Quotation", "Said by")
_MOST = 32_000  # letters: a cell holds 32,767, and drops what is longer
_WIDE = {
    "Title": 46,
    "Between": 30,
    "Ball with": 30,
    "What happened": 80,
    "Story so far": 80,
    "What": 60,
    "Owners": 50,
    "Headline": 100,
    "Theme": 36,
    "Verdict": 24,
    "Quotation": 80,
}


def _theme_sheets(book: Any, report: Content) -> None:
    lines = (*report["themes"], report["untagged"])
    if said := headlines(report):
        _sheet(book, "Headlines", _HEADLINES, ((words,) for words, _ in (*said, (report.get("chance", ""), ""))))
    _sheet(book, "Themes", _THEMES, (_theme(each) for each in lines))
    if quoted := report.get("quotations"):
        names = {line["key"]: line["name"] for line in lines}
        rows = ((names[each["theme"]], each["text"], each["by"]) for each in quoted)
        _sheet(book, "Quotations", _QUOTATIONS, rows)


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
    told = "\n".join(f"{each['who']}, {each['when']}: {each['text']}" for each in item.get("account", ()))
    return (
        item["ref"], item["title"], item["severity"], " and ".join(item["sides"]), item["ball"], item["since"],
        item["limit"], here, told[:_MOST], "\n".join(item["story"]),
    )  # fmt: skip


def _decision(each: Content) -> tuple[Any, ...]:
    owners = "\n".join(each["owners"])
    return each["number"], each["what"], each["decided_on"], each["due_on"], each["state"], owners


def _theme(line: Content) -> tuple[Any, ...]:
    counts = ("occurrences", "before", "issues", "open", "solved", "not_solved")
    verdict = line.get("verdict")  # packs that were frozen first have none
    return (
        line["name"],
        verdict["label"] if verdict else "",
        *("" if line[name] is None else line[name] for name in counts),
    )
