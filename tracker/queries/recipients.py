"""An event as its hearers will hear it: the issue as the event left it, how much it presses, and who may read it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session, col, select

from tracker.queries.issues import readable_events, visible_issues
from tracker.queries.partnership_events import readable_apart
from tracker.records.decision import Decision, DecisionSide
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide, StayedFixedQuestion
from tracker.records.pack import Pack
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import KINDS, Recipients
from tracker.rules.events.recipients import Hearing
from tracker.rules.ladder import HolderAt
from tracker.rules.lifecycle import LIVE, Severity, State
from tracker.rules.rings import Ring, Viewer


@dataclass(frozen=True, slots=True)
class Concern:
    """How much an issue presses. `due_at` is its limit while its clock runs."""

    ref: str
    critical: bool = False
    worked_round: bool = False
    due_at: datetime | None = None


def hearing_of(session: Session, event: Event, arrangement: Arrangement, now: datetime) -> tuple[Hearing, Concern]:
    """The setting in which an event is heard on the day of `now`, and the concern it is about."""
    if event.issue_id is None:
        apart = Hearing(arrangement, now, doer_id=event.person_id)
        is_arrangement = event.decision_id is None and event.pack_id is None
        return apart if is_arrangement else _of_decision(session, event, apart), Concern(arrangement.key)
    issue = session.execute(_ISSUE.where(col(Issue.id) == event.issue_id)).one()
    asks = Recipients.ASKED in KINDS[event.kind].hears
    holders = session.execute(_HOLDERS.where(col(Holder.issue_id) == event.issue_id)).all()
    hearing = Hearing(
        arrangement,
        now,
        ladder=arrangement.ladders.get(issue.ladder_version_id or 0),
        sides=tuple(session.scalars(_SIDES.where(col(IssueSide.issue_id) == event.issue_id))),
        raiser_id=issue.raised_by_id,
        holders=_as_it_was(holders),
        tier=event.tier or (holders[0].tier if holders else 0),  # what began it was said before it was on a tier
        doer_id=event.person_id,
        spoke_for=event.organisation_id,
        asked=tuple(session.exec(_ASKED.where(StayedFixedQuestion.issue_id == event.issue_id))) if asks else (),
        named=issue.ring is Ring.NAMED,
    )
    concern = Concern(
        ref=issue.ref,
        critical=issue.severity is Severity.CRITICAL and issue.state is not State.RESOLVED,
        worked_round=issue.worked_round,
        due_at=issue.due_at if issue.state in LIVE else None,
    )
    return hearing, concern


def readable(session: Session, viewer: Viewer, events: Sequence[Event]) -> set[int]:
    """The ids of those events that a person may read: of issues by the one policy; of decisions, packs and the
    arrangement by theirs."""
    of_issues = [event.id for event in events if event.issue_id is not None]
    apart = [event.id for event in events if event.issue_id is None]
    found: set[int] = set()
    if of_issues and viewer.memberships:
        statement = select(Event.id).join(Issue, col(Issue.id) == col(Event.issue_id))
        mine = (visible_issues(viewer), readable_events(viewer))
        found |= set(session.exec(statement.where(col(Event.id).in_(of_issues), *mine)))
    if apart and viewer.memberships:
        found |= set(session.exec(select(Event.id).where(col(Event.id).in_(apart), readable_apart(viewer))))
    return found


def _of_decision(session: Session, event: Event, hearing: Hearing) -> Hearing:
    """The setting of what happens to a decision or to a pack."""
    body_id: int | None = session.scalar(
        select(Decision.body_id).where(Decision.id == event.decision_id)
        if event.decision_id
        else select(Pack.body_id).where(Pack.id == event.pack_id)
    )
    sides = select(DecisionSide.organisation_id, DecisionSide.owner_id).order_by(col(DecisionSide.position))
    rows = session.exec(sides.where(DecisionSide.decision_id == event.decision_id)).all()
    body = hearing.arrangement.body(body_id)
    owners = tuple(owner for _, owner in rows)
    return replace(hearing, body=body, sides=tuple(side for side, _ in rows), owners=owners)


def _as_it_was(holders: Iterable[Row[Any]]) -> tuple[HolderAt, ...]:
    """At a tier that was entered twice, who has it now; whoever had it then is nobody to it any more."""
    rows = tuple(holders)
    held_now = {row.tier for row in rows if row.active}
    kept = (row for row in rows if row.active or row.tier not in held_now)
    return tuple(HolderAt(row.organisation_id, row.tier, row.person_id, row.first) for row in kept)


_ISSUE = select(
    *(col(getattr(Issue, name)) for name in ("ref", "ring", "severity", "state", "due_at", "worked_round")),
    *(col(getattr(Issue, name)) for name in ("raised_by_id", "ladder_version_id")),
)
_SIDES = select(IssueSide.organisation_id).order_by(col(IssueSide.position), col(IssueSide.organisation_id))
_ASKED = select(StayedFixedQuestion.person_id)
_HOLDERS: Any = (
    select(*(col(getattr(Holder, name)) for name in ("organisation_id", "tier", "person_id", "first", "active")))
    .where(~col(Holder.acted))
    .order_by(col(Holder.first).desc(), col(Holder.id))
)
