"""Announcing: from an event to notices, one for each person who is to hear of it and may read it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import Any

import structlog
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from tracker.actions.at_once import at_once
from tracker.database import straight
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import DueEvent, next_events
from tracker.queries.recipients import Concern, HeardEvent, heard, people_told, who_wish
from tracker.records.event import Event
from tracker.records.notice import Notice, Unannounced
from tracker.records.partnership_chain import lock, record
from tracker.records.person import Person
from tracker.rules.arrangement import Organisation
from tracker.rules.events.arrangement import PersonIssueWaits
from tracker.rules.events.kinds import CLOCK, Actor, EventKind, waiting_kinds
from tracker.rules.events.recipients import Hearing
from tracker.rules.letters import opaque_id
from tracker.rules.lifecycle import State
from tracker.rules.notices import (
    NOTE_WAITS,
    NOTES_GATHER,
    AttentionWish,
    NoticeState,
    Timing,
    is_near,
    is_too_old,
    timing,
)
from tracker.rules.rings import Ring
from tracker.rules.sweeps import Batch, SweepResult

_log = structlog.get_logger()


def announce_several(
    session: Session, *, now: datetime, but: Collection[int] = (), most: int = 1
) -> Batch[SweepResult]:
    """Writes the notices of the first events that nobody has been told of. `but`: ids to leave for now.

    An event that cannot be read, or whose hearers cannot be found, is set aside with the reason; it is tried again
    later.
    """
    due = next_events(session, but, most=most)
    return at_once(session, due, partial(_announce, session, now), partial(_set_aside, session, now))


def _set_aside(session: Session, now: datetime, due: DueEvent, error: Exception) -> SweepResult:
    what = _kind_of(session, due.id)
    _log.error("event set aside", event_id=due.id, kind=what, exc_info=error)
    session.execute(delete(Unannounced).where(col(Unannounced.event_id) == due.id))
    session.add(Unannounced(event_id=due.id, set_aside_at=now, why=f"{type(error).__name__}: {error}"))
    session.execute(update(Event).where(col(Event.id) == due.id).values(announced=True))
    return SweepResult(f"event {due.id}", f"{what} set aside")


def _kind_of(session: Session, event_id: int) -> str:
    """As it stands, though this version may not know it; "it" where even that cannot be read."""
    try:
        with session.begin_nested():
            return session.exec(select(Event.kind).where(Event.id == event_id)).one()
    except Exception:
        return "it"


def _announce(session: Session, now: datetime, due: Sequence[DueEvent]) -> Iterator[SweepResult]:
    ids = [each.id for each in due]
    events = session.exec(select(Event).where(col(Event.id).in_(ids)).order_by(col(Event.id))).all()
    every = heard(session, events, cache(partial(arrangement_of, session)), now)
    issues = {event.issue_id for event in events if event.issue_id is not None}
    follow, mute = (who_wish(session, wish, issues) for wish in (AttentionWish.FOLLOW, AttentionWish.MUTE))
    told = people_told(session, every, follow)
    choices = _choices(session, {person for people in told for person in people})
    rows = list[dict[str, Any]]()
    for each, people in zip(every, told, strict=True):
        if each.hearing.named and not getattr(each.kind, "imported", False) and each.event.state != State.RESOLVED:
            _tell_leads(session, each.hearing, now)
        rows += _notices(each, [(who, choices[who]) for who in people], mute.get(each.event.issue_id or 0, set()), now)
        yield SweepResult(each.concern.ref, f"{each.kind.name}: {len(people)} told")
    if rows:
        straight(session).execute(insert(Notice), rows)
    for each, people in zip(every, told, strict=True):
        if each.kind.waits and people:
            _gather(session, each.event, people, now)
    session.execute(update(Event).where(col(Event.id).in_(ids)).values(announced=True))


def _notices(
    heard_event: HeardEvent, people: Sequence[tuple[int, bool]], muted: Collection[int], now: datetime
) -> Iterator[dict[str, Any]]:
    """The columns of a notice for each of these people, who may want the rest in a daily digest."""
    event, kind, hearing, concern = heard_event.event, heard_event.kind, heard_event.hearing, heard_event.concern
    urgent = _is_urgent(kind, concern, hearing, now)
    for person_id, likes_digest in people:
        calendar = _organisation_of(person_id, hearing).calendar
        settled = timing(urgent=urgent, digest=likes_digest or concern.worked_round, calendar=calendar, now=now)
        is_muted = person_id in muted and not urgent
        settled = _unless_muted(_unless_too_old(settled, event, now), is_muted, now)
        yield _notice(event, person_id, _after_waiting(settled, kind, event), now, urgent=urgent)


def _tell_leads(session: Session, hearing: Hearing, now: datetime) -> None:
    """Of an issue about a person that waits with nobody there: each side's leads hear of it, once a day and without
    reference, since they may not read it."""
    partnership_id = hearing.arrangement.id
    for side in hearing.unattended():
        organisation, day = hearing.arrangement.organisations[side], hearing.arrangement.day(side, now)
        lock(session, partnership_id)
        of_kind = (Event.kind == PersonIssueWaits.name, Event.organisation_id == side)
        mine = select(func.max(Event.at)).where(Event.partnership_id == partnership_id, *of_kind)
        last: datetime | None = session.exec(mine).one()
        if last is None or hearing.arrangement.day(side, last) is not day:
            waits = PersonIssueWaits(side=organisation.key, side_name=organisation.name)
            clock = Actor(None, CLOCK.name, organisation.id, organisation.key, organisation.name)
            record(session, partnership_id=partnership_id, kind=waits, actor=clock, now=now, ring=Ring.ORGANISATION)


def _is_urgent(kind: EventKind, concern: Concern, hearing: Hearing, now: datetime) -> bool:
    if concern.worked_round:
        return False
    if kind.is_urgent() or concern.critical:
        return True
    return bool(hearing.sides) and is_near(concern.due_at, now, hearing.arrangement.joint_calendar(hearing.sides))


def _choices(session: Session, people: Collection[int]) -> dict[int, bool]:
    """Of each person whether they want the rest in a daily digest."""
    found = select(Person.id, Person.digest).where(col(Person.id).in_(people))
    return dict(session.exec(found).all()) if people else {}


def _organisation_of(person_id: int, hearing: Hearing) -> Organisation:
    """Whose hours a person keeps: those of the side they belong to, else of their first organisation."""
    roles = hearing.arrangement.people[person_id].roles
    mine = [each for each in hearing.arrangement.active_organisations() if each.key in roles]
    return min(mine, key=lambda each: each.id not in hearing.sides)


def _unless_too_old(settled: Timing, event: Event, now: datetime) -> Timing:
    if not is_too_old(event.at, now):
        return settled
    return Timing(NoticeState.SUPPRESSED, now, "it was over a week old when its turn came")


def _unless_muted(settled: Timing, is_muted: bool, now: datetime) -> Timing:
    return Timing(NoticeState.SUPPRESSED, now, "they muted the issue") if is_muted else settled


def _after_waiting(settled: Timing, kind: EventKind, event: Event) -> Timing:
    """Word of what its doer can take back waits a minute, however urgent it is."""
    waits_until = event.at + NOTE_WAITS
    if not kind.waits or settled.state is not NoticeState.WAITING or settled.due_at >= waits_until:
        return settled
    return replace(settled, due_at=waits_until)


def _gather(session: Session, event: Event, people: Collection[int], now: datetime) -> None:
    """For these people word of the notes before it, where it has not gone out, waits for word of this one: they go in
    one letter."""
    mine = aliased(Notice)
    this = (col(mine.event_id) == event.id, col(mine.state) == NoticeState.WAITING)
    waits_until = select(mine.due_at).where(*this, col(mine.person_id) == col(Notice.person_id)).scalar_subquery()
    before = (
        col(Notice.person_id).in_(people),
        col(Notice.issue_id) == event.issue_id,
        col(Notice.state) == NoticeState.WAITING,
        col(Notice.digest).is_(False),
        col(Notice.letter_id).is_(None),
        col(Notice.lease_until).is_(None),
        col(Notice.made_at) > now - NOTES_GATHER,
        col(Notice.due_at) < waits_until,
        col(Notice.event_id).in_(select(Event.id).where(col(Event.kind).in_(waiting_kinds()))),
    )
    session.execute(update(Notice).where(*before).values(due_at=waits_until))


def _notice(event: Event, person_id: int, settled: Timing, now: datetime, *, urgent: bool) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "person_id": person_id,
        "partnership_id": event.partnership_id,
        "issue_id": event.issue_id,
        "urgent": urgent,
        "digest": settled.digest,
        "state": settled.state,
        "why": settled.why,
        "made_at": now,
        "due_at": settled.due_at,
        "message_id": opaque_id("notice", event.digest, person_id),
        "attempts": 0,
        "channel": "",
    }
