"""Your account: who you are here, when you are away, how word reaches you, where you are signed in."""

from datetime import date, datetime
from typing import Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.keep_account import choose_notices, say_away
from tracker.actions.keep_session import end_session, end_sessions, sign_out
from tracker.database import Database
from tracker.pages.account.view import NOTICE_CHOICES, device_words, places_of
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, cookie_of, see_other, set_cookie
from tracker.pages.web.visitor import SESSION, Visitor
from tracker.queries.accounts import choices_of, devices_of
from tracker.rules import addresses
from tracker.rules.refusals import WrongInput


class AbsenceForm(Shape):
    away_from: date | None = None
    away_until: date | None = None


class NoticesForm(Shape):
    notices: Literal["at_once", "digest"]


@get("/account", sync_to_thread=True)
def show_account(
    request: Asking, db: NamedDependency[Database], now: NamedDependency[datetime], visitor: NamedDependency[Visitor]
) -> Response[bytes]:
    """The account as it is."""
    return _draw(request, db, now, visitor)


@post("/account/absence", sync_to_thread=True)
def keep_absence(
    request: Asking,
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    visitor: NamedDependency[Visitor],
    form: NamedDependency[Form],
) -> Response[bytes]:
    """When they are away; both days empty: they are here."""
    wanted, state = read(AbsenceForm, form)
    try:
        if wanted:
            with db.write() as session:
                say_away(session, visitor.person_id, away_from=wanted.away_from, away_until=wanted.away_until)
            return see_other(addresses.ACCOUNT)
    except WrongInput as wrong:
        state = refused(state, wrong)
    return _draw(request, db, now, visitor, absence=state)


@post("/account/notices", sync_to_thread=True)
def keep_notices(
    request: Asking,
    db: NamedDependency[Database],
    now: NamedDependency[datetime],
    visitor: NamedDependency[Visitor],
    form: NamedDependency[Form],
) -> Response[bytes]:
    """At once, or together once a day."""
    wanted, state = read(NoticesForm, form)
    if wanted is None:
        return _draw(request, db, now, visitor, notices=state)
    with db.write() as session:
        choose_notices(session, visitor.person_id, digest=wanted.notices == "digest")
    return see_other(addresses.ACCOUNT)


@post("/account/sessions/{session_id:int}/end", sync_to_thread=True)
def end_one(
    db: NamedDependency[Database], visitor: NamedDependency[Visitor], session_id: FromPath[int]
) -> Response[bytes]:
    """Signs out on one device."""
    with db.write() as session:
        end_session(session, visitor.person_id, session_id)
    return see_other(addresses.ACCOUNT)


@post("/account/sessions/end", sync_to_thread=True)
def end_all(
    request: Asking, db: NamedDependency[Database], now: NamedDependency[datetime], visitor: NamedDependency[Visitor]
) -> Response[bytes]:
    """Signs out everywhere, here too."""
    with db.write() as session:
        end_sessions(session, visitor.person_id, now=now)
    set_cookie(request, SESSION, "", seconds=0)
    return see_other(addresses.SIGN_IN)


@post("/sign-out", sync_to_thread=True)
def leave(request: Asking, db: NamedDependency[Database]) -> Response[bytes]:
    """Signs out here."""
    with db.write() as session:
        sign_out(session, cookie_of(request, SESSION))
    set_cookie(request, SESSION, "", seconds=0)
    return see_other(addresses.SIGN_IN)


def _draw(request: Asking, db: Database, now: datetime, visitor: Visitor, **forms: FormState) -> Response[bytes]:
    with db.read() as session:
        choices = choices_of(session, visitor.person_id)
        devices = devices_of(session, visitor.person_id, now)
    away = {"away_from": choices.away_from, "away_until": choices.away_until}
    days = {name: on.isoformat() for name, on in away.items() if on}
    notices = {"notices": "digest" if choices.digest else "at_once"}
    return page(
        request,
        "account/show.html",
        status=422 if forms else 200,
        name=visitor.name,
        email=visitor.email,
        places=[*places_of(visitor)],
        devices=[(device, device_words(device.agent)) for device in devices],
        device_here=visitor.session.id if visitor.session else None,
        notice_choices=NOTICE_CHOICES,
        **{"absence": FormState(values=days), "notices": FormState(values=notices), **forms},
    )


routes = [show_account, keep_absence, keep_notices, end_one, end_all, leave]
