"""Counting months anew: what reports add up, kept as issues change, or made again from nothing."""

from datetime import datetime

from sqlalchemy import func, insert, select
from sqlmodel import Session, col, delete

from tracker.measures.periods import month_numbered
from tracker.queries.due import lock_marks, next_uncounted
from tracker.queries.tallies import REPORTED, TALLY, count_reported, count_tallies
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.partnership import Partnership
from tracker.records.tally import Reported, Tally, Uncounted, month_in
from tracker.rules.sweeps import Done


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
    for table in (Uncounted, Tally, Reported):
        session.execute(delete(table).where(col(table.partnership_id) == partnership_id, col(table.month).in_(months)))
    if months:
        session.execute(insert(Tally).from_select(TALLY, count_tallies(partnership_id, months)))
        session.execute(insert(Reported).from_select(REPORTED, count_reported(partnership_id, months)))


def recount(session: Session, partnership_id: int) -> int:
    """Makes every tally of a partnership anew; how many months there are."""
    for table in (Uncounted, Tally, Reported):
        session.execute(delete(table).where(col(table.partnership_id) == partnership_id))
    day = col(Occurrence.occurred_on)
    of_it = select(month_in(func.min(day)), month_in(func.max(day))).join(
        Issue, col(Issue.id) == col(Occurrence.issue_id)
    )
    first, last = session.execute(of_it.where(col(Issue.partnership_id) == partnership_id)).one()
    months = list(range(first, last + 1)) if first is not None else []
    count_months(session, partnership_id, months)
    return len(months)
