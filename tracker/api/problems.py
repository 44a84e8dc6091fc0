"""Refusals and faults as `application/problem+json` (RFC 9457): what was wrong, where, and what is allowed."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DataError

from tracker.actions.throttle import TooOften
from tracker.api.bearer import Call, NoBearer, bearer_in
from tracker.database import is_of_the_database
from tracker.rules.proofs.notes import WrongNote
from tracker.rules.refusals import MayNot, NotThere, Refused, WrongInput
from tracker.settings.log_lines import kind_of, place_in_words

PROBLEM = "application/problem+json"
STATUS: Mapping[type[Exception], int] = {
    NoBearer: 401,
    MayNot: 403,
    NotThere: 404,
    WrongInput: 422,
    WrongNote: 422,
    TooOften: 429,
    Refused: 409,
}
CHALLENGE = 'Bearer realm="tracker"'
_FAULT = {
    500: "It is not your doing, and nothing was half done.",
    503: "The database is busy or away. Ask again in a minute.",
}
_log = structlog.get_logger("tracker.api")


def say_refusal(request: Call, refusal: Refused) -> Response[bytes]:
    """The refusal's own words say why."""
    status = status_of(refusal)
    if isinstance(refusal, NoBearer | NotThere | MayNot | TooOften):
        note_refusal(request, refusal, status)
    wrong = refusal.errors if isinstance(refusal, WrongInput) else ()
    errors = [{"field": each.field, "reason": each.reason} for each in wrong]
    answer = _problem(status, str(refusal), **({"errors": errors} if errors else {}))
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = CHALLENGE
    return answer


def status_of(refusal: Refused) -> int:
    return next(STATUS[each] for each in type(refusal).__mro__ if each in STATUS)


def note_refusal(request: Call, refusal: Refused, status: int) -> None:
    """Whose token it was, by its number, and from where; of what came without a good one, from where alone."""
    bearer = bearer_in(request)
    _log.info(
        "refused",
        why=type(refusal).__name__,
        status=status,
        token=bearer and bearer.token_id,
        organisation=bearer and bearer.organisation_id,
        place=place_in_words(request.client.host if request.client else ""),
        method=request.method,
        path=request.scope.get("path_template", ""),
    )


def say_http_error(request: Call, error: HTTPException) -> Response[bytes]:
    """What the web framework refuses: a parameter that is none, a way of asking that is not there."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return say_fault(request, error)
    return _problem(error.status_code, str(error.detail))


def say_unreadable(_: Call, __: Exception) -> Response[bytes]:
    """A number or a text that no database takes."""
    return _problem(400, "Something in the address cannot be read.")


def say_fault(request: Call, fault: Exception) -> Response[bytes]:
    """A fault of ours, with a reference that stands in the log."""
    status, words, reference = note_fault(request, fault)
    return _problem(status, words, reference=reference)


def note_fault(request: Call, fault: Exception) -> tuple[int, str, str]:
    """(the status, what is said of it, its reference in the log)."""
    status, reference = 503 if is_of_the_database(fault) else 500, kind_of(fault)
    path = request.scope.get("path_template", "")
    _log.error("fault", reference=reference, method=request.method, path=path, exc_info=fault)
    return status, _FAULT[status], reference


def _problem(status: int, detail: str, **more: Any) -> Response[bytes]:
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(json.dumps(said).encode(), status_code=status, media_type=PROBLEM)


exception_handlers: dict[int | type[Exception], Callable[[Call, Any], Response[Any]]] = {
    Refused: say_refusal,
    HTTPException: say_http_error,
    DataError: say_unreadable,
    OverflowError: say_unreadable,
    Exception: say_fault,
}
