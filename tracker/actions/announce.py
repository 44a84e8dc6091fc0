"""Announcing: from an event to notices, one for each person who is to hear of it and may read it."""

from collections.abc import Collection
from datetime import datetime

import structlog
from sqlalchemy import delete, update
from sqlmodel import Session, col, func, select

from tracker.database import raise_unless_of_the_row
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import next_event
from tracker.queries.recipients import Concern, hearing_of, readable
from tracker.records.event import Event
from tracker.records.notice import Notice, Unannounced
from tracker.records.partnership_chain import lock, record
from tracker.records.person import Person
from tracker.rules.arrangement import Organisation
from tracker.rules.events.arrangement import PersonIssueWaits
from tracker.rules.events.kinds import CLOCK, Actor, EventKind
from tracker.rules.events.recipients import Hearing, hearers
from tracker.rules.letters import opaque_id
from tracker.rules.lifecycle import State
from tracker.rules.notices import NoticeState, Timing, is_near, is_too_old, timing
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring
from tracker.rules.sweeps import SweepResult

_log = structlog.get_logger()


def announce_one(session: Session, *, now: datetime, but: Collection[int] = ()) -> SweepResult | None:
    """Writes the notices of one event; None when there is none to announce. `but`: ids to leave for now.

    An event that cannot be read, or whose hearers cannot be found, is set aside with the reason; it is tried again
    later. Refuses with Held where somebody else holds what it needs.
    """
    event_id = next_event(session, but)
    if event_id is None:
        return None
    try:
        with session.begin_nested():
            done = _announce(session, event_id, now)
    except Exception as error:
        raise_unless_of_the_row(error, event_id)
        what = _kind_of(session, event_id)
        _log.error("event set aside", event_id=event_id, kind=what, exc_info=error)
        session.execute(delete(Unannounced).where(col(Unannounced.event_id) == event_id))
        session.add(Unannounced(event_id=event_id, set_aside_at=now, why=f"{type(error).__name__}: {error}"))
        done = SweepResult(f"event {event_id}", f"{what} set aside")
    session.execute(update(Event).where(col(Event.id) == event_id).values(announced=True))
    return done


def _kind_of(session: Session, event_id: int) -> str:
    """As it stands, though this version may not know it; "it" where even that cannot be read."""
    try:
        with session.begin_nested():
            return session.exec(select(Event.kind).where(Event.id == event_id)).one()
    except Exception:
        return "it"


def _announce(session: Session, event_id: int, now: datetime) -> SweepResult:
    event = session.get_one(Event, event_id)
    kind = event.read()
    arrangement = arrangement_of(session, event.partnership_id)
    hearing, concern = hearing_of(session, event, arrangement, now)
    imported = getattr(kind, "imported", False)  # history notifies nobody
    told = () if imported else _who_may_read(session, event, hearing, hearers(kind, hearing))
    if hearing.named and not imported and event.state != State.RESOLVED:
        _tell_leads(session, hearing, now)
    urgent = _is_urgent(kind, concern, hearing, now)
    for person_id, likes_digest in _choices(session, told):
        calendar = _organisation_of(person_id, hearing).calendar
        settled = timing(urgent=urgent, digest=likes_digest or concern.worked_round, calendar=calendar, now=now)
        session.add(_notice(event, person_id, _unless_too_old(settled, event, now), now, urgent=urgent))
    return SweepResult(concern.ref, f"{kind.name}: {len(told)} told")


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


def _who_may_read(session: Session, event: Event, hearing: Hearing, wanted: frozenset[int]) -> tuple[int, ...]:
    viewers = (viewer_of(person_id, hearing.arrangement, at=hearing.at) for person_id in sorted(wanted))
    return tuple(viewer.person_id for viewer in viewers if readable(session, viewer, (event,)))


def _is_urgent(kind: EventKind, concern: Concern, hearing: Hearing, now: datetime) -> bool:
    if concern.worked_round:
        return False
    if kind.is_urgent() or concern.critical:
        return True
    return bool(hearing.sides) and is_near(concern.due_at, now, hearing.arrangement.joint_calendar(hearing.sides))


def _choices(session: Session, people: tuple[int, ...]) -> list[tuple[int, bool]]:
    """Each person with whether they want the rest in a daily digest."""
    found = select(Person.id, Person.digest).where(col(Person.id).in_(people)).order_by(col(Person.id))
    return [(person_id, digest) for person_id, digest in session.exec(found)] if people else []


def _organisation_of(person_id: int, hearing: Hearing) -> Organisation:
    """Whose hours a person keeps: those of the side they belong to, else of their first organisation."""
    roles = hearing.arrangement.people[person_id].roles
    mine = [each for each in hearing.arrangement.active_organisations() if each.key in roles]
    return min(mine, key=lambda each: each.id not in hearing.sides)


def _unless_too_old(settled: Timing, event: Event, now: datetime) -> Timing:
    if not is_too_old(event.at, now):
        return settled
    return Timing(NoticeState.SUPPRESSED, now, "it was over a week old when its turn came")


def _notice(event: Event, person_id: int, settled: Timing, now: datetime, *, urgent: bool) -> Notice:
    return Notice(
        event_id=event.id,
        person_id=person_id,
        partnership_id=event.partnership_id,
        issue_id=event.issue_id,
        urgent=urgent,
        digest=settled.digest,
        state=settled.state,
        why=settled.why,
        made_at=now,
        due_at=settled.due_at,
        message_id=opaque_id("notice", event.digest, person_id),
    )
