"""Tallies: what happened in a month, counted together, so that a report adds up months instead of occurrences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    Integer,
    UniqueConstraint,
    bindparam,
    case,
    cast,
    column,
    event,
    extract,
    insert,
    select,
    table,
    union,
)
from sqlalchemy.orm import UOWTransaction
from sqlmodel import Field, Session, col

from tracker.records.columns import NumberedRow, among, moment
from tracker.records.issue_parts import Occurrence

AT_ONCE = 500  # issues whose months are marked by one statement


class CountedMonth(NumberedRow):
    """What is kept of a month, by its number since the year 0 (`measures.periods.month_number`)."""

    partnership_id: int = Field(foreign_key="partnership.id")
    month: int


class Tally(CountedMonth, table=True):
    """Issues that crossed, of one theme, promise and set of sides, which happened in one month.

    `sides`: organisation ids in order, with commas between. `before`: the last month before in which the same issues
    happened; None: it was their first. A period's issues are those of its months whose `before` lies before the period:
    none is counted twice. `views`: what the sides call the issues where two or more have said, as "1:charging,2:roles"
    by organisation id in order.
    """

    __table_args__ = (Index("ix_tally_month", "partnership_id", "month"),)  # reports, and counting a month anew

    theme: str | None = None
    topic: str | None = None
    clause: str | None = None
    sides: str
    before: int | None = None
    views: str | None = None
    occurrences: int
    issues: int
    open: int
    solved: int
    not_solved: int
    solved_first: int  # at tier 1
    within_0: int  # occurrences that were recorded on the day that they happened, and so on
    within_1: int
    within_2: int
    within_7: int
    within_28: int
    fixed: int  # four weeks on, whoever raised it said so
    not_fixed: int
    asked: int  # and has not answered
    severe: int  # serious or critical
    lost_said: int  # of how many it was said how much working time was lost
    lost_minutes: int = Field(sa_type=BigInteger)  # of these together


class Reported(CountedMonth, table=True):
    """What one organisation reported of a theme between these sides in a month: by whom ("7x2,9x1": a person's id and
    how often, 0 for whoever history does not name) and on which days of the month ("3x2,17x1")."""

    __table_args__ = (Index("ix_reported_month", "partnership_id", "month"),)  # who still reports

    theme: str | None = None
    sides: str
    organisation_id: int
    occurrences: int
    again: int  # of them, those with which an issue began that is another one again
    people: str
    days: str


class ReportedArea(CountedMonth, table=True):
    """What happened in a service area in a month, whoever the sides are, and who reported it, as `Reported` has it."""

    __tablename__ = "reported_area"
    __table_args__ = (Index("ix_reported_area_month", "partnership_id", "month"),)  # which areas are silent

    service_area: str | None = None
    occurrences: int
    people: str


class Fix(CountedMonth, table=True):
    """An issue that was solved in a month, and after how many days something happened again: an issue that is linked
    to it, or within 90 days one that is only like it (theme, topic, sides, service area); None: never. Of a month with
    many, some.

    `on_day`: the number of the day by the partnership's clock (queries/tallies/tallies.py), which tells the month, too.
    """

    __table_args__ = (Index("ix_fix_month", "partnership_id", "month"),)  # how long fixes last

    theme: str | None = None
    sides: str
    on_day: int
    again_after: int | None = None
    alike_after: int | None = None


class Uncounted(CountedMonth, table=True):
    """A month in which something changed since it was counted. Marks are only added, and taken away by who counts:
    so writers never wait for each other, and a change that is not committed yet keeps its mark. A month that cannot be
    counted is set aside with the reason; reports count it themselves meanwhile."""

    __table_args__ = (Index("ix_uncounted_month", "partnership_id", "month"),)  # which months a report counts itself

    marked_at: datetime = Field(sa_type=moment())
    set_aside_at: datetime | None = Field(default=None, sa_type=moment())
    set_aside_why: str | None = None


def month_in(day: Any) -> ColumnElement[int]:
    """The number of the month that a column of days is in, as `measures.periods.month_number` counts."""
    return cast(extract("year", day) * 12 + extract("month", day) - 1, Integer)


def mark_months(session: Session, partnership_id: int, issue_ids: Sequence[int], at: datetime) -> None:
    """Every month in which these issues happened, or were resolved, is to be counted anew. Near the end of a month it
    depends on the zone in which one it was resolved: both are."""
    session.flush()
    for start in range(0, len(issue_ids), AT_ONCE):
        ids = issue_ids[start : start + AT_ONCE]
        session.connection().execute(_MARK, {"partnership": partnership_id, "at": at, "ids": ids})


def mark_months_soon(session: Session, partnership_id: int, issue_id: int, at: datetime) -> None:
    """The same as it was written so far, since something may be taken away, and when what changes in this session is
    next written, and not sooner."""
    session.connection().execute(_MARK, {"partnership": partnership_id, "at": at, "ids": [issue_id]})
    session.info.setdefault(_SOON, {}).setdefault((partnership_id, at), set()).add(issue_id)


@event.listens_for(Session, "after_flush")
def _mark_now(session: Session, _: UOWTransaction) -> None:
    marks: dict[tuple[int, datetime], set[int]] = session.info.pop(_SOON, {})
    for (partnership_id, at), ids in marks.items():
        session.connection().execute(_MARK, {"partnership": partnership_id, "at": at, "ids": sorted(ids)})


_SOON = "months to mark"
_ISSUE = table("issue", column("id"), column("resolved_at"))
_OVER, _DAY = month_in(_ISSUE.c.resolved_at), extract("day", _ISSUE.c.resolved_at)
_MONTHS = union(
    select(month_in(col(Occurrence.occurred_on)).label("month")).where(among(col(Occurrence.issue_id))),
    *(
        select(month).where(among(_ISSUE.c.id), _ISSUE.c.resolved_at.is_not(None))
        for month in (case((_DAY == 1, _OVER - 1), else_=_OVER), case((_DAY >= 28, _OVER + 1), else_=_OVER))
    ),
).subquery()
_MARK = insert(Uncounted).from_select(
    ["partnership_id", "month", "marked_at"],
    select(bindparam("partnership", type_=Integer), _MONTHS.c.month, bindparam("at", type_=moment())),
)


class Exposure(CountedMonth, table=True):
    """`amount`: 0 or more of what the partnership counts."""

    __table_args__ = (UniqueConstraint("partnership_id", "month", "organisation_id"),)  # read with the arrangement

    organisation_id: int = Field(foreign_key="organisation.id")
    amount: float
