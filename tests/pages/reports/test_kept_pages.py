"""The page of the theme report, drawn once for all who read the same: what is one reader's stands outside that."""

import re
from datetime import date
from typing import Any

import pytest
from markupsafe import Markup

from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions.add_note import record_occurrence
from tracker.pages.web import page
from tracker.reports.themes import kept

PAGE = "/reports/RIV/themes"


@pytest.fixture
def counted(site: Site) -> Site:
    kept._kept.clear()
    with site.db.write() as session:
        for month in range(5, 16):
            for day in (3, 9, 17):
                on = date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, day)
                make_issue(session, site.cast, theme="authority", title="Keys", occurred_on=on)
    return site


def read(site: Site, who: str) -> str:
    """The page as somebody reads it, but for the secrets in it."""
    return re.sub(r'(content|value)="[\w=-]{40,}"', "", site.guest(who).get(PAGE).text)


def test_what_is_kept_is_drawn_as_it_would_be_anew(counted: Site) -> None:
    for who in ("priya", "alex", "rita", "bea"):
        first, again = read(counted, who), read(counted, who)
        kept._kept.clear()
        assert first == again == read(counted, who)
        assert ("What stands out" in first) is (who != "bea")  # nothing of hers is counted


def test_nothing_of_one_reader_is_in_what_others_are_drawn(counted: Site) -> None:
    read(counted, "priya")
    reports = [report for each in kept._kept.values() for report in each._reports.values()]
    (drawn,) = [text for each in reports for text in each._drawn.values()]
    assert "What stands out" in drawn
    assert [words for words in ("To decide", "Since ", "csrf", "Priya") if words in drawn] == []


def test_what_happened_since_is_on_the_next_page(counted: Site) -> None:
    before = read(counted, "priya")
    with counted.db.write() as session:
        record_occurrence(session, "RIV-1", doer(counted.cast, "sam"), occurred_on=date(2026, 3, 20))
    assert read(counted, "priya") != before


def test_while_nothing_happens_nothing_of_it_is_drawn_again(counted: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []

    def figure(count: Any) -> Markup:
        drawn.append(count)
        return page.figure(count)

    monkeypatch.setitem(page.environment().filters, "figure", figure)
    read(counted, "priya")
    assert drawn
    drawn.clear()
    read(counted, "priya")
    assert drawn == []
