"""Tallies: kept as issues change, the same as if they were made from nothing, and never a change behind."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast, ask_for_hours
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import amend, confirm_theme, give_theme_view
from tracker.actions.counting.months import count_months, count_one, recount
from tracker.actions.raise_issue import cross
from tracker.database import Database
from tracker.measures.periods import month_number
from tracker.queries.due import lock_marks
from tracker.queries.tallies.tallies import CountedPartnership, count_tallies, counted_columns, number_of
from tracker.records.partnership import Partnership
from tracker.records.tally import Fix, Reported, ReportedArea, Tally, Uncounted
from tracker.reports.themes.build import theme_report
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring

LATER = MONDAY + timedelta(minutes=2)
APRIL = month_number(date(2026, 4, 1))


def count_all(session: Session) -> int:
    """What the clock does, until nothing is out of date; how many months it counted."""
    counted = 0
    while count_one(session, now=LATER):
        counted += 1
    return counted


def kept(session: Session) -> list[Counter[tuple[Any, ...]]]:
    """The tallies, without their ids; what is text in no order of its own, in order."""
    return [
        Counter(
            tuple(map(_sorted, row))
            for row in session.execute(select(*(getattr(table, name) for name in counted_columns(table))))
        )
        for table in (Tally, Reported, ReportedArea, Fix)
    ]


def _sorted(value: Any) -> Any:
    return ",".join(sorted(value.split(","))) if isinstance(value, str) and "x" in value else value


def live(session: Session, cast: Cast) -> None:
    """Every step after which a report may count otherwise, each in a month of its own after the last count."""
    ask_for_hours(session, cast)
    ref = make_issue(session, cast, theme="authority", lost_minutes=90).ref
    count_all(session)
    record_occurrence(session, ref, doer(cast, "sam"), occurred_on=date(2026, 3, 2))
    count_all(session)
    confirm_theme(session, ref, doer(cast, "lee"), theme="reliability")
    count_all(session)
    resolve.propose(session, ref, doer(cast, "lee"), outcome="solved", done="a new form", lost_minutes=600)
    resolve.agree(session, ref, doer(cast, "jo"))
    count_all(session)
    resolve.reopen(session, ref, doer(cast, "jo"), reason="not yet")
    count_all(session)
    ref = make_issue(session, cast, ring=Ring.ORGANISATION, theme="authority").ref
    count_all(session)
    cross(session, ref, doer(cast, "jo"))
    count_all(session)
    ref = make_issue(session, cast, theme="authority").ref
    count_all(session)
    resolve.withdraw(session, ref, doer(cast, "sam"), reason="a mistake")
    count_all(session)
    for manager, theme in (("jo", "authority"), ("lee", "reliability")):
        give_theme_view(session, ref, doer(cast, manager), theme=theme)
        count_all(session)
    come_back(session, cast)


def come_back(session: Session, cast: Cast) -> None:
    """Solved in February; in March it happens again: alike, then linked; then it turns out to be somewhere else."""
    february, april = MONDAY - timedelta(days=75), doer(cast, "lee")
    ref = _promised(session, cast, february)
    _solve(session, cast, ref, february)
    alike = _promised(session, cast, MONDAY - timedelta(days=30))
    count_all(session)
    record_occurrence(session, ref, doer(cast, "sam"), occurred_on=date(2026, 4, 20))
    count_all(session)
    amend(session, alike, april, severity=Severity.MINOR, service_area="equipment")
    count_all(session)
    resolve.reopen(session, ref, april, reason="not yet")
    count_all(session)
    _solve(session, cast, ref, MONDAY)


def _solve(session: Session, cast: Cast, ref: str, at: datetime) -> None:
    resolve.propose(session, ref, doer(cast, "lee", at), outcome="solved", done="a new form")
    resolve.agree(session, ref, doer(cast, "jo", at))
    count_all(session)


def _promised(session: Session, cast: Cast, at: datetime) -> str:
    """Raised at Discharge, of a theme with a promise under strain."""
    ref = make_issue(session, cast, now=at, occurred_on=at.date(), service_area="discharge").ref
    confirm_theme(session, ref, doer(cast, "lee", at), theme="authority")
    return ref


def test_what_is_kept_is_what_counting_from_nothing_gives(db: Database, cast: Cast) -> None:
    with db.write() as session:
        live(session, cast)
        after_each_step = kept(session)
        assert recount(session, cast.partnership.id) == 3
        assert kept(session) == after_each_step
        assert all(after_each_step)
        tallies = session.exec(select(Tally)).all()
        assert sum(each.lost_minutes for each in tallies if each.before is None) == 600
        assert 0 < sum(each.severe for each in tallies) < sum(each.issues for each in tallies)


def test_a_report_is_the_same_before_and_after_its_months_are_counted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, theme="authority")
        make_issue(session, cast, theme="authority", occurred_on=date(2026, 2, 3))
        found = [_report(session, cast)]
        assert count_all(session) == 2
        found.append(_report(session, cast))
        make_issue(session, cast, theme="authority", occurred_on=date(2026, 2, 3))
        found.append(_report(session, cast))

    assert found[0] == found[1]
    assert [each.themes.occurrences for each in found] == [2, 2, 3]


def test_a_month_rests_before_it_is_counted_and_is_counted_once_for_many_changes(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(3):
            make_issue(session, cast)
        assert count_one(session, now=MONDAY) is None
        assert count_all(session) == 1
        assert session.exec(select(Uncounted)).all() == []


def test_a_change_that_is_not_committed_yet_keeps_its_mark(db: Database, cast: Cast) -> None:
    """On SQLite writers take turns, so this can only happen on PostgreSQL."""
    with db.write() as session:
        make_issue(session, cast)
    if db.is_sqlite:
        with db.write() as session:
            make_issue(session, cast)
            count_all(session)
    else:
        with db.write() as writer:
            make_issue(writer, cast)
            writer.flush()
            with db.write() as clock:
                count_all(clock)
    with db.write() as session:
        count_all(session)
        counted = session.exec(select(Tally)).all()
        assert [(each.month, each.issues) for each in counted] == [(APRIL, 2)]


def test_two_clocks_take_turns_over_fixes_that_both_would_count(db: Database, cast: Cast) -> None:
    """One counts March while the other takes up February, which was marked first but committed later."""
    february = MONDAY - timedelta(days=75)
    with db.write() as session:
        _solve(session, cast, _promised(session, cast, february), february)
        session.add_all(
            Uncounted(partnership_id=cast.partnership.id, month=month, marked_at=MONDAY)
            for month in (APRIL - 2, APRIL - 1)
        )

    def other_clock() -> int:
        with db.write() as session:
            return count_all(session)

    with ThreadPoolExecutor(1) as other:
        with db.write() as session:
            assert lock_marks(session, cast.partnership.id, APRIL - 1)
            count_months(session, cast.partnership.id, [APRIL - 1])
            meanwhile = other.submit(other_clock)
            with pytest.raises(TimeoutError):
                meanwhile.result(timeout=0.5)
        assert meanwhile.result() == 1
    with db.read() as session:
        assert [each.month for each in session.exec(select(Fix))] == [APRIL - 2]


def test_an_issue_of_several_months_counts_once_in_them_together(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, theme="authority", occurred_on=date(2026, 2, 3)).ref
        for day in (date(2026, 2, 9), date(2026, 4, 1)):
            record_occurrence(session, ref, doer(cast, "sam"), occurred_on=day)
        rows = session.execute(
            count_tallies(CountedPartnership(cast.partnership.id, "Europe/London"), [APRIL - 2, APRIL - 1, APRIL])
        ).all()

    told = {row.month: (row.before, row.occurrences, row.issues) for row in rows}
    assert told == {APRIL - 2: (None, 2, 1), APRIL: (APRIL - 2, 1, 1)}


@pytest.mark.parametrize(
    "zone, at, on",
    [
        pytest.param("America/Los_Angeles", datetime(2026, 5, 1, 3, tzinfo=UTC), date(2026, 4, 30), id="still April"),
        pytest.param("Pacific/Auckland", datetime(2026, 4, 30, 20, tzinfo=UTC), date(2026, 5, 1), id="already May"),
        pytest.param("Europe/London", datetime(2026, 4, 30, 23, 30, tzinfo=UTC), date(2026, 5, 1), id="summer time"),
    ],
)
def test_what_is_solved_counts_on_the_day_and_in_the_month_of_the_partnerships_clock(
    db: Database, cast: Cast, zone: str, at: datetime, on: date
) -> None:
    with db.write() as session:
        session.get_one(Partnership, cast.partnership.id).zone = zone
        ref = make_issue(session, cast, theme="authority", occurred_on=date(2026, 4, 20)).ref
        resolve.propose(session, ref, doer(cast, "lee", at), outcome="solved", done="a new form")
        resolve.agree(session, ref, doer(cast, "jo", at))
        while count_one(session, now=at + timedelta(minutes=2)):
            pass
        followed = kept(session)
        recount(session, cast.partnership.id)

        assert kept(session) == followed
        fix = session.exec(select(Fix)).one()
        assert (fix.month, fix.on_day) == (month_number(on), number_of(on))


def test_what_is_written_down_in_the_evening_of_the_day_is_recorded_on_the_day(db: Database, cast: Cast) -> None:
    evening = datetime(2026, 4, 28, 2, tzinfo=UTC)  # 19:00 of the 27th there
    with db.write() as session:
        make_issue(session, cast, now=evening, occurred_on=date(2026, 4, 27))
        far_west = session.execute(
            count_tallies(CountedPartnership(cast.partnership.id, "America/Los_Angeles"), [APRIL])
        ).one()
        here = session.execute(count_tallies(CountedPartnership(cast.partnership.id, "Europe/London"), [APRIL])).one()

    assert (far_west.within_0, here.within_0, here.within_1) == (1, 0, 1)


def _report(session: Session, cast: Cast) -> Any:
    return theme_report(session, cast.arrangement(session), today=date(2026, 4, 27), viewer=cast.viewer("priya"))
