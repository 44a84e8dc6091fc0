"""Counting months anew: what reports add up, kept as issues change, or made again from nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlmodel import Session, SQLModel, col, delete

from tracker.measures.periods import month_numbered
from tracker.queries.due import lock_marks, next_uncounted
from tracker.queries.reported import REPORTED, REPORTED_AREA, count_areas, count_reported
from tracker.queries.solved import FIX, count_fixes, months_followed
from tracker.queries.tallies import TALLY, count_tallies
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.partnership import Partnership
from tracker.records.tally import Fix, Reported, ReportedArea, Tally, Uncounted, month_in
from tracker.rules.sweeps import Done

_COUNTED: tuple[tuple[type[SQLModel], Sequence[str], Any], ...] = (
    (Tally, TALLY, count_tallies),
    (Reported, REPORTED, count_reported),
    (ReportedArea, REPORTED_AREA, count_areas),
)


def count_one(session: Session, *, now: datetime) -> Done | None:
    """Counts the month that has been out of date longest; None when none is. Of two clocks the later one waits for the
    marks of the month, and then finds it counted."""
    while (found := next_uncounted(session, now)) is not None:
        if lock_marks(session, *found):
            partnership_id, month = found
            count_months(session, partnership_id, [month])
            partnership = session.get_one(Partnership, partnership_id)
            return Done(partnership.key, f"{month_numbered(month).name} counted")
    return None


def count_months(session: Session, partnership_id: int, months: list[int]) -> None:
    """Makes the tallies of these months anew. A mark that is not committed yet stays: it counts again."""
    _forget(session, partnership_id, Uncounted, months)
    for table, names, count in _COUNTED:
        _forget(session, partnership_id, table, months)
        if months:
            session.execute(insert(table).from_select(names, count(partnership_id, months)))
    followed = months_followed(months)
    _forget(session, partnership_id, Fix, followed)
    if followed:
        session.execute(insert(Fix).from_select(FIX, count_fixes(partnership_id, followed)))


def recount(session: Session, partnership_id: int) -> int:
    """Makes every tally of a partnership anew; how many months there are."""
    for table in (Uncounted, Tally, Reported, ReportedArea, Fix):
        session.execute(delete(table).where(col(table.partnership_id) == partnership_id))
    found = [*_ends(session, partnership_id)]
    months = list(range(min(found), max(found) + 1)) if found else []
    count_months(session, partnership_id, months)
    return len(months)


def _ends(session: Session, partnership_id: int) -> Iterator[int]:
    """The first and the last month in which anything happened, or was resolved."""
    day, over = col(Occurrence.occurred_on), col(Issue.resolved_at)
    happened = select(month_in(func.min(day)), month_in(func.max(day))).join(
        Issue, col(Issue.id) == col(Occurrence.issue_id)
    )
    resolved = select(month_in(func.min(over)), month_in(func.max(over)))
    for asked in (happened, resolved):
        ends = session.execute(asked.where(col(Issue.partnership_id) == partnership_id)).one()
        yield from (each for each in ends if each is not None)


def _forget(session: Session, partnership_id: int, table: Any, months: Sequence[int]) -> None:
    session.execute(delete(table).where(col(table.partnership_id) == partnership_id, col(table.month).in_(months)))
