"""The cast: a partnership with its people, and another one of strangers. Tests arrange with these and act once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import Session, select

from tracker.actions.set_report_terms import keep_terms, partnership_for_change
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.loading import agree_change, revise
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.records.agreement import Clause, ServiceArea, Theme, ThemeGroup
from tracker.records.governance import Body, Seat
from tracker.records.ladder import Ladder, LadderAgreement, LadderVersion, Tier
from tracker.records.partnership import Organisation, Partnership
from tracker.records.person import Membership, Person
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.rings import Membership as Belonging
from tracker.rules.rings import Ring, Role, Viewer

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)
MONDAY = datetime(2026, 4, 27, 8, tzinfo=UTC)  # 09:00 in London, an ordinary Monday morning

OFFICE_HOURS = {"zone": "Europe/London", "mon-fri": ["09:00-17:00"], "holidays": "GB-ENG"}
TUESDAYS = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
TIERS = (
    {"body": "front", "limit": "3 working days", "acknowledge": "1 working day", "warn": "1 working day"},
    {"body": "ops", "limit": "5 working days"},
    {"body": "directors", "limit": "10 working days"},
    {"body": "steering", "limit": "next meeting", "or_at_most": "20 working days", "paper": True, "whole_body": True},
)
BODIES = {
    "front": "Front line",
    "ops": "Operational managers' group",
    "directors": "Directors",
    "steering": "Steering group",
}
PLACES = (
    ("front", Role.FRONT_LINE),
    ("ops", Role.MANAGER),
    ("directors", Role.MANAGER),
    ("steering", Role.STEERING),
    ("", Role.LEAD),
)
GROUPS = {"deciding": "Ways of deciding", "delivery": "Standards and delivery"}
THEMES = (
    ("decision_speed", "deciding", "GOV", "Pace of decisions", ("waiting for sign-off", "still no answer"), None),
    ("authority", "deciding", "GOV", "No authority at this level", ("above my grade",), Ring.TIER),
    ("reliability", "delivery", "STANDARD", "Promises not kept", ("did not turn up", "late again"), None),
)
LEADS = {"acute": "alex", "council": "chris", "community": "tess"}
SERVICE_AREAS = {"discharge": "Discharge", "equipment": "Equipment"}
Named = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Cast:
    """RIV with three organisations and ELS with two; each has one person on every body and a lead.

    Acute: sam, jo, rita, priya, alex. Council: kim, lee, owen, dana, chris. Community: mo, bea, gwen, ines, tess
    (front line, manager, director, steering, lead). Strangers: stan (front line) and nora (lead).
    """

    partnership: Partnership
    elsewhere: Partnership
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    bodies: Mapping[str, Body]
    ladder: LadderVersion
    viewers: Mapping[str, Viewer]

    def __getattr__(self, name: str) -> Any:
        """A person or organisation of the cast by name: `cast.sam`, `cast.acute`."""
        found = {**self.organisations, **self.people}
        if name not in found:
            raise AttributeError(name)
        return found[name]

    def viewer(self, name: str) -> Viewer:
        return self.viewers[name]

    def actor(self, name: str) -> Actor:
        """The person speaking for their organisation."""
        viewer = self.viewers[name]
        organisation = self.organisations[viewer.memberships[0].organisation_key]
        return Actor(viewer.person_id, viewer.name, organisation.id, organisation.key, organisation.name)

    def arrangement(self, session: Session) -> Arrangement:
        return arrangement(session, self.partnership.id)


RIVERSIDE = {
    "acute": ("Riverside Hospitals", ("Sam Okafor", "Jo Lind", "Rita Moss", "Priya Nair", "Alex Hill")),
    "council": ("Riverside Council", ("Kim Tran", "Lee Ford", "Owen Pugh", "Dana Roy", "Chris Vale")),
    "community": ("Riverside Community Care", ("Mo Aziz", "Bea Lund", "Gwen Tate", "Ines Cole", "Tess Ward")),
}
ELSEWHERE = {
    "north": ("North Works", ("Stan Pike", "Nils Berg", "Nell Dove", "Nan Reed", "Nora Frost")),
    "south": ("South Works", ("Sven Dahl", "Sol Ruiz", "Saul Katz", "Sian Rees", "Sara Lunn")),
}


def make_cast(session: Session) -> Cast:
    """Both partnerships, each with its operational ladder in force; themes and service areas only in RIV."""
    riverside = make_partnership(session, "RIV", "Riverside Integrated Discharge", RIVERSIDE)
    strangers = make_partnership(session, "ELS", "Elsewhere", ELSEWHERE)
    make_agreement(session, riverside.partnership)
    return Cast(
        partnership=riverside.partnership,
        elsewhere=strangers.partnership,
        organisations={**riverside.organisations, **strangers.organisations},
        people={**riverside.people, **strangers.people},
        bodies=riverside.bodies,
        ladder=riverside.ladder,
        viewers={**riverside.viewers(), **strangers.viewers()},
    )


@dataclass(frozen=True)
class Made:
    """One partnership as it was made; `places`: by first name, organisation, body ("" for the lead) and role."""

    partnership: Partnership
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    bodies: Mapping[str, Body]
    ladder: LadderVersion
    places: Mapping[str, tuple[str, str, Role]]

    def viewers(self) -> dict[str, Viewer]:
        return {name: self._viewer(name, *place) for name, place in self.places.items()}

    def _viewer(self, name: str, organisation: str, body: str, role: Role) -> Viewer:
        belonging = Belonging(
            organisation_id=self.organisations[organisation].id,
            organisation_key=organisation,
            partnership_id=self.partnership.id,
            partnership_key=self.partnership.key,
            roles=frozenset({role}),
        )
        bodies = frozenset({self.bodies[body].id} if body else ())
        return Viewer(self.people[name].id, self.people[name].name, (belonging,), bodies)


def make_partnership(session: Session, key: str, name: str, named: Named) -> Made:
    """A partnership of organisations, each with five people in the order of PLACES."""
    partnership = _added(session, Partnership(key=key, name=name, zone="Europe/London"))
    organisations = {
        each: Organisation(partnership_id=partnership.id, key=each, name=said, calendar=OFFICE_HOURS, position=place)
        for place, (each, (said, _)) in enumerate(named.items())
    }
    bodies = {
        each: Body(partnership_id=partnership.id, key=each, name=said, position=place)
        for place, (each, said) in enumerate(BODIES.items())
    }
    bodies["steering"].meets = TUESDAYS
    people = {_first(person): _person(person, each) for each, (_, people) in named.items() for person in people}
    _added(session, *organisations.values(), *bodies.values(), *people.values())
    places = {
        _first(person): (each, *place)
        for each, (_, people) in named.items()
        for person, place in zip(people, PLACES, strict=True)
    }
    for first, (organisation, body, role) in places.items():
        member = Membership(person_id=people[first].id, organisation_id=organisations[organisation].id)
        member.take_roles([role])
        session.add(member)
        if body:
            session.add(
                Seat(
                    body_id=bodies[body].id,
                    person_id=people[first].id,
                    organisation_id=organisations[organisation].id,
                    holds=True,
                    chair=body == "steering" and organisations[organisation].position == 0,
                    position=organisations[organisation].position,
                )
            )
    made_ladder = make_ladder(session, partnership, bodies)
    leads = {organisations[each].id: people[first] for first, (each, body, _) in places.items() if not body}
    agree_ladder(session, made_ladder, leads)
    return Made(partnership, organisations, people, bodies, made_ladder, places)


def make_ladder(
    session: Session,
    partnership: Partnership,
    bodies: Mapping[str, Body],
    *,
    key: str = "operational",
    default: bool = True,
    tiers: Iterable[Mapping[str, Any]] = TIERS,
) -> LadderVersion:
    """Version 1 of a ladder, proposed and not yet agreed."""
    ladder = _added(session, Ladder(partnership_id=partnership.id, key=key, name=key.capitalize(), default=default))
    version = LadderVersion(
        ladder_id=ladder.id,
        number=1,
        keep_in_loop="5 working days",
        pause_cap="10 working days",
        agree_silence="5 working days",
        reopens_to_escalate=2,
        proposed_at=LONG_AGO,
        proposed_by_name="Alex Hill",
    )
    _added(session, version)
    for number, tier in enumerate(tiers, start=1):
        said = {"name": bodies[tier["body"]].name, **tier, "body_id": bodies[tier["body"]].id}
        session.add(Tier(version_id=version.id, number=number, **{k: v for k, v in said.items() if k != "body"}))
    return version


def agree_ladder(session: Session, version: LadderVersion, leads: Mapping[int, Person]) -> None:
    """Agreed by a lead of every organisation (by its id), and so in force."""
    for organisation_id, lead in leads.items():
        session.add(
            LadderAgreement(
                version_id=version.id,
                organisation_id=organisation_id,
                person_id=lead.id,
                person_name=lead.name,
                agreed_at=LONG_AGO,
            )
        )
    version.in_force_at = LONG_AGO
    session.flush()


def make_agreement(session: Session, partnership: Partnership) -> None:
    """A clause, two service areas, and three themes under two groups."""
    home = partnership.id
    for place, (key, name) in enumerate(GROUPS.items()):
        session.add(ThemeGroup(partnership_id=home, key=key, name=name, position=place))
    for place, (key, group, topic, name, phrases, ring) in enumerate(THEMES):
        theme = Theme(partnership_id=home, key=key, group_key=group, topic=topic, name=name, means=name, position=place)
        theme.phrases, theme.ring = list(phrases), ring
        session.add(theme)
    for place, (key, name) in enumerate(SERVICE_AREAS.items()):
        session.add(ServiceArea(partnership_id=home, key=key, name=name, position=place))
    promise = "Letters go out the same day."
    session.add(Clause(partnership_id=home, key="4.2", topic="STANDARD", title="Discharge letters", text=promise))
    session.flush()


def ask_for_hours(session: Session, cast: Cast, *, asks: str = "hours") -> None:
    """The partnership asks how many working hours were lost; with "" no longer."""
    keep_terms(partnership_for_change(session, cast.partnership.id), "thresholds", {"asks": asks} if asks else {})
    session.flush()


def be_away(session: Session, person: Person, since: date, until: date | None = None) -> None:
    """Somebody is away from every organisation of theirs."""
    mine = select(Membership).where(Membership.person_id == person.id)
    for member in session.exec(mine):
        member.away_from, member.away_until = since, until
        organisation = session.get_one(Organisation, member.organisation_id)
        session.get_one(Partnership, organisation.partnership_id).changed()
    session.flush()


def agree_waiting(session: Session, cast: Cast, *names: str, now: datetime = MONDAY) -> None:
    """Everything that waits is agreed by the leads of whom it touches, or by those named alone."""
    for proposal in waiting_proposals(session, cast.partnership.id):
        for side in list(proposal.touches):
            if not names or LEADS[side] in names:
                agree_change(session, proposal, cast.actor(LEADS[side]), now=now)


def arrange(
    session: Session, cast: Cast, change: Callable[[Charter], Charter], by: str = "alex", why: str = ""
) -> None:
    """A change that a lead proposes and everybody whom it touches agrees."""
    revise(session, cast.partnership.id, change, actor=cast.actor(by), now=MONDAY, why=why)
    agree_waiting(session, cast)


def _person(name: str, organisation: str) -> Person:
    return Person(email=f"{_first(name)}@{organisation}.example", name=name, created_at=LONG_AGO)


def _first(name: str) -> str:
    return name.split()[0].lower()


def _added(session: Session, first: Any, *others: object) -> Any:
    session.add_all([first, *others])
    session.flush()
    return first
