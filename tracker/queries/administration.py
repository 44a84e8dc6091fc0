"""What was done to an arrangement, and by the people who run the server: for the leads of its organisations."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.records.event import Event

MOST = 50


@dataclass(frozen=True, slots=True)
class Administered:
    """One administrative event, in a sentence."""

    at: datetime
    sentence: str


def administrative_events(session: Session, partnership_id: int) -> tuple[Administered, ...]:
    """The newest fifty, newest first. The caller has made sure that a lead asks."""
    mine = (Event.partnership_id == partnership_id, col(Event.issue_id).is_(None))
    newest = session.exec(select(Event).where(*mine).order_by(col(Event.position).desc()).limit(MOST))
    return tuple(Administered(event.at, event.read().sentence(event.actor_name)) for event in newest)
