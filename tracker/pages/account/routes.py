"""Your account: who you are here, when you are away, how word reaches you, where you are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from litestar import Response, get, post
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.people.keep_account import choose_notices, say_away
from tracker.actions.people.keep_codes import app_since, codes_left
from tracker.actions.people.keep_passkeys import passkeys_of
from tracker.actions.people.keep_session import end_session, sign_out
from tracker.database import Database
from tracker.pages.account.devices import device_words
from tracker.pages.account.relying import asked_to_make, session_party
from tracker.pages.web.audit import note
from tracker.pages.web.forms import Shape, TheForm, days_away, read, refused
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, cookie_of, see_other, set_cookie
from tracker.pages.web.request import settings_of as app_settings
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, done_by, see_done
from tracker.pages.web.visitor import ANEW, OWN, SESSION, Visitor
from tracker.queries.accounts import devices_of, settings_of
from tracker.queries.administration.providers import OwnSignIn, identities_of, own_sign_ins
from tracker.records.session import MOST_SESSIONS, device_number, end_sessions
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.refusals import WrongInput
from tracker.rules.rings import ROLE_WORDS, Membership, Role
from tracker.rules.rings.doors import sso_door
from tracker.rules.wording import listed, say_count

_NOTICE_CHOICES = (
    Choice("at_once", "As things happen", "Held until your organisation is open, unless it is urgent."),
    Choice("digest", "Once a day, together", "What is urgent still comes at once."),
)


class AbsenceForm(Shape):
    """`place`: from which of their organisations ("RIV/acute"); empty: from all."""

    place: str = ""
    away_from: date | None = None
    away_until: date | None = None


class NoticesForm(Shape):
    notices: Literal["at_once", "digest"]


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """An organisation of theirs: what they are there, who acts for them while they are away, by body, and the form with
    the days they are away from it."""

    key: str
    organisation: Organisation
    partnership: str
    roles: str
    deputies: tuple[str, ...]
    absence: FormState


@get("/account", sync_to_thread=True)
def show_account(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """The account as it is."""
    return draw_account(request, db, now, visitor)


@post("/account/absence", sync_to_thread=True)
def keep_absence(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """When they are away from an organisation of theirs; both days empty: they are here."""
    wanted, state = read(AbsenceForm, form)
    try:
        if wanted:
            with db.write() as session:
                places = _places_named(visitor, wanted.place)
                first, last = wanted.away_from, wanted.away_until
                say_away(session, visitor.person_id, places, away_from=first, away_until=last, now=now)
                done = done_by(session, visitor.viewer, now)
            return see_done(request, addresses.ACCOUNT, done)
    except WrongInput as wrong:
        state = refused(state, wrong)
    return draw_account(request, db, now, visitor, absence=state)


@post("/account/notices", sync_to_thread=True, opt=OWN)
def keep_notices(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor, form: TheForm) -> Response[bytes]:
    """At once, or together once a day."""
    wanted, state = read(NoticesForm, form)
    if wanted is None:
        return draw_account(request, db, now, visitor, notices=state)
    with db.write() as session:
        choose_notices(session, visitor.person_id, digest=wanted.notices == "digest")
    chosen = next(each for each in _NOTICE_CHOICES if each.value == wanted.notices)
    said = f"Word comes to you {chosen.label[:1].lower()}{chosen.label[1:]}"
    return see_done(request, addresses.ACCOUNT, StepDone(said, NOBODY_TOLD, ((chosen.hint, None, ""),)))


@post("/account/sessions/{session_id:int}/end", sync_to_thread=True, opt={**ANEW, **OWN})
def end_one(request: Asking, db: TheDatabase, visitor: TheVisitor, session_id: FromPath[int]) -> Response[bytes]:
    """Signs out on one device, by its `device_number`."""
    with db.write() as session:
        end_session(session, visitor.person_id, session_id)
    note(request, "signed out elsewhere")
    return see_done(request, addresses.ACCOUNT, StepDone("You are signed out on that device", NOBODY_TOLD))


@post("/account/sessions/end", sync_to_thread=True, opt={**ANEW, **OWN})
def end_all(request: Asking, db: TheDatabase, now: TheTime, visitor: TheVisitor) -> Response[bytes]:
    """Signs out everywhere, here too."""
    with db.write() as session:
        end_sessions(session, visitor.person_id, now=now)
    note(request, "signed out everywhere")
    return _out(request)


@post("/sign-out", sync_to_thread=True)
def leave(request: Asking, db: TheDatabase) -> Response[bytes]:
    """Signs out here."""
    with db.write() as session:
        sign_out(session, cookie_of(request, SESSION))
    note(request, "signed out")
    return _out(request)


def _out(request: Asking) -> Response[bytes]:
    """To the door. What the browser has kept of this site goes, too; without https browsers take no such order."""
    set_cookie(request, SESSION, "", seconds=0)
    answer = see_other(addresses.SIGN_IN)
    if app_settings(request).is_https:
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def draw_account(request: Asking, db: Database, now: datetime, visitor: Visitor, **typed: FormState) -> Response[bytes]:
    """`typed`: a form as it was sent, where it was wrong: `name`, `address`, `reach`, `absence`, `notices`, `passkey`
    or `app`."""
    with db.read() as session:
        settings = settings_of(session, visitor.person_id)
        passkeys = passkeys_of(session, visitor.person_id)
        since, left = app_since(session, visitor.person_id), codes_left(session, visitor.person_id)
        devices = devices_of(session, visitor.person_id, now)
        own = own_sign_ins_shown(session, visitor)
        linked = {each.issuer for each in identities_of(session, visitor.person_id)} if own else set()
    notices = FormState(values={"notices": "digest" if settings.digest else "at_once"})
    reach = FormState(values={"phone": settings.phone, "reach": settings.reach})
    kept = {
        "reach": reach,
        "name": FormState(values={"name": visitor.name}),
        "address": FormState(),
        "notices": notices,
        "passkey": FormState(),
        "app": FormState(),
    }
    return page(
        request,
        "account/show.html",
        status=422 if typed else 200,
        name=visitor.name,
        email=visitor.email,
        signed_out_for=visitor.signed_out_for,
        is_own=visitor.is_own,
        demanding=visitor.demanding,
        places=[*_places_of(visitor, typed.get("absence"))],
        most_devices=MOST_SESSIONS,
        devices=[(device, device_words(device.agent)) for device in devices],
        device_here=device_number(visitor.session.nonce) if visitor.session else None,
        notice_choices=_NOTICE_CHOICES,
        app_since=since,
        codes_left=say_count(left, "code"),
        passkeys=passkeys,
        own_sign_ins=own,
        linked=linked,
        passkey=asked_to_make(request, session_party(request, visitor), visitor.person_id, passkeys),
        forms={**kept, **typed},
    )


def own_sign_ins_shown(session: Session, visitor: Visitor) -> list[OwnSignIn]:
    """Those of their organisations; where such a sign-in alone says who they are, those by which they came."""
    own = own_sign_ins(session, visitor.person_id)
    doors = visitor.session.doors if visitor.session else ()
    return [each for each in own if visitor.is_own or sso_door(each.organisation_id) in doors]


def _places_of(visitor: Visitor, typed: FormState | None) -> Iterator[AccountPlace]:
    """`typed`: the days away that were refused, for the place they were sent from."""
    for membership in visitor.viewer.memberships:
        arrangement = visitor.arrangements[membership.partnership_id]
        side = arrangement.organisations[membership.organisation_id]
        key, days = _place_key(membership), arrangement.people[visitor.person_id].absences.get(side.key)
        is_typed = typed is not None and typed.values.get("place", "") in ("", key)
        yield AccountPlace(
            key=key,
            organisation=side,
            partnership=arrangement.name,
            roles=listed(ROLE_WORDS[role] for role in Role if role in membership.roles),
            deputies=tuple(_deputies(arrangement, side.key, visitor.person_id)),
            absence=typed if typed and is_typed else FormState(values=days_away(days)),
        )


def _places_named(visitor: Visitor, place: str) -> list[int]:
    """The ids of the organisations of theirs that are meant."""
    mine = visitor.viewer.memberships
    return [each.organisation_id for each in mine if place in ("", _place_key(each))]


def _place_key(membership: Membership) -> str:
    return f"{membership.partnership_key}/{membership.organisation_key}"


def _deputies(arrangement: Arrangement, organisation: str, person_id: int) -> Iterator[str]:
    for body in arrangement.bodies.values():
        for seat in body.seats:
            if (seat.person_id, seat.organisation) == (person_id, organisation) and not body.retired:
                deputy = arrangement.people.get(seat.deputy_id or 0)
                yield f"{body.name}: {deputy.name if deputy else 'nobody acts for you'}"


routes = [show_account, keep_absence, keep_notices, end_one, end_all, leave]
