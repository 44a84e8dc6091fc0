"""The headers of every answer: what browsers may load, keep, frame and tell; and the cookies to set."""

from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from litestar.enums import ScopeType
from litestar.status_codes import HTTP_201_CREATED, HTTP_303_SEE_OTHER
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from tracker.pages.web.drafts import DRAFT, sent_cookie
from tracker.pages.web.request import COOKIES, FORM

# Images as data: are the base stylesheet's; nothing inline is ever run or styled.
CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
# Where an answer says nothing else: it is for this reader alone, and no copy of it stays anywhere.
UNLESS_SAID = {"Cache-Control": "no-store, private", "Vary": "HX-Request, HX-Target, Cookie, Accept-Encoding"}
BEHIND_TLS = {"Strict-Transport-Security": "max-age=31536000"}
# What was sent was done: the answer leads on, or says what was made where nothing else may say it.
TAKEN = (HTTP_201_CREATED, HTTP_303_SEE_OTHER)


def sending(*, is_https: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """What is done to each answer before it goes out, whatever it answers."""
    always = _raw({**EVERYWHERE, **(BEHIND_TLS if is_https else {})})
    otherwise = _raw(UNLESS_SAID)

    async def complete(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            said = {name.lower() for name, _ in headers}
            headers += [*always, *(each for each in otherwise if each[0] not in said)]
            cookies = [*scope["state"].get(COOKIES, ())]
            if message["status"] in TAKEN and (form := scope["state"].get(FORM)):
                cookies += filter(None, (sent_cookie(form.get(DRAFT), is_https=is_https),))
            headers += [(b"set-cookie", cookie.encode()) for cookie in cookies]
            message["headers"] = headers

    return complete


def answering_head(app: ASGIApp) -> ASGIApp:
    """The same application, which answers HEAD as it does GET: with every header, and without the body."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not message.get("more_body"):
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        await app(cast("Scope", {**scope, "method": "GET"}), receive, send_head)

    return answer


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
