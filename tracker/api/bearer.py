"""Who asks by a program: an organisation, by one of its tokens, as `Authorization: Bearer` has it (RFC 6750)."""

from datetime import datetime
from typing import Any, TypeAlias, cast

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from tracker.actions.people.keep_token import is_use_noted, note_use
from tracker.actions.throttle import attempt
from tracker.database import Database
from tracker.queries.administration.tokens import Bearer, bearer_by_token
from tracker.rules.refusals import MayNot, Refused
from tracker.rules.rings import TokenScope
from tracker.rules.rings.directory import CALLS_WINDOW, MOST_CALLS

Call: TypeAlias = Request[Any, Any, State]
Connection: TypeAlias = ASGIConnection[Any, Any, Any, State]
_BEARER = "tracker.bearer"
_LONGEST = 200  # letters
_FOR_ELSE = {
    TokenScope.READ: "This token is for the directory of your organisation, and reads nothing.",
    TokenScope.DIRECTORY: "This token is for reading, and not for the directory of your organisation.",
}


class NoBearer(Refused):
    """No token came with it, or none that is good (401)."""


async def bears_token(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: refuses with NoBearer, and with MayNot a token that is for something else."""
    await _let_in(connection, TokenScope.READ)


async def bears_directory_token(connection: Connection, _: BaseRouteHandler) -> None:
    """The same for the directory of an organisation. Refuses with TooOften, too."""
    bearer = await _let_in(connection, TokenScope.DIRECTORY)
    await sync_to_thread(_count_call, connection, bearer)


def the_bearer(request: Call) -> Bearer:
    """The dependency `bearer`: whoever the guard let in."""
    return cast("Bearer", request.scope["state"][_BEARER])


def bearer_in(request: Call) -> Bearer | None:
    """Whoever the guard let in; None where it did not."""
    return cast("Bearer | None", request.scope["state"].get(_BEARER))


async def _let_in(connection: Connection, scope: TokenScope) -> Bearer:
    token = _token_in(connection.headers.get("authorization", ""))
    bearer = await sync_to_thread(_bearer_of, connection, token)
    if bearer.scope is not scope:
        raise MayNot(_FOR_ELSE[scope])
    connection.scope["state"][_BEARER] = bearer
    return bearer


def _count_call(connection: Connection, bearer: Bearer) -> None:
    """Where nothing can be written just now, it is not counted."""
    state = connection.app.state
    db, now, whose = cast("Database", state.database), cast("datetime", state.clock()), str(bearer.token_id)
    db.write_in_passing(
        lambda session: attempt(session, "directory", whose, most=MOST_CALLS, window=CALLS_WINDOW, now=now)
    )


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
