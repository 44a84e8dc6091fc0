"""Passkeys on the account page: one is made there, by the browser, and taken away."""

from typing import Annotated

from litestar import Response, post
from litestar.params import FromPath
from pydantic import StringConstraints

from tracker.actions.people.keep_passkeys import NotProven, add_passkey, remove_passkey, require_passkey_shown
from tracker.exchange.charter.fields import Line
from tracker.pages.account.relying import session_party
from tracker.pages.account.routes import draw_account
from tracker.pages.account.second_factor import draw_second_factor
from tracker.pages.web.audit import note
from tracker.pages.web.forms import Shape, TheForm, read, refused
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address
from tracker.pages.web.step_done import NOBODY_TOLD, Sentence, StepDone, see_done
from tracker.pages.web.visitor import ANEW, MEETS, OWN, go_on
from tracker.rules import addresses
from tracker.rules.refusals import WrongInput
from tracker.rules.rings.doors import Door

_SIGNS_IN: tuple[Sentence, ...] = (("From now on it signs you in, without a letter.", None, ""),)
_OPENS_NOTHING: tuple[Sentence, ...] = (("It opens nothing any more. Take it off your device, too.", None, ""),)


class NewPasskeyForm(Shape):
    """`answer`: what the browser says of the one that it made, as JSON (`static/passkeys.js`); `next`: where to go from
    there, "" to the account."""

    sentences = {
        "name.missing": "Give it a name, by which you will know it.",
        "name.string_too_short": "Give it a name, by which you will know it.",
    }
    name: Line
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""
    next: str = ""


@post("/account/passkeys", sync_to_thread=True, opt={**ANEW, **MEETS, **OWN})
def keep_passkey(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """One more of theirs. Its device asked for its person just now, so that their session goes on through that door."""
    wanted, state = read(NewPasskeyForm, form)
    try:
        if wanted:
            party = session_party(request, visitor)
            with db.write() as session:
                require_passkey_shown(session, visitor)
                add_passkey(session, party, visitor.person_id, name=wanted.name, answer=wanted.answer, now=now)
                go_on(request, session, visitor.person_id, Door.PASSKEY)
            note(request, "passkey made")
            where = local_address(wanted.next) if wanted.next else addresses.ACCOUNT
            return see_done(request, where, StepDone("You have a passkey", NOBODY_TOLD, _SIGNS_IN))
    except NotProven as refusal:
        note(request, "refused", why=refusal.why)
        state = refused(state, refusal)
    except WrongInput as wrong:
        state = refused(state, wrong)
    if visitor.owes_second_factor:
        return draw_second_factor(request, db, visitor, state, str(form.get("next", "")))
    return draw_account(request, db, now, visitor, passkey=state)


@post("/account/passkeys/{passkey_number:int}/removal", sync_to_thread=True, opt={**ANEW, **OWN})
def take_passkey(
    request: Asking, db: TheDatabase, visitor: TheVisitor, passkey_number: FromPath[int]
) -> Response[bytes]:
    """One less, by its number."""
    with db.write() as session:
        require_passkey_shown(session, visitor)
        name = remove_passkey(session, visitor.person_id, passkey_number)
    note(request, "passkey taken away")
    return see_done(request, addresses.ACCOUNT, StepDone(f"{name} is taken away", NOBODY_TOLD, _OPENS_NOTHING))


routes = [keep_passkey, take_passkey]
