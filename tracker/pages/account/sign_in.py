"""The door: ask for a link, open it or type its code, come in; in a demonstration, come in as somebody."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from litestar import Response, get, post
from litestar.params import FromPath
from pydantic import AfterValidator, StringConstraints
from sqlmodel import Session

from tracker.actions.people.keep_passkeys import NotProven, use_passkey
from tracker.actions.people.try_code import asked_elsewhere, disown_link, show_code, try_code
from tracker.actions.throttle import attempt
from tracker.actions.welcome import AskingBrowser, LinkIsSpent, ask_for_link, spend_link, whom_link_is_for
from tracker.database import Database
from tracker.exchange.charter.fields import deliverable
from tracker.pages.account.devices import browser_words
from tracker.pages.account.relying import asked_of, door_party
from tracker.pages.web.audit import note, place_of
from tracker.pages.web.csrf import door_form_token
from tracker.pages.web.errors import kept_page, written_page
from tracker.pages.web.forms import UNDELIVERABLE, Shape, TheForm, read, refused
from tracker.pages.web.given_back import KEPT, GivenBack, unsealed
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import (
    Asking,
    TheDatabase,
    TheTime,
    cookie_of,
    local_address,
    see_other,
    set_cookie,
    settings_of,
    take_visitor,
)
from tracker.pages.web.visitor import begin, who_asks, why_signed_out
from tracker.queries.accounts import invitations_of, is_member
from tracker.queries.administration.providers import sign_in_for_domain
from tracker.queries.demonstration import personas
from tracker.records.session import LINK_KEY, LINK_LIVES
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, NotThere, WrongInput
from tracker.rules.rings.doors import Door
from tracker.rules.rings.mail_domains import domain_of
from tracker.rules.wording import say_count

ASKED = "tracker-asked"  # the cookie of a browser that asked for a link
WINDOW = timedelta(minutes=20)
_MINUTES = int(LINK_LIVES.total_seconds()) // 60
_NOT_THEIRS = "This was written by somebody else, or more than seven days ago. Sign in as whoever wrote it."
MOST_FOR_AN_ADDRESS, MOST_FROM_A_PLACE = 5, 100  # in a window; a whole hospital may come from one place


class LinkForm(Shape):
    """Ask for a link."""

    email: Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"), AfterValidator(deliverable)]
    next: str = "/"
    way: Literal["", "link"] = ""  # a link, though their organisation has a sign-in of its own
    sentences = {
        "email.missing": "Give your e-mail address.",
        "email.undeliverable": UNDELIVERABLE,
        "email": "Give a whole e-mail address, as in sam@example.org.",
    }


class CodeForm(Shape):
    """The code that a link showed elsewhere."""

    code: Annotated[str, StringConstraints(max_length=40)]
    sentences = {"code.missing": "Type the code.", "code": "This code is too long: it has eight letters."}


class PasskeyForm(Shape):
    """What the browser says of a passkey (`static/passkeys.js`), as JSON."""

    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""
    next: str = "/"


class PersonaForm(Shape):
    """Come in as somebody of the demonstration."""

    person: int
    next: str = "/"


@get("/sign-in", sync_to_thread=True)
def show_door(request: Asking, db: TheDatabase) -> Response[bytes]:
    """The door, with the people of a demonstration beside it; `next` is where to go from there."""
    return _door(request, db, FormState(), request.query_params.get("next", "/"))


@post("/sign-in", sync_to_thread=True)
def send_link(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """Whatever the address, the same is done, takes as long and is answered; where its domain is an organisation's with
    a sign-in of its own, that is offered first, to everybody."""
    wanted, state = read(LinkForm, form)
    if wanted is None:
        return _door(request, db, state, form.get("next", "/"), status=422)
    if not wanted.way and (own := _own_sign_in(db, wanted.email)):
        shown: dict[str, Any] = {"name": own, "email": wanted.email, "domain": domain_of(wanted.email)}
        back = local_address(wanted.next)
        return page(request, "account/own_sign_in.html", csrf=door_form_token(request), next=back, **shown)
    post_link(request, db, now, email=wanted.email, back=local_address(wanted.next))
    return see_other(addresses.LINK_SENT)


@get("/sign-in/sent", sync_to_thread=True)
def show_sent(request: Asking) -> Response[bytes]:
    """What to do next, and where to type the code that the link shows elsewhere."""
    return _sent(request, FormState())


@post("/sign-in/sent", sync_to_thread=True)
def type_code(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """Whoever reads their mail elsewhere comes in; whatever the address, it takes as long and is answered alike."""
    wanted, state = read(CodeForm, form)
    if wanted is None:
        return _sent(request, state, status=422)
    key, secret = settings_of(request).key(LINK_KEY), cookie_of(request, ASKED)
    try:
        with db.write() as session:
            attempt(session, "code from", place_of(request), most=MOST_FROM_A_PLACE, window=WINDOW, now=now)
            tried = try_code(session, secret, wanted.code, now=now, key=key)
        if tried.token:
            return _let_in(request, db, now, tried.token, by="code")
    except LinkIsSpent as spent:
        return _spent(request, spent)
    note(request, "sign-in refused", person_id=tried.person_id, why="the code does not fit")
    if not tried.left:
        return page(request, "account/spent.html", status=410, words="That was no code of this link, five times.")
    wrong = f"This code does not fit. You can try {say_count(tried.left, 'more time')}."
    return _sent(request, refused(state, WrongInput(FieldError("code", wrong))), status=422)


@get("/sign-in/{token:str}", sync_to_thread=True)
def show_link(request: Asking, db: TheDatabase, now: TheTime, token: FromPath[str]) -> Response[bytes]:
    """A button. Only pressing it spends the link: programs that look through mail open links, too."""
    key, secret = settings_of(request).key(LINK_KEY), cookie_of(request, ASKED)
    try:
        with db.read() as session:
            person = whom_link_is_for(session, token, now=now)
            accepts = () if is_member(session, person.id) else invitations_of(session, person.id)
            elsewhere = asked_elsewhere(session, token, secret, now=now, key=key)
    except LinkIsSpent as spent:
        return page(request, "account/spent.html", status=410, words=str(spent))
    template = "account/link_elsewhere.html" if elsewhere else "account/link.html"
    shown: dict[str, Any] = {"name": person.name, "accepts": accepts, "asked": elsewhere, "minutes": _MINUTES}
    return page(request, template, csrf=door_form_token(request), **shown)


@post("/sign-in/{token:str}", sync_to_thread=True)
def open_link(request: Asking, db: TheDatabase, now: TheTime, token: FromPath[str], form: TheForm) -> Response[bytes]:
    """Spends the link and begins a session; in another browser than the one that asked, shows the code."""
    key, secret = settings_of(request).key(LINK_KEY), cookie_of(request, ASKED)
    try:
        with db.write() as session:
            elsewhere = asked_elsewhere(session, token, secret, now=now, key=key)
            if elsewhere:
                answer = disown_link if form.get("mine") == "no" else show_code
                answer(session, token, now=now)
        if elsewhere is None:
            return _let_in(request, db, now, token, by="link")
    except LinkIsSpent as spent:
        return _spent(request, spent)
    if form.get("mine") == "no":
        note(request, "sign-in link disowned", person_id=elsewhere.person_id)
        return page(request, "account/disowned.html", status=410)
    note(request, "sign-in code shown", person_id=elsewhere.person_id)
    return see_other(addresses.link(token))


@post("/sign-in/passkey", sync_to_thread=True)
def come_by_passkey(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """By a passkey, which says whose it is. Whatever is wrong with it, the answer is the same."""
    wanted, state = read(PasskeyForm, form)
    try:
        if wanted is None:
            raise NotProven("the answer is too long")
        with db.write() as session:
            attempt(session, "passkey from", place_of(request), most=MOST_FROM_A_PLACE, window=WINDOW, now=now)
            person_id = use_passkey(session, door_party(request), answer=wanted.answer, now=now)
            begin(request, session, person_id, Door.PASSKEY)
    except NotProven as refusal:
        note(request, "sign-in refused", why=refusal.why)
        return _door(request, db, refused(state, refusal), form.get("next", "/"), status=422)
    note(request, "signed in", person_id=person_id, by="passkey")
    return see_other(local_address(wanted.next))


@post(addresses.KEPT_FORM, status_code=200, sync_to_thread=True)
def open_kept(request: Asking, form: TheForm) -> Response[bytes]:
    """What was typed when a session had ended, before whoever wrote it and has signed in again; nobody else."""
    kept = GivenBack(addresses.KEPT_FORM, door_form_token(request), seal=str(form.get(KEPT, "")))
    visitor = who_asks(request)
    if visitor is None or visitor.awaits_code:
        return kept_page(request, kept, addresses.SIGN_IN, words="You are not signed in yet.")
    take_visitor(request, visitor)
    mine = unsealed(request, kept.seal)
    if mine is None:
        note(request, "refused", why="sealed for somebody else, or too long ago", status=403)
        return kept_page(request, kept, addresses.SIGN_IN, status=403, words=_NOT_THEIRS)
    return written_page(request, mine)


@post("/sign-in/as", sync_to_thread=True)
def come_in_as(request: Asking, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """In a demonstration, and only as one of the people shown at its door."""
    wanted, _ = read(PersonaForm, form)
    with db.write() as session:
        known = {each.id for side in personas(session) for each in side.people}
        if wanted is None or wanted.person not in known:
            raise NotThere("One can come in as somebody only in a demonstration.")
        begin(request, session, wanted.person, Door.DEMONSTRATION)
    note(request, "signed in", person_id=wanted.person, by="demonstration")
    return see_other(local_address(wanted.next))


def post_link(request: Asking, db: Database, now: datetime, *, email: str, back: str) -> None:
    """A link for whoever has this address, good in this browser, which leads back there. Refuses with TooOften."""
    with db.write() as session:
        _throttle(session, request, email, now)
        browser = AskingBrowser(secrets.token_urlsafe(24), cookie_of(request, ASKED), browser_words(request))
        ask_for_link(session, email, now=now, key=settings_of(request).key(LINK_KEY), back=back, browser=browser)
    set_cookie(request, ASKED, browser.secret, seconds=int(LINK_LIVES.total_seconds()))
    note(request, "sign-in link asked for")


def _door(request: Asking, db: Database, form: FormState, back: str, *, status: int = 200) -> Response[bytes]:
    with db.read() as session:
        sides = personas(session)
    shown: dict[str, Any] = {"form": form, "next": local_address(back), "personas": sides}
    shown["has_asked"] = bool(cookie_of(request, ASKED))
    shown["left"] = why_signed_out(request)
    shown["passkey"] = asked_of(request, door_party(request))
    return page(request, "account/sign_in.html", status=status, csrf=door_form_token(request), **shown)


def _own_sign_in(db: Database, email: str) -> str:
    """The name of the organisation to whose sign-in such an address leads; "" where there is none."""
    with db.read() as session:
        found = sign_in_for_domain(session, domain_of(email))
    return found.name if found else ""


def _sent(request: Asking, form: FormState, *, status: int = 200) -> Response[bytes]:
    shown: dict[str, Any] = {"form": form, "minutes": _MINUTES, "can_type": bool(cookie_of(request, ASKED))}
    return page(request, "account/sent.html", status=status, csrf=door_form_token(request), **shown)


def _let_in(request: Asking, db: Database, now: datetime, token: str, *, by: str) -> Response[bytes]:
    """Refuses with LinkIsSpent."""
    with db.write() as session:
        welcome = spend_link(session, token, now=now, secret=cookie_of(request, ASKED))
        begin(request, session, welcome.person_id, Door.LINK)
    note(request, "signed in", person_id=welcome.person_id, by=by)
    set_cookie(request, ASKED, "", seconds=0)
    return see_other(local_address(welcome.back))


def _spent(request: Asking, spent: LinkIsSpent) -> Response[bytes]:
    note(request, "sign-in refused", why="the link is spent or none")
    return page(request, "account/spent.html", status=410, words=str(spent))


def _throttle(session: Session, request: Asking, email: str, now: datetime) -> None:
    attempt(session, "link from", place_of(request), most=MOST_FROM_A_PLACE, window=WINDOW, now=now)
    attempt(session, "link for", email.strip().lower(), most=MOST_FOR_AN_ADDRESS, window=WINDOW, now=now)


routes = [show_door, send_link, come_by_passkey, show_sent, type_code, show_link, open_link, open_kept, come_in_as]
