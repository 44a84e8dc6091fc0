"""A request, and what hangs on it: when it came, who asks, what htmx wants replaced, which cookies the answer sets."""

import re
from datetime import datetime
from typing import Any, TypeAlias, cast
from urllib.parse import SplitResult, urlsplit

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, FormMultiDict, State
from litestar.di import NamedDependency

from tracker.actions.people.providers.discovery import Providers
from tracker.actions.people.providers.keep_provider import TxtLookup
from tracker.database import Database
from tracker.queries.visitors import Visitor
from tracker.rules import addresses
from tracker.settings import Settings

Asking: TypeAlias = Request[Any, Any, State]
Connection: TypeAlias = ASGIConnection[Any, Any, Any, State]

# What the application gives a handler by name: `visitor`, `db` and `now`.
TheVisitor: TypeAlias = NamedDependency[Visitor]
TheDatabase: TypeAlias = NamedDependency[Database]
TheTime: TypeAlias = NamedDependency[datetime]

COOKIES = "tracker.cookies"  # in the request's state: what the answer sets; `headers` sends them
FORM = "tracker.form"  # likewise: what was sent
_NOW, _VISITOR = "tracker.now", "tracker.visitor"


def settings_of(request: Asking) -> Settings:
    return cast("Settings", request.app.state.settings)


def providers_of(request: Asking) -> Providers:
    """Those who sign in the people of organisations, to be asked."""
    return cast("Providers", request.app.state.providers)


def texts_at(request: Asking, name: str) -> tuple[str, ...]:
    """The texts that the DNS has for a name. Refuses with CannotLookUp."""
    return cast("TxtLookup", request.app.state.texts_at)(name)


def database_of(request: Asking) -> Database:
    return cast("Database", request.app.state.database)


def now_of(request: Asking) -> datetime:
    """What time it is: asked once for each request."""
    kept = request.scope["state"]
    if _NOW not in kept:
        kept[_NOW] = request.app.state.clock()
    return cast("datetime", kept[_NOW])


def visitor_in(request: Asking) -> Visitor | None:
    """Who asks, where a guard has found out; None on pages that are open to everybody."""
    return cast("Visitor | None", request.scope["state"].get(_VISITOR))


def take_visitor(request: Asking, visitor: Visitor) -> None:
    """Remembers who asks, for the rest of the request."""
    request.scope["state"][_VISITOR] = visitor


async def keep_form(request: Asking) -> None:
    """Remembers what was sent, for whoever will say that it could not be taken."""
    if request.method == "POST":
        take_form(request, await request.form())


def take_form(request: Asking, form: FormMultiDict) -> None:
    request.scope["state"][FORM] = form


def kept_form(request: Asking) -> FormMultiDict | None:
    """What was sent, where it was read before it was refused; None of what only asks."""
    return cast("FormMultiDict | None", request.scope["state"].get(FORM))


def is_htmx(request: Asking) -> bool:
    """Whether htmx asks, for a part of a page; after "back" it asks for whole pages."""
    headers = request.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def htmx_target(request: Asking) -> str:
    """The id of the element htmx will replace, "" for none. The header reads `tag#id`."""
    return request.headers.get("hx-target", "").partition("#")[2] if is_htmx(request) else ""


def cookie_of(request: Asking, name: str) -> str:
    """A cookie of ours, "" when the browser has none."""
    return request.cookies.get(_full(request, name), "")


def set_cookie(request: Asking, name: str, value: str, *, seconds: int | None) -> None:
    """The answer sets this cookie, for so long or until the browser is closed; 0 seconds takes it away."""
    cookie = Cookie(
        key=_full(request, name),
        value=value,
        max_age=seconds,
        path="/",
        secure=settings_of(request).is_https,
        httponly=True,
        samesite="lax",
    )
    request.scope["state"].setdefault(COOKIES, []).append(cookie.to_header(header=""))


def _full(request: Asking, name: str) -> str:
    """With https, a name that browsers take only from this very host, over https, for the whole site."""
    return f"__Host-{name}" if settings_of(request).is_https else name


def see_other(address: str) -> Response[bytes]:
    """Done: look here (303)."""
    return Response(b"", status_code=303, headers={"Location": address})


_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST = 2_000
_DOORS = (addresses.SIGN_IN, addresses.SIGN_OUT)


def local_address(text: str) -> str:
    """The text if it is a path on this site, else "/": `//host`, `/\\host`, whole addresses and odd characters are not.

    The door itself is no place to go back to either.
    """
    is_local = len(text) <= _LONGEST and _LOCAL.fullmatch(text) and not text.startswith(_DOORS)
    return text if is_local else "/"


def parts_of(address: str) -> SplitResult:
    """The parts of an address that somebody sent; of what cannot be read as one, none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def sign_in_address(back: str) -> str:
    """The door, and where to go from there."""
    wanted = local_address(back)
    return addresses.sign_in(wanted)
