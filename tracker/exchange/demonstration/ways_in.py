"""Ways into the demonstration: a link for somebody of each rank, and a lead, on each side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from tracker.actions.welcome import make_link
from tracker.queries.demonstration import personas
from tracker.records.event import Event
from tracker.records.person import Person
from tracker.rules.events.arrangement import LinkMade


@dataclass(frozen=True, slots=True)
class WayIn:
    """The token of a link that lets one person in once."""

    organisation: str
    name: str
    role: str
    token: str


def ways_in(session: Session, *, now: datetime, key: bytes) -> tuple[WayIn, ...]:
    """New links for those one may come in as. That they were made is recorded; the leads get no letter of each."""
    made = tuple(_made(session, now, key))
    session.execute(update(Event).where(col(Event.kind) == LinkMade.name).values(announced=True))
    return made


def _made(session: Session, now: datetime, key: bytes) -> Iterator[WayIn]:
    for side in personas(session):
        for each in side.people:
            email = session.exec(select(Person.email).where(Person.id == each.id)).one()
            yield WayIn(side.organisation, each.name, each.role, make_link(session, email, now=now, key=key))
