"""Checking a charter file as a whole: nothing of it is taken in unless all of it is right."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from tracker.exchange.charter.charter import TABLES, Charter
from tracker.exchange.charter.defaults import settle
from tracker.exchange.charter.faults import not_among
from tracker.exchange.charter.reading import read
from tracker.exchange.charter.shapes import BodyShape, LadderShape, RouteShape, SeatShape
from tracker.exchange.charter.starters import EXPEDITED
from tracker.queries.issue_list import ANY, NONE, TAGGED, UNTAGGED
from tracker.rules.refusals import WrongFile
from tracker.rules.rings import Role
from tracker.rules.working_time import shares_time

_TAKEN = {
    ("organisation", ANY): "any of them",
    ("clause", NONE): "those that name no clause",
    ("service_area", NONE): "those that name no service area",
    ("theme", UNTAGGED): "those without a theme",
    ("theme", TAGGED): "those with a theme",
}


@dataclass(frozen=True)
class Checks:
    """The checks of one charter. `known`: the keys in each table, those of entries with faults of their own too."""

    charter: Charter
    known: Mapping[str, Collection[str]]
    today: date

    def faults(self) -> Iterator[str]:
        """A sentence for everything that does not fit."""
        yield from self.faults_of_entries()
        yield from self._shared_time()

    def faults_of_entries(self) -> Iterator[str]:
        """The same, but for the time that organisations share."""
        yield from self._organisations()
        yield from self._people()
        yield from self._bodies()
        yield from self._ladders()
        yield from self._routes()
        yield from self._service_areas()
        yield from self._themes()
        yield from self._taken()

    def _organisations(self) -> Iterator[str]:
        if len(self.known["organisation"]) < 2:
            found = len(self.known["organisation"])
            yield f"[[organisation]]: found {found}; allowed are two or more"
        for key in self.charter.organisation:
            roles = [role for person in self.charter.person.values() for role in person.roles_in(key)]
            if Role.LEAD not in roles:
                yield f"[[organisation]] {key}: has no lead; allowed is one person or more with the role lead"

    def _shared_time(self) -> Iterator[str]:
        for one, other in combinations(self.charter.organisation.values(), 2):
            if not shares_time(one.calendar.working(one.name), other.calendar.working(other.name), after=self.today):
                pair = f"[[organisation]] {one.key} and {other.key}, calendar"
                yield f"{pair}: {one.name} and {other.name} share no working time on any weekday; allowed is some"

    def _people(self) -> Iterator[str]:
        for person in self.charter.person.values():
            for belonging in person.organisations:
                place = f"[[person]] {person.email}, organisation"
                yield from self._named(place, belonging.key, "organisation")

    def _bodies(self) -> Iterator[str]:
        for body in self.charter.body.values():
            for number, seat in enumerate(body.seats, start=1):
                yield from self._seat(f"[[body]] {body.key}, seats {number}", seat)
            yield from _seated_twice(body)

    def _seat(self, place: str, seat: SeatShape) -> Iterator[str]:
        yield from self._named(f"{place}, person", seat.person, "person")
        yield from self._member(f"{place}, organisation", seat.person, seat.organisation)
        if seat.deputy is not None:
            yield from self._named(f"{place}, deputy", seat.deputy, "person")
            yield from self._member(f"{place}, deputy", seat.deputy, seat.organisation)
        if seat.deputy == seat.person:
            yield f"{place}, deputy: found “{seat.deputy}”, whose seat it is; allowed is somebody else"

    def _member(self, place: str, email: str, organisation: str | None) -> Iterator[str]:
        """That a person, where known, belongs to an organisation; None: that there is but one to choose."""
        person = self.charter.person.get(email)
        if person is None:
            return
        theirs = [each.key for each in person.organisations]
        if organisation is None and len(theirs) != 1:
            yield f"{place}: is missing; allowed is one of {person.name}'s: {', '.join(theirs)}"
        elif organisation is not None and organisation not in theirs:
            yield f"{place}: found “{organisation}”; allowed is an organisation of {person.name}: {', '.join(theirs)}"

    def _ladders(self) -> Iterator[str]:
        ladders = self.charter.ladder
        defaults = [key for key, ladder in ladders.items() if ladder.default]
        if ladders and len(defaults) != 1:
            found = " and ".join(defaults) or "none"
            yield f"[[ladder]]: found {found} with default = true; allowed is exactly one: {', '.join(ladders)}"
        for ladder in ladders.values():
            yield from self._ladder(ladder)

    def _ladder(self, ladder: LadderShape) -> Iterator[str]:
        place = f"[[ladder]] {ladder.key}"
        if ladder.default and ladder.key.endswith(EXPEDITED):
            yield f"{place}, default: found “true”; allowed is false, for only a route chooses an expedited ladder"
        for number, tier in enumerate(ladder.tiers, start=1):
            if tier.body is not None:
                yield from self._named(f"{place}, tiers {number}, body", tier.body, "body")

    def _routes(self) -> Iterator[str]:
        for route in self.charter.route.values():
            place = f"[[route]] {route.key}"
            yield from self._when(place, route)
            yield from self._named(f"{place}, ladder", route.ladder, "ladder")
            yield from self._start(f"{place}, start", route)
            yield from self._answers(place, route.answers, route.leads)

    def _when(self, place: str, route: RouteShape) -> Iterator[str]:
        tables = {"service_area": "service_area", "organisation": "organisation", "with": "organisation"}
        for field, values in route.when.kept().items():
            for value in values if field in tables else ():
                yield from self._named(f"{place}, when, {field}", value, tables[field])

    def _start(self, place: str, route: RouteShape) -> Iterator[str]:
        ladder = self.charter.ladder.get(route.ladder)
        bodies = [tier.body for tier in ladder.tiers if tier.body] if ladder else []
        if ladder and route.start and route.start not in bodies:
            yield f"{place}: {not_among(route.start, bodies, f'a body of {ladder.key}')}"

    def _answers(self, place: str, answers: str | None, leads: Mapping[str, str]) -> Iterator[str]:
        if answers is not None:
            yield from self._named(f"{place}, answers", answers, "organisation")
        for organisation, email in leads.items():
            where = f"{place}, leads, {organisation}"
            yield from self._named(where, organisation, "organisation")
            yield from self._named(where, email, "person")
            if organisation in self.known["organisation"]:
                yield from self._belongs(where, email, organisation)

    def _belongs(self, place: str, email: str, organisation: str) -> Iterator[str]:
        person = self.charter.person.get(email)
        if person is not None and not person.roles_in(organisation):
            allowed = [each.email for each in self.charter.person.values() if each.roles_in(organisation)]
            yield f"{place}: {not_among(email, allowed, f'a person of {organisation}')}"

    def _service_areas(self) -> Iterator[str]:
        for area in self.charter.service_area.values():
            yield from self._answers(f"[[service_area]] {area.key}", area.answers, area.leads)

    def _themes(self) -> Iterator[str]:
        for theme in self.charter.theme.values():
            yield from self._named(f"[[theme]] {theme.key}, group", theme.group, "group")

    def _taken(self) -> Iterator[str]:
        """Keys that would be mistaken for what the filters of the list of issues mean by them."""
        for (table, key), means in _TAKEN.items():
            if key in self.charter.table(table):
                yield f"[[{table}]] {key}, key: found “{key}”; allowed is another: in a list of issues it means {means}"

    def _named(self, place: str, found: str, table: str) -> Iterator[str]:
        if found not in self.known[table]:
            yield f"{place}: {not_among(found, sorted(self.known[table]), f'a [[{table}]]')}"


def _seated_twice(body: BodyShape) -> Iterator[str]:
    places = [(seat.person, seat.organisation) for seat in body.seats]
    for person, organisation in dict.fromkeys(place for place in places if places.count(place) > 1):
        yield f"[[body]] {body.key}, seats: found {person} for {organisation} twice; allowed is one seat"


def check(text: str, *, today: date) -> Charter:
    """The charter that a file says. Refuses with WrongFile: every mistake by table, key and field, with what was
    found and what is allowed. `today`: working time must be shared in the year after it."""
    found = read(text)
    charter = settle(found.charter())
    faults = [*found.faults, *Checks(charter, found.known, today).faults()]
    if faults:
        raise WrongFile(*faults)
    return charter


def recheck(charter: Charter, *, today: date) -> None:
    """The same for a charter that was changed on screen."""
    if faults := tuple(Checks(charter, _keys(charter), today).faults()):
        raise WrongFile(*faults)


def fits(charter: Charter) -> bool:
    """Whether the entries of a charter fit together."""
    return not any(Checks(charter, _keys(charter), date.min).faults_of_entries())


def _keys(charter: Charter) -> dict[str, Collection[str]]:
    return {table: set(charter.table(table)) for table in TABLES}
