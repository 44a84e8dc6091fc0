"""How much may be sent: measured before it is read, so that no answer costs more than what was asked is long."""

from typing import Any, cast
from urllib.parse import parse_qsl

from litestar import Request
from litestar.datastructures import FormMultiDict, State
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Empty, HTTPScope, Receive, Scope, Send

from tracker.pages.web.errors import TooMuch, show_refusal
from tracker.pages.web.request import Asking

LARGEST_BODY = 1024 * 1024  # bytes of anything
LARGEST_FORM = 384 * 1024  # bytes: three texts of the longest kind in any script, each letter written as %E0%A4%95
MOST_FIELDS = 1_000
MOST_PARTS = 100  # of a form with a file
LONGEST_ADDRESS = 8 * 1024  # bytes, with what is asked in it
LARGEST_HEAD = 64 * 1024  # bytes of all headers

_TOO_LARGE = f"A form may have {LARGEST_FORM // 1024} kB. Shorten what is written in it and send it again."
_TOO_MANY = f"A form may have {MOST_FIELDS:,} fields, with a file {MOST_PARTS}; this one had more."
_TOO_LONG = f"An address may have {LONGEST_ADDRESS // 1024} kB, with all that is asked in it; this one had more."


class MeasuredRequest(Request[Any, Any, State]):
    """A request whose form is measured before it is taken apart. Refuses with TooMuch."""

    async def form(self) -> FormMultiDict:
        """The form's fields; empty for anything that is no form."""
        if self._form is Empty:
            self._form = await self._measured()
        return self._form

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
        sent = (await self.body()).decode(errors="replace")
        try:
            return FormMultiDict(parse_qsl(sent, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            raise TooMuch(_TOO_MANY) from None


def measured(app: ASGIApp) -> ASGIApp:
    """The same application, which looks at no address and no headers that are longer than any of ours."""

    async def measure(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or not _is_too_long(scope):
            await app(scope, receive, send)
            return
        cut = cast("Scope", {**scope, "path": "/", "raw_path": b"/", "query_string": b"", "headers": []})
        request = Asking(cut, receive, send)
        answer = show_refusal(request, TooMuch(_TOO_LONG))
        await answer.to_asgi_response(None, request)(cut, receive, send)

    return measure


def _is_too_long(scope: HTTPScope) -> bool:
    head = sum(len(name) + len(value) for name, value in scope["headers"])
    address = len(scope["path"]) + len(scope["query_string"])
    return address > LONGEST_ADDRESS or head > LARGEST_HEAD
