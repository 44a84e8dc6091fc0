"""Who asks by a program: an organisation, by one of its tokens, as `Authorization: Bearer` has it (RFC 6750)."""

from datetime import datetime
from typing import Any, TypeAlias, cast

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from tracker.actions.people.keep_token import is_use_noted, note_use
from tracker.database import Database
from tracker.queries.administration.tokens import Bearer, bearer_by_token
from tracker.rules.refusals import Refused

Call: TypeAlias = Request[Any, Any, State]
Connection: TypeAlias = ASGIConnection[Any, Any, Any, State]
_BEARER = "tracker.bearer"
_LONGEST = 200  # letters


class NoBearer(Refused):
    """No token came with it, or none that is good (401)."""


async def bears_token(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: refuses with NoBearer."""
    token = _token_in(connection.headers.get("authorization", ""))
    bearer = await sync_to_thread(_bearer_of, connection, token)
    connection.scope["state"][_BEARER] = bearer


def the_bearer(request: Call) -> Bearer:
    """The dependency `bearer`: whoever the guard let in."""
    return cast("Bearer", request.scope["state"][_BEARER])


def _token_in(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if not header:
        raise NoBearer("Send a token of your organisation, as in: Authorization: Bearer tracker_…")
    if scheme.lower() != "bearer" or not token.strip() or len(token) > _LONGEST:
        raise NoBearer("The header Authorization is read as: Bearer, a space, and a token.")
    return token.strip()


def _bearer_of(connection: Connection, token: str) -> Bearer:
    state = connection.app.state
    db, now = cast("Database", state.database), cast("datetime", state.clock())
    with db.read() as session:
        bearer = bearer_by_token(session, token)
    if bearer is None:
        raise NoBearer("This token is none, or was revoked. A lead of your organisation makes another.")
    if not is_use_noted(bearer, now):
        db.write_in_passing(lambda session: note_use(session, bearer, now))
    return bearer
