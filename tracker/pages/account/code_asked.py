"""The second page of the door: whoever came by a link and has an app types the code that it shows."""

from typing import Any

from litestar import Response, get, post

from tracker.pages.account.authenticator import AppCodeForm, takes_code
from tracker.pages.web.audit import note
from tracker.pages.web.csrf import door_form_token
from tracker.pages.web.forms import TheForm, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, local_address, see_other
from tracker.pages.web.visitor import go_on, who_asks
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.rings.doors import Door


@get(addresses.CODE_ASKED, sync_to_thread=True)
def ask_for_code(request: Asking) -> Response[bytes]:
    """Nothing of theirs stands on it: so far they have shown one thing alone."""
    back = request.query_params.get("next", "/")
    visitor = who_asks(request)
    if visitor is None or not visitor.awaits_code:
        return see_other(local_address(back))
    return _draw(request, FormState(), back)


@post(addresses.CODE_ASKED, sync_to_thread=True)
def come_by_code(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """Their session goes on through one more door."""
    back, visitor = form.get("next", "/"), who_asks(request)
    if visitor is None or not visitor.awaits_code:
        return see_other(local_address(back))
    wanted, state = read(AppCodeForm, form)
    if wanted is None:
        return _draw(request, state, back, status=422)
    if not takes_code(request, db, visitor.person_id, wanted.code, now):
        note(request, "sign-in refused", person_id=visitor.person_id, why="the code of the app does not fit")
        wrong = "This code does not fit, or it was used already. Your app shows another within half a minute."
        return _draw(request, refused(state, WrongInput(FieldError("code", wrong))), back, status=422)
    with db.write() as session:
        go_on(request, session, visitor.person_id, Door.CODE)
    note(request, "signed in", person_id=visitor.person_id, by="code of an app")
    return see_other(local_address(back))


def _draw(request: Asking, state: FormState, back: str, *, status: int = 200) -> Response[bytes]:
    shown: dict[str, Any] = {"form": state, "next": local_address(back), "csrf": door_form_token(request)}
    return page(request, "account/code_asked.html", status=status, **shown)


routes = [ask_for_code, come_by_code]
