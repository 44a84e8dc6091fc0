"""The people of one organisation, as its leads keep them: who belongs, as what, and who is away."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.keep_account import say_away
from tracker.exchange.charter.fields import Email, Line
from tracker.exchange.charter.revisions import Change, fingerprint, with_leaver, with_member
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.organisations import ROLE_CHOICES, active, draw_organisation
from tracker.pages.web.forms import UNDELIVERABLE, Form, Shape, days_away, read, refused
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import see_other
from tracker.queries.accounts import partnerships_of
from tracker.queries.people import account_of
from tracker.records.partnership_chain import record
from tracker.rules.arrangement import Arrangement, Person
from tracker.rules.events.arrangement import ArrangementChanged
from tracker.rules.refusals import NotThere, WrongInput
from tracker.rules.rings import Role
from tracker.rules.wording import say_day

_ROLES = "Choose at least one role."


class NewcomerForm(Shape):
    """Somebody new in an organisation."""

    sentences = {
        "email.undeliverable": UNDELIVERABLE,
        "email": "Give an address, like sam@acute.example.",
        "roles": _ROLES,
    }
    email: Email
    name: Line
    roles: list[Role]


class MemberForm(Shape):
    """Somebody who belongs. The name stays where the account is used by other organisations, too."""

    sentences = {"roles": _ROLES}
    name: Line
    roles: list[Role]
    away_from: date | None = None
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation of a partnership; `elsewhere`: they belong to others, too."""

    asked: ArrangementRequest
    organisation: str
    person: Person
    elsewhere: bool

    @property
    def address(self) -> str:
        return self.asked.address("organisations", self.organisation)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people", sync_to_thread=True)
def add_person(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """Somebody new. An address that has an account already keeps the name of that account."""
    asked.require_lead(active(asked.agreed, side_key))
    typed, state = read(NewcomerForm, form)
    status = 422
    if typed and _belongs(asked.agreed, typed.email, side_key):
        state = replace(state, errors={"email": "Somebody with this address belongs here already."}, open=True)
    elif typed:
        with asked.db.read() as session:
            known = account_of(session, typed.email)
        change = with_member(typed.email, known.name if known else typed.name, side_key, typed.roles)
        version = fingerprint(asked.charter(), "person", typed.email)
        status, state = asked.keep(change, "person", typed.email, version, state, organisation=side_key)
    if status == 303:
        return see_other(asked.address("organisations", side_key))
    return draw_organisation(asked, side_key, status=status, newcomer=replace(state, open=True), roles=_roles(form))


@get("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}", sync_to_thread=True)
def show_person(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], person_id: FromPath[int]
) -> Response[bytes]:
    """Somebody who belongs, to be changed by a lead of their organisation."""
    return _draw(_member(asked, side_key, person_id))


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}", sync_to_thread=True)
def change_person(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_id: FromPath[int],
) -> Response[bytes]:
    """Their name, their roles, and when they are away."""
    member = _member(asked, side_key, person_id)
    typed, state = read(MemberForm, form)
    status = 422
    if typed:
        try:
            name = member.person.name if member.elsewhere else typed.name
            change = with_member(member.person.email, name, side_key, typed.roles)
            status, state = _keep(member, change, form, state, partial(_keep_absence, member=member, typed=typed))
        except WrongInput as wrong:
            state = refused(state, wrong)
    return see_other(member.address) if status == 303 else _draw(member, state, _roles(form), status)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}/leaving", sync_to_thread=True)
def let_person_leave(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_id: FromPath[int],
) -> Response[bytes]:
    """They no longer belong to the organisation; their deputies inherit their seats."""
    member = _member(asked, side_key, person_id)
    status, state = _keep(member, with_leaver(member.person.email, side_key), form, _as_they_are(member))
    return see_other(member.address) if status == 303 else _draw(member, state, status=status)


def _keep(
    member: Member, change: Change, form: Form, state: FormState, also: Callable[[Session], None] | None = None
) -> tuple[int, FormState]:
    email, side_key = member.person.email, member.organisation
    return member.asked.keep(change, "person", email, version_in(form), state, organisation=side_key, also=also)


def _keep_absence(session: Session, *, member: Member, typed: MemberForm) -> None:
    asked, side_key = member.asked, member.organisation
    absence = member.person.absences.get(side_key)
    if (typed.away_from, typed.away_until) == (absence and absence.away_from, absence and absence.away_until):
        return
    place = asked.agreed.organisation(side_key).id
    say_away(session, member.person.id, [place], away_from=typed.away_from, away_until=typed.away_until)
    said = f"away from {say_day(typed.away_from)}" if typed.away_from else "here again"
    until = f" to {say_day(typed.away_until)}" if typed.away_until else ""
    kind = ArrangementChanged(table="person", key=member.person.email, what=f"{member.person.name} is {said}{until}")
    record(session, partnership_id=asked.agreed.id, kind=kind, actor=asked.actor(side_key), now=asked.now)


def _member(asked: ArrangementRequest, side_key: str, person_id: int) -> Member:
    """Refuses NotThere, and with MayNot whoever does not lead the organisation."""
    agreed, person = asked.agreed, asked.agreed.people.get(person_id)
    if person is None or active(agreed, side_key) not in person.roles:
        raise NotThere("There is no such person in this organisation.")
    asked.require_lead(side_key)
    with asked.db.read() as session:
        theirs = {each.id for each in partnerships_of(session, person_id)}
    return Member(asked, side_key, person, elsewhere=theirs != {agreed.id} or len(person.roles) > 1)


def _roles(form: Form) -> tuple[str, ...]:
    return tuple(str(each) for each in form.getall("roles", []))


def _as_they_are(member: Member) -> FormState:
    return FormState(values={"name": member.person.name, **days_away(member.person.absences.get(member.organisation))})


def _draw(
    member: Member, state: FormState | None = None, roles: tuple[str, ...] = (), status: int = 200
) -> Response[bytes]:
    asked, person = member.asked, member.person
    kept_roles = tuple(role.value for role in person.roles[member.organisation])
    return asked.draw(
        "person",
        status=status,
        side=asked.agreed.organisation(member.organisation),
        person=person,
        elsewhere=member.elsewhere,
        address=member.address,
        role_choices=ROLE_CHOICES,
        roles=roles if state and roles else kept_roles,
        form=state or _as_they_are(member),
        version=fingerprint(asked.charter(), "person", person.email),
    )


def _belongs(agreed: Arrangement, email: str, organisation: str) -> bool:
    return any(each.email == email and organisation in each.roles for each in agreed.people.values())


routes = [add_person, show_person, change_person, let_person_leave]
