"""Your account: who you are here, when you are away, how word reaches you, where you are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from tracker.actions.keep_account import choose_notices, say_away
from tracker.actions.keep_session import end_session, end_sessions, sign_out
from tracker.database import Database
from tracker.pages.asking import Asking, cookie_of, set_cookie
from tracker.pages.devices import device_words
from tracker.pages.drawing import page
from tracker.pages.forms import Form, Shape, read, refused
from tracker.pages.frames import side_class
from tracker.pages.part_views import Choice, FormState
from tracker.pages.visitor import SESSION, Visitor
from tracker.queries.accounts import Choices, Device, choices_of, devices_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongInput
from tracker.rules.rings import Role
from tracker.rules.wording import listed

ROLE_WORDS = {
    Role.FRONT_LINE: "front line",
    Role.MANAGER: "manager",
    Role.STEERING: "steering group",
    Role.LEAD: "partnership lead",
}
_NOTICES = (
    Choice("at_once", "As things happen", "Held until your organisation is open, unless it is urgent."),
    Choice("digest", "Once a day, together", "What is urgent still comes at once."),
)


class AbsenceForm(Shape):
    """When somebody is away."""

    away_from: date | None = None
    away_until: date | None = None


class NoticesForm(Shape):
    """How word reaches somebody."""

    notices: Literal["at_once", "digest"]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place somebody has. `deputies`: who acts for them while they are away, by body."""

    organisation: str
    side: str
    partnership: str
    roles: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """Where somebody is signed in; `here`: the browser that asks."""

    id: int
    words: str
    created_at: datetime
    seen_at: datetime
    here: bool


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
) -> Response[bytes] | Redirect:
    """When they are away; both days empty: they are here."""
    wanted, state = read(AbsenceForm, form)
    try:
        if wanted:
            with db.write() as session:
                say_away(session, visitor.person_id, away_from=wanted.away_from, away_until=wanted.away_until)
            return Redirect("/account", status_code=303)
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
) -> Response[bytes] | Redirect:
    """At once, or together once a day."""
    wanted, state = read(NoticesForm, form)
    if wanted is None:
        return _draw(request, db, now, visitor, notices=state)
    with db.write() as session:
        choose_notices(session, visitor.person_id, digest=wanted.notices == "digest")
    return Redirect("/account", status_code=303)


@post("/account/sessions/{session_id:int}/end", sync_to_thread=True)
def end_one(db: NamedDependency[Database], visitor: NamedDependency[Visitor], session_id: FromPath[int]) -> Redirect:
    """Signs out on one device."""
    with db.write() as session:
        end_session(session, visitor.person_id, session_id)
    return Redirect("/account", status_code=303)


@post("/account/sessions/end", sync_to_thread=True)
def end_all(
    request: Asking, db: NamedDependency[Database], now: NamedDependency[datetime], visitor: NamedDependency[Visitor]
) -> Redirect:
    """Signs out everywhere, here too."""
    with db.write() as session:
        end_sessions(session, visitor.person_id, now=now)
    set_cookie(request, SESSION, "", seconds=0)
    return Redirect("/sign-in", status_code=303)


@post("/sign-out", sync_to_thread=True)
def leave(request: Asking, db: NamedDependency[Database]) -> Redirect:
    """Signs out here."""
    with db.write() as session:
        sign_out(session, cookie_of(request, SESSION))
    set_cookie(request, SESSION, "", seconds=0)
    return Redirect("/sign-in", status_code=303)


def _draw(request: Asking, db: Database, now: datetime, visitor: Visitor, **forms: FormState) -> Response[bytes]:
    with db.read() as session:
        choices = choices_of(session, visitor.person_id)
        devices = devices_of(session, visitor.person_id, now)
    given: dict[str, Any] = {"absence": _absence(choices), "notices": _notices(choices), **forms}
    return page(
        request,
        "account/show.html",
        status=422 if forms else 200,
        name=visitor.name,
        email=visitor.email,
        places=tuple(_places(visitor)),
        devices=tuple(_device(each, visitor) for each in devices),
        notice_choices=_NOTICES,
        **given,
    )


def _absence(choices: Choices) -> FormState:
    days = {"away_from": choices.away_from, "away_until": choices.away_until}
    return FormState(values={name: day.isoformat() for name, day in days.items() if day})


def _notices(choices: Choices) -> FormState:
    return FormState(values={"notices": "digest" if choices.digest else "at_once"})


def _places(visitor: Visitor) -> Iterator[PlaceView]:
    for place in visitor.viewer.memberships:
        arrangement = visitor.arrangements[place.partnership_id]
        side = arrangement.organisations[place.organisation_id]
        roles = listed(ROLE_WORDS[role] for role in Role if role in place.roles)
        deputies = tuple(_deputies(arrangement, side.key, visitor.person_id))
        yield PlaceView(side.name, side_class(side.position), arrangement.name, roles, deputies)


def _deputies(arrangement: Arrangement, organisation: str, person_id: int) -> Iterator[str]:
    for body in arrangement.bodies.values():
        for seat in body.seats:
            if (seat.person_id, seat.organisation) == (person_id, organisation) and not body.retired:
                deputy = arrangement.people.get(seat.deputy_id or 0)
                yield f"{body.name}: {deputy.name if deputy else 'nobody acts for you'}"


def _device(device: Device, visitor: Visitor) -> DeviceView:
    here = visitor.session is not None and visitor.session.id == device.id
    return DeviceView(device.id, device_words(device.agent), device.created_at, device.seen_at, here)


routes = [show_account, keep_absence, keep_notices, end_one, end_all, leave]
