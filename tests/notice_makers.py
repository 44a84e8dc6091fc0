"""Notices for tests: everything announced or rung at a moment, who was told of what, and a door letters leave by."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from tests.makers import Cast, be_away
from tracker.actions.announce import announce_several
from tracker.actions.deliver import ClaimedLetter, claim_several, settle_refused, settle_sent
from tracker.actions.ring_timer import ring_several
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.records.notice import Notice
from tracker.records.partnership import Partnership
from tracker.records.person import Membership, Person
from tracker.rules.letters import Letter, SignInLetter, Undelivered
from tracker.rules.sweeps import SweepResult


def ring_one(session: Session, now: datetime) -> SweepResult | None:
    """Rings the timer that has been due longest; None when none is due."""
    return next(iter(ring_several(session, now=now).done), None)


def ring_all(session: Session, now: datetime) -> list[str]:
    """Rings what is due at a moment; says what was done."""
    return [done.what for done in iter(lambda: ring_one(session, now), None)]


def announce_all(session: Session, now: datetime) -> list[str]:
    """Announces what happened; says what was done."""
    return [done.what for done in iter(lambda: next(iter(announce_several(session, now=now).done), None), None)]


def told(session: Session, kind: str) -> set[str]:
    """The first names of who has a notice of events of a kind."""
    found = select(Person.name).where(*_joined(kind))
    return {name.split()[0].lower() for name in session.exec(found)}


def notices_of(session: Session, kind: str, name: str) -> list[Notice]:
    """The notices of events of a kind to a person of that first name, oldest first."""
    found = select(Notice).where(*_joined(kind), col(Person.name).ilike(f"{name} %"))
    return list(session.exec(found.order_by(col(Notice.id)).execution_options(populate_existing=True)))


def notice_of(session: Session, kind: str, name: str) -> Notice:
    """The one notice of an event of a kind to a person of that first name."""
    (notice,) = notices_of(session, kind, name)
    return notice


def wants_digest(session: Session, cast: Cast, name: str) -> None:
    session.get_one(Person, cast.people[name].id).digest = True
    session.flush()


def leaves(session: Session, cast: Cast, name: str, at: datetime) -> None:
    """Somebody leaves their organisation."""
    place = select(Membership).where(Membership.person_id == cast.people[name].id)
    session.exec(place).one().retired_at = at
    changed(session, cast)


def goes_away(session: Session, cast: Cast, name: str, at: datetime, *, deputy: str) -> None:
    """Somebody is away from that day on, and a deputy sits in their seat."""
    be_away(session, cast.people[name], at.date())
    seat = session.exec(select(Seat).where(Seat.person_id == cast.people[name].id)).one()
    seat.deputy_id = cast.people[deputy].id
    changed(session, cast)


def changed(session: Session, cast: Cast) -> None:
    """The arrangement was changed: what was kept of it is read anew."""
    session.get_one(Partnership, cast.partnership.id).changed()
    session.flush()


@dataclass
class Door:
    """A channel that keeps what it is given, or refuses it with the next refusal."""

    name: str = "door"
    sent: list[Letter | SignInLetter] = field(default_factory=list)
    refusals: list[Undelivered] = field(default_factory=list)

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(letter)

    def close(self) -> None:
        """A door has nothing to close."""


def claim(session: Session, now: datetime) -> ClaimedLetter | SweepResult | None:
    """The next letter to send, or what was done where nothing was left of it to send; None when none is due."""
    return next(iter(claim_several(session, now=now).done), None)


def deliver_one(session: Session, now: datetime, *refusals: Undelivered) -> Letter | None:
    """Claims and settles one letter: as sent, or as refused. None when there is nothing to send."""
    claimed = claim(session, now=now)
    while isinstance(claimed, SweepResult):
        claimed = claim(session, now=now)
    if claimed is None:
        return None
    if refusals:
        settle_refused(session, claimed, refusals[0], now=now)
    else:
        settle_sent(session, claimed, channel="door", now=now)
    session.expire_all()
    return claimed.letter


def deliver_all(session: Session, now: datetime) -> list[Letter]:
    return list(iter(lambda: deliver_one(session, now), None))


def _joined(kind: str) -> tuple[ColumnElement[bool], ...]:
    joined = (col(Notice.person_id) == col(Person.id), col(Notice.event_id) == col(Event.id))
    return (*joined, col(Event.kind) == kind)
