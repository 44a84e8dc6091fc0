"""What taking in a list of people would do: who is invited, changed, left, refused, and who is not in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from pydantic import TypeAdapter, ValidationError

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.fields import Email, Line
from tracker.exchange.charter.shapes import SeatShape
from tracker.exchange.people.cells import LineNotAllowed, TypedSeat, organisation_in, role_choices, roles_in, seats_in
from tracker.exchange.people.reading import ListedPerson, PeopleList
from tracker.queries.people import Member, members
from tracker.rules.arrangement import Arrangement
from tracker.rules.letters import DELIVERABLE
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.wording import listed, say_count

_EMAIL, _LINE = TypeAdapter(Email), TypeAdapter(Line)
_NO_LEAD = "nobody else who leads it has come in yet"


class PersonFate(StrEnum):
    """What becomes of somebody in a list."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedPerson:
    """Somebody of a list. `said`: as what, what is changed, or why they are refused. `roles` None: as they are;
    `renamed`: they are invited and get the name of the list."""

    line: int
    fate: PersonFate
    address: str
    name: str
    organisation: str = ""
    said: tuple[str, ...] = ()
    roles: tuple[Role, ...] | None = None
    seats: tuple[TypedSeat, ...] = ()
    renamed: bool = False

    def __str__(self) -> str:
        where = f" of {self.organisation}" if self.organisation else ""
        what = f": {'; '.join(self.said)}" if self.said else ""
        return f"{self.fate:<9} line {self.line}: {self.name or '(no name)'} <{self.address}>{where}{what}"


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """Everybody of the list in its order; `missing`: who belongs to an organisation of the list and is not in it, with
    that organisation. They stay."""

    people: tuple[PlannedPerson, ...]
    missing: tuple[tuple[str, Member], ...] = ()

    def of(self, *fates: PersonFate) -> tuple[PlannedPerson, ...]:
        return tuple(each for each in self.people if each.fate in fates)

    @property
    def todo(self) -> tuple[PlannedPerson, ...]:
        return self.of(PersonFate.ADDED, PersonFate.CHANGED)

    @property
    def mark(self) -> str:
        """The same as long as the same would be done: what was shown is what one presses for."""
        return sha256("\n".join(map(str, self.todo)).encode()).hexdigest()[:16]

    def count_text(self) -> str:
        """“298 added, 2 changed, 1 unchanged and 4 refused”, without what there is none of."""
        counts = ((len(self.of(fate)), fate) for fate in PersonFate)
        return listed(f"{count:,} {fate}" for count, fate in counts if count) or "nobody in it"

    def lines(self) -> Iterator[str]:
        """For a terminal."""
        yield from map(str, self.people)
        for organisation, each in self.missing:
            yield f"stays     not in the list: {each.name} <{each.email}> of {organisation}"
        yield f"{self.count_text()}."


@dataclass(frozen=True, slots=True)
class ListedIn:
    """What a list is held against. `own`: the one organisation of which it may be, None by command; `roles`: of who is
    new and has none in the list."""

    agreed: Arrangement
    charter: Charter
    own: str | None
    roles: tuple[Role, ...]

    def plan(self, given: PeopleList) -> PeoplePlan:
        here = self._members()
        people, seen = [], dict[tuple[str, str], int]()
        for each in given.people:
            planned = self._planned(each, here)
            place = (planned.organisation, planned.address)
            if planned.fate is not PersonFate.REFUSED and place in seen:
                planned = _refused(planned, f"line {seen[place]} has them already")
            seen.setdefault(place, planned.line)
            people.append(planned)
        kept = tuple(self._with_a_lead(people, here))
        sides = {each.organisation for each in kept if each.organisation} if given.has_headings else set()
        listed_here = {(each.organisation, each.address) for each in kept}
        missing = (
            (side, each)
            for side in sorted(sides)
            for each in here[side].values()
            if (side, each.email) not in listed_here
        )
        return PeoplePlan(kept, tuple(missing))

    def _members(self) -> Mapping[str, Mapping[str, Member]]:
        """By organisation and address."""
        sides = self.agreed.active_organisations()
        return {side.key: {each.email: each for each in members(self.agreed, side.key)} for side in sides}

    def _planned(self, given: ListedPerson, here: Mapping[str, Mapping[str, Member]]) -> PlannedPerson:
        bare = PlannedPerson(given.line, PersonFate.UNCHANGED, given.address.lower(), given.name)
        if given.wrong:
            return _refused(bare, given.wrong)
        try:
            side = organisation_in(given.organisation, self.agreed, self.own)
            bare = replace(bare, organisation=side, address=_address(given.address), name=_name(given))
            roles, seats = roles_in(given.roles), seats_in(given.seats, self.agreed)
            if bare.address in here[side]:
                return self._changed(bare, given, here[side][bare.address], roles, seats)
            return self._added(bare, here, roles, seats)
        except LineNotAllowed as refusal:
            return _refused(bare, str(refusal))

    def _added(
        self,
        bare: PlannedPerson,
        here: Mapping[str, Mapping[str, Member]],
        roles: tuple[Role, ...],
        seats: tuple[TypedSeat, ...],
    ) -> PlannedPerson:
        elsewhere = [key for key, found in here.items() if bare.address in found]
        if elsewhere and self.own:
            names = listed(self.agreed.organisation(key).name for key in elsewhere)
            raise LineNotAllowed(f"they belong to {names}; who belongs to two is added one at a time")
        roles = roles or self.roles
        if not roles:
            raise LineNotAllowed(f"no role is said; allowed: {role_choices()}")
        said = (f"as {_as(roles)}", *(f"seat {each.text(self.agreed)}" for each in seats))
        return replace(bare, fate=PersonFate.ADDED, said=said, roles=roles, seats=seats)

    def _changed(
        self,
        bare: PlannedPerson,
        given: ListedPerson,
        member: Member,
        roles: tuple[Role, ...],
        seats: tuple[TypedSeat, ...],
    ) -> PlannedPerson:
        new = tuple(each for each in seats if not self._sits(bare, each))
        is_other = bool(given.name) and given.name != member.name
        said = (
            *([f"{_as(member.roles)} → {_as(roles)}"] if roles and {*roles} != member.roles else []),
            *(f"seat {each.text(self.agreed)}" for each in new),
            *([f"{member.name} → {given.name}"] if is_other and member.invited else []),
        )
        fate = PersonFate.CHANGED if said else PersonFate.UNCHANGED
        if is_other and not member.invited:
            said = (*said, "their name is theirs to change")
        name = given.name if is_other and member.invited else member.name
        renamed = is_other and member.invited
        return replace(bare, fate=fate, name=name, said=said, roles=roles or None, seats=new, renamed=renamed)

    def _sits(self, person: PlannedPerson, seat: TypedSeat) -> bool:
        body = self.charter.body[seat.body]
        return any(_is_same(each, person, seat) for each in body.seats)

    def _with_a_lead(
        self, people: Sequence[PlannedPerson], here: Mapping[str, Mapping[str, Member]]
    ) -> Iterator[PlannedPerson]:
        """Without what takes the last lead who has come in from an organisation: another may never do so."""
        losing = {
            (each.organisation, each.address)
            for each in people
            if each.fate is PersonFate.CHANGED and each.roles is not None and Role.LEAD not in each.roles
        }
        leads = {
            (side, each.email)
            for side, found in here.items()
            for each in found.values()
            if Role.LEAD in each.roles and not each.invited
        }
        left = {side for side, _ in leads - losing}
        for each in people:
            is_last = (each.organisation, each.address) in losing & leads and each.organisation not in left
            yield _refused(each, _NO_LEAD) if is_last else each


def _is_same(kept: SeatShape, person: PlannedPerson, seat: TypedSeat) -> bool:
    place = (kept.person, kept.organisation, kept.holds, kept.chair)
    return place == (person.address, person.organisation, seat.holds, seat.chair)


def _refused(person: PlannedPerson, why: str) -> PlannedPerson:
    return replace(person, fate=PersonFate.REFUSED, said=(why,), roles=None, seats=(), renamed=False)


def _address(text: str) -> str:
    try:
        return _EMAIL.validate_python(text)
    except ValidationError:
        raise LineNotAllowed(f"no letter arrives there; allowed: {DELIVERABLE}") from None


def _name(given: ListedPerson) -> str:
    """As it stands in the list, else made of the address; they say it better once they have come in."""
    local = given.address.partition("@")[0]
    text = given.name or " ".join(each.capitalize() for each in local.replace("_", ".").replace("-", ".").split("."))
    try:
        return _LINE.validate_python(text)
    except ValidationError:
        raise LineNotAllowed(f"the name has {say_count(len(text), 'letter')}; allowed: 1 to 200") from None


def _as(roles: Iterable[Role]) -> str:
    return listed(ROLE_WORDS[role] for role in Role if role in {*roles})
