"""An app that shows codes: set up on a page of its own, which needs no script, and taken away with one of its codes."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import segno
from litestar import Response, get, post
from markupsafe import Markup
from pydantic import StringConstraints

from tracker.actions.people.keep_codes import (
    CODES_KEY,
    NewAuthenticator,
    app_since,
    count_try,
    offered,
    set_up,
    take_away,
    take_code,
)
from tracker.actions.people.keep_passkeys import require_passkey_shown
from tracker.database import Database
from tracker.pages.account.routes import draw_account
from tracker.pages.web.audit import note
from tracker.pages.web.forms import Shape, TheForm, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address, see_other, settings_of
from tracker.pages.web.step_done import NOBODY_TOLD, Sentence, StepDone, see_done
from tracker.pages.web.visitor import ANEW, MEETS, OWN, Visitor, go_on
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.rings.doors import Door

NO_SUCH_CODE = FieldError("code", "This code does not fit, or it was used already.")
_SEED, _LONGEST_SEED = 16, 40  # bytes that are drawn, letters that are taken
_GROUP = 4  # letters, as one types them
_LINK_ALONE: tuple[Sentence, ...] = (("A link signs you in by itself again.", None, ""),)


class AppCodeForm(Shape):
    """A code of an app, or one on paper."""

    sentences = {"code.missing": "Type the code.", "code": "This code is too long."}
    code: Annotated[str, StringConstraints(min_length=1, max_length=40)]


@get(addresses.AUTHENTICATOR, sync_to_thread=True, opt=MEETS)
def show_set_up(request: Asking, db: TheDatabase, visitor: TheVisitor) -> Response[bytes]:
    """What to do, step by step; who has an app already is led to their account. `next`: where to go from there."""
    with db.read() as session:
        require_passkey_shown(session, visitor)
        if app_since(session, visitor.person_id):
            return see_other(addresses.ACCOUNT)
    return _draw(request, db, visitor, FormState(values=_next(request.query_params)), secrets.token_urlsafe(_SEED))


@post(addresses.AUTHENTICATOR, status_code=200, sync_to_thread=True, opt={**ANEW, **MEETS, **OWN})
def keep_app(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """The app is theirs once it shows what it should. Its answer says the codes for paper, this once."""
    wanted, state = read(AppCodeForm, form)
    seed = str(form.get("seed", ""))[:_LONGEST_SEED]
    if wanted is None:
        return _draw(request, db, visitor, state, seed)
    key = settings_of(request).key(CODES_KEY)
    new = _offered(request, db, visitor, seed)
    with db.write() as session:
        require_passkey_shown(session, visitor)
        codes = set_up(session, visitor.person_id, new, code=wanted.code, key=key, now=now)
        if codes:
            go_on(request, session, visitor.person_id, Door.CODE)
    if codes is None:
        return _draw(request, db, visitor, _wrong(state), seed)
    note(request, "app for codes set up")
    return page(request, "account/paper_codes.html", codes=codes, next=_next(form).get("next", addresses.ACCOUNT))


@post("/account/authenticator/removal", sync_to_thread=True, opt=OWN)
def remove_app(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """With a code: whoever finds a browser open takes nothing away."""
    wanted, state = read(AppCodeForm, form)
    if wanted is None:
        return draw_account(request, db, now, visitor, app=state)
    if not takes_code(request, db, visitor.person_id, wanted.code, now):
        return draw_account(request, db, now, visitor, app=_wrong(state))
    with db.write() as session:
        take_away(session, visitor.person_id)
    note(request, "app for codes taken away")
    return see_done(request, addresses.ACCOUNT, StepDone("No code is asked for any more", NOBODY_TOLD, _LINK_ALONE))


def takes_code(request: Asking, db: Database, person_id: int, code: str, now: datetime) -> bool:
    """Whether it is a good code of theirs, which from now on is none. Refuses with TooOften."""
    with db.write() as session:
        count_try(session, person_id, now)
    with db.write() as session:
        return take_code(session, person_id, code, key=settings_of(request).key(CODES_KEY), now=now)


def _next(sent: Mapping[str, Any]) -> dict[str, str]:
    """Where to go once it is set up, on this site; nothing where that was not said."""
    back = sent.get("next")
    return {"next": local_address(str(back))} if back else {}


def _wrong(state: FormState) -> FormState:
    return refused(state, WrongInput(NO_SUCH_CODE))


def _draw(request: Asking, db: Database, visitor: Visitor, state: FormState, seed: str) -> Response[bytes]:
    new = _offered(request, db, visitor, seed)
    groups = [new.secret[at : at + _GROUP] for at in range(0, len(new.secret), _GROUP)]
    status = 422 if state.errors or state.problem else 200
    picture = Markup(segno.make_qr(new.address).svg_inline(dark="#000", light="#fff", omitsize=True, svgclass=None))
    shown: dict[str, Any] = {
        "form": state,
        "picture": picture,
        "secret": " ".join(groups),
        "address": new.address,
        "seed": seed,
        "next": _next(state.values).get("next", ""),
        "owes": visitor.owes_second_factor,
    }
    return page(request, "account/authenticator.html", status=status, **shown)


def _offered(request: Asking, db: Database, visitor: Visitor, seed: str) -> NewAuthenticator:
    nonce = visitor.session.nonce if visitor.session else ""
    key = settings_of(request).key("apps for codes")
    with db.read() as session:
        return offered(session, visitor.person_id, email=visitor.email, nonce=nonce, seed=seed, key=key)


routes = [show_set_up, keep_app, remove_app]
