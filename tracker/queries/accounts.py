"""What a person sees about themselves: settings of their account, and where they are signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.records.session import SESSION_RESTS
from tracker.records.session import Session as SignedIn


@dataclass(frozen=True, slots=True)
class Device:
    """One place where somebody is signed in. `agent` is what the browser calls itself."""

    id: int
    agent: str
    created_at: datetime
    seen_at: datetime


def wants_digest(session: Session, person_id: int) -> bool:
    """Whether they want what is not urgent together once a day."""
    return session.exec(select(Person.digest).where(Person.id == person_id)).one()


def devices_of(session: Session, person_id: int, now: datetime) -> tuple[Device, ...]:
    """Where they are signed in now, the last used first."""
    good = (SignedIn.expires_at > now, SignedIn.seen_at > now - SESSION_RESTS)
    asked = select(SignedIn.id, SignedIn.agent, SignedIn.created_at, SignedIn.seen_at)
    rows = session.exec(asked.where(SignedIn.person_id == person_id, *good).order_by(col(SignedIn.seen_at).desc()))
    return tuple(Device(*row) for row in rows)


def partnerships_of(session: Session, person_id: int) -> Sequence[Partnership]:
    """The partnerships in which somebody has a place now."""
    places = (
        select(Organisation.partnership_id)
        .join(Membership, col(Membership.organisation_id) == col(Organisation.id))
        .where(Membership.person_id == person_id, col(Membership.retired_at).is_(None))
    )
    return session.exec(select(Partnership).where(col(Partnership.id).in_(places)).order_by(Partnership.key)).all()
