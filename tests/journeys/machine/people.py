"""Who belongs where, sits where and is away, and by that who has an issue on a tier: product.md, in small."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tests.makers import PLACES, RIVERSIDE, Cast

SPARE = {"acute": "uma", "council": "hal", "community": "zoe"}
"""A manager more in each organisation, with no seat at first."""
JOINT = "ivo"
"""A manager of Acute and of Community."""
LED, LEADING = "equipment", {"acute": "jo", "council": "hal"}
"""A service area, and who has what concerns it on the first tier."""


@dataclass(frozen=True)
class Seat:
    """A place on a body for an organisation; people by their ids."""

    person: int
    organisation: str
    holds: bool = True
    deputy: int | None = None


@dataclass(frozen=True)
class Rung:
    """What a version of the ladder says of a tier."""

    number: int
    body: str
    paper: bool = False
    whole_body: bool = False


@dataclass
class People:
    """Everybody of the partnership as they are now. `roles`: by person and organisation; `seats`: by body, in order;
    `leads`: by service area and organisation."""

    names: dict[int, str]
    roles: dict[tuple[int, str], frozenset[str]]
    seats: dict[str, list[Seat]]
    leads: dict[str, dict[str, int]] = field(default_factory=dict)
    away: dict[tuple[int, str], tuple[date, date | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, cast: Cast) -> "People":
        """As the cast is at first, with the spare ones."""
        people: dict[str, tuple[str, str, str]] = {
            name.split()[0].lower(): (side, body, role.value)
            for side, (_, names) in RIVERSIDE.items()
            for name, (body, role) in zip(names, PLACES, strict=True)
        }
        people |= {name: (side, "", "manager") for side, name in SPARE.items()}
        ids = {name: cast.people[name].id for name in (*people, JOINT)}
        roles = {(ids[name], side): frozenset({role}) for name, (side, _, role) in people.items()}
        roles |= {(ids[JOINT], side): frozenset({"manager"}) for side in ("acute", "community")}
        seats: dict[str, list[Seat]] = {}
        for name, (side, body, _) in people.items():
            if body:
                seats.setdefault(body, []).append(Seat(ids[name], side))
        leads = {LED: {side: ids[name] for side, name in LEADING.items()}}
        return cls({each: name for name, each in ids.items()}, roles, seats, leads)

    def organisations(self, person: int) -> frozenset[str]:
        return frozenset(side for who, side in self.roles if who == person)

    def is_here(self, person: int, organisation: str, on: date) -> bool:
        since, until = self.away.get((person, organisation), (date.max, None))
        return (person, organisation) in self.roles and not (since <= on and (until is None or on <= until))

    def sits(self, person: int, body: str) -> bool:
        """Whether they are seated there for an organisation to which they belong."""
        return any(each.person == person and (person, each.organisation) in self.roles for each in self.seats[body])

    def holders(self, rung: Rung, side: str, lead: int | None = None) -> tuple[int, ...]:
        """Whoever has an issue for a side on a tier, the opposite number first: who leads there, then the seats that
        hold; whoever left is followed by their deputy."""
        agreed = [each for each in self.seats[rung.body] if each.organisation == side and each.holds]
        places = [(lead,), *((each.person, each.deputy) for each in agreed)]
        found = ([each for each in place if each and (each, side) in self.roles] for place in places)
        return tuple(dict.fromkeys(place[0] for place in found if place))

    def acting(self, rungs: Iterable[Rung], side: str, written: Collection[int], on: date) -> frozenset[int]:
        """Who acts for a side: who has it or stands in; else the seats that hold, from this tier up (`rungs`, as far as
        others may know of it). Where nobody ever had it nobody is asked."""
        here, *_ = rungs = tuple(rungs)
        found = self.standing(here, side, written, on)
        for rung in rungs if written else ():
            found = found or self.seated(rung, side, on)
        return found

    def standing(self, rung: Rung, side: str, written: Collection[int], on: date) -> frozenset[int]:
        """Who has it, and of whoever is away the deputy."""
        deputies = {each.person: each.deputy for each in reversed(self.seats[rung.body]) if each.organisation == side}
        places = ((each, deputies.get(each)) for each in written)
        return frozenset(who for place in places for who in self._present(place, side, on)[:1])

    def seated(self, rung: Rung, side: str, on: date) -> frozenset[int]:
        """Who is there of the seats that hold on a tier, or their deputies."""
        seats = [each for each in self.seats[rung.body] if each.organisation == side and each.holds]
        return frozenset(who for each in seats for who in self._present((each.person, each.deputy), side, on)[:1])

    def _present(self, people: Iterable[int | None], side: str, on: date) -> list[int]:
        return [each for each in people if each is not None and self.is_here(each, side, on)]

    def leave(self, person: int, organisation: str) -> None:
        """Their deputies have their seats; they lead, deputise and sit no more."""
        del self.roles[person, organisation]
        self.away.pop((person, organisation), None)
        for body, seats in self.seats.items():
            self.seats[body] = list(_without(seats, person, organisation))
        for area, leads in self.leads.items():
            self.leads[area] = {side: who for side, who in leads.items() if (side, who) != (organisation, person)}

    def take_seats(self, body: str, organisation: str, seats: Iterable[Seat]) -> None:
        """An organisation has just these seats there, where its first was."""
        before = [each.organisation for each in self.seats[body]]
        at = before.index(organisation) if organisation in before else len(before)
        others = [each for each in self.seats[body] if each.organisation != organisation]
        self.seats[body] = [*others[:at], *seats, *others[at:]]


def _without(seats: list[Seat], person: int, organisation: str) -> Iterator[Seat]:
    seated = {each.person for each in seats if each.organisation == organisation}
    for seat in seats:
        if seat.organisation != organisation:
            yield seat
        elif seat.person != person:
            yield replace(seat, deputy=None) if seat.deputy == person else seat
        elif seat.deputy is not None and seat.deputy not in seated:
            yield replace(seat, person=seat.deputy, deputy=None)
