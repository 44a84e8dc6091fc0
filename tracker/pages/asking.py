"""A request, and what hangs on it: when it came, who asks, what htmx wants replaced, which cookies the answer sets."""

from datetime import datetime
from typing import Any, TypeAlias, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State

from tracker.database import Database
from tracker.queries.visitors import Visitor
from tracker.settings import Settings

Asking: TypeAlias = Request[Any, Any, State]
Connection: TypeAlias = ASGIConnection[Any, Any, Any, State]

COOKIES = "tracker.cookies"  # in the request's state: what the answer sets; `headers` sends them
_NOW, _VISITOR = "tracker.now", "tracker.visitor"


def settings_of(asking: Asking) -> Settings:
    return cast("Settings", asking.app.state.settings)


def database_of(asking: Asking) -> Database:
    return cast("Database", asking.app.state.database)


def now_of(asking: Asking) -> datetime:
    """What time it is: asked once for each request."""
    kept = asking.scope["state"]
    if _NOW not in kept:
        kept[_NOW] = asking.app.state.clock()
    return cast("datetime", kept[_NOW])


def visitor_in(asking: Asking) -> Visitor | None:
    """Who asks, where a guard has found out; None on pages that are open to everybody."""
    return cast("Visitor | None", asking.scope["state"].get(_VISITOR))


def take_visitor(asking: Asking, visitor: Visitor) -> None:
    """Remembers who asks, for the rest of the request."""
    asking.scope["state"][_VISITOR] = visitor


def is_htmx(asking: Asking) -> bool:
    """Whether htmx asks, for a part of a page; after "back" it asks for whole pages."""
    headers = asking.headers
    return headers.get("hx-request") == "true" and headers.get("hx-history-restore-request") != "true"


def htmx_target(asking: Asking) -> str:
    """The id of the element htmx will replace, "" for none. The header reads `tag#id`."""
    return asking.headers.get("hx-target", "").partition("#")[2] if is_htmx(asking) else ""


def cookie_of(asking: Asking, name: str) -> str:
    """A cookie of ours, "" when the browser has none."""
    return asking.cookies.get(_full(asking, name), "")


def set_cookie(asking: Asking, name: str, value: str, *, seconds: int | None) -> None:
    """The answer sets this cookie, for so long or until the browser is closed; 0 seconds takes it away."""
    cookie = Cookie(
        key=_full(asking, name),
        value=value,
        max_age=seconds,
        path="/",
        secure=settings_of(asking).is_https,
        httponly=True,
        samesite="lax",
    )
    asking.scope["state"].setdefault(COOKIES, []).append(cookie.to_header(header=""))


def _full(asking: Asking, name: str) -> str:
    """With https, a name that browsers take only from this very host, over https, for the whole site."""
    return f"__Host-{name}" if settings_of(asking).is_https else name
