"""A pack that an earlier version froze, when a theme report had fewer values, is still a paper."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.reports.pdf_words import words_on
from tracker.actions import escalate, resolve
from tracker.actions.amend import confirm_theme, give_theme_view
from tracker.database import Database
from tracker.reports.packs.faces import as_pdf, as_xlsx

AT_FIRST = {"partnership", "period", "before", "so_far", "scope", "occurrences", "issues", "themes", "untagged"}
OF_A_LINE = {
    "key", "name", "group", "occurrences", "before", "change", "issues", "open", "solved", "not_solved", "months",
    "pairs", "issues_at",
}  # fmt: skip
WITH_VERDICTS = AT_FIRST | {
    "name", "organisations", "headlines", "chance", "promises", "lasting", "stayed_fixed", "both_ways", "views",
    "decisions", "reporting", "talked",
}  # fmt: skip
CAME_LATER = {
    "bars",
    "standing",
    "open_now",
    "around",
    "reasons",
    "called",
    "easing",
    "exposures",
    "staircase",
    "tone",
    "title",
    "described",
    "decided",
    "said",
    "frozen",
}
WITH_WORDS = {"lasting", "stayed_fixed", "reporting", "chart", "raised"}


@pytest.fixture
def today(db: Database, cast: Cast) -> dict[str, Any]:
    """What is frozen today: a year of authority, rising, with a promise, a decision, fixes, both ways and views."""
    days = [date(2025, month, 3) for month in range(4, 10)] + [date(2026, 2, 2)] * 12 + [date(2026, 3, 2)] * 8
    with db.write() as session:
        refs = [make_issue(session, cast, occurred_on=day, theme="authority").ref for day in days]
        make_issue(session, cast, occurred_on=date(2026, 3, 9), by="kim", with_="acute", theme="reliability")
        for ref in refs[:9]:
            resolve.propose(session, ref, doer(cast, "kim"), outcome="solved", done="A new form.")
            resolve.agree(session, ref, doer(cast, "sam"))
        for who, theme in (("lee", "decision_speed"), ("jo", "authority")):
            give_theme_view(session, refs[-1], doer(cast, who), theme=theme)
        confirm_theme(session, refs[-2], doer(cast, "lee"), theme="authority")
        make_decision(session, cast, decided_on=date(2026, 2, 12), themes=("authority",))
        escalate.by_holder(session, refs[-1], doer(cast, "sam"), cause="legal deadline", to=4)
        session.flush()
        pack = make_pack(session, cast)
        assert pack.content
        return {**pack.content, "published": "Mon 27 Apr 2026", "changed": [], "period_words": "January to March 2026"}


def test_today_every_section_of_the_report_is_in_a_pack(today: dict[str, Any]) -> None:
    words = words_on(as_pdf(today))
    for section in (
        "To decide",
        "Since last month",
        "What stands out",
        "What helped and what did not",
        "When it happens",
        "Which promise",
        "Seen from both sides",
        "What each side calls it",
    ):
        assert section in words


def first(report: dict[str, Any]) -> dict[str, Any]:
    """Counts alone."""
    lines = [{name: line[name] for name in OF_A_LINE} for line in (*report["themes"], report["untagged"])]
    kept = {name: each for name, each in report.items() if name in AT_FIRST}
    return {**kept, "themes": lines[:-1], "untagged": lines[-1]}


def with_verdicts(report: dict[str, Any]) -> dict[str, Any]:
    """Verdicts, both ways and views, but of fewer words."""
    return {name: fewer_words(each, name) for name, each in report.items() if name in WITH_VERDICTS}


def fewer_words(found: Any, within: str) -> Any:
    """A value of the report and those inside it. Words there were of what lasts, was asked and was reported."""
    if isinstance(found, list):
        return [fewer_words(each, within) for each in found]
    if not isinstance(found, dict):
        return found
    gone = CAME_LATER | (set() if within in WITH_WORDS or "raised" in found else {"words"})
    gone |= {"sentence"} if within == "talked" else set()
    return {name: fewer_words(each, name) for name, each in found.items() if name not in gone}


@pytest.mark.parametrize("earlier", [first, with_verdicts])
def test_what_was_frozen_with_fewer_values_is_still_a_paper_and_a_workbook(
    today: dict[str, Any], earlier: Callable[[Any], Any]
) -> None:
    content = {**today, "themes": earlier(today["themes"])}
    words = words_on(as_pdf(content))
    assert "No authority at this level" in words
    assert "No theme stands out" not in words
    assert as_xlsx(content).startswith(b"PK")


def test_each_value_that_came_later_can_be_missing_by_itself(today: dict[str, Any]) -> None:
    for name in today["themes"].keys() - AT_FIRST:
        report = {key: each for key, each in today["themes"].items() if key != name}
        assert as_pdf({**today, "themes": report}).startswith(b"%PDF-"), name


def test_an_agenda_that_was_frozen_without_accounts_is_still_a_paper_and_a_workbook(today: dict[str, Any]) -> None:
    told = today["agenda"][0]["account"][0]["text"]
    earlier = [{name: each for name, each in item.items() if name != "account"} for item in today["agenda"]]
    assert told in words_on(as_pdf(today))
    words = words_on(as_pdf({**today, "agenda": earlier}))
    assert (today["agenda"][0]["title"] in words, told in words) == (True, False)
    assert as_xlsx({**today, "agenda": earlier}).startswith(b"PK")
