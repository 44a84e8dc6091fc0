"""The ladder report: how every issue of a partnership moved, and totals by tier, from one query of events."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlmodel import Session, col

from tracker.measures.ladder_flow import Happened, LadderFlow, flow_of
from tracker.measures.periods import Period
from tracker.queries.issues import visible_issues
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring, Viewer

RETURNS_TO_FLAG = 2  # statistics.md 6


@dataclass(frozen=True, slots=True)
class IssueFlow:
    """One issue: its reference here, whether it is resolved now, and its figures."""

    ref: str
    resolved: bool
    flow: LadderFlow


@dataclass(frozen=True, slots=True)
class TierTotal:
    """How many issues came to a tier, went up from it, and were resolved on it."""

    tier: int
    reached: int
    moved_up: int
    resolved: int


@dataclass(frozen=True, slots=True)
class LadderTotals:
    """Counts of issues, but `hand_overs`, which counts changes of the ball. `ping_pong`: two returns or more."""

    issues: int
    resolved: int
    reopened: int
    handed_over: int
    hand_overs: int
    ping_pong: int
    tiers: tuple[TierTotal, ...]


@dataclass(frozen=True, slots=True)
class LadderReport:
    """`issues` by their outside reference, else their own: those the reader may see. The totals are over all that
    the reader's totals cover. `period` is empty for all time."""

    partnership: str
    period: str
    issues: Mapping[str, IssueFlow]
    totals: LadderTotals


def ladder_report(
    session: Session, arrangement: Arrangement, *, viewer: Viewer | None = None, period: Period | None = None
) -> LadderReport:
    """The issues raised in a period (by the partnership's clock), as this viewer may see them.

    Without a viewer: every issue that crossed. Steering members and leads have totals over every issue that crossed.
    """
    counted = list(_flows(session, arrangement, viewer, period))
    return LadderReport(
        partnership=arrangement.key,
        period=period.name if period else "",
        issues=_by_reference(each for each in counted if each.visible),
        totals=_totals([each.issue for each in counted if each.counts]),
    )


def titles(session: Session, viewer: Viewer, refs: Sequence[str]) -> dict[str, str]:
    """The titles of issues by reference, of those that this viewer may see."""
    statement = select(col(Issue.ref), col(Issue.title)).where(col(Issue.ref).in_(refs), visible_issues(viewer))
    return {row.ref: row.title for row in session.execute(statement)}


@dataclass(frozen=True, slots=True)
class _Counted:
    issue: IssueFlow
    outside_ref: str | None
    visible: bool
    counts: bool


def _flows(
    session: Session, arrangement: Arrangement, viewer: Viewer | None, period: Period | None
) -> Iterator[_Counted]:
    crossed = col(Issue.ring) != Ring.ORGANISATION
    visible = visible_issues(viewer) if viewer else crossed
    counts = crossed if viewer is None or viewer.sees_totals_of(arrangement.id) else visible
    issue = (col(Issue.id), col(Issue.ref), col(Issue.outside_ref), col(Issue.state))
    event = (col(Event.kind), col(Event.at), col(Event.tier), col(Event.ball_with_id), col(Event.details))
    statement = (
        select(*issue, visible.label("visible"), counts.label("counts"), *event)
        .join(Event, col(Event.issue_id) == col(Issue.id))
        .where(col(Issue.partnership_id) == arrangement.id, or_(visible, counts))
        .where(_everybody_reads(), *_raised_in(period, arrangement))
        .order_by(col(Issue.raised_at), col(Issue.id), col(Event.position))
    )
    for row, rows in _by_issue(session.execute(statement)):
        flow = flow_of([_happened(each) for each in rows])
        yield _Counted(
            IssueFlow(row.ref, row.state is State.RESOLVED, flow), row.outside_ref, bool(row.visible), bool(row.counts)
        )


def _everybody_reads() -> ColumnElement[bool]:
    """A private note moves no figure; the events of an issue that has not crossed are all its own side's."""
    own = and_(col(Issue.ring) == Ring.ORGANISATION, col(Event.ring) == Ring.ORGANISATION)
    return or_(col(Event.ring) == Ring.SHARED, own)


def _raised_in(period: Period | None, arrangement: Arrangement) -> tuple[ColumnElement[bool], ...]:
    if period is None:
        return ()
    start, end = period.moments(ZoneInfo(arrangement.zone))
    return (col(Issue.raised_at) >= start, col(Issue.raised_at) < end)


def _by_issue(rows: Iterable[Row[Any]]) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    for _, events in groupby(rows, key=lambda row: row.id):
        told = list(events)
        yield told[0], told


def _happened(row: Row[Any]) -> Happened:
    """Until it is on a ladder nobody has been asked, so nobody has the ball; `ball` names an outsider who has it."""
    ball = row.details.get("ball") or (str(row.ball_with_id) if row.ball_with_id else None)
    return Happened(row.kind, row.at, row.tier or None, ball if row.tier else None)


def _by_reference(counted: Iterable[_Counted]) -> dict[str, IssueFlow]:
    """By outside reference, else by their own; one whose own is another's outside reference stands under both."""
    found: dict[str, IssueFlow] = {}
    for each in counted:
        wanted = each.outside_ref or each.issue.ref
        found[wanted if wanted not in found else f"{wanted} ({each.issue.ref})"] = each.issue
    return found


def _totals(issues: list[IssueFlow]) -> LadderTotals:
    flows = [issue.flow for issue in issues]
    return LadderTotals(
        issues=len(issues),
        resolved=sum(issue.resolved for issue in issues),
        reopened=sum(flow.reopens > 0 for flow in flows),
        handed_over=sum(flow.hand_overs > 0 for flow in flows),
        hand_overs=sum(flow.hand_overs for flow in flows),
        ping_pong=sum(flow.ping_pong >= RETURNS_TO_FLAG for flow in flows),
        tiers=_tiers(issues),
    )


def _tiers(issues: list[IssueFlow]) -> tuple[TierTotal, ...]:
    reached, moved_up, resolved = Counter[int](), Counter[int](), Counter[int]()
    for issue in issues:
        path = issue.flow.path
        reached.update(set(path))
        moved_up.update({before for before, after in pairwise(path) if after > before})
        resolved.update(path[-1:] if issue.resolved else ())
    return tuple(TierTotal(tier, reached[tier], moved_up[tier], resolved[tier]) for tier in sorted(reached))
