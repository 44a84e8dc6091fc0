"""The theme report: counts by theme, month and pair, for each reader, against the period before."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions import follow_up, resolve
from tracker.actions.add_note import record_occurrence
from tracker.database import Database, statement_count
from tracker.measures.periods import period
from tracker.queries.issue_list import IssueQuery, issue_list
from tracker.records.issue_parts import IssueSide
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.subject import OPEN
from tracker.reports.themes.theme import ThemeLine
from tracker.rules import addresses
from tracker.rules.rings import Ring

TODAY = date(2026, 5, 20)


def report(db: Database, cast: Cast, reader: str = "", within: str = "2026-Q2", today: date = TODAY) -> ThemeReport:
    with db.read() as session:
        return theme_report(
            session,
            cast.arrangement(session),
            today=today,
            viewer=cast.viewer(reader) if reader else None,
            period=period(within) if within else None,
        )


def line(found: ThemeReport, key: str) -> ThemeLine:
    return next(each for each in found.themes.all_lines if each.key == key)


def happened(session: Session, cast: Cast, *days: date, theme: str | None = "authority", **said: Any) -> str:
    """An issue between Hospitals and Council (or as said) that happened on each of these days."""
    issue = make_issue(session, cast, theme=theme, occurred_on=days[0], **said)
    for day in days[1:]:
        record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=day)
    return issue.ref


def test_occurrences_count_in_the_month_they_happened_and_issues_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), date(2026, 4, 20), date(2026, 3, 31))
        happened(session, cast, date(2026, 4, 2))

    found = report(db, cast)

    authority = line(found, "authority")
    assert (authority.months, authority.now, authority.before) == ((3, 0, 0), 3, 1)
    assert (authority.issues.issues, found.themes.occurrences, found.themes.issues.issues) == (2, 3, 2)


def test_what_has_no_theme_yet_is_always_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), theme=None)

    assert (report(db, cast).themes.untagged.now, report(db, cast, within="2025").themes.untagged.now) == (1, 0)


def test_every_theme_has_a_line_and_the_most_frequent_is_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), theme="reliability")

    assert [each.key for each in report(db, cast).themes.lines] == ["reliability", "decision_speed", "authority"]


def test_an_issue_of_three_sides_counts_in_each_pair_and_once_in_its_theme(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1))
        three = make_issue(session, cast, theme="authority", occurred_on=date(2026, 4, 2))
        session.add(IssueSide(issue_id=three.id, organisation_id=cast.community.id, position=2))

    authority = line(report(db, cast), "authority")

    assert authority.now == 2
    assert authority.pairs == {("acute", "council"): 2, ("acute", "community"): 1, ("council", "community"): 1}


@pytest.mark.parametrize(
    "reader, now, pairs",
    [
        pytest.param("", 3, {"acute council": 1, "acute community": 1, "council community": 1}, id="the server"),
        pytest.param("priya", 3, {"acute council": 1, "acute community": 1, "council community": 1}, id="steering"),
        pytest.param("tess", 3, {"acute council": 1, "acute community": 1, "council community": 1}, id="lead"),
        pytest.param("sam", 2, {"acute council": 1, "acute community": 1}, id="front line of one side"),
        pytest.param("lee", 2, {"acute council": 1, "council community": 1}, id="manager of another"),
        pytest.param("stan", 0, {}, id="a stranger"),
    ],
)
def test_who_steers_sees_totals_of_all_and_others_their_own_organisations_pairs(
    db: Database, cast: Cast, reader: str, now: int, pairs: dict[str, int]
) -> None:
    with db.write() as session:
        for by, with_ in (("sam", "council"), ("sam", "community"), ("kim", "community")):
            happened(session, cast, date(2026, 4, 1), by=by, with_=with_)

    authority = line(report(db, cast, reader), "authority")

    assert (authority.now, {" ".join(pair): count for pair, count in authority.pairs.items()}) == (now, pairs)


def test_whose_issues_are_counted_is_said(db: Database, cast: Cast) -> None:
    assert (report(db, cast, "sam").subject.scope, report(db, cast, "priya").subject.scope) == (("acute",), ())


def test_of_three_sides_a_reader_of_one_has_only_its_own_pairs(db: Database, cast: Cast) -> None:
    with db.write() as session:
        three = make_issue(session, cast, theme="authority", occurred_on=date(2026, 4, 2))
        session.add(IssueSide(issue_id=three.id, organisation_id=cast.community.id, position=2))

    assert line(report(db, cast, "sam"), "authority").pairs == {("acute", "council"): 1, ("acute", "community"): 1}


def test_what_has_not_crossed_counts_for_nobody(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), ring=Ring.ORGANISATION)

    assert [report(db, cast, reader).themes.occurrences for reader in ("", "sam", "priya", "alex")] == [0, 0, 0, 0]


def test_issues_stand_as_they_do_now_and_what_was_no_problem_of_its_own_is_not_unsolved(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1))
        for outcome in ("solved", "not_solved", "duplicate"):
            ref = happened(session, cast, date(2026, 4, 1))
            resolve.propose(session, ref, doer(cast, "kim"), outcome=outcome, done="a new form")
            resolve.agree(session, ref, doer(cast, "sam"))

    issues = line(report(db, cast), "authority").issues

    assert (issues.issues, issues.open, issues.solved, issues.not_solved) == (4, 1, 1, 1)


def test_a_clear_change_is_told_from_an_unclear_one(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, *[date(2025, 10, 6)] * 4, *[date(2026, 2, 2)] * 20)
        happened(session, cast, *[date(2025, 10, 6)] * 4, *[date(2026, 2, 2)] * 5, theme="reliability")

    found = report(db, cast, within="2026-Q1")
    changes = {key: line(found, key).change for key in ("authority", "reliability", "decision_speed")}

    assert changes["authority"] is not None
    assert changes["reliability"] is not None
    assert (changes["authority"].is_clear, changes["reliability"].is_clear) == (True, False)
    assert changes["decision_speed"] is None
    assert changes["authority"].ratio == pytest.approx(20 / 90 / (4 / 87))  # recorded from 6 October only


def test_nothing_is_held_against_a_time_before_anything_was_recorded(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1))

    found = report(db, cast)

    assert (found.subject.before, line(found, "authority").before, line(found, "authority").change) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "within, today, so_far",
    [
        pytest.param("2026-Q2", date(2026, 5, 20), date(2026, 5, 20), id="in the midst of it"),
        pytest.param("2026-Q2", date(2026, 6, 30), date(2026, 6, 30), id="on its last day"),
        pytest.param("2026-Q2", date(2026, 7, 1), None, id="on the day after"),
        pytest.param("2026-Q1", date(2026, 5, 20), None, id="over"),
    ],
)
def test_a_period_that_is_not_over_says_so(
    db: Database, cast: Cast, within: str, today: date, so_far: date | None
) -> None:
    assert report(db, cast, within=within, today=today).subject.so_far == so_far


def test_all_time_is_from_the_first_to_the_last_that_was_recorded(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2025, 11, 30), date(2026, 2, 1))

    found = report(db, cast, within="")

    assert (found.subject.period.name, line(found, "authority").months, found.subject.before) == (
        "2025-11..2026-02",
        (1, 0, 0, 1),
        None,
    )


def test_the_small_chart_has_the_two_years_to_the_end_of_the_period(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2024, 4, 1), date(2024, 3, 31), date(2026, 3, 31))

    chart = line(report(db, cast, within="2026-Q1"), "authority").chart

    assert (len(chart), chart[0], chart[-1], sum(chart)) == (24, 1, 1, 2)


def test_a_theme_that_was_retired_stays_while_it_has_counts(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), theme="authority")
        issue = make_issue(session, cast, theme="reliability", occurred_on=date(2026, 4, 1))
        issue.theme = "gone"

    keys = [each.key for each in report(db, cast).themes.lines]

    assert set(keys) == {"authority", "gone", "decision_speed", "reliability"}


def test_behind_each_number_are_just_so_many_issues(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast, date(2026, 4, 1), date(2026, 4, 20))
        happened(session, cast, date(2026, 4, 21), with_="community")
        happened(session, cast, date(2026, 3, 31))
        happened(session, cast, date(2026, 4, 21), theme=None)

    with db.read() as session:
        found = report(db, cast, "sam")
        mine = frozenset({cast.partnership.id})
        for each in found.themes.all_lines:
            filters = (("theme", each.key), ("from", date(2026, 4, 1)), ("until", date(2026, 6, 30)))
            assert len(issue_list(session, cast.viewer("sam"), IssueQuery(mine, filters)).rows) == each.issues.issues
    assert found.subject.issues_at("authority", OPEN, pair=("acute", "council")) == addresses.counted(
        "RIV",
        {"theme": "authority", "pair": "acute,council", "state": "unresolved", "report": "2026-Q2"},
        "2026-Q2",
    )


def test_it_takes_eight_statements_whatever_the_number_of_issues(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(10):
            happened(session, cast, date(2026, 4, 1))
    with db.read() as session:
        arrangement = cast.arrangement(session)
        with statement_count(db) as sent:
            theme_report(session, arrangement, today=TODAY, viewer=cast.viewer("sam"), period=period("2026-Q2"))

    assert len(sent) == 8


def test_a_decision_is_told_of_from_its_own_period_on_and_its_effect_up_to_today(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for month in (1, 2, 3):
            happened(session, cast, *[date(2026, month, day) for day in range(2, 12)])
        happened(session, cast, date(2024, 12, 31))
        make_decision(session, cast, decided_on=date(2026, 4, 2), themes=("authority",))
        done = doer(cast, "jo", datetime(2026, 5, 4, 9, tzinfo=UTC))
        follow_up.finish(session, cast.arrangement(session), 1, done, how="", done_on=date(2026, 4, 30))
    late = date(2026, 10, 5)
    found = [report(db, cast, "priya", within, today=late) for within in ("2026-Q1", "2026-Q2", "2026-Q3")]
    decisions = [each.decisions.decisions for each in found]

    assert [len(each) for each in decisions] == [0, 1, 1]
    words = {each[0].effects["authority"].words for each in decisions if each}
    assert len(words) == 1
    assert words.pop() == "Helped: 2.5 a month before, 0 since."
