"""What the server notes of each request: a line in the log and figures for /metrics; never what was sent in it."""

import re
from time import perf_counter
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram
from sqlalchemy import event
from structlog import get_logger
from structlog.contextvars import bound_contextvars

from tracker.database import Database

REQUESTS = Counter("tracker_requests", "Requests answered.", ["method", "path", "status"])
SECONDS = Histogram(
    "tracker_request_seconds",
    "How long an answer took.",
    ["path"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
STATEMENTS = Counter("tracker_statements", "Statements sent to the database by web processes.")
FAILURES = Counter("tracker_failures", "Requests that were refused or failed, by the class of the exception.", ["kind"])
_QUIET = ("/static/", "/health/", "/metrics", "/favicon.ico")
_NOWHERE = "(nowhere)"  # addresses that are none: as they were asked for, they could be anything, and endless

_TRACEPARENT = re.compile(rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_TRACEPARENT_BYTES = 200  # 55 in version 00; later ones may add to it

log = get_logger("tracker.web")


def watched(app: ASGIApp) -> ASGIApp:
    """The same application, with each request noted when it has been answered.

    Addresses are noted as their patterns (`/sign-in/{token}`): what stands in their place may be secret. Lines of the
    log that are written meanwhile bear the trace id of whoever asked, where they sent one.
    """

    async def watch(scope: Scope, receive: Receive, send: Send) -> None:
        began, status = perf_counter(), 500

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        trace_id = trace_id_in(scope)
        with bound_contextvars(**({"trace_id": trace_id} if trace_id else {})):
            try:
                await app(scope, receive, note_status)
            finally:
                _note(scope, status, perf_counter() - began)

    return watch


def trace_id_in(scope: Scope) -> str:
    """The trace id (32 hex digits) of a `traceparent` as W3C Trace Context has it; "" where there is none, several or
    a malformed one. Anybody may make one up: it says what belongs together, and proves nothing."""
    sent = [value for name, value in scope.get("headers", ()) if name == b"traceparent"]
    if len(sent) != 1 or len(sent[0]) > _TRACEPARENT_BYTES:
        return ""
    read = _TRACEPARENT.fullmatch(sent[0])
    if not read or (read[1] == b"00" and read[3]):
        return ""
    return read[2].decode()


def count_statements(db: Database) -> None:
    """From now on what is sent to this database is counted."""
    event.listen(db.engine, "before_cursor_execute", _count_statement)


def _count_statement(*_: Any) -> None:
    STATEMENTS.inc()


async def count_failure(failure: Exception, _: Scope) -> None:
    """A hook of the application: what goes wrong with a request, whichever page says so."""
    FAILURES.labels(type(failure).__name__).inc()


def _note(scope: Scope, status: int, seconds: float) -> None:
    path, method = scope.get("path_template") or _NOWHERE, str(scope.get("method", scope["type"]))
    REQUESTS.labels(method, path, status).inc()
    SECONDS.labels(path).observe(seconds)
    if not path.startswith(_QUIET):
        log.info("answered", method=method, path=path, status=status, ms=round(seconds * 1000, 1))
