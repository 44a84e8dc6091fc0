"""The people of a partnership: who sits opposite whom on every body, and who else belongs to each organisation."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from tracker.measures.cut_text import by_letter, words
from tracker.measures.periods import in_words, month_of
from tracker.records.person import Membership
from tracker.records.person import Person as Account
from tracker.records.session import SignInLink
from tracker.rules.arrangement import Absence, Arrangement, Body, Organisation, Person, Seat
from tracker.rules.letters import opaque_id, undeliverable_text
from tracker.rules.refusals import NotThere, Refused
from tracker.rules.rings import Role
from tracker.rules.wording import listed

NamedT = TypeVar("NamedT")
LONGEST_TYPED = 500  # letters: a name of 200, an address of 200, and what stands between
_KEY_LENGTH = 12
_MOST_NAMED = 5


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


def people_found(people: Iterable[Member], typed: str) -> tuple[Member, ...]:
    """Those of whose name and address every word that was typed begins one, in any case and without accents."""
    sought = words(typed)
    return tuple(each for each in people if _is_called(each, sought))


def _is_called(member: Member, sought: Iterable[str]) -> bool:
    return _begins(_words_of(member.name, member.email), sought)


def _begins(theirs: Collection[str], sought: Iterable[str]) -> bool:
    return all(any(word.startswith(each) for word in theirs) for each in sought)


@lru_cache(maxsize=20_000)
def _words_of(name: str, email: str) -> frozenset[str]:
    return frozenset((*words(name), *words(email)))


class UnclearPerson(Refused):
    """What was typed is what nobody here is called, or several are."""


def one_called(typed: str, people: Iterable[NamedT], called: Callable[[NamedT], tuple[str, str]]) -> NamedT:
    """Whom somebody means who typed an address, “Sam Okafor <sam@acute.example>”, a name or its beginnings. `called`:
    the name and the address of each. Refuses: UnclearPerson."""
    if len(typed) > LONGEST_TYPED:
        raise UnclearPerson(f"Keep this to {LONGEST_TYPED} characters.")
    known = [(each, *called(each)) for each in people]
    address, sought = typed.rpartition("<")[2].strip(" >").lower(), words(typed)
    found = (
        [each for each in known if each[2] == address]
        or [each for each in known if words(each[1]) == sought]
        or [each for each in known if sought and _begins(_words_of(each[1], each[2]), dict.fromkeys(sought))]
    )
    if len(found) == 1:
        return found[0][0]
    if not found:
        raise UnclearPerson(f"Nobody here is called “{typed}”. Type how a name begins, or an address.")
    named = [f"{name} <{email}>" for _, name, email in found[:_MOST_NAMED]]
    more = [f"{len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else []
    raise UnclearPerson(f"“{typed}” may be {listed([*named, *more], 'or')}. Give the address of one.")


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """Since when somebody is invited and what became of the letter, and the month in which they were last here, as the
    leads of their organisation may know it. None and "" where it is not, or not known."""

    invited_at: datetime | None = None
    sent_at: datetime | None = None
    waits_until: datetime | None = None
    failed: str = ""
    here_in: date | None = None

    @property
    def here_text(self) -> str:
        """“October 2026”."""
        return in_words(month_of(self.here_in)) if self.here_in else ""


def standings_of(session: Session, organisation_id: int, people: Iterable[int]) -> dict[int, MemberStanding]:
    """How these people stand in an organisation, by their ids."""
    told: Any = (
        *(Membership.person_id, Membership.invited_at, Membership.here_in),
        *(SignInLink.mail_wanted_at, SignInLink.mail_sent_at, SignInLink.mail_failed),
    )
    asked = (
        select(*told)
        .outerjoin(SignInLink, col(SignInLink.token_hash) == col(Membership.letter))
        .where(Membership.organisation_id == organisation_id, col(Membership.person_id).in_([*people]))
        .where(col(Membership.retired_at).is_(None))
    )
    return {row[0]: _standing(*row[1:]) for row in session.exec(asked)}


def _standing(
    invited_at: datetime | None,
    here_in: date | None,
    wanted_at: datetime | None,
    sent_at: datetime | None,
    failed: str | None,
) -> MemberStanding:
    if invited_at is None:
        return MemberStanding(here_in=here_in)
    waits = wanted_at if sent_at is None and not failed else None
    return MemberStanding(invited_at, sent_at, waits, failed or "")


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
