"""Paper: what people wrote stands on it as they wrote it, and it can be read aloud."""

import json
import re
from html import unescape
from typing import Any

import pytest
import typst

from tests.reports.pdf_tags import tags_of
from tracker.reports.paper import paper
from tracker.reports.typesetters import PaperFault
from tracker.settings import packaged

TITLE = "Letters #emph[late] *again* $x$ \\ @b"
ITEM = {
    "ref": "RIV-1", "title": TITLE, "severity": "serious", "state": "open", "sides": ["Hospitals", "Council"],
    "ball": "Council, Lee Ford", "since": "Mon 27 Apr 2026", "limit": "Tue 28 Apr 2026 10:00",
    "due_at": "2026-04-28T09:00:00+00:00", "late": True, "body_id": 4,
    "ladder": [{"name": "Front line", "here": False}, {"name": "Steering group", "here": True}],
    "story": ["Mon 27 Apr 2026: Sam raised it", "#panic(1)"],
    "papers": [{"organisation": "Council", "parts": [{"label": "How they see it", "text": "Ours"}]}],
}  # fmt: skip
DECISION = {
    "number": 3, "what": "Answer #within two days", "decided_on": "2026-04-20", "due_on": "2026-05-29", "state": "open",
    "late": False, "decided": "Mon 20 Apr 2026", "says": "open, due Fri 29 May 2026", "owners": ["Jo (Hospitals)"],
}  # fmt: skip
COUNTS = {"occurrences": 3, "before": None, "open": 1, "solved": 2, "not_solved": 0}
CHART = {
    "values": [1.0, 9.0], "centre": 2.0, "upper": [5.0, 6.0], "lower": 0.0, "signals": {"1": ["outside"]},
    "decided": [0.5], "title": "Pace of decisions: 2 months", "described": "from 1 to 9, outside the limits: Feb 26",
}  # fmt: skip
LINE = {
    "key": "a", "name": "Pace of #decisions", **COUNTS, "pairs": [{"pair": ["acute", "council"], "occurrences": 3}],
    "months": {"2026-01": 1, "2026-02": 2},
    "verdict": {"label": "rising", "tone": "up", "numbers": "9 against 1.", "chart": CHART},
}  # fmt: skip
STAIRCASE = {
    "title": "How many stay solved", "described": "from 100 % to 50 %", "days": 90, "steps": [["90", "50 %"]],
    "points": [[0, 1], [30, 1], [30, 0.5], [90, 0.5]],
}  # fmt: skip
THEMES = {
    "organisations": {"acute": "Hospitals", "council": "Council"}, "occurrences": 3, "issues": 1, "most_frequent": "",
    "headlines": [{"sentence": "Pace of #decisions is rising: 9 now."}], "chance": "Expect 0.1 by chance alone.",
    "themes": [LINE], "untagged": {**LINE, "name": "No theme yet", "key": "untagged", "verdict": None},
    "decisions": [{"said": "Answer at once", "effects": {"a": {"words": "too early to say"}}}],
    "views": [{"pair": ["acute", "council"], "words": "Of 3, 2.", "gaps": [{"theme": "a", "one": 2, "other": 1}]}],
    "promises": [{"words": "Governance", "occurrences": 3, "themes": {"a": 3}}],
    "lasting": {"words": "2 fixes.", "staircase": STAIRCASE, "chains": [{"theme": "a", "length": 2, "refs": ["R-1"]}]},
    "stayed_fixed": {"words": "Nobody was asked."}, "both_ways": [], "talked": {"sentence": ""},
    "trust_words": [["No theme yet", "0 %", "0 of 1"]],
    "reporting": [{"organisation": "acute", "recent": 2, "before": 1, "people": 3, "words": "more than before"}],
}  # fmt: skip
PACK: dict[str, Any] = {
    "partnership": {"key": "RIV", "name": "Riverside"}, "number": 1,
    "body": {"key": "steering", "name": "Steering group"}, "meeting": "Steering group, Tue 28 Apr 2026",
    "period": "2026-Q1", "period_words": "January to March 2026", "made": "Mon 27 Apr 2026 09:00",
    "published": "Mon 27 Apr 2026 09:00 by Priya Nair",
    "changed": ["RIV-1: resolved since, solved"], "agenda": [ITEM], "decisions": [DECISION],
    "themes": THEMES,
}  # fmt: skip
DRAFT = {**PACK, "published": None, "changed": [], "themes": None, "agenda": [], "decisions": []}


def words_of(content: dict[str, Any]) -> str:
    """What the paper says, by typst's own reading of it: every text element, in order."""
    root = packaged("templates") / "reports"
    inputs = {"content": json.dumps(content)}
    found = typst.compile(root / "pack.typ", root=root, format="html", sys_inputs=inputs, ignore_system_fonts=True)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bytes(found).decode())).split())


@pytest.mark.parametrize("content", [PACK, DRAFT], ids=["published", "draft"])
def test_a_pack_is_a_pdf_that_keeps_the_standard_for_reading_aloud(content: dict[str, Any]) -> None:
    made = paper("pack", content)
    assert made.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in made


def test_what_people_wrote_is_text_and_never_markup() -> None:
    words = words_of(PACK)
    for written in (TITLE, "#panic(1)", "Answer #within two days", "Jo (Hospitals); decided Mon 20 Apr 2026"):
        assert written in words


def test_the_paper_says_what_changed_since_what_it_is_and_whose_papers_it_holds() -> None:
    words = words_of(PACK)
    assert "Changed since it was published: RIV-1: resolved since, solved" in words
    assert "published Mon 27 Apr 2026 09:00 by Priya Nair" in words
    assert "Council How they see it: Ours" in words
    assert "draft , as it stood Mon 27 Apr 2026 09:00" in words_of(DRAFT)


def heads_of(pdf: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """Of each row of each table: what it stands in, and how its cells are tagged."""
    tables = tags_of(pdf).all_of("Table")
    parts = [part for table in tables for part in table.children]
    return [(part.kind, tuple(f"{c.kind} {c.scope}".strip() for c in row.children)) for part in parts
            for row in part.children]  # fmt: skip


def test_the_names_of_rows_are_heads_of_rows_and_those_of_columns_of_columns() -> None:
    found = heads_of(paper("pack", PACK))
    assert len(found) > 10
    for part, (first, *others) in found:
        is_head = part == "THead"
        assert first == ("TH Column" if is_head else "TH Row")
        assert set(others) <= {"TH Column" if is_head else "TD"}


def test_a_paper_without_a_table_is_as_it_was_made() -> None:
    assert heads_of(paper("pack", DRAFT)) == []


def test_a_character_that_no_font_has_costs_the_standard_and_not_the_paper() -> None:
    made = paper("pack", {**DRAFT, "meeting": "Steering group 🦄"})
    assert made.startswith(b"%PDF-")
    assert b"pdfuaid" not in made


def test_a_fault_of_the_template_is_not_hidden() -> None:
    with pytest.raises(PaperFault, match="dictionary does not contain key"):
        paper("pack", {})
