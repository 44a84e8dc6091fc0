"""Tallies: what happened in a month, counted together, so that a report adds up months instead of occurrences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Index, Integer, bindparam, cast, extract, insert, select
from sqlmodel import Field, Session, SQLModel, col

from tracker.records.columns import moment
from tracker.records.issue_parts import Occurrence

AT_ONCE = 500  # issues whose months are marked by one statement


class Tally(SQLModel, table=True):
    """Issues that crossed, of one theme, promise and set of sides, which happened in one month.

    `month` counts months since the year 0 (`measures.periods.month_number`). `sides`: organisation ids in order, with
    commas between. `before`: the last month before in which the same issues happened; None: it was their first. A
    period's issues are those of its months whose `before` lies before the period: none is counted twice.
    """

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_month", "partnership_id", "month"),)  # reports, and counting a month anew

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    month: int
    theme: str | None = None
    topic: str | None = None
    clause: str | None = None
    sides: str
    before: int | None = None
    occurrences: int
    issues: int
    open: int
    solved: int
    not_solved: int
    solved_first: int  # at tier 1
    prompt: int  # occurrences that were recorded within two days
    fixed: int  # four weeks on, whoever raised it said so
    not_fixed: int
    asked: int  # and has not answered


class Reported(SQLModel, table=True):
    """How often one person of one organisation reported a theme between these sides in a month; 0 is whoever history
    does not name."""

    __tablename__ = "reported"
    __table_args__ = (Index("ix_reported_month", "partnership_id", "month"),)  # who still reports

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    month: int
    theme: str | None = None
    sides: str
    organisation_id: int
    person_id: int
    occurrences: int


class Uncounted(SQLModel, table=True):
    """A month in which something changed since it was counted. Marks are only added, and taken away by who counts:
    so writers never wait for each other, and a change that is not committed yet keeps its mark."""

    __tablename__ = "uncounted"
    __table_args__ = (Index("ix_uncounted_month", "partnership_id", "month"),)  # which months a report counts itself

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    month: int
    marked_at: datetime = Field(sa_type=moment())


def month_in(day: Any) -> ColumnElement[int]:
    """The number of the month that a column of days is in, as `measures.periods.month_number` counts."""
    return cast(extract("year", day) * 12 + extract("month", day) - 1, Integer)


def mark_months(session: Session, partnership_id: int, issue_ids: Sequence[int], at: datetime) -> None:
    """Every month in which these issues happened is to be counted anew."""
    session.flush()
    for start in range(0, len(issue_ids), AT_ONCE):
        ids = issue_ids[start : start + AT_ONCE]
        session.connection().execute(_MARK, {"partnership": partnership_id, "at": at, "ids": ids})


_MONTH = month_in(col(Occurrence.occurred_on))
_MARK = insert(Uncounted).from_select(
    ["partnership_id", "month", "marked_at"],
    select(bindparam("partnership", type_=Integer), _MONTH, bindparam("at", type_=moment()))
    .where(col(Occurrence.issue_id).in_(bindparam("ids", expanding=True)))
    .distinct(),
)
