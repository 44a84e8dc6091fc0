"""The issues of a ladder report one by one, from what is kept of each; those that changed since are measured anew."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Row, select, union_all
from sqlmodel import Session, col

from tracker.measures.climb import AN_HOUR, as_of, hour_number
from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.periods import Period
from tracker.measures.tier_stays import Hours
from tracker.queries.ladder.climbs import AT_ONCE, CLIMB_COLUMNS, CROSSED, measured
from tracker.queries.ladder.kept import scopes
from tracker.queries.ladder.sums import LadderReader
from tracker.records.climb import IssueClimb
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import State
from tracker.rules.working_time import WorkingTime


@dataclass(frozen=True, slots=True)
class ClimbedIssue:
    """One issue that the reader's totals cover, and what it adds to the figures of the period, as of now."""

    id: int
    raised_at: datetime
    visible: bool
    counts: Counter[str]


def climbed_issues(session: Session, reader: LadderReader, now: datetime, *, raised: bool) -> Iterator[ClimbedIssue]:
    """In the order they were raised: those `raised` in the period, or those that lived in it."""
    flags = (reader.visible.label("visible"), reader.counts.label("counted"), IssueClimb.scope_id, IssueClimb.counts)
    known = scopes(session, reader.arrangement.id)
    for rows in _batches(session, reader, (reader.counts, *_within(reader, raised=raised)), flags):
        fresh = {each.id: each for each in measured(session, reader.arrangement, [*filter(_is_changed, rows)])}
        for row in rows:
            climb = fresh.get(row.id)
            if climb is None and row.scope_id is None:
                continue
            sides = (climb.scope if climb else known[row.scope_id]).side_ids
            by_month: Any = climb.counts if climb else row.counts
            calendar = reader.arrangement.joint_calendar(sides)
            counts = as_of(reader.within(by_month), now, partial(_hours_from, calendar))
            yield ClimbedIssue(row.id, row.raised_at, bool(row.visible), counts)


def _hours_from(calendar: WorkingTime, _since: datetime) -> Hours:
    return partial(_hours, calendar)


def _hours(calendar: WorkingTime, start: datetime, end: datetime) -> float:
    return calendar.between(start, end) / AN_HOUR


@dataclass(frozen=True, slots=True)
class IssueWay:
    """An issue that the reader may read, raised in the period. `came_back`: see `reports.ladder.report.IssueFlow`."""

    ref: str
    outside_ref: str | None
    is_resolved: bool
    flow: LadderFlow
    came_back: bool | None


def issue_ways(session: Session, reader: LadderReader, now: datetime) -> Iterator[IssueWay]:
    """In the order they were raised, a batch at a time: as little is held for a million as for a thousand."""
    hour, told = hour_number(now), (IssueClimb.figures, IssueClimb.followed_from, IssueClimb.came_back)
    for rows in _batches(session, reader, (reader.visible, *_within(reader, raised=True)), told):
        fresh = {each.id: each for each in measured(session, reader.arrangement, [*filter(_is_changed, rows)])}
        for row in rows:
            climb = fresh.get(row.id)
            if climb is None and row.figures is None:
                continue
            flow = climb.flow if climb else LadderFlow(*row.figures)
            since, back = (climb or row).followed_from, (climb or row).came_back
            is_told = since is not None and since <= hour
            yield IssueWay(row.ref, row.outside_ref, row.state is State.RESOLVED, flow, bool(back) if is_told else None)


def ways_of(session: Session, reader: LadderReader, ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Of those of these that the reader may read: id, ref, state, title, and the figures that are kept."""
    shown: tuple[Any, ...] = (Issue.id, Issue.ref, Issue.state, Issue.title, IssueClimb.figures)
    known = select(*shown).join(IssueClimb, col(IssueClimb.issue_id) == col(Issue.id), isouter=True)
    rows = session.connection().execute(known.where(col(Issue.id).in_(ids), reader.visible))
    return {row.id: row for row in rows}


def claimed_twice(session: Session, partnership_id: int) -> frozenset[str]:
    """References of issues here that another issue has from outside."""
    theirs = select(col(Issue.outside_ref)).where(
        col(Issue.partnership_id) == partnership_id, col(Issue.outside_ref).is_not(None)
    )
    own = select(col(Issue.ref)).where(col(Issue.ref).in_(theirs), col(Issue.outside_ref).is_(None))
    return frozenset(session.execute(own).scalars())


def _batches(
    session: Session, reader: LadderReader, those: Sequence[ColumnElement[bool]], more: Sequence[Any]
) -> Iterator[Sequence[Row[Any]]]:
    shown: tuple[Any, ...] = (*CLIMB_COLUMNS, col(Issue.ref), col(Issue.uncounted_at), *more)
    known = select(*shown).join(IssueClimb, col(IssueClimb.issue_id) == col(Issue.id), isouter=True)
    here = known.where(col(Issue.partnership_id) == reader.arrangement.id, CROSSED, *those)
    ordered = here.order_by(col(Issue.raised_at), col(Issue.id)).execution_options(yield_per=AT_ONCE)
    yield from session.connection().execute(ordered).partitions()


def _is_changed(row: Row[Any]) -> bool:
    return row.uncounted_at is not None


def _within(reader: LadderReader, *, raised: bool) -> tuple[ColumnElement[bool], ...]:
    if reader.period is None:
        return ()
    if not raised:
        return (col(Issue.id).in_(_lived(reader.arrangement, reader.period)),)
    start, end = reader.period.moments(ZoneInfo(reader.arrangement.zone))
    return (col(Issue.raised_at) >= start, col(Issue.raised_at) < end)


def _lived(arrangement: Arrangement, period: Period) -> CompoundSelect[Any]:
    """The ids of issues that lived in a period, each kind by an index of its own: raised in it; raised before it and
    not over yet; raised before it and over since, by the body that had it."""
    start, end = period.moments(ZoneInfo(arrangement.zone))
    here, raised_at = col(Issue.partnership_id) == arrangement.id, col(Issue.raised_at)
    bodies = [each.id for each in arrangement.bodies.values()]
    over_since = (here, raised_at < start, col(Issue.resolved_at) >= start)
    kinds = (
        (here, raised_at >= start, raised_at < end),
        (here, raised_at < start, col(Issue.resolved_at).is_(None)),
        (*over_since, col(Issue.body_id).in_(bodies)),
        (*over_since, col(Issue.body_id).is_(None)),
    )
    return union_all(*(select(col(Issue.id)).where(*each) for each in kinds))
