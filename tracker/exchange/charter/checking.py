"""Checking a charter file as a whole: nothing of it is taken in unless all of it is right."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Any

from tracker.exchange.charter.charter import TABLES, Charter, names_in
from tracker.exchange.charter.defaults import settle
from tracker.exchange.charter.faults import Fault, not_among, told_once
from tracker.exchange.charter.reading import read
from tracker.exchange.charter.shapes import BodyShape, LadderShape, PersonShape, RouteShape, SeatShape
from tracker.exchange.charter.starters import EXPEDITED
from tracker.queries.issue_list import ANY, NONE, TAGGED, UNTAGGED
from tracker.rules.refusals import WrongFile
from tracker.rules.rings import Role
from tracker.rules.wording import listed
from tracker.rules.working_time import shares_time

_TAKEN = {
    ("organisation", ANY): "any of them",
    ("clause", NONE): "those that name no clause",
    ("service_area", NONE): "those that name no service area",
    ("theme", UNTAGGED): "those without a theme",
    ("theme", TAGGED): "those with a theme",
}


MOST_ROUTES, MOST_WORDS = 100, 2_000  # all are held against each other whenever what is agreed changes


@dataclass(frozen=True)
class Checks:
    """The checks of one charter. `known`: the keys in each table, those of entries with faults of their own too;
    `unread`: these as they stand in the file; `misnamed`: the tables of which some keys are not known; `before`: what
    it was, where it is changed on a page."""

    charter: Charter
    known: Mapping[str, Collection[str]]
    today: date
    unread: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    misnamed: Collection[str] = ()
    before: Charter | None = None

    def faults(self) -> Iterator[Fault]:
        """One for everything that does not fit."""
        yield from self.faults_of_entries()
        yield from told_once(self._shared_time())

    def faults_of_entries(self) -> Iterator[Fault]:
        """The same, but for the time that organisations share."""
        return told_once(self._faults_of_entries())

    @cached_property
    def names(self) -> Mapping[tuple[str, str], str]:
        return names_in(self.charter, self.before)

    def _faults_of_entries(self) -> Iterator[Fault]:
        yield from self._organisations()
        yield from self._people()
        yield from self._bodies()
        yield from self._ladders()
        yield from self._routes()
        yield from self._service_areas()
        yield from self._themes()
        yield from self._taken()

    def _organisations(self) -> Iterator[Fault]:
        if len(self.known["organisation"]) < 2:
            found = f"found {len(self.known['organisation'])}; allowed are two or more"
            yield Fault("[[organisation]]", found, "A partnership has two organisations or more.")
        for key, organisation in self.charter.organisation.items():
            roles = [role for person in self.charter.person.values() for role in person.roles_in(key)]
            if Role.LEAD not in roles and not self._may_be_led(key) and not self._had_no_lead(key):
                said = "has no lead; allowed is one person or more with the role lead"
                plain = f"{organisation.name} would have no lead; each organisation needs one."
                yield Fault(f"[[organisation]] {key}", said, plain)

    def _had_no_lead(self, key: str) -> bool:
        """Whether it had none before either: whoever changes something else is not kept from it by that."""
        before = self.before
        if before is None or key not in before.organisation:
            return False
        return all(Role.LEAD not in person.roles_in(key) for person in before.person.values())

    def _may_be_led(self, organisation: str) -> bool:
        """Whether its lead may be somebody of whom something else is wrong."""
        homes = [home for raw in self.unread.get("person", ()) for home in _homes(raw)]
        elsewhere = [each.key for person in self.charter.person.values() for each in person.organisations]
        return organisation in homes or not {*homes, *elsewhere} <= {*self.known["organisation"]}

    def _shared_time(self) -> Iterator[Fault]:
        """One for each organisation of which that is so, with all others: beginning with who has the most of them."""
        pairs = [
            {one.key, other.key}
            for one, other in combinations(self.charter.organisation.values(), 2)
            if not shares_time(one.calendar.working(one.name), other.calendar.working(other.name), after=self.today)
        ]
        while pairs:
            key = max(self.charter.organisation, key=lambda each: sum(each in pair for pair in pairs))
            others = [each for pair in pairs if key in pair for each in pair - {key}]
            pairs = [pair for pair in pairs if key not in pair]
            keys = [each for each in self.charter.organisation if each in {key, *others}]
            names = [self._name("organisation", each) for each in (key, *(each for each in keys if each != key))]
            plain = f"{names[0]} shares no working time on any weekday with {listed(names[1:])}"
            if len(keys) == 2:
                plain = (
                    f"{listed(self._name('organisation', each) for each in keys)} share no working time on any weekday"
                )
            yield Fault(f"[[organisation]] {listed(keys)}, calendar", f"{plain}; allowed is some", f"{plain}.")

    def _people(self) -> Iterator[Fault]:
        for person in self.charter.person.values():
            for belonging in person.organisations:
                place = f"[[person]] {person.email}, organisation"
                yield from self._named(place, person.name, belonging.key, "organisation")

    def _bodies(self) -> Iterator[Fault]:
        for body in self.charter.body.values():
            for number, seat in enumerate(body.seats, start=1):
                yield from self._seat(f"[[body]] {body.key}, seats {number}", body, seat)
            yield from self._seated_twice(body)

    def _seat(self, place: str, body: BodyShape, seat: SeatShape) -> Iterator[Fault]:
        owner = f"the seats of {body.name}"
        yield from self._named(f"{place}, person", owner, seat.person, "person")
        yield from self._member(f"{place}, organisation", seat.person, seat.organisation)
        if seat.deputy is not None:
            yield from self._named(f"{place}, deputy", owner, seat.deputy, "person")
            yield from self._member(f"{place}, deputy", seat.deputy, seat.organisation)
        if seat.deputy == seat.person:
            said = f"found “{seat.deputy}”, whose seat it is; allowed is somebody else"
            yield Fault(f"{place}, deputy", said, f"{self._name('person', seat.person)} cannot be their own deputy.")

    def _member(self, place: str, email: str, organisation: str | None) -> Iterator[Fault]:
        """That a person, where known, belongs to an organisation; None: that there is but one to choose."""
        person = self._sound_person(email)
        if person is None or (organisation and organisation not in self.known["organisation"]):
            return
        theirs = [each.key for each in person.organisations]
        if organisation is None and len(theirs) != 1:
            said = f"is missing; allowed is one of {person.name}'s: {', '.join(theirs)}"
            yield Fault(place, said, f"Say for which organisation {person.name} sits there.")
        elif organisation is not None and organisation not in theirs:
            said = f"found “{organisation}”; allowed is an organisation of {person.name}: {', '.join(theirs)}"
            yield self._stranger(place, said, email, organisation)

    def _stranger(self, place: str, said: str, email: str, organisation: str) -> Fault:
        plain = f"{self._name('person', email)} does not belong to {self._name('organisation', organisation)}."
        return Fault(place, said, plain, about=("belongs", email, organisation))

    def _sound_person(self, email: str) -> PersonShape | None:
        """Somebody of whose organisations none is unknown: of others that is what is told."""
        person = self.charter.person.get(email)
        homes = {each.key for each in person.organisations} if person else set()
        return person if homes <= {*self.known["organisation"]} else None

    def _ladders(self) -> Iterator[Fault]:
        ladders = self.charter.ladder
        defaults = [key for key, ladder in ladders.items() if ladder.default]
        if ladders and len(defaults) != 1 and (defaults or not self.unread.get("ladder")):
            found = " and ".join(defaults) or "none"
            said = f"found {found} with default = true; allowed is exactly one: {', '.join(ladders)}"
            yield Fault("[[ladder]]", said, "One ladder, and one alone, is taken where no route says otherwise.")
        for ladder in ladders.values():
            yield from self._ladder(ladder)

    def _ladder(self, ladder: LadderShape) -> Iterator[Fault]:
        place = f"[[ladder]] {ladder.key}"
        if ladder.default and ladder.key.endswith(EXPEDITED):
            said = "found “true”; allowed is false, for only a route chooses an expedited ladder"
            yield Fault(f"{place}, default", said, f"Only a route chooses the {ladder.name} ladder.")
        for number, tier in enumerate(ladder.tiers, start=1):
            if tier.body is not None:
                yield from self._named(f"{place}, tiers {number}, body", _ladder_text(ladder), tier.body, "body")

    def _routes(self) -> Iterator[Fault]:
        count, words = len(self.charter.route), sum(len(each.when.words) for each in self.charter.route.values())
        if count > MOST_ROUTES:
            yield Fault("[[route]]", f"found {count}; allowed are {MOST_ROUTES}", f"There can be {MOST_ROUTES} routes.")
        if words > MOST_WORDS:
            said = f"found {words:,} in all routes together; allowed are {MOST_WORDS:,}"
            yield Fault("[[route]], when, words", said, f"All routes together can ask for {MOST_WORDS:,} words.")
        for route in self.charter.route.values():
            place, owner = f"[[route]] {route.key}", f"route {route.key}"
            yield from self._when(place, owner, route)
            yield from self._named(f"{place}, ladder", owner, route.ladder, "ladder")
            yield from self._start(f"{place}, start", route)
            yield from self._answers(place, owner, route.answers, route.leads)

    def _when(self, place: str, owner: str, route: RouteShape) -> Iterator[Fault]:
        tables = {"service_area": "service_area", "organisation": "organisation", "with": "organisation"}
        for name, values in route.when.kept().items():
            for value in values if name in tables else ():
                yield from self._named(f"{place}, when, {name}", owner, value, tables[name])

    def _start(self, place: str, route: RouteShape) -> Iterator[Fault]:
        ladder = self.charter.ladder.get(route.ladder)
        bodies = [tier.body for tier in ladder.tiers if tier.body] if ladder else []
        if ladder and route.start and route.start not in bodies and {*bodies} <= {*self.known["body"]}:
            said = not_among(route.start, bodies, f"a body of {ladder.key}")
            start = self._name("body", route.start)
            yield Fault(
                place, said, f"Route {route.key} starts at {start}, which is no tier of {_ladder_text(ladder)}."
            )

    def _answers(self, place: str, owner: str, answers: str | None, leads: Mapping[str, str]) -> Iterator[Fault]:
        if answers is not None:
            yield from self._named(f"{place}, answers", owner, answers, "organisation")
        for organisation, email in leads.items():
            where = f"{place}, leads, {organisation}"
            yield from self._named(where, owner, organisation, "organisation")
            yield from self._named(where, owner, email, "person")
            if organisation in self.known["organisation"]:
                yield from self._belongs(where, email, organisation)

    def _belongs(self, place: str, email: str, organisation: str) -> Iterator[Fault]:
        person = self._sound_person(email)
        if person is not None and not person.roles_in(organisation):
            allowed = [each.email for each in self.charter.person.values() if each.roles_in(organisation)]
            said = not_among(email, allowed, f"a person of {organisation}")
            yield self._stranger(place, said, email, organisation)

    def _service_areas(self) -> Iterator[Fault]:
        for area in self.charter.service_area.values():
            place, owner = f"[[service_area]] {area.key}", f"the service area {area.name}"
            yield from self._answers(place, owner, area.answers, area.leads)

    def _themes(self) -> Iterator[Fault]:
        for theme in self.charter.theme.values():
            yield from self._named(f"[[theme]] {theme.key}, group", f"the theme {theme.name}", theme.group, "group")

    def _taken(self) -> Iterator[Fault]:
        """Keys that would be mistaken for what the filters of the list of issues mean by them."""
        for (table, key), means in _TAKEN.items():
            if key in self.charter.table(table):
                another = f"another: in a list of issues it means {means}"
                plain = f"“{key}” cannot be its short name; give {another}."
                yield Fault(f"[[{table}]] {key}, key", f"found “{key}”; allowed is {another}", plain)

    def _seated_twice(self, body: BodyShape) -> Iterator[Fault]:
        places = [(seat.person, seat.organisation) for seat in body.seats]
        for person, organisation in dict.fromkeys(place for place in places if places.count(place) > 1):
            said = f"found {person} for {organisation} twice; allowed is one seat"
            plain = f"{self._name('person', person)} has two seats there; one is enough."
            yield Fault(f"[[body]] {body.key}, seats", said, plain)

    def _named(self, place: str, owner: str, found: str, table: str) -> Iterator[Fault]:
        if found not in self.known[table] and table not in self.misnamed:
            said = not_among(found, sorted(self.known[table]), f"a [[{table}]]")
            plain = "What was chosen is not there, or not any more; look again at"
            if (table, found) in self.names:
                plain = f"{self.names[table, found]} would be gone, and is still needed by"
            yield Fault(place, said, plain, owner, about=(table, found.removesuffix(EXPEDITED)))

    def _name(self, table: str, key: str) -> str:
        return self.names.get((table, key), key)


def _ladder_text(ladder: LadderShape) -> str:
    return f"the {ladder.name} ladder"


def _homes(raw: Any) -> Iterator[object]:
    """The organisations that an entry of a person names which could not be read; None where it names none."""
    several = raw.get("organisations") if isinstance(raw, dict) else None
    if isinstance(several, list):
        yield from (str(each.get("key")) if isinstance(each, dict) else None for each in several)
    else:
        yield str(raw["organisation"]) if isinstance(raw, dict) and "organisation" in raw else None


def check(text: str, *, today: date) -> Charter:
    """The charter that a file says. Refuses with WrongFile: every mistake by table, key and field, with what was
    found and what is allowed. `today`: working time must be shared in the year after it."""
    found = read(text)
    charter = settle(found.charter())
    faults = [*found.faults, *map(str, Checks(charter, found.known, today, found.unread, found.misnamed).faults())]
    if faults:
        raise WrongFile(*faults)
    return charter


def recheck(charter: Charter, *, today: date, before: Charter | None = None) -> None:
    """The same for a charter that was changed on screen; `before`: what it was."""
    if faults := tuple(Checks(charter, _keys(charter), today, before=before).faults()):
        raise WrongFile(*map(str, faults), plain=(each.plain for each in faults))


def fits(charter: Charter) -> bool:
    """Whether the entries of a charter fit together."""
    return not any(Checks(charter, _keys(charter), date.min).faults_of_entries())


def _keys(charter: Charter) -> dict[str, Collection[str]]:
    return {table: set(charter.table(table)) for table in TABLES}
