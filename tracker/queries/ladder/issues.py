"""Issues with what the ladder's measures make of their events; of a finished one kept for as long as it stays so."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, or_, select, union_all
from sqlmodel import Session, col

from tracker.measures.acknowledging import Wait, wait_for_all
from tracker.measures.ball import BallTime, Contest, Transfers, ball_time, contest, transfers
from tracker.measures.ladder_flow import LadderFlow, MeasuredEvent, flow_of
from tracker.measures.periods import Period
from tracker.measures.recurrence import Ending, first_ending
from tracker.measures.tier_stays import Stay, stays
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.events import events_of, sides_of
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import LIVE, Kind, Outcome, State
from tracker.rules.rings import Ring, Viewer

_CROSSED = col(Issue.ring) != Ring.ORGANISATION  # until then it is on no ladder, and has no number
_MOST_KEPT = 30_000  # finished issues; about 2 KB each
_MOST_NAMED = 500  # issues that a statement asks for by their ids
_kept: dict[str, "IssueMeasures"] = {}  # by the digest of an issue's last event: with one more event it is another


@dataclass(frozen=True, slots=True)
class IssueMeasures:
    """What the events of an issue say. `side_ids`: the organisation spoken for first; `path`: the tiers it was on."""

    side_ids: tuple[int, ...]
    began_at: datetime
    flow: LadderFlow
    path: tuple[int, ...]
    stays: tuple[Stay, ...]
    ball: BallTime
    passed: Transfers
    contest: Contest | None
    wait: Wait | None
    ending: Ending | None


@dataclass(frozen=True, slots=True)
class MeasuredIssue:
    """One issue as it stands. `visible`: this reader may see it; `counts`: their totals cover it. `has_clock`: it is
    neither an early warning nor was it raised as worked round."""

    id: int
    ref: str
    outside_ref: str | None
    raised_at: datetime
    is_resolved: bool
    outcome: Outcome | None
    tier: int
    has_clock: bool
    visible: bool
    counts: bool
    measures: IssueMeasures

    @property
    def is_solved(self) -> bool:
        return self.is_resolved and self.outcome is Outcome.SOLVED

    @property
    def wait(self) -> Wait | None:
        """For every other side to acknowledge it; without a clock nobody is held to that."""
        return self.measures.wait if self.has_clock else None


def issues_with_measures(
    session: Session, arrangement: Arrangement, viewer: Viewer | None, period: Period | None, now: datetime
) -> Iterator[MeasuredIssue]:
    """The issues that have crossed and lived in a period (by the partnership's clock): raised before its end, and not
    over before its start; without one, all. In the order they were raised, in three statements for any number.

    Without a viewer every one is visible; for steering members and leads every one counts.
    """
    within = _within(arrangement, viewer, period)
    rows = session.connection().execute(_statement(arrangement, viewer, within)).all()
    measures = {row.id: kept for row in rows if (kept := _kept.get(row.head))}  # at hand, whatever gives way meanwhile
    measures |= _measured(session, arrangement, [row for row in rows if row.id not in measures], within, now)
    for row in rows:
        if measured := measures.get(row.id):
            yield MeasuredIssue(
                id=row.id,
                ref=row.ref,
                outside_ref=row.outside_ref,
                raised_at=row.raised_at,
                is_resolved=row.state is State.RESOLVED,
                outcome=row.outcome,
                tier=row.tier,
                has_clock=row.kind is Kind.ISSUE and not row.worked_round,
                visible=bool(row.visible),
                counts=bool(row.counts),
                measures=measured,
            )


def _within(arrangement: Arrangement, viewer: Viewer | None, period: Period | None) -> tuple[ColumnElement[bool], ...]:
    conditions = (col(Issue.partnership_id) == arrangement.id, _CROSSED, or_(*_for(arrangement, viewer)))
    return conditions if period is None else (*conditions, col(Issue.id).in_(_lived(arrangement, period)))


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


def _for(arrangement: Arrangement, viewer: Viewer | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """What the reader may see, and what their totals cover."""
    visible = visible_issues(viewer) if viewer else _CROSSED
    return visible, _CROSSED if viewer is None or viewer.sees_totals_of(arrangement.id) else visible


def _statement(arrangement: Arrangement, viewer: Viewer | None, within: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    visible, counts = _for(arrangement, viewer)
    named: tuple[Any, ...] = (
        col(Issue.id),
        col(Issue.ref),
        col(Issue.outside_ref),
        col(Issue.kind),
        col(Issue.worked_round),
        col(Issue.raised_at),
    )
    stands = (col(Issue.state), col(Issue.outcome), col(Issue.tier), col(Issue.due_at), col(Issue.head))
    statement = select(*named, *stands, visible.label("visible"), counts.label("counts"))
    return statement.where(*within).order_by(col(Issue.raised_at), col(Issue.id))


def _measured(
    session: Session,
    arrangement: Arrangement,
    rows: Sequence[Row[Any]],
    within: tuple[ColumnElement[bool], ...],
    now: datetime,
) -> Mapping[int, IssueMeasures]:
    """What is not kept is measured, and what of it is finished is kept."""
    if not rows:
        return {}
    wanted: Any = [row.id for row in rows] if len(rows) <= _MOST_NAMED else select(col(Issue.id)).where(*within)
    by_id, sides = {row.id: row for row in rows}, sides_of(session, col(IssueSide.issue_id).in_(wanted))
    found = {
        issue: _measure(by_id[issue], arrangement, sides.get(issue, ()), events, now)
        for issue, events in events_of(session, arrangement, col(Event.issue_id).in_(wanted))
        if issue in by_id
    }
    _keep({row.head: found[row.id] for row in rows if row.state is State.RESOLVED and row.id in found})
    return found


def _keep(finished: Mapping[str, IssueMeasures]) -> None:
    """The newest of them; what has been kept longest gives way."""
    heads = list(finished)[-_MOST_KEPT:]
    for head in list(_kept)[: max(0, len(_kept) + len(heads) - _MOST_KEPT)]:
        _kept.pop(head, None)
    _kept.update({head: finished[head] for head in heads})


def _measure(
    row: Row[Any], arrangement: Arrangement, side_ids: tuple[int, ...], events: Sequence[MeasuredEvent], now: datetime
) -> IssueMeasures:
    others = frozenset(arrangement.organisations[each].key for each in side_ids[1:])
    is_late = row.due_at is not None and row.due_at < now and row.state in LIVE
    flow = flow_of(events)
    until = None if row.state is State.RESOLVED else now
    passed = transfers(event.ball for event in events)
    return IssueMeasures(
        side_ids=side_ids,
        began_at=events[0].at,
        flow=flow,
        path=flow.path,
        stays=tuple(stays(events, now, is_late_now=is_late, has_limits=row.outside_ref is None)),
        ball=ball_time(events, until),
        passed=passed,
        contest=contest(events, until) if passed.is_ping_pong else None,
        wait=wait_for_all(events, others, now),
        ending=first_ending(events),
    )
