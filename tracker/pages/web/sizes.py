"""How much may be sent: measured before it is read, so that no answer costs more than what was asked is long."""

import re
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from litestar import Request
from litestar.datastructures import FormMultiDict, State
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Empty, HTTPScope, Receive, Scope, Send

from tracker.pages.web.errors import TooMuch, show_http_error, show_refusal
from tracker.pages.web.request import Asking, take_form, visitor_in

LARGEST_BODY = 1024 * 1024  # bytes of anything
LARGEST_FORM = 384 * 1024  # bytes: three texts of the longest kind in any script, each letter written as %E0%A4%95
MOST_FIELDS = 1_000
MOST_PARTS = 100  # of a form with a file
LONGEST_ADDRESS = 8 * 1024  # bytes, with what is asked in it
LARGEST_HEAD = 64 * 1024  # bytes of all headers

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_MOST_BROKEN = 1_000  # no browser sends one; each costs fifty times as much as a letter
_HOST = re.compile(r"[\w.-]*(?::[0-9]{0,5})?|\[[0-9A-Fa-f:.]{2,45}\](?::[0-9]{0,5})?")

_TOO_LARGE = f"A form may have {LARGEST_FORM // 1024} kB. Shorten what is written in it and send it again."
_TOO_MANY = f"A form may have {MOST_FIELDS:,} fields, with a file {MOST_PARTS}; this one had more."
_TOO_LONG = f"An address may have {LONGEST_ADDRESS // 1024} kB, with all that is asked in it; this one had more."


class MeasuredRequest(Request[Any, Any, State]):
    """A request whose form is measured before it is taken apart. Refuses with TooMuch."""

    async def form(self) -> FormMultiDict:
        """The form's fields; empty for anything that is no form."""
        if self._form is Empty:
            try:
                self._form = await self._measured()
            except TooMuch:
                await self._keep_for_its_writer()
                raise
        return self._form

    async def _keep_for_its_writer(self) -> None:
        """What somebody signed in wrote too much of is given back to be shortened; nothing else is done with it."""
        is_of_fields = self.content_type[0] == RequestEncodingType.URL_ENCODED
        if is_of_fields and visitor_in(self) and (self.content_length or 0) <= LARGEST_BODY:
            sent = b"&".join((await self.body()).split(b"&", MOST_FIELDS)[:MOST_FIELDS])
            take_form(self, FormMultiDict(parse_qsl(sent.decode(errors="replace"), keep_blank_values=True)))

    async def _measured(self) -> FormMultiDict:
        kind, _ = self.content_type
        if kind == RequestEncodingType.URL_ENCODED:
            return await self._fields()
        try:
            return await super().form()
        except ClientException as wrong:  # the framework says so of too many parts, as of what cannot be read at all
            raise (TooMuch(_TOO_MANY) if "Too Large" in wrong.detail else wrong) from wrong

    async def _fields(self) -> FormMultiDict:
        if (self.content_length or 0) > LARGEST_FORM or len(await self.body()) > LARGEST_FORM:
            raise TooMuch(_TOO_LARGE)
        if len(_BROKEN_ESCAPE.split(await self.body(), _MOST_BROKEN)) > _MOST_BROKEN:
            raise ClientException
        sent = (await self.body()).decode(errors="replace")
        try:
            return FormMultiDict(parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            raise TooMuch(_TOO_MANY) from None


def measured(app: ASGIApp) -> ASGIApp:
    """The same application, which looks at no address and no headers that are longer than any of ours, and at nothing
    that was sent to what can be no host."""

    async def measure(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not (_is_too_long(scope) or _is_nowhere(scope)):
            await app(scope, receive, send)
            return
        cut = cast("Scope", {**scope, "path": "/", "raw_path": b"/", "query_string": b"", "headers": []})
        request = Asking(cut, receive, send)
        too_long = _is_too_long(scope)
        answer = show_refusal(request, TooMuch(_TOO_LONG)) if too_long else show_http_error(request, ClientException())
        await answer.to_asgi_response(None, request)(cut, receive, send)

    return measure


def _is_too_long(scope: HTTPScope) -> bool:
    head = sum(len(name) + len(value) for name, value in scope["headers"])
    address = len(scope["path"]) + len(scope["query_string"])
    return address > LONGEST_ADDRESS or head > LARGEST_HEAD


def _is_nowhere(scope: HTTPScope) -> bool:
    """Whether it names a host from which no address can be made, or several: a proxy may have gone by another one."""
    host, *others = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"] or [""]
    if others:
        return True
    try:
        _ = urlsplit(f"//{host}").port
    except ValueError:
        return True
    return not _HOST.fullmatch(host)
