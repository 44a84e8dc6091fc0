"""Counting months anew: what reports add up, kept as issues change, or made again from nothing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, insert, select, update
from sqlmodel import Session, SQLModel, col, delete

from tracker.database import raise_unless_of_the_row
from tracker.measures.periods import month_number, month_numbered
from tracker.queries.due import MarkedMonth, lock_marks, next_uncounted
from tracker.queries.tallies.fixes import count_fixes, months_followed
from tracker.queries.tallies.tallies import (
    CountedPartnership,
    count_areas,
    count_reported,
    count_tallies,
    counted_columns,
)
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.partnership import Partnership
from tracker.records.tally import Fix, Reported, ReportedArea, Tally, Uncounted
from tracker.rules.spans import day_in
from tracker.rules.sweeps import SweepResult

_log = structlog.get_logger()

_COUNTED: tuple[tuple[type[SQLModel], Any], ...] = (
    (Tally, count_tallies),
    (Reported, count_reported),
    (ReportedArea, count_areas),
)


def count_one(session: Session, *, now: datetime, but: Collection[int] = ()) -> SweepResult | None:
    """Counts the month that has been out of date longest; None when none is. Of two clocks the later one waits for the
    marks of the month, and then finds it counted. A month that cannot be counted is set aside with the reason.

    `but`: the ids of marks to leave for now. Refuses with Held where somebody else holds what it needs.
    """
    while (mark := next_uncounted(session, now, but)) is not None:
        try:
            with session.begin_nested():
                done = _count(session, mark)
        except Exception as error:
            raise_unless_of_the_row(error, mark.id)
            _log.exception("month set aside", partnership_id=mark.partnership_id, month=mark.month)
            _set_aside(session, mark, f"{type(error).__name__}: {error}", now)
            return SweepResult(f"partnership {mark.partnership_id}", "a month set aside")
        if done:
            return done
    return None


def _count(session: Session, mark: MarkedMonth) -> SweepResult | None:
    if not lock_marks(session, mark.partnership_id, mark.month):
        return None
    count_months(session, mark.partnership_id, [mark.month])
    partnership = session.get_one(Partnership, mark.partnership_id)
    return SweepResult(partnership.key, f"{month_numbered(mark.month).name} counted")


def _set_aside(session: Session, mark: MarkedMonth, why: str, now: datetime) -> None:
    """All marks of the month: the next of them would fail likewise."""
    same = (col(Uncounted.partnership_id) == mark.partnership_id, col(Uncounted.month) == mark.month)
    session.execute(update(Uncounted).where(*same).values(set_aside_at=now, set_aside_why=why))


def count_months(session: Session, partnership_id: int, months: list[int]) -> None:
    """Makes the tallies of these months anew. A mark that is not committed yet stays: it counts again."""
    home = CountedPartnership(partnership_id, session.get_one(Partnership, partnership_id).zone)
    _forget(session, partnership_id, Uncounted, months)
    for table, count in _COUNTED:
        _forget(session, partnership_id, table, months)
        if months:
            session.execute(insert(table).from_select(counted_columns(table), count(home, months)))
    followed = months_followed(months)
    _forget(session, partnership_id, Fix, followed)
    if followed:
        session.execute(insert(Fix).from_select(counted_columns(Fix), count_fixes(home, followed)))


def recount(session: Session, partnership_id: int) -> int:
    """Makes every tally of a partnership anew; how many months there are."""
    for table in (Uncounted, Tally, Reported, ReportedArea, Fix):
        session.execute(delete(table).where(col(table.partnership_id) == partnership_id))
    months = _every(session, partnership_id)
    count_months(session, partnership_id, months)
    return len(months)


def mark_every_month(session: Session, partnership_id: int, at: datetime) -> None:
    """All is to be counted anew, as when the clock by which days are told became another."""
    months = _every(session, partnership_id)
    session.add_all(Uncounted(partnership_id=partnership_id, month=month, marked_at=at) for month in months)


def _every(session: Session, partnership_id: int) -> list[int]:
    found = [*_ends(session, session.get_one(Partnership, partnership_id))]
    return list(range(min(found), max(found) + 1)) if found else []


def _ends(session: Session, partnership: Partnership) -> Iterator[int]:
    """The first and the last month in which anything happened, or was resolved by the partnership's clock."""
    day, over = col(Occurrence.occurred_on), col(Issue.resolved_at)
    of_it, zone = col(Issue.partnership_id) == partnership.id, ZoneInfo(partnership.zone)
    happened = select(func.min(day), func.max(day)).join(Issue, col(Issue.id) == col(Occurrence.issue_id))
    yield from (month_number(each) for each in session.execute(happened.where(of_it)).one() if each)
    resolved = session.execute(select(func.min(over), func.max(over)).where(of_it)).one()
    yield from (month_number(day_in(zone, each)) for each in resolved if each)


def _forget(session: Session, partnership_id: int, table: Any, months: Sequence[int]) -> None:
    session.execute(delete(table).where(col(table.partnership_id) == partnership_id, col(table.month).in_(months)))
