"""Recording administrative events: what was done to an arrangement, on a chain of its own that leads see."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker.records.event import Event
from tracker.records.partnership import Partnership
from tracker.rules.digest import FIRST
from tracker.rules.event_kinds import Actor, EventKind

SERVER = Actor(None, "The people who run the server")


def record(session: Session, *, partnership_id: int, kind: EventKind, actor: Actor, now: datetime) -> Event:
    """The event, after the last administrative one of the partnership; two who record at once wait for each other."""
    session.exec(select(Partnership.id).where(Partnership.id == partnership_id).with_for_update()).one()
    administrative = (Event.partnership_id == partnership_id, col(Event.issue_id).is_(None))
    newest = select(Event.position, Event.digest).where(*administrative).order_by(col(Event.position).desc()).limit(1)
    position, head = session.exec(newest).first() or (0, FIRST)
    event = Event.of(kind, actor, now, previous=head, sealed={}, partnership_id=partnership_id, position=position + 1)
    session.add(event)
    session.flush()
    return event
