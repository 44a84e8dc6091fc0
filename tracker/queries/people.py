"""The people of a partnership: who sits opposite whom on every body, and who else belongs to each organisation."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, select

from tracker.records.person import Person as Account
from tracker.rules.arrangement import Arrangement, Body, Organisation, Person, Seat
from tracker.rules.letters import undeliverable_text
from tracker.rules.refusals import NotThere


@dataclass(frozen=True, slots=True)
class SeatHolder:
    """A seat as others see it on a day: whose it is, their deputy, and who acts for it now."""

    seat: Seat
    person: Person
    deputy: Person | None
    acting: Person


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


def tables(arrangement: Arrangement, on: date) -> tuple[BodyTable, ...]:
    """Every body with all its sides, also those that have nobody on it."""
    bodies = [body for body in arrangement.bodies.values() if not body.retired]
    sides = arrangement.active_organisations()
    return tuple(BodyTable(body, tuple(_facing(arrangement, body, side, on) for side in sides)) for body in bodies)


def members(arrangement: Arrangement, organisation: str) -> tuple[Person, ...]:
    """Who belongs to an organisation now, by name."""
    return tuple(each for each in arrangement.people.values() if organisation in each.roles)


def person_by_email(session: Session, email: str) -> Account:
    """The account of an address, in any case. Refuses: NotThere."""
    found = account_of(session, email)
    if found is None:
        raise NotThere(f"There is nobody with the address {email}.{undeliverable_text(email)}")
    return found


def account_of(session: Session, email: str) -> Account | None:
    """The same, or None where nobody on this server has the address."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def _facing(arrangement: Arrangement, body: Body, side: Organisation, on: date) -> OppositeSeats:
    seats = sorted((seat for seat in body.seats if seat.organisation == side.key), key=lambda seat: not seat.holds)
    return OppositeSeats(side, tuple(_seated(arrangement, seat, on) for seat in seats))


def _seated(arrangement: Arrangement, seat: Seat, on: date) -> SeatHolder:
    people = arrangement.people
    deputy = people[seat.deputy_id] if seat.deputy_id is not None else None
    return SeatHolder(seat, people[seat.person_id], deputy, people[arrangement.acting(seat, on)])
