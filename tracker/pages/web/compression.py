"""Answers made small for whoever takes gzip: pages and texts as they go out, no two of one page of the same length.

No secret stands in a page unmasked (`csrf.covered`), for from the length of what repeats it could be guessed; a name of
random length in the head of each makes the rest of the guessing long.
"""

import secrets
from collections.abc import Iterable
from gzip import GzipFile
from io import BytesIO
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

LEAST = 600  # bytes; what is shorter fits into one packet as it is
LONGEST_NAME = 64  # bytes
_LEVEL = 3  # a page of 40 kB in 0.4 ms; the default makes it a tenth smaller in twice that
_TEXTS = (b"text/", b"application/json", b"application/problem+json", b"application/toml")
_CHANGED = {b"content-length", b"content-encoding"}


def compressing(app: ASGIApp) -> ASGIApp:
    """The same application, whose texts are sent as gzip to whoever takes that; a long one piece by piece, as it is
    made."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        takes = scope["type"] == ScopeType.HTTP and _takes_gzip(scope["headers"])
        await app(scope, receive, _Compressed(send).send if takes else send)

    return answer


class _Compressed:
    """One answer on its way out."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Any = None  # until the first piece of the body says how long it is
        self._gzip: GzipFile | None = None
        self._out = BytesIO()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            await self._send_piece(message.get("body", b""), more=message.get("more_body", False))
        else:
            await self._send(message)

    async def _send_piece(self, piece: bytes, *, more: bool) -> None:
        start, self._start = self._start, None
        if start and _is_text(start["headers"]) and (more or len(piece) >= LEAST):
            name = "-" * (1 + secrets.randbelow(LONGEST_NAME))
            self._gzip = GzipFile(name, "wb", _LEVEL, self._out, mtime=0)
        if self._gzip:
            piece = self._compressed(piece, self._gzip, more=more)
        if start and self._gzip:
            length = () if more else ((b"content-length", str(len(piece)).encode()),)
            kept = (each for each in start["headers"] if each[0].lower() not in _CHANGED)
            start = {**start, "headers": [*kept, (b"content-encoding", b"gzip"), *length]}
        if start:
            await self._send(start)
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    def _compressed(self, piece: bytes, gzip: GzipFile, *, more: bool) -> bytes:
        gzip.write(piece)
        if not more:
            gzip.close()
        made = self._out.getvalue()
        self._out.seek(0)
        self._out.truncate()
        return made


def _takes_gzip(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    asked = b",".join(value for name, value in headers if name == b"accept-encoding").lower().replace(b" ", b"")
    return any(each in {b"gzip", b"x-gzip"} or _is_wanted(each) for each in asked.split(b","))


def _is_wanted(coding: bytes) -> bool:
    """Of `gzip;q=0.8`: q=0 is a no."""
    name, _, quality = coding.partition(b";q=")
    return name == b"gzip" and quality.strip(b"0.") != b""


def _is_text(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    said = {name.lower(): value for name, value in headers}
    return b"content-encoding" not in said and said.get(b"content-type", b"").startswith(_TEXTS)
