"""Refusals and faults in the form of SCIM (RFC 7644, 3.12)."""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from pydantic import ValidationError
from scim2_models import Error, SCIMException
from sqlalchemy.exc import DataError

from tracker.actions.throttle import TooOften
from tracker.api import problems
from tracker.api.bearer import Call, NoBearer
from tracker.api.directory.call import SCIM
from tracker.exchange.directory.users import first_error
from tracker.rules.refusals import MayNot, NotThere, Refused, WrongInput

_log = structlog.get_logger("tracker.api")
_BUSY = "60"  # seconds


def say_refusal(call: Call, refusal: Refused) -> Response[bytes]:
    """The refusal's own words say why."""
    status, keyword = problems.status_of(refusal), "invalidValue" if isinstance(refusal, WrongInput) else ""
    if isinstance(refusal, NoBearer | NotThere | MayNot | TooOften):
        problems.note_refusal(call, refusal, status)
    answer = _error(400 if keyword else status, str(refusal), keyword)
    if isinstance(refusal, TooOften):
        answer.headers["Retry-After"] = str(max(1, int((refusal.again_at - call.app.state.clock()).total_seconds())))
    if isinstance(refusal, NoBearer):
        answer.headers["WWW-Authenticate"] = problems.CHALLENGE
    return answer


def say_scim(_: Call, refusal: SCIMException) -> Response[bytes]:
    """What the standard has a word for."""
    return _error(refusal.status, str(refusal), refusal.scim_type)


def say_invalid(_: Call, wrong: ValidationError) -> Response[bytes]:
    """What does not fit what a user is."""
    said: Any = Error.from_validation_error(first_error(wrong))
    return _error(int(said.status), str(said.detail), said.scim_type or "")


def say_http_error(call: Call, error: HTTPException) -> Response[bytes]:
    """What the web framework refuses."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return say_fault(call, error)
    return _error(error.status_code, str(error.detail))


def say_unreadable(_: Call, __: Exception) -> Response[bytes]:
    """A text that no database takes, or one in which everything stands within something else."""
    return _error(400, "Something in it cannot be read.", "invalidSyntax")


def say_fault(call: Call, fault: Exception) -> Response[bytes]:
    """A fault of ours, with a reference that stands in the log."""
    status, words, reference = problems.note_fault(call, fault)
    answer = _error(status, f"{words} Reference: {reference}.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = _BUSY
    return answer


def _error(status: int, detail: str, keyword: str = "") -> Response[bytes]:
    said = {"schemas": [str(Error.__schema__)], "status": str(status), "detail": detail}
    told = {**said, **({"scimType": keyword} if keyword else {})}
    return Response(json.dumps(told).encode(), status_code=status, media_type=SCIM)


exception_handlers: dict[int | type[Exception], Callable[[Call, Any], Response[Any]]] = {
    Refused: say_refusal,
    SCIMException: say_scim,
    ValidationError: say_invalid,
    HTTPException: say_http_error,
    DataError: say_unreadable,
    RecursionError: say_unreadable,
    Exception: say_fault,
}
