"""How long fixes last: what is counted of what came after, and what is told of issues that are each other again."""

from datetime import UTC, date, datetime, time

from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.actions.raise_issue import cross
from tracker.database import Database
from tracker.measures.periods import period
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.recurrence import FixOutcomes
from tracker.rules.rings import Ring

TODAY = date(2026, 5, 20)
LONG_AGO = date(2025, 1, 6)


def at(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def solved(session: Session, cast: Cast, ref: str, on: date) -> None:
    resolve.propose(session, ref, doer(cast, "lee", at(on)), outcome="solved", done="a new form")
    resolve.agree(session, ref, doer(cast, "jo", at(on)))


def again(session: Session, cast: Cast, ref: str, on: date, by: str = "sam") -> str:
    """The issue by which it happened again."""
    return record_occurrence(session, ref, doer(cast, by, at(on)), occurred_on=on).ref


def told(db: Database, cast: Cast, reader: str = "priya", within: str = "2026-Q1") -> FixOutcomes:
    with db.read() as session:
        viewer, asked = cast.viewer(reader), period(within)
        return theme_report(session, cast.arrangement(session), today=TODAY, viewer=viewer, period=asked).recurrence


def test_fixes_are_followed_up_to_the_last_day_of_the_period_and_no_further(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        for day in (date(2026, 3, 31), date(2026, 4, 1)):
            ref = make_issue(session, cast, now=at(date(2026, 3, 2)), occurred_on=date(2026, 3, 2)).ref
            solved(session, cast, ref, date(2026, 3, 20))
            again(session, cast, ref, day)

    found = told(db, cast)

    assert (found.fixes, found.back, found.survival) == (2, 1, ((11.0, 0.5),))
    assert told(db, cast, within="2026-04").back == 2


def test_a_fix_lasted_until_the_first_day_of_what_is_linked_whenever_that_was_told(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        ref = make_issue(session, cast, now=at(LONG_AGO), occurred_on=LONG_AGO).ref
        solved(session, cast, ref, date(2026, 3, 1))
        back = again(session, cast, ref, date(2026, 3, 19))
        record_occurrence(session, back, doer(cast, "kim", at(TODAY)), occurred_on=date(2026, 3, 9))

    assert told(db, cast).survival == ((8.0, 0.0),)


def test_a_chain_tells_nothing_of_an_issue_that_has_not_crossed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, occurred_on=LONG_AGO)
        day = date(2026, 1, 5)
        ref = make_issue(session, cast, now=at(day), occurred_on=day, ring=Ring.ORGANISATION).ref
        resolve.withdraw(session, ref, doer(cast, "sam", at(day)), reason="a mistake")
        shared = again(session, cast, ref, date(2026, 1, 19))
        ref = cross(session, shared, doer(cast, "jo", at(date(2026, 1, 19)))).ref
        solved(session, cast, ref, date(2026, 2, 2))
        again(session, cast, ref, date(2026, 3, 2))

    assert told(db, cast).chains == told(db, cast, "lee").chains == ()
