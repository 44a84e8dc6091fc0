"""Forms that only our own pages can send: a token in each, and a look at where the browser says it comes from."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import cast
from urllib.parse import urlsplit

from litestar.handlers import BaseRouteHandler

from tracker.pages.asking import Asking, Connection, cookie_of, set_cookie, settings_of
from tracker.queries.visitors import SessionFacts
from tracker.rules.refusals import Refused

FIELD, HEADER = "csrf", "x-csrf-token"
DOOR = "tracker-door"  # the cookie of a browser that is not signed in yet
_SAFE = {"GET", "HEAD", "OPTIONS"}
_OWN_SITES = {"same-origin", "none"}  # none: the person's own doing, as when they send a form again


class StrangeForm(Refused):
    """A form that another site sent, or a page from before the person signed in (403). Nothing was done."""

    def __init__(self) -> None:
        super().__init__("This form was too old, or did not come from here. Go back, load the page anew and try again.")


def session_form_token(asking: Asking, session: SessionFacts) -> str:
    """What the forms of somebody signed in carry: the same all through the session, whichever turn its token is at."""
    return _signed(asking, f"session:{session.nonce}")


def door_form_token(asking: Asking) -> str:
    """What the forms before signing in carry; the browser is given a cookie to match."""
    door = cookie_of(asking, DOOR)
    if not door:
        door = secrets.token_urlsafe(24)
        set_cookie(asking, DOOR, door, seconds=None)
    return _signed(asking, f"door:{door}")


async def own_door_form(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of the pages before signing in: what is sent there came from there. Refuses with StrangeForm."""
    asking = cast("Asking", connection)
    door = cookie_of(asking, DOOR)
    await require_own_form(asking, _signed(asking, f"door:{door}") if door else "")


async def require_own_form(asking: Asking, token: str) -> None:
    """Refuses with StrangeForm whatever would change something and does not carry the token."""
    if asking.method in _SAFE:
        return
    if not _from_own_site(asking) or not token or not hmac.compare_digest(await _sent_token(asking), token.encode()):
        raise StrangeForm


def _from_own_site(asking: Asking) -> bool:
    site = asking.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITES
    origin = asking.headers.get("origin")
    if origin is None:  # an old browser, or no browser: the token alone decides
        return True
    return origin == settings_of(asking).base_url or urlsplit(origin).netloc == asking.headers.get("host")


async def _sent_token(asking: Asking) -> bytes:
    if sent := asking.headers.get(HEADER):
        return sent.encode()
    sent = (await asking.form()).get(FIELD)
    return sent.encode() if isinstance(sent, str) else b""


def _signed(asking: Asking, text: str) -> str:
    made = hmac.digest(settings_of(asking).key("forms"), text.encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")
