"""Who is asking. Nobody but a signed-in person gets further than the pages before the door."""

import re
from datetime import datetime
from typing import Any, cast

from litestar.concurrency import sync_to_thread
from litestar.handlers import BaseRouteHandler
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from tracker.actions.people.keep_session import (
    begin_session,
    go_on_through,
    keep_session,
    needs_keeping,
    newer_token,
    note_here,
)
from tracker.pages.web.audit import network_of
from tracker.pages.web.csrf import own_form
from tracker.pages.web.request import (
    Asking,
    Connection,
    cookie_of,
    database_of,
    keep_form,
    local_address,
    now_of,
    parts_of,
    set_cookie,
    settings_of,
    sign_in_address,
    take_visitor,
    visitor_in,
)
from tracker.queries.visitors import SessionFacts, Visitor, visitor_by_token, why_ended
from tracker.records.session import SESSION_KEY, SESSION_LIVES
from tracker.rules import addresses
from tracker.rules.refusals import Refused
from tracker.rules.rings.doors import is_own

__all__ = [
    "ANEW",
    "MEETS",
    "OWN",
    "SESSION",
    "DemandUnmet",
    "NotConfirmed",
    "SignedOut",
    "Visitor",
    "begin",
    "go_on",
    "remember",
    "signed_in",
    "the_visitor",
    "where_from",
    "who_asks",
    "why_signed_out",
]

SESSION = "tracker"  # the cookie
ANEW: dict[str, Any] = {"anew": True}  # the mark (`opt`) of a handler that touches others
MEETS: dict[str, Any] = {"meets": True}  # that of one by which somebody does what an organisation demands
OWN: dict[str, Any] = {"own": True}  # that of one that is for the person alone, whatever their organisations say


class SignedOut(Refused):
    """Nobody is signed in. `back` is the local address to return to afterwards; `had_session`: the browser brought a
    session that is none, or none any more; `left`: of what its person is no more, and who recorded that."""

    def __init__(self, back: str, *, had_session: bool = False, left: tuple[str, str] | None = None) -> None:
        super().__init__("You are not signed in, or not any more.")
        self.back = back
        self.had_session = had_session
        self.left = left

    @property
    def way_in(self) -> str:
        """The door, and from there back."""
        return sign_in_address(self.back)


class CodeWanted(SignedOut):
    """Whoever came by a link has an app that shows codes, and has given none yet."""

    @property
    def way_in(self) -> str:
        return addresses.code_asked(local_address(self.back))


class NotConfirmed(Refused):
    """What touches others waits until whoever asks has shown anew who they are (`rules/rings/doors`); so does what is
    their `own`, until they have shown it themselves."""

    def __init__(self, *, own: bool = False) -> None:
        super().__init__("Confirm first that it is you.")
        self.own = own


class DemandUnmet(Refused):
    """Nothing of theirs counts in this session before they have done what their organisations demand."""

    def __init__(self) -> None:
        super().__init__("Your organisation asks for more than a link.")


async def signed_in(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard: refuses with SignedOut, with StrangeForm what their own pages did not send, with DemandUnmet what is not
    marked `MEETS` where no place of theirs counts, and with NotConfirmed what is marked `ANEW` or `OWN`."""
    asking = cast("Asking", connection)
    try:
        visitor = await sync_to_thread(who_asks, asking)
    except SQLAlchemyError:
        await keep_form(asking)
        raise
    if visitor is None or visitor.session is None:
        await keep_form(asking)
        left = await sync_to_thread(why_signed_out, asking)
        raise SignedOut(where_from(asking), had_session=bool(cookie_of(asking, SESSION)), left=left)
    if visitor.awaits_code:
        await keep_form(asking)
        raise CodeWanted(where_from(asking))
    take_visitor(asking, visitor)
    await keep_form(asking)
    await own_form(asking, visitor.session)
    if not visitor.sides and not handler.opt.get("meets"):
        raise DemandUnmet
    if handler.opt.get("anew") and not visitor.session.is_confirmed_anew(now_of(asking)):
        raise NotConfirmed
    if handler.opt.get("own") and not is_own(visitor.session.doors):
        raise NotConfirmed(own=True)


def the_visitor(request: Asking) -> Visitor:
    """The dependency `visitor`: whoever the guard let in."""
    visitor = visitor_in(request)
    if visitor is None:
        raise SignedOut("/")
    return visitor


def remember(asking: Asking, token: str) -> None:
    """Gives the browser its session token."""
    set_cookie(asking, SESSION, token, seconds=int(SESSION_LIVES.total_seconds()))


def begin(asking: Asking, sitting: Session, person_id: int, door: str, *, proved_at: datetime | None = None) -> None:
    """Somebody came through this door: whatever token their browser brought along, it gets one that nobody has seen.
    `proved_at`: when they did what it takes, where that was not just now."""
    key, before = settings_of(asking).key(SESSION_KEY), cookie_of(asking, SESSION)
    words = {"agent": asking.headers.get("user-agent", ""), "place": network_of(asking)}
    now = now_of(asking)
    token = begin_session(sitting, person_id, door, now=now, key=key, instead_of=before, proved_at=proved_at, **words)
    remember(asking, token)


def go_on(asking: Asking, sitting: Session, person_id: int, door: str, *, proved_at: datetime | None = None) -> None:
    """Somebody signed in came through one more door. Refuses with SignedOut where their session ended meanwhile."""
    key, token = settings_of(asking).key(SESSION_KEY), cookie_of(asking, SESSION)
    place = network_of(asking)
    newer = go_on_through(
        sitting, person_id, door, now=now_of(asking), key=key, token=token, place=place, proved_at=proved_at
    )
    if newer is None:
        raise SignedOut("/", had_session=True)
    remember(asking, newer)


def why_signed_out(asking: Asking) -> tuple[str, str] | None:
    """Where the session of this browser ended with a membership: (of which organisation, who recorded that)."""
    token = cookie_of(asking, SESSION)
    if not token:
        return None
    with database_of(asking).read() as session:
        return why_ended(session, token)


def who_asks(asking: Asking) -> Visitor | None:
    """Whoever is signed in in this browser; None if nobody is."""
    token = cookie_of(asking, SESSION)
    if not token:
        return None
    with database_of(asking).read() as session:
        visitor = visitor_by_token(session, token, now_of(asking))
    if visitor and visitor.session:
        _keep(asking, visitor, visitor.session)
    return visitor


def _keep(asking: Asking, visitor: Visitor, facts: SessionFacts) -> None:
    """Where nothing can be written just now, the next page does it: who only looks is not to wait for that."""
    now, key, db = now_of(asking), settings_of(asking).key(SESSION_KEY), database_of(asking)
    if needs_keeping(facts, now):

        def write(session: Session) -> None:
            keep_session(session, facts, now=now, key=key, place=network_of(asking))
            note_here(session, visitor.person_id, _partnerships_shown(asking, visitor), now=now)

        if not db.write_in_passing(write):
            return
    if token := newer_token(facts, now=now, key=key):
        remember(asking, token)


def _partnerships_shown(asking: Asking, visitor: Visitor) -> list[int]:
    """The ids of those that a page is about: one's only one, or the one that its address names."""
    named = re.split("[/-]", asking.url.path)
    mine = visitor.arrangements
    return [each for each, agreed in mine.items() if len(mine) == 1 or agreed.key in named]


def where_from(asking: Asking) -> str:
    """Where they wanted to go; after a form, or a part of a page, the page it was on."""
    whole_page = asking.method == "GET" and not asking.headers.get("hx-request")
    asked = str(asking.url) if whole_page else asking.headers.get("hx-current-url", asking.headers.get("referer", "/"))
    return parts_of(asked)._replace(scheme="", netloc="", fragment="").geturl() or "/"
