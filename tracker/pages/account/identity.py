"""Who you are here: your name and address, which nobody but you changes."""

from datetime import timedelta
from typing import Annotated

from litestar import Response, get, post
from litestar.params import FromPath
from pydantic import AfterValidator, StringConstraints

from tracker.actions.people.change_identity import (
    address_wanted,
    ask_for_address,
    change_address,
    change_name,
    say_how_to_reach,
)
from tracker.actions.throttle import attempt
from tracker.actions.welcome import LinkIsSpent
from tracker.exchange.charter.fields import Email, Line
from tracker.pages.account.invitations import decline
from tracker.pages.account.routes import draw_account
from tracker.pages.web.audit import note
from tracker.pages.web.forms import UNDELIVERABLE, Shape, TheForm, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, settings_of
from tracker.pages.web.step_done import NOBODY_TOLD, Sentence, StepDone, done_by, see_done
from tracker.pages.web.visitor import OWN
from tracker.queries.accounts import invitations_of
from tracker.records.session import LINK_KEY, spend_asks
from tracker.rules import addresses
from tracker.rules.identifiers import NO_TELEPHONE, telephone
from tracker.rules.refusals import WrongInput

MOST_TRIES, WINDOW = 5, timedelta(minutes=20)  # each writes to an address that may be a stranger's


class NameForm(Shape):
    name: Line


class AddressForm(Shape):
    sentences = {"email.undeliverable": UNDELIVERABLE, "email": "Give an address, like sam@acute.example."}
    email: Email


class ReachForm(Shape):
    """How others reach them; what is left empty is said no more."""

    sentences = {"phone": NO_TELEPHONE, "reach.string_too_long": "At most 160 letters."}
    emptied = frozenset({"phone", "reach"})
    phone: Annotated[str, AfterValidator(telephone)] = ""
    reach: Annotated[str, StringConstraints(max_length=160)] = ""


_REACHED: tuple[Sentence, ...] = (("Whoever reads an issue that you hold sees it there.", None, ""),)


@post("/account/reach", sync_to_thread=True, opt=OWN)
def keep_reach(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """By which number and in which way they want to be reached."""
    wanted, state = read(ReachForm, form)
    if wanted is None:
        return draw_account(request, db, now, visitor, reach=state)
    with db.write() as session:
        say_how_to_reach(session, visitor.person_id, phone=wanted.phone, reach=wanted.reach)
    return see_done(request, addresses.ACCOUNT, StepDone("It is kept how you are reached", NOBODY_TOLD, _REACHED))


@post("/account/name", sync_to_thread=True, opt=OWN)
def keep_name(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """What they are called, everywhere they belong."""
    wanted, state = read(NameForm, form)
    if wanted is None:
        return draw_account(request, db, now, visitor, name=state)
    with db.write() as session:
        change_name(session, visitor.person_id, wanted.name, now=now)
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.ACCOUNT, done)


@post("/account/asks", sync_to_thread=True, opt=OWN)
def settle_asks(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """Their name and address are as they should be, whatever they were asked."""
    with db.write() as session:
        spend_asks(session, visitor.person_id, now=now)
    return see_done(request, addresses.desk(), StepDone("Your name and address stay as they are", NOBODY_TOLD))


@post("/account/address", sync_to_thread=True, opt=OWN)
def send_address_link(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm
) -> Response[bytes]:
    """A link to the new address: it counts once they open that. The answer is the same whoever has the address."""
    wanted, state = read(AddressForm, form)
    try:
        if wanted:
            with db.write() as session:
                attempt(session, "address of", str(visitor.person_id), most=MOST_TRIES, window=WINDOW, now=now)
                key = settings_of(request).key(LINK_KEY)
                ask_for_address(session, visitor.person_id, wanted.email, now=now, key=key)
            note(request, "new address asked for")
            return page(request, "account/address.html", email=wanted.email, is_open=False)
    except WrongInput as wrong:
        state = refused(state, wrong)
    return draw_account(request, db, now, visitor, address=state)


@get("/account/address/{token:str}", sync_to_thread=True)
def show_address(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, token: FromPath[str]
) -> Response[bytes]:
    """A button: programs that look through mail open links, too."""
    try:
        with db.read() as session:
            email = address_wanted(session, visitor.person_id, token, now=now)
    except LinkIsSpent as spent:
        return page(request, "account/spent.html", status=410, words=str(spent))
    return page(request, "account/address.html", email=email, is_open=True)


@post("/account/address/{token:str}", sync_to_thread=True, opt=OWN)
def keep_address(
    request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, token: FromPath[str]
) -> Response[bytes]:
    """Theirs from now on. Invitations went to the old address, and end with it: no lead learns the new one by them."""
    try:
        with db.write() as session:
            address_wanted(session, visitor.person_id, token, now=now)
            for each in invitations_of(session, visitor.person_id):
                decline(session, visitor.person_id, each.partnership_key, each.organisation_key, now)
            change_address(session, visitor.person_id, token, now=now, key=settings_of(request).key(LINK_KEY))
            done = done_by(session, visitor.viewer, now)
    except LinkIsSpent as spent:
        note(request, "refused", why="the link is spent or none", status=410)
        return page(request, "account/spent.html", status=410, words=str(spent))
    note(request, "address changed")
    return see_done(request, addresses.ACCOUNT, done)


routes = [keep_reach, settle_asks, keep_name, send_address_link, show_address, keep_address]
