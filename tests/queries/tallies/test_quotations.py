"""What a report quotes: which words, to whom, with which organisation and which reference."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.actions.quote import let_quote, take_words_back
from tracker.database import Database, statement_count
from tracker.measures.periods import Period, month_number, period
from tracker.queries.tallies.counts import Month, Scope
from tracker.queries.tallies.quotations import QuotedWords, quotations
from tracker.records.issue import Issue
from tracker.reports.themes.build import theme_report
from tracker.rules.rings import Ring

APRIL = date(2026, 4, 27)
EVERYBODY = ("sam", "jo", "rita", "priya", "alex")  # of the Hospitals: five people


def quoted(
    session: Session, cast: Cast, text: str = "We wait.", by: str = "sam", *, minutes: int = 0, **said: Any
) -> Issue:
    """An issue of which words are quoted."""
    issue = make_issue(session, cast, by=by, **{"theme": "reliability", **said})
    agreed_at = MONDAY + timedelta(minutes=minutes)
    let_quote(session, issue.ref, doer(cast, by, agreed_at), text=text, agrees=True, left_out=True)
    session.flush()
    return issue


def read(
    session: Session, cast: Cast, who: str = "", within: Period | None = None, months: tuple[Month, ...] | None = None
) -> tuple[QuotedWords, ...]:
    """Unless `months` says otherwise, five people of each organisation reported something in April."""
    told = (
        tuple(
            Month(month_number(APRIL), None, frozenset({1, 2}), each.id, 5, "91x1,92x1,93x1,94x1,95x1")
            for each in cast.organisations.values()
        )
        if months is None
        else months
    )
    arrangement, viewer = cast.arrangement(session), cast.viewer(who) if who else None
    scope = Scope.of(arrangement, viewer)
    return quotations(session, arrangement, scope, viewer, within or period("2026-Q2"), told)


def test_a_steering_member_of_a_third_organisation_reads_the_words_and_no_reference(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = quoted(session, cast)
        assert read(session, cast, "ines") == (QuotedWords("reliability", "We wait.", "acute", ""),)
        assert read(session, cast, "priya") == (QuotedWords("reliability", "We wait.", "acute", issue.ref),)


@pytest.mark.parametrize("who", ["bea", "mo", "stan"])
def test_who_sees_no_totals_reads_nothing_of_what_is_between_others(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        quoted(session, cast)
        assert read(session, cast, who) == ()


@pytest.mark.parametrize("who", ["jo", "kim", "lee"])
def test_who_is_of_a_side_reads_it_with_its_reference(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        issue = quoted(session, cast)
        assert [each.ref for each in read(session, cast, who)] == [issue.ref]


def test_without_a_viewer_no_reference_is_given(db: Database, cast: Cast) -> None:
    with db.write() as session:
        quoted(session, cast)
        assert [(each.text, each.ref) for each in read(session, cast)] == [("We wait.", "")]


def test_where_the_reporter_keeps_their_name_inside_the_organisation_is_not_said(db: Database, cast: Cast) -> None:
    with db.write() as session:
        quoted(session, cast, hide_reporter=True)
        assert [each.organisation for each in read(session, cast, "ines")] == [""]


@pytest.mark.parametrize("people, organisation", [("1x9,2x1,3x1,4x1,0x7", ""), ("1x1,2x1,3x1,4x1,5x1", "acute")])
def test_the_organisation_is_said_only_where_five_of_its_people_reported_that_month(
    db: Database, cast: Cast, people: str, organisation: str
) -> None:
    with db.write() as session:
        quoted(session, cast)
        sides = frozenset({cast.acute.id, cast.council.id})
        month = Month(month_number(APRIL), "authority", sides, cast.acute.id, 20, people)
        others = month._replace(organisation_id=cast.council.id, people="6x1,7x1,8x1,9x1,10x1")
        before = month._replace(number=month.number - 1, people="1x1,2x1,3x1,4x1,5x1,6x1")
        found = read(session, cast, "ines", months=(month, others, before))
        assert [each.organisation for each in found] == [organisation]


def test_people_of_several_themes_and_pairs_are_counted_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        quoted(session, cast)
        one = Month(month_number(APRIL), "authority", frozenset({1, 2}), cast.acute.id, 3, "1x1,2x1,3x1")
        other = one._replace(theme=None, people="2x1,3x1,4x1,5x1")
        assert [each.organisation for each in read(session, cast, months=(one,))] == [""]
        assert [each.organisation for each in read(session, cast, months=(one, other))] == ["acute"]
        assert [each.organisation for each in read(session, cast, months=(one, other._replace(people="3x4")))] == [""]


def test_the_report_says_the_organisation_once_its_fifth_person_reported(db: Database, cast: Cast) -> None:
    def said(session: Session) -> list[str]:
        arrangement, viewer = cast.arrangement(session), cast.viewer("ines")
        session.flush()
        found = theme_report(session, arrangement, today=APRIL, viewer=viewer, period=period("2026-Q2"))
        return [each.organisation for quoted in found.quotations.by_theme.values() for each in quoted]

    with db.write() as session:
        for who in EVERYBODY[1:4]:
            make_issue(session, cast, by=who)
        quoted(session, cast)
        assert said(session) == [""]
        make_issue(session, cast, by="alex")
        assert said(session) == ["acute"]


def test_the_newest_come_first_and_at_most_three_of_a_theme(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for place in range(5):
            quoted(session, cast, f"Late {place}.", minutes=place)
        quoted(session, cast, "Unsaid.", theme=None, minutes=3)
        found = [(each.theme, each.text) for each in read(session, cast, "priya")]
        assert found == [
            ("reliability", "Late 4."), (None, "Unsaid."), ("reliability", "Late 3."), ("reliability", "Late 2."),
        ]  # fmt: skip


def test_only_what_happened_in_the_period_is_quoted_whenever_it_was_agreed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = quoted(session, cast, occurred_on=date(2026, 3, 31))
        assert read(session, cast, "priya") == ()
        assert len(read(session, cast, "priya", period("2026-Q1"))) == 1
        record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=APRIL)
        assert len(read(session, cast, "priya")) == 1


def test_what_was_taken_back_is_quoted_no_longer(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = quoted(session, cast)
        take_words_back(session, issue.ref, doer(cast, "sam"))
        session.flush()
        assert read(session, cast, "priya") == ()


def test_an_issue_that_was_withdrawn_stays_quoted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = quoted(session, cast)
        resolve.withdraw(session, issue.ref, doer(cast, "sam"), reason="A mistake.")
        session.flush()
        assert [each.text for each in read(session, cast, "ines")] == ["We wait."]


def test_what_has_come_to_concern_a_person_is_quoted_to_nobody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        quoted(session, cast).ring = Ring.NAMED
        session.flush()
        assert read(session, cast, "priya") == read(session, cast, "sam") == read(session, cast) == ()


def test_figures_without_a_viewer_have_no_words_unless_a_pack_asks(db: Database, cast: Cast) -> None:
    with db.write() as session:
        quoted(session, cast)
        arrangement = cast.arrangement(session)
        figures, pack = (
            theme_report(session, arrangement, today=APRIL, period=period("2026-Q2"), quoted=each)
            for each in (False, True)
        )
        assert figures.quotations.by_theme == {}
        assert pack.quotations.by_theme == {"reliability": (QuotedWords("reliability", "We wait.", "", ""),)}


def test_however_many_there_are_it_is_one_statement(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(4):
            quoted(session, cast)
        arrangement, viewer = cast.arrangement(session), cast.viewer("priya")
        with statement_count(db) as sent:
            found = quotations(session, arrangement, Scope.of(arrangement, None), viewer, period("2026-Q2"), ())
        assert (len(sent), len(found)) == (1, 3)
