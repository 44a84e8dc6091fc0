"""Confirming anew who one is, before what touches others: by a code, a passkey or a link, beside what waits."""

from datetime import datetime
from typing import Any

from litestar import Response, get, post
from sqlmodel import Session

from tracker.actions.people.keep_passkeys import NotProven, passkeys_of, use_passkey
from tracker.database import Database
from tracker.pages.account.authenticator import NO_SUCH_CODE, AppCodeForm, takes_code
from tracker.pages.account.relying import asked_of, session_party
from tracker.pages.account.sign_in import PasskeyForm, post_link
from tracker.pages.web.audit import note
from tracker.pages.web.forms import TheForm, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.visitor import MEETS, Visitor, go_on
from tracker.queries.administration.providers import OwnSignIn, identities_of, own_sign_ins
from tracker.rules import addresses
from tracker.rules.refusals import WrongInput
from tracker.rules.rings.doors import Door, sso_door


@get(addresses.CONFIRMATION, sync_to_thread=True, opt=MEETS)
def show_confirmation(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """The ways to do it that they have; or that it is done."""
    return _draw(request, db, now, visitor, FormState())


@post(addresses.CONFIRMATION, sync_to_thread=True, opt=MEETS)
def confirm_by_code(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm
) -> Response[bytes]:
    """By a code of the app, or on paper."""
    wanted, state = read(AppCodeForm, form)
    if wanted is None:
        return _draw(request, db, now, visitor, state)
    if not takes_code(request, db, visitor.person_id, wanted.code, now):
        note(request, "refused", why="the code of the app does not fit")
        return _draw(request, db, now, visitor, refused(state, WrongInput(NO_SUCH_CODE)))
    _confirmed(request, db, visitor, Door.CODE)
    return see_other(addresses.CONFIRMATION)


@post("/account/confirmation/passkey", sync_to_thread=True, opt=MEETS)
def confirm_by_passkey(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm
) -> Response[bytes]:
    """By a passkey of their own."""
    wanted, state = read(PasskeyForm, form)
    try:
        prove_by_passkey(request, db, visitor, wanted.answer if wanted else "", now)
    except NotProven as refusal:
        note(request, "refused", why=refusal.why)
        return _draw(request, db, now, visitor, refused(state, refusal))
    return see_other(addresses.CONFIRMATION)


@post("/account/confirmation/link", sync_to_thread=True, opt=MEETS)
def confirm_by_link(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """A link to their own address, which comes back here."""
    post_link(request, db, now, email=visitor.email, back=addresses.CONFIRMATION)
    return see_other(addresses.LINK_SENT)


def prove_by_passkey(request: Asking, db: Database, visitor: Visitor, answer: str, now: datetime) -> None:
    """Their session goes on through that door. Refuses with NotProven."""
    with db.write() as session:
        person_id = use_passkey(session, session_party(request, visitor), answer=answer, now=now)
        if person_id != visitor.person_id:
            raise NotProven("it is somebody else's")
    _confirmed(request, db, visitor, Door.PASSKEY)


def _confirmed(request: Asking, db: Database, visitor: Visitor, door: Door) -> None:
    with db.write() as session:
        go_on(request, session, visitor.person_id, door)
    note(request, "confirmed anew", by=door.value)


def _draw(request: Asking, db: Database, now: datetime, visitor: Visitor, state: FormState) -> Response[bytes]:
    needs_own = "own" in request.query_params
    with db.read() as session:
        has_passkeys = bool(passkeys_of(session, visitor.person_id))
        own = () if needs_own else _own_sign_ins(session, visitor)
    shown: dict[str, Any] = {
        "form": state,
        "email": visitor.email,
        "own_sign_ins": own,
        "has_code": visitor.has_code and (visitor.is_own or not needs_own),
        "is_confirmed": _is_confirmed(request, visitor, now),
        "passkey": asked_of(request, session_party(request, visitor)) if has_passkeys else None,
    }
    return page(request, "account/confirmation.html", status=422 if state.errors or state.problem else 200, **shown)


def _own_sign_ins(session: Session, visitor: Visitor) -> list[OwnSignIn]:
    """Those that confirm it: behind another door, one organisation's provider does not say it to all of them."""
    linked = {each.issuer for each in identities_of(session, visitor.person_id)}
    doors = set(visitor.session.doors) if visitor.session else set()
    own = own_sign_ins(session, visitor.person_id)
    return [each for each in own if each.issuer in linked and doors == {sso_door(each.organisation_id)}]


def _is_confirmed(request: Asking, visitor: Visitor, now: datetime) -> bool:
    """For what they came: where it is about their own account, by a way of their own."""
    if visitor.session is None or not visitor.session.is_confirmed_anew(now):
        return False
    return visitor.is_own or "own" not in request.query_params


routes = [show_confirmation, confirm_by_code, confirm_by_passkey, confirm_by_link]
