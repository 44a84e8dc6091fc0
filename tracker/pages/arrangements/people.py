"""The people of one organisation, as its leads keep them: who is invited or belongs, as what, and who is away."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.people.belong import correct_name
from tracker.actions.people.change_identity import ask_for_change
from tracker.actions.people.invite import invite_again
from tracker.actions.people.keep_account import say_away
from tracker.actions.people.sign_out_member import sign_out_member
from tracker.exchange.charter.fields import Email, Line
from tracker.exchange.charter.leaving import leaving
from tracker.exchange.charter.revisions import (
    Change,
    fingerprint,
    with_address,
    with_leaver,
    with_member,
    with_newcomer,
)
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.organisations import ROLE_CHOICES, active, draw_organisation
from tracker.pages.web.audit import note
from tracker.pages.web.forms import UNDELIVERABLE, Form, Shape, days_away, read, refused
from tracker.pages.web.parts import FormState
from tracker.pages.web.visitor import ANEW
from tracker.queries.arrangements import arrangement
from tracker.queries.people import Member, members
from tracker.rules.refusals import FieldError, MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Role

_ROLES = "Choose at least one role."
_HERE_ALREADY = {"email": "Somebody with this address belongs here already."}


class IdentityForm(Shape):
    """Who somebody is, until they have come in and say so themselves."""

    sentences = {"email.undeliverable": UNDELIVERABLE, "email": "Give an address, like sam@acute.example."}
    email: Email
    name: Line


class NewcomerForm(IdentityForm):
    """Somebody new in an organisation."""

    sentences = {**IdentityForm.sentences, "roles": _ROLES}
    roles: list[Role]


class AskingForm(Shape):
    """What a lead asks somebody to look at."""

    sentences = {"what": "Say what should be looked at, like “you are Okafor-Lind now”."}
    what: Line


class MemberForm(Shape):
    """What a lead says of somebody of their organisation."""

    sentences = {"roles": _ROLES}
    roles: list[Role]
    away_from: date | None = None
    away_until: date | None = None


@dataclass(frozen=True, slots=True)
class MemberRequest:
    """A lead's request about somebody of their organisation."""

    asked: ArrangementRequest
    organisation: str
    member: Member

    @property
    def home(self) -> str:
        return self.asked.address("organisations", self.organisation)

    def sent(self, state: FormState) -> Response[bytes]:
        """Back to all of them, which says what was done."""
        return self.asked.sent(state, "organisations", self.organisation)

    @property
    def is_self(self) -> bool:
        return self.member.id == self.asked.visitor.person_id

    @property
    def place(self) -> int:
        """The id of the organisation."""
        return self.asked.agreed.organisation(self.organisation).id


@post("/arrangements/{key:str}/organisations/{side_key:str}/people", sync_to_thread=True, opt=ANEW)
def add_person(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """Somebody is invited, under the name that was typed: whether or not their address has an account already."""
    asked.require_lead(active(asked.agreed, side_key))
    typed, state = read(NewcomerForm, form)
    status = 422
    if typed and _belongs(asked, typed.email, side_key):
        state = replace(state, errors=_HERE_ALREADY, open=True)
    elif typed:
        change = with_newcomer(typed.email, typed.name, side_key, typed.roles)
        version, called = fingerprint(asked.charter(), "person", typed.email), {typed.email: typed.name}
        status, state = asked.keep(change, "person", typed.email, version, state, organisation=side_key, typed=called)
    if status == 303:
        return asked.sent(state, "organisations", side_key)
    return draw_organisation(asked, side_key, status=status, newcomer=replace(state, open=True), roles=_roles(form))


@get("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}", sync_to_thread=True)
def show_person(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], person_key: FromPath[str]
) -> Response[bytes]:
    """Somebody who belongs or is invited, to be changed by a lead of their organisation."""
    return _draw(_about(asked, side_key, person_key))


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}", sync_to_thread=True, opt=ANEW)
def change_person(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_key: FromPath[str],
) -> Response[bytes]:
    """Their roles, and when they are away from this organisation."""
    about = _about(asked, side_key, person_key)
    typed, state = read(MemberForm, form)
    status = 422
    if typed:
        change = with_member(about.member.email, None, side_key, typed.roles)
        status, state = _keep(about, change, form, state, partial(_keep_absence, about=about, typed=typed))
    return about.sent(state) if status == 303 else _draw(about, state, roles=_roles(form), status=status)


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}/correction",
    sync_to_thread=True,
    opt=ANEW,
)
def correct_person(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_key: FromPath[str],
) -> Response[bytes]:
    """The name and address of somebody who has not come in yet. At another address somebody else is invited."""
    about = _about(asked, side_key, person_key)
    if not about.member.invited:
        raise MoveNotAllowed(f"{about.member.name} has come in: their name and address are theirs to change.")
    typed, state = read(IdentityForm, form)
    status = 422
    if typed and typed.email == about.member.email:
        with asked.db.write() as session:
            actor, place = asked.actor(side_key), about.place
            correct_name(session, about.member.id, place, name=typed.name, actor=actor, now=asked.now)
            status, state = 303, replace(state, done=asked.done_by(session))
    elif typed and _belongs(asked, typed.email, side_key):
        state = replace(state, errors=_HERE_ALREADY, open=True)
    elif typed:
        change = with_address(about.member.email, typed.email, typed.name, side_key)
        status, state = _keep(about, change, form, state, typed={typed.email: typed.name})
    return about.sent(state) if status == 303 else _draw(about, identity=state, status=status)


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}/leaving",
    sync_to_thread=True,
    opt=ANEW,
)
def let_person_leave(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_key: FromPath[str],
) -> Response[bytes]:
    """They no longer belong to the organisation, or are no longer invited; their deputies inherit their seats."""
    about = _about(asked, side_key, person_key)
    status, state = _keep(about, with_leaver(about.member.email, side_key), form, _as_they_are(about))
    return about.sent(state) if status == 303 else _draw(about, state, status=status)


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}/asking", sync_to_thread=True)
def ask_person(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    side_key: FromPath[str],
    person_key: FromPath[str],
) -> Response[bytes]:
    """Somebody who has come in is asked to look at their name and address."""
    about = _about(asked, side_key, person_key)
    if about.member.invited:
        raise MoveNotAllowed(f"{about.member.name} has not come in yet: correct their name and address here.")
    typed, state = read(AskingForm, form)
    if typed is None:
        return _draw(about, identity=state, status=422)
    with asked.db.write() as session:
        actor, member, place = asked.actor(side_key), about.member.id, about.place
        ask_for_change(session, member, place, typed.what, actor=actor, now=asked.now)
        done = asked.done_by(session)
    return about.sent(replace(state, done=done))


@post("/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}/invitation", sync_to_thread=True)
def invite_person_again(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], person_key: FromPath[str]
) -> Response[bytes]:
    """Another letter to somebody who has not come in; of those that wait for the post the last alone is sent."""
    about = _about(asked, side_key, person_key)
    with asked.db.write() as session:
        invite_again(session, asked.agreed, about.member.id, about.place, actor=asked.actor(side_key), now=asked.now)
        done = asked.done_by(session)
    return about.sent(FormState(done=done))


@post(
    "/arrangements/{key:str}/organisations/{side_key:str}/people/{person_key:str}/sessions",
    sync_to_thread=True,
    opt=ANEW,
)
def sign_person_out(
    asked: NamedDependency[ArrangementRequest], side_key: FromPath[str], person_key: FromPath[str]
) -> Response[bytes]:
    """Somebody else of theirs signs in anew, in every browser, before they come in for this organisation again."""
    about = _about(asked, side_key, person_key)
    if about.member.invited:
        raise MoveNotAllowed(f"{about.member.name} has not come in yet.")
    if about.is_self:
        raise MoveNotAllowed("Where you are signed in yourself you end on your account page.")
    with asked.db.write() as session:
        sign_out_member(session, about.member.id, about.place, actor=asked.actor(side_key), now=asked.now)
        done = asked.done_by(session)
    note(asked.request, "signed out by a lead", of=about.member.id)
    return about.sent(FormState(done=done))


def _keep(
    about: MemberRequest,
    change: Change,
    form: Form,
    state: FormState,
    also: Callable[[Session], None] | None = None,
    typed: Mapping[str, str] | None = None,
) -> tuple[int, FormState]:
    """A change after which the organisation still has a lead who has come in: another may never do so."""

    def with_a_lead_left(session: Session) -> None:
        leads = arrangement(session, about.asked.agreed.id).leads_of(about.organisation)
        if all(about.organisation in each.invited for each in leads):
            raise WrongInput(FieldError("roles", "Nobody else who leads it has come in yet."))
        if also:
            also(session)

    email, side_key, version = about.member.email, about.organisation, version_in(form)
    try:
        return about.asked.keep(
            change, "person", email, version, state, organisation=side_key, also=with_a_lead_left, typed=typed
        )
    except WrongInput as wrong:
        return 422, refused(state, wrong)


def _keep_absence(session: Session, *, about: MemberRequest, typed: MemberForm) -> None:
    asked = about.asked
    say_away(
        session,
        about.member.id,
        [about.place],
        away_from=typed.away_from,
        away_until=typed.away_until,
        by=asked.actor(about.organisation),
        now=asked.now,
    )


def _about(asked: ArrangementRequest, side_key: str, person_key: str) -> MemberRequest:
    """Refuses NotThere, and with MayNot whoever does not lead the organisation."""
    people = members(asked.agreed, active(asked.agreed, side_key))
    member = next((each for each in people if each.key == person_key), None)
    if member is None:
        raise NotThere("There is no such person in this organisation.")
    asked.require_lead(side_key)
    return MemberRequest(asked, side_key, member)


def _roles(form: Form) -> tuple[str, ...]:
    return tuple(str(each) for each in form.getall("roles", []))


def _as_they_are(about: MemberRequest) -> FormState:
    return FormState(values=days_away(about.member.away))


def _draw(
    about: MemberRequest,
    state: FormState | None = None,
    *,
    identity: FormState | None = None,
    roles: tuple[str, ...] = (),
    status: int = 200,
) -> Response[bytes]:
    asked, member = about.asked, about.member
    kept_roles = tuple(role.value for role in Role if role in member.roles)
    with asked.db.read() as session:
        left = leaving(session, asked.agreed.id, member.email, about.organisation, asked.visitor.viewer)
    return asked.draw(
        "person",
        status=status,
        side=asked.agreed.organisation(about.organisation),
        person=member,
        home=about.home,
        is_self=about.is_self,
        leaving=left,
        role_choices=ROLE_CHOICES,
        roles=roles if state and roles else kept_roles,
        form=state or _as_they_are(about),
        identity=identity or FormState(values={"name": member.name, "email": member.email}),
        version=fingerprint(asked.charter(), "person", member.email),
    )


def _belongs(asked: ArrangementRequest, email: str, organisation: str) -> bool:
    return any(each.email == email for each in members(asked.agreed, organisation))


routes = [
    *(add_person, show_person, change_person, correct_person, ask_person),
    *(invite_person_again, sign_person_out, let_person_leave),
]
