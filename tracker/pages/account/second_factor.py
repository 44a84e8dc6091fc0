"""A second factor, where an organisation asks for one: shown, or set up, and then on to where one was."""

from typing import Any

from litestar import Response, get, post

from tracker.actions.people.keep_passkeys import NotProven, passkeys_of
from tracker.database import Database
from tracker.pages.account.confirmation import prove_by_passkey
from tracker.pages.account.relying import asked_of, asked_to_make, session_party
from tracker.pages.account.sign_in import PasskeyForm
from tracker.pages.web.audit import note
from tracker.pages.web.forms import TheForm, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address, see_other
from tracker.pages.web.visitor import MEETS, Visitor
from tracker.rules import addresses
from tracker.rules.rings.doors import has_two_factors
from tracker.rules.wording import listed


@get(addresses.SECOND_FACTOR, sync_to_thread=True, opt=MEETS)
def show_second_factor(request: Asking, db: TheDatabase, visitor: TheVisitor) -> Response[bytes]:
    """What is asked for, by whom, and the ways to do it that they have; `next` is where to go from there."""
    return draw_second_factor(request, db, visitor, FormState(), request.query_params.get("next", ""))


@post(addresses.SECOND_FACTOR, sync_to_thread=True, opt=MEETS)
def use_second_factor(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm
) -> Response[bytes]:
    """By a passkey of their own. Who has an app was asked for its code at the door."""
    wanted, state = read(PasskeyForm, form)
    back = wanted.next if wanted else ""
    try:
        prove_by_passkey(request, db, visitor, wanted.answer if wanted else "", now)
    except NotProven as refusal:
        note(request, "refused", why=refusal.why)
        return draw_second_factor(request, db, visitor, refused(state, refusal), back)
    return see_other(local_address(back) if back else addresses.SECOND_FACTOR)


def draw_second_factor(request: Asking, db: Database, visitor: Visitor, state: FormState, back: str) -> Response[bytes]:
    """The page, or on to where they wanted to go, once it was shown. `state`: of the form of a passkey."""
    is_shown = has_two_factors(visitor.session.doors if visitor.session else ())
    if is_shown and back:
        return see_other(local_address(back))
    with db.read() as session:
        passkeys = passkeys_of(session, visitor.person_id)
    party = session_party(request, visitor)
    shown: dict[str, Any] = {
        "form": state,
        "next": local_address(back) if back else "",
        "is_shown": is_shown,
        "demanding": visitor.demanding,
        "names": listed(each.name for each in visitor.demanding),
        "belongs": bool(visitor.sides),
        "has_passkey": bool(passkeys),
        "passkey": asked_of(request, party) if passkeys else asked_to_make(request, party, visitor.person_id, ()),
        "name": visitor.name,
        "email": visitor.email,
    }
    return page(request, "account/second_factor.html", status=422 if state.errors or state.problem else 200, **shown)


routes = [show_second_factor, use_second_factor]
