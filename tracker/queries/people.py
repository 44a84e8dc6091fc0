"""The people of a partnership: who sits opposite whom on every body, and who else belongs to each organisation."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from tracker.measures.cut_text import by_letter
from tracker.records.person import Person as Account
from tracker.rules.arrangement import Absence, Arrangement, Body, Organisation, Person, Seat
from tracker.rules.letters import opaque_id, undeliverable_text
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Role

_KEY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of an organisation as others see them there. `invited`: they have not come in yet; whether they are a
    member meanwhile is not to be seen, for it tells whether their address has an account elsewhere. `key`: in
    addresses; a number would tell how old the account is."""

    id: int
    key: str
    name: str
    email: str
    roles: frozenset[Role]
    invited: bool
    away: Absence | None


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """A seat as others see it: whose it is, their deputy, and who of the two acts for it today, if one is there."""

    seat: Seat
    person: Member
    deputy: Member | None
    acting: Member | None


@dataclass(frozen=True, slots=True)
class OppositeSeats:
    """One organisation's seats on a body: those that hold issues first."""

    organisation: Organisation
    seats: tuple[SeatHolder, ...]


@dataclass(frozen=True, slots=True)
class BodyTable:
    """A body with its sides facing each other, in the order of their positions."""

    body: Body
    sides: tuple[OppositeSeats, ...]


def tables(arrangement: Arrangement, at: datetime) -> tuple[BodyTable, ...]:
    """Every body with all its sides, also those that have nobody on it."""
    bodies = [body for body in arrangement.bodies.values() if not body.retired]
    sides = arrangement.active_organisations()
    return tuple(BodyTable(body, tuple(_facing(arrangement, body, side, at) for side in sides)) for body in bodies)


def members(arrangement: Arrangement, organisation: str) -> tuple[Member, ...]:
    """Who belongs to an organisation now or is invited to it, by name."""
    found = (each for each in arrangement.people.values() if organisation in each.places)
    here = (member_of(arrangement, each, organisation) for each in found)
    return tuple(sorted(here, key=lambda each: (by_letter(each.name), each.id)))


def member_of(arrangement: Arrangement, person: Person, organisation: str) -> Member:
    return Member(
        id=person.id,
        key=key_in(arrangement.key, person.email),
        name=person.called_in(organisation),
        email=person.email,
        roles=person.places.get(organisation, frozenset()),
        invited=organisation in person.invited,
        away=person.absences.get(organisation),
    )


def key_in(partnership: str, email: str) -> str:
    """By what the addresses of a partnership know somebody."""
    return opaque_id("person", partnership, email)[:_KEY_LENGTH]


def person_by_email(session: Session, email: str) -> Account:
    """The account of an address, in any case. Refuses: NotThere."""
    found = account_of(session, email)
    if found is None:
        raise NotThere(f"There is nobody with the address {email}.{undeliverable_text(email)}")
    return found


def account_of(session: Session, email: str) -> Account | None:
    """The same, or None where nobody on this server has the address."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def _facing(arrangement: Arrangement, body: Body, side: Organisation, at: datetime) -> OppositeSeats:
    seats = sorted((seat for seat in body.seats if seat.organisation == side.key), key=lambda seat: not seat.holds)
    return OppositeSeats(side, tuple(_seated(arrangement, seat, at) for seat in seats))


def _seated(arrangement: Arrangement, seat: Seat, at: datetime) -> SeatHolder:
    people, organisation = arrangement.people, seat.organisation
    holder = member_of(arrangement, people[seat.person_id], organisation)
    deputy = member_of(arrangement, people[seat.deputy_id], organisation) if seat.deputy_id is not None else None
    acting = seat.person_id if holder.invited else arrangement.acting(seat, at)
    return SeatHolder(
        seat, holder, deputy, next((each for each in (holder, deputy) if each and each.id == acting), None)
    )
