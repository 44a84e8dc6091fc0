"""Forms that only our own pages can send: a token in each that tells whose it is, and a look at where it comes from."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import cast

from litestar.handlers import BaseRouteHandler

from tracker.pages.web.request import (
    Asking,
    Connection,
    cookie_of,
    keep_form,
    kept_form,
    parts_of,
    set_cookie,
    settings_of,
)
from tracker.queries.visitors import SessionFacts
from tracker.rules.refusals import Refused

FIELD, HEADER = "csrf", "x-csrf-token"
DOOR = "tracker-door"  # the cookie of a browser that is not signed in yet
_GIVEN = "tracker.door"  # in the request's state: the cookie that it has or is given
_SAFE = {"GET", "HEAD", "OPTIONS"}
_SECRET, _MARK = 32, 16  # bytes of a token: what makes it good, and whose form it is in
_OWN_SITES = {"same-origin", "none"}  # none: the person's own doing, as when they send a form again


class StrangeForm(Refused):
    """A form that another site sent, or a page from before the person signed in (403). Nothing was done."""

    def __init__(self) -> None:
        super().__init__("This form was too old, or did not come from here. Go back, load the page anew and try again.")


def session_form_token(asking: Asking, session: SessionFacts, person_id: int) -> str:
    """What the forms of somebody signed in carry; good all through the session, whichever turn its token is at. Whose
    it is can be told by it when the session is long over."""
    return covered(_session_secret(asking, session) + mark_of(asking, person_id))


def door_form_token(asking: Asking) -> str:
    """What the forms before signing in carry; the browser is given a cookie to match."""
    return covered(_door_secret(asking, browser_at_the_door(asking)))


def browser_at_the_door(asking: Asking) -> str:
    """What a browser before signing in brings along, or is given now: no other one has it."""
    state = asking.scope["state"]
    if _GIVEN not in state:
        state[_GIVEN] = cookie_of(asking, DOOR)
        if not state[_GIVEN]:
            state[_GIVEN] = secrets.token_urlsafe(24)
            set_cookie(asking, DOOR, state[_GIVEN], seconds=None)
    return cast("str", state[_GIVEN])


async def own_door_form(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of the pages before signing in: what is sent there came from there. Refuses with StrangeForm."""
    asking = cast("Asking", connection)
    door = cookie_of(asking, DOOR)
    await _require(asking, _door_secret(asking, door) if door else b"")
    await keep_form(asking)


async def own_form(asking: Asking, session: SessionFacts) -> None:
    """Refuses with StrangeForm whatever would change something and does not carry the session's token."""
    await _require(asking, _session_secret(asking, session))


def mark_of(asking: Asking, person_id: int) -> bytes:
    """By which a form is known to be this person's, whatever the session; nobody else is ever given it."""
    return hmac.digest(settings_of(asking).key("whose form"), str(person_id).encode(), "sha256")[:_MARK]


def mark_in(asking: Asking) -> bytes:
    """Of whose form it is that was sent and kept; empty where it does not say."""
    mark = _uncovered(_token_in(asking))[_SECRET:]
    return mark if len(mark) == _MARK else b""


def is_of_the_door(asking: Asking) -> bool:
    """Whether what was sent and kept is a good form of the pages before signing in."""
    door = cookie_of(asking, DOOR)
    return bool(door) and _is_good(asking, _token_in(asking), _door_secret(asking, door))


async def _require(asking: Asking, secret: bytes) -> None:
    if asking.method not in _SAFE and not _is_good(asking, await _sent_token(asking), secret):
        raise StrangeForm


def _is_good(asking: Asking, token: str, secret: bytes) -> bool:
    return from_own_site(asking) and bool(secret) and hmac.compare_digest(_uncovered(token)[:_SECRET], secret)


def from_own_site(asking: Asking) -> bool:
    site = asking.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = asking.headers.get("origin")
    if origin is None:  # an old browser, or no browser: the token alone decides
        return True
    return origin == settings_of(asking).base_url or parts_of(origin).netloc == asking.headers.get("host")


async def _sent_token(asking: Asking) -> str:
    sent = asking.headers.get(HEADER) or (await asking.form()).get(FIELD)
    return sent if isinstance(sent, str) else ""


def _token_in(asking: Asking) -> str:
    form = kept_form(asking)
    sent = asking.headers.get(HEADER) or (form.get(FIELD) if form else "")
    return sent if isinstance(sent, str) else ""


def _session_secret(asking: Asking, session: SessionFacts) -> bytes:
    return hmac.digest(settings_of(asking).key("forms"), f"session:{session.nonce}".encode(), "sha256")


def _door_secret(asking: Asking, door: str) -> bytes:
    return hmac.digest(settings_of(asking).key("forms"), f"door:{door}".encode(), "sha256")


def covered(secret: bytes) -> str:
    """Different on every page: a proxy compresses pages, and the size of what repeats in them could be measured."""
    cover = secrets.token_bytes(len(secret))
    return urlsafe_b64encode(cover + _xor(cover, secret)).decode()


def _uncovered(token: str) -> bytes:
    try:
        sent = urlsafe_b64decode(token)
    except ValueError:
        return b""
    half = len(sent) // 2
    return _xor(sent[:half], sent[half:])


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
