"""What a partnership agreed, as one frozen value: organisations, people, bodies, ladders, the agreement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property

from tracker.rules.agreement import Clause, Route, ServiceArea, Theme, ThemeGroup
from tracker.rules.reporting import ReportTerms
from tracker.rules.rings import Duty, Role
from tracker.rules.rings.doors import Demand
from tracker.rules.spans import day_in
from tracker.rules.working_time import Calendar, JointCalendar, joint

_MOST_DAYS = 1000  # of organisations that are kept at hand


class PaperSize(StrEnum):
    """Of reports and packs as files."""

    A4 = "a4"
    US_LETTER = "us-letter"


@dataclass(frozen=True)
class Organisation:
    """A peer. `position` counts from 0 and gives it its place and colour on every page; `demand`: what it asks of a
    session before a place in it counts there."""

    id: int
    key: str
    name: str
    calendar: Calendar
    position: int
    retired: bool = False
    demand: Demand | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, both counted; without a last one, until further notice."""

    away_from: date
    away_until: date | None = None

    def covers(self, on: date) -> bool:
        return self.away_from <= on and (self.away_until is None or on <= self.away_until)


@dataclass(frozen=True)
class Invitation:
    """As whom and under which name an organisation added somebody who has not come in yet. `pending`: they belong
    elsewhere too, and are no member of it before they accept."""

    name: str
    roles: frozenset[Role]
    pending: bool


@dataclass(frozen=True)
class Person:
    """Somebody of one or several organisations; `roles` and `absences` by organisation key, only where they belong now.

    `invited`: by organisation key, where they have not come in yet; a pending one gives no roles. `phone`, `reach`: how
    they want to be reached by who shares an issue with them.
    """

    id: int
    email: str
    name: str
    roles: Mapping[str, frozenset[Role]]
    invited: Mapping[str, Invitation] = field(default_factory=dict)
    retired: bool = False
    absences: Mapping[str, Absence] = field(default_factory=dict)
    phone: str = ""
    reach: str = ""

    def is_away(self, on: date, organisation: str) -> bool:
        absence = self.absences.get(organisation)
        return absence is not None and absence.covers(on)

    @property
    def places(self) -> Mapping[str, frozenset[Role]]:
        """By organisation key, what they are there or were invited as: no different for who is to accept."""
        return {**{key: each.roles for key, each in self.invited.items()}, **self.roles}

    def called_in(self, organisation: str) -> str:
        """Their name as an organisation knows it: as it was typed, until they have come in."""
        invitation = self.invited.get(organisation)
        return invitation.name if invitation else self.name

    def is_lead_of(self, organisation: str) -> bool:
        return Role.LEAD in self.roles.get(organisation, frozenset())


@dataclass(frozen=True)
class Seat:
    """A person's place on a body for an organisation; `holds`: issues at the body's tier are theirs."""

    person_id: int
    organisation: str
    holds: bool = False
    chair: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True)
class Body:
    """A governance body; `meets` is a recurrence (RFC 5545) or None."""

    id: int
    key: str
    name: str
    meets: str | None = None
    seats: tuple[Seat, ...] = ()
    retired: bool = False


@dataclass(frozen=True)
class Tier:
    """One step of a ladder, numbered from 1. Limits are texts as in the charter; an external tier may have
    neither limit nor body ("")."""

    number: int
    name: str
    body: str
    limit: str | None
    acknowledge: str | None = None
    warn: str | None = None
    or_at_most: str | None = None
    paper: bool = False
    whole_body: bool = False
    external: bool = False


@dataclass(frozen=True)
class Ladder:
    """One version of an escalation path; `id` is the version's. In force once every organisation agreed."""

    id: int
    key: str
    version: int
    name: str
    default: bool
    tiers: tuple[Tier, ...]
    keep_in_loop: str = "5 working days"
    pause_cap: str = "10 working days"
    agree_silence: str = "5 working days"
    reopens_to_escalate: int = 2
    skip: str = ""
    agreed_by: tuple[str, ...] = ()
    in_force: bool = False
    retired: bool = False

    def tier_name(self, number: int) -> str:
        """ "" where it has no such tier: what happened on a longer ladder, before an issue moved to this one."""
        return self.tiers[number - 1].name if 0 < number <= len(self.tiers) else ""


@dataclass(frozen=True)
class Arrangement:
    """Everything agreed, as it is at `version`. What is retired stays, marked, so that history reads."""

    id: int
    key: str
    name: str
    zone: str
    version: int
    organisations: Mapping[int, Organisation]
    people: Mapping[int, Person]
    bodies: Mapping[str, Body]
    ladders: Mapping[int, Ladder]
    routes: tuple[Route, ...] = ()
    clauses: tuple[Clause, ...] = ()
    service_areas: tuple[ServiceArea, ...] = ()
    theme_groups: tuple[ThemeGroup, ...] = ()
    themes: Mapping[str, Theme] = field(default_factory=dict)
    report: ReportTerms = field(default_factory=ReportTerms)
    never_name: str = ""  # whom issues never name, "a passenger"
    paper: PaperSize = PaperSize.A4
    identifiers: tuple[str, ...] = ()  # countries whose identifying numbers are warned of
    _joint: dict[frozenset[int], JointCalendar] = field(default_factory=dict, init=False, repr=False, compare=False)
    _days: dict[tuple[int, date], "Day"] = field(default_factory=dict, init=False, repr=False, compare=False)

    def organisation(self, key: str) -> Organisation:
        """Refuses an unknown key with KeyError; finds retired ones too."""
        return self._by_key[key]

    def body(self, body_id: int | None) -> Body | None:
        """By its id; a retired one, too."""
        return next((each for each in self.bodies.values() if each.id == body_id), None)

    @cached_property
    def members(self) -> Mapping[int, frozenset[int]]:
        """By the id of each organisation that is there, the ids of who belongs to it, without who is yet to accept."""
        people = [each for each in self.people.values() if not each.retired]
        return {
            each.id: frozenset(person.id for person in people if each.key in person.roles)
            for each in self.active_organisations()
        }

    def seated_on(self, body_id: int | None) -> frozenset[int]:
        """The ids of who sits on a body, each for an organisation that they belong to."""
        body = self.body(body_id) if body_id is not None else None
        seats = ((self.organisation(seat.organisation), seat.person_id) for seat in (body.seats if body else ()))
        return frozenset(person for each, person in seats if person in self.members.get(each.id, ()))

    def active_organisations(self) -> tuple[Organisation, ...]:
        """In the order of their positions."""
        kept = (each for each in self.organisations.values() if not each.retired)
        return tuple(sorted(kept, key=lambda each: each.position))

    def ladder_version(self, ladder_version_id: int | None) -> Ladder | None:
        """The one that something is on, in force or not; None of what is on none."""
        return self.ladders.get(ladder_version_id) if ladder_version_id is not None else None

    def ladder_in_force(self, key: str) -> Ladder | None:
        """The newest version of a ladder that every organisation agreed; None where there is none."""
        return self._newest(each for each in self.ladders.values() if each.key == key)

    def default_ladder(self) -> Ladder | None:
        """The default ladder's version in force."""
        return self._newest(each for each in self.ladders.values() if each.default)

    def ladders_to_agree(self) -> tuple[Ladder, ...]:
        """The newest version of each ladder, where some organisation has not agreed it yet."""
        newest = {each.key: each for each in sorted(self.ladders.values(), key=lambda each: each.version)}
        return tuple(each for each in newest.values() if not each.in_force and not each.retired)

    @cached_property
    def known_names(self) -> Mapping[int, frozenset[str]]:
        """By id, what people are called by those who read it; whoever is invited as they were typed."""
        return {
            person.id: frozenset((person.name, *(person.called_in(organisation) for organisation in person.places)))
            for person in self.people.values()
        }

    def open_themes(self) -> tuple[str, ...]:
        """The keys of the themes that can be chosen."""
        return tuple(each.key for each in self.themes.values() if not each.retired)

    def open_areas(self) -> tuple[str, ...]:
        """The keys of the service areas that can be chosen."""
        return tuple(each.key for each in self.service_areas if not each.retired)

    def service_area(self, key: str | None) -> ServiceArea | None:
        return next((each for each in self.service_areas if each.key == key), None)

    def clause(self, key: str | None) -> Clause | None:
        return next((each for each in self.clauses if each.key == key), None)

    def leads_of(self, organisation: str) -> tuple[Person, ...]:
        return tuple(each for each in self.people.values() if each.is_lead_of(organisation))

    @cached_property
    def without_lead(self) -> tuple[Organisation, ...]:
        """The organisations that nobody leads, nor is invited to lead: the people who run the server name somebody."""
        led = {key for each in self.people.values() for key, roles in each.places.items() if Role.LEAD in roles}
        return tuple(each for each in self.active_organisations() if each.key not in led)

    def led_by(self, person_id: int) -> tuple[Organisation, ...]:
        """The organisations that a person leads, in the order of their positions."""
        person = self.people.get(person_id)
        return tuple(each for each in self.active_organisations() if person and person.is_lead_of(each.key))

    def seats(self, body: str, organisation: str) -> tuple[Seat, ...]:
        """The seats of an organisation on a body, by their keys, in their order; none whose person is yet to accept."""
        found = self.bodies.get(body)
        seats = (each for each in (found.seats if found else ()) if each.organisation == organisation)
        return tuple(seat for seat in seats if self._counts(seat))

    def _counts(self, seat: Seat) -> bool:
        person = self.people.get(seat.person_id)
        return person is None or seat.organisation in person.roles or seat.organisation not in person.invited

    def day(self, organisation_id: int, at: datetime) -> "Day":
        """The day of a moment in an organisation, by its own clock."""
        return self.day_on(organisation_id, self.today(organisation_id, at))

    def day_on(self, organisation_id: int, on: date) -> "Day":
        """The day of a date there."""
        if len(self._days) >= _MOST_DAYS:
            self._days.clear()
        kept = self._days.get((organisation_id, on))
        if kept is None:
            kept = self._days[organisation_id, on] = Day(self, self.organisations[organisation_id], on)
        return kept

    def acting(self, seat: Seat, at: datetime) -> int | None:
        """Who acts for a seat on the day of a moment: its person, while they are away their deputy, or nobody."""
        return next(iter(self.day(self.organisation(seat.organisation).id, at).acting(seat)), None)

    def today(self, organisation_id: int | None, at: datetime) -> date:
        """The day that a moment is for an organisation, by its own clock; None: by the partnership's."""
        own = self.organisations.get(organisation_id or 0)
        return day_in(own.calendar.zone if own else self.zone, at)

    def joint_calendar(self, organisation_ids: Iterable[int]) -> JointCalendar:
        """When these organisations (ids) are all open, in dates of the partnership's zone."""
        wanted = frozenset(organisation_ids)
        if wanted not in self._joint:
            calendars = [self.organisations[each].calendar for each in sorted(wanted)]
            self._joint[wanted] = joint(*calendars, zone=self.zone)
        return self._joint[wanted]

    def name_of(self, condition: str, value: str) -> str:
        """How a value in a route's condition reads: by the name of an area or organisation, else as words."""
        if condition == "service_area":
            area = self.service_area(value)
            return area.name if area else value
        if condition in {"organisation", "with"} and value in self._by_key:
            return self._by_key[value].name
        return value.replace("_", " ")

    @property
    def _by_key(self) -> dict[str, Organisation]:
        return {each.key: each for each in self.organisations.values()}

    def _newest(self, versions: Iterable[Ladder]) -> Ladder | None:
        in_force = [each for each in versions if each.in_force and not each.retired]
        return max(in_force, key=lambda each: each.version, default=None)


@dataclass(frozen=True)
class Day:
    """A day in one organisation: who of its people is here, and who acts for its seats. Nobody is in one that left.

    `duties`: what was worked out for people on that day (`rules/ladder/acting`).
    """

    arrangement: Arrangement
    organisation: Organisation
    on: date
    duties: dict[int, Duty] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def absent(self) -> Mapping[int, Absence]:
        """By id, the people who belong here and are away."""
        away = ((each.id, each.absences.get(self.organisation.key)) for each in self.arrangement.people.values())
        return {person_id: absence for person_id, absence in away if absence and absence.covers(self.on)}

    def is_here(self, person_id: int) -> bool:
        """Whether they belong here, and are not away."""
        person = self.arrangement.people.get(person_id)
        belongs = person is not None and self.organisation.key in person.roles and not self.organisation.retired
        return belongs and person_id not in self.absent

    def seats(self, body: str) -> tuple[Seat, ...]:
        """The organisation's seats on a body, by its key, in their order."""
        return self.arrangement.seats(body, self.organisation.key)

    def acting(self, seat: Seat) -> tuple[int, ...]:
        """Who acts for one of its seats: its person, while they are away or gone their deputy, or nobody."""
        asked = (seat.person_id, seat.deputy_id)
        return tuple(each for each in asked if each is not None and self.is_here(each))[:1]
