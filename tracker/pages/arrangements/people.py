"""The people of one organisation, as its leads keep them: who belongs, as what, and who is away."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.keep_account import say_away
from tracker.database import Database
from tracker.exchange.charter.fields import Email, Line
from tracker.exchange.charter.revisions import with_leaver, with_member
from tracker.pages.arrangements.door import actor_for
from tracker.pages.arrangements.organisations import ROLE_CHOICES, active, draw_organisation
from tracker.pages.arrangements.revising import EditedEntry, keep, version_of
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.accounts import partnerships_of
from tracker.queries.people import account_of
from tracker.records.partnership_chain import record
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Person
from tracker.rules.events.arrangement import ArrangementChanged
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import NotThere, WrongInput
from tracker.rules.rings import Role
from tracker.rules.wording import say_day

_ROLES = "Choose at least one role."


class NewcomerForm(Shape):
    """Somebody new in an organisation."""

    sentences = {"email": "Give an address, like sam@acute.example.", "roles": _ROLES}
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

    agreed: Arrangement
    organisation: str
    person: Person
    elsewhere: bool

    @property
    def address(self) -> str:
        return addresses.arrangements(self.agreed.key, "organisations", self.organisation)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people", sync_to_thread=True)
def add_person(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str], side_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Somebody new. An address that has an account already keeps the name of that account."""
    agreed = visitor.arrangement(key)
    actor = actor_for(visitor, agreed, active(agreed, side_key))
    typed, state = read(NewcomerForm, form)
    status = 422
    if typed and _belongs(agreed, typed.email, side_key):
        state = replace(state, errors={"email": "Somebody with this address belongs here already."}, open=True)
    elif typed:
        with db.read() as session:
            known = account_of(session, typed.email)
        change = with_member(typed.email, known.name if known else typed.name, side_key, typed.roles)
        edited = EditedEntry("person", typed.email, version_of(db, agreed, "person", typed.email))
        done = keep(db, agreed, change, edited, state, actor=actor, now=now)
        status, state = done.status, done.state or state
    if status == 303:
        return see_other(addresses.arrangements(key, "organisations", side_key))
    roles = tuple(str(each) for each in form.getall("roles", []))
    return draw_organisation(
        request, visitor, db, agreed, side_key, now, status=status, newcomer=replace(state, open=True), roles=roles
    )


@get("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}", sync_to_thread=True)
def show_person(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database],
    key: FromPath[str], side_key: FromPath[str], person_id: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """Somebody who belongs, to be changed by a lead of their organisation."""
    member = _member(visitor, db, key, side_key, person_id)
    actor_for(visitor, member.agreed, side_key)
    return _draw(request, db, member)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}", sync_to_thread=True)
def change_person(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str], side_key: FromPath[str], person_id: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """Their name, their roles, and when they are away."""
    member = _member(visitor, db, key, side_key, person_id)
    actor = actor_for(visitor, member.agreed, side_key)
    typed, state = read(MemberForm, form)
    status = 422
    if typed:
        try:
            status, state = _keep(db, member, typed, form, state, actor, now)
        except WrongInput as wrong:
            state = refused(state, wrong)
    if status == 303:
        return see_other(member.address)
    return _draw(request, db, member, state, tuple(str(each) for each in form.getall("roles", [])), status)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_id:int}/leaving", sync_to_thread=True)
def let_person_leave(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str], side_key: FromPath[str], person_id: FromPath[int],
) -> Response[bytes]:  # fmt: skip
    """They no longer belong to the organisation; their deputies inherit their seats."""
    member = _member(visitor, db, key, side_key, person_id)
    actor = actor_for(visitor, member.agreed, side_key)
    edited = EditedEntry("person", member.person.email, str(form.get("version", "")))
    change = with_leaver(member.person.email, side_key)
    done = keep(db, member.agreed, change, edited, _as_they_are(member), actor=actor, now=now)
    return see_other(member.address) if done.state is None else _draw(request, db, member, done.state, (), done.status)


def _keep(
    db: Database, member: Member, typed: MemberForm, form: Form, state: FormState, actor: Actor, now: datetime
) -> tuple[int, FormState]:
    name = member.person.name if member.elsewhere else typed.name
    change = with_member(member.person.email, name, member.organisation, typed.roles)
    edited = EditedEntry("person", member.person.email, str(form.get("version", "")))
    absence = partial(_keep_absence, member=member, typed=typed, actor=actor, now=now)
    done = keep(db, member.agreed, change, edited, state, actor=actor, now=now, also=absence)
    return done.status, done.state or state


def _keep_absence(session: Session, *, member: Member, typed: MemberForm, actor: Actor, now: datetime) -> None:
    if (typed.away_from, typed.away_until) == (member.person.away_from, member.person.away_until):
        return
    say_away(session, member.person.id, away_from=typed.away_from, away_until=typed.away_until)
    said = f"away from {say_day(typed.away_from)}" if typed.away_from else "here again"
    until = f" to {say_day(typed.away_until)}" if typed.away_until else ""
    kind = ArrangementChanged(table="person", key=member.person.email, what=f"{member.person.name} is {said}{until}")
    record(session, partnership_id=member.agreed.id, kind=kind, actor=actor, now=now)


def _member(visitor: Visitor, db: Database, key: str, side_key: str, person_id: int) -> Member:
    agreed = visitor.arrangement(key)
    person = agreed.people.get(person_id)
    if person is None or active(agreed, side_key) not in person.roles:
        raise NotThere("There is no such person in this organisation.")
    with db.read() as session:
        theirs = {each.id for each in partnerships_of(session, person_id)}
    return Member(agreed, side_key, person, elsewhere=theirs != {agreed.id} or len(person.roles) > 1)


def _as_they_are(member: Member) -> FormState:
    person = member.person
    days = {"away_from": person.away_from, "away_until": person.away_until}
    return FormState(values={"name": person.name, **{name: day.isoformat() for name, day in days.items() if day}})


def _draw(
    request: Asking, db: Database, member: Member, state: FormState | None = None, roles: tuple[str, ...] = (),
    status: int = 200,
) -> Response[bytes]:  # fmt: skip
    kept_roles = tuple(role.value for role in member.person.roles[member.organisation])
    return page(
        request,
        "arrangements/person.html",
        status=status,
        agreed=member.agreed,
        side=member.agreed.organisation(member.organisation),
        person=member.person,
        elsewhere=member.elsewhere,
        address=member.address,
        role_choices=ROLE_CHOICES,
        roles=roles if state and roles else kept_roles,
        form=state or _as_they_are(member),
        version=version_of(db, member.agreed, "person", member.person.email),
    )


def _belongs(agreed: Arrangement, email: str, organisation: str) -> bool:
    return any(each.email == email and organisation in each.roles for each in agreed.people.values())


routes = [add_person, show_person, change_person, let_person_leave]
