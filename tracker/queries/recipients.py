"""An event as its hearers will hear it: the issue as the event left it, how much it presses, and who may read it."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy
from sqlalchemy import Row, Select
from sqlmodel import Session, col, select

from tracker.database import straight
from tracker.queries.issues import READERS, by_issue, readable_events, visible_issues
from tracker.queries.partnership_events import readable_apart
from tracker.records.columns import among
from tracker.records.decision import Decision, DecisionSide
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Attention, Holder, IssueSide, StayedFixedQuestion
from tracker.records.pack import Pack
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import EventKind, Recipients
from tracker.rules.events.recipients import Hearing, hearers
from tracker.rules.ladder import HolderAt
from tracker.rules.lifecycle import LIVE, Severity, State
from tracker.rules.notices import AttentionWish
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring, Viewer


@dataclass(frozen=True, slots=True)
class Concern:
    """How much an issue presses. `due_at` is its limit while its clock runs."""

    ref: str
    critical: bool = False
    worked_round: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeardEvent:
    """An event, the setting in which it is heard, and the concern it is about."""

    event: Event
    kind: EventKind
    hearing: Hearing
    concern: Concern


def heard(
    session: Session, events: Sequence[Event], arrangement: Callable[[int], Arrangement], now: datetime
) -> list[HeardEvent]:
    """Events as they are heard on the day of `now`. `arrangement` is that of a partnership, by its id."""
    ids = {event.issue_id for event in events if event.issue_id is not None}
    issues = {row.issue_id: row for rows in by_issue(session, _ISSUES, ids).values() for row in rows}
    holders, sides = by_issue(session, _HOLDERS, ids), by_issue(session, _SIDES, ids)
    found = []
    for event in events:
        kind, apart = event.read(), Hearing(arrangement(event.partnership_id), now, doer_id=event.person_id)
        if event.issue_id is None:
            found.append(HeardEvent(event, kind, _set_apart(session, event, apart), Concern(apart.arrangement.key)))
            continue
        issue, held = issues[event.issue_id], holders.get(event.issue_id, [])
        asks = Recipients.ASKED in kind.hears
        hearing = replace(
            apart,
            ladder=apart.arrangement.ladder_version(issue.ladder_version_id),
            sides=tuple(row.organisation_id for row in sides.get(event.issue_id, ())),
            raiser_id=issue.raised_by_id,
            holders=_as_it_was(held),
            tier=event.tier or (held[0].tier if held else 0),  # what began it was said before it was on a tier
            spoke_for=event.organisation_id,
            asked=tuple(session.exec(_ASKED.where(StayedFixedQuestion.issue_id == event.issue_id))) if asks else (),
            named=issue.ring is Ring.NAMED,
        )
        found.append(HeardEvent(event, kind, hearing, _concern(issue)))
    return found


def _concern(issue: Row[Any]) -> Concern:
    return Concern(
        ref=issue.ref,
        critical=issue.severity is Severity.CRITICAL and issue.state is not State.RESOLVED,
        worked_round=issue.worked_round,
        due_at=issue.due_at if issue.state in LIVE else None,
    )


def people_told(
    session: Session, events: Sequence[HeardEvent], followers: Mapping[int, Collection[int]] | None = None
) -> list[tuple[int, ...]]:
    """Of each event, the ids of who is told of it: those of its hearers, and of the `followers` of its issue, who may
    read it. Of history nobody is."""
    wanted = [_wanted(each, (followers or {}).get(each.event.issue_id or 0, ())) for each in events]
    asked: dict[tuple[int, int], list[Event]] = {}
    for each, people in zip(events, wanted, strict=True):
        for person_id in people:
            asked.setdefault((person_id, each.hearing.arrangement.id), []).append(each.event)
    places = {each.hearing.arrangement.id: each.hearing for each in events}
    may_read = {
        (person_id, place): readable(
            session, viewer_of(person_id, places[place].arrangement, at=places[place].at), some
        )
        for (person_id, place), some in asked.items()
    }
    return [
        tuple(sorted(who for who in people if each.event.id in may_read[who, each.hearing.arrangement.id]))
        for each, people in zip(events, wanted, strict=True)
    ]


def _wanted(heard_event: HeardEvent, followers: Collection[int]) -> frozenset[int]:
    """Followers who are still there; never the doer."""
    if getattr(heard_event.kind, "imported", False):
        return frozenset()
    people = heard_event.hearing.arrangement.people
    others = (each for each in followers if each != heard_event.event.person_id)
    there = (each for each in others if each in people and not people[each].retired)
    return hearers(heard_event.kind, heard_event.hearing) | frozenset(there)


def who_wish(session: Session, wish: AttentionWish, issue_ids: Collection[int]) -> dict[int, set[int]]:
    """By issue, the ids of who follows it, or has muted it and wants only urgent word."""
    found: dict[int, set[int]] = {}
    asked = select(Attention.issue_id, Attention.person_id).where(col(Attention.issue_id).in_(issue_ids))
    for issue_id, person_id in session.exec(asked.where(Attention.wish == wish)) if issue_ids else ():
        found.setdefault(issue_id, set()).add(person_id)
    return found


def readable(session: Session, viewer: Viewer, events: Sequence[Event]) -> set[int]:
    """The ids of those events that a person may read: of issues by the one policy; of decisions, packs and the
    arrangement by theirs."""
    of_issues = [event.id for event in events if event.issue_id is not None]
    apart = [event.id for event in events if event.issue_id is None]
    found: set[int] = set()
    if of_issues and viewer.memberships:
        found |= set(straight(session).execute(_of_issues(viewer), {"ids": of_issues}).scalars())
    if apart and viewer.memberships:
        found |= set(session.exec(select(Event.id).where(col(Event.id).in_(apart), readable_apart(viewer))))
    return found


@lru_cache(maxsize=READERS)
def _of_issues(viewer: Viewer) -> Select[Any]:
    statement = sqlalchemy.select(col(Event.id)).join(Issue, col(Issue.id) == col(Event.issue_id))
    return statement.where(among(col(Event.id)), visible_issues(viewer), readable_events(viewer))


def _set_apart(session: Session, event: Event, hearing: Hearing) -> Hearing:
    """Of what is of no issue."""
    is_arrangement = event.decision_id is None and event.pack_id is None
    return hearing if is_arrangement else _of_decision(session, event, hearing)


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


_ISSUES: Any = sqlalchemy.select(
    col(Issue.id).label("issue_id"),
    *(col(getattr(Issue, name)) for name in ("ref", "ring", "severity", "state", "due_at", "worked_round")),
    *(col(getattr(Issue, name)) for name in ("raised_by_id", "ladder_version_id")),
).where(among(col(Issue.id)))
_SIDES: Any = (
    sqlalchemy.select(col(IssueSide.issue_id), col(IssueSide.organisation_id))
    .where(among(col(IssueSide.issue_id)))
    .order_by(col(IssueSide.position), col(IssueSide.organisation_id))
)
_ASKED = select(StayedFixedQuestion.person_id)
_HELD_BY = ("issue_id", "organisation_id", "tier", "person_id", "first", "active")
_HOLDERS = (
    sqlalchemy.select(*(col(getattr(Holder, name)) for name in _HELD_BY))
    .where(~col(Holder.acted), among(col(Holder.issue_id)))
    .order_by(col(Holder.first).desc(), col(Holder.id))
)
