"""Turn refusals and faults into pages: what happened, in calm words, and what to do next."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from sqlalchemy.exc import DataError

from tracker.actions.throttle import TooOften
from tracker.actions.welcome import LinkIsSpent
from tracker.database import is_of_the_database
from tracker.pages.web.audit import note
from tracker.pages.web.csrf import StrangeForm
from tracker.pages.web.given_back import GivenBack, given_back
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, is_htmx, now_of, visitor_in
from tracker.pages.web.visitor import DemandUnmet, NotConfirmed, SignedOut, where_from
from tracker.rules import addresses
from tracker.rules.arrangement import Organisation
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, Refused, Stale, WrongFile, WrongInput
from tracker.rules.wording import listed
from tracker.settings.log_lines import kind_of


class TooMuch(Refused):
    """More was sent than is read (413)."""


STATUS: Mapping[type[Exception], int] = {
    MayNot: 403,
    StrangeForm: 403,
    NotThere: 404,
    MoveNotAllowed: 409,
    Stale: 409,
    LinkIsSpent: 410,
    TooMuch: 413,
    WrongInput: 422,
    WrongFile: 422,
    TooOften: 429,
    Refused: 409,
}
FOR_GOOD = (MayNot, NotThere, LinkIsSpent)  # sent again, it would be refused again
NOTED = (MayNot, NotThere, StrangeForm, TooOften, TooMuch, LinkIsSpent)  # by the policy, or against a guard
HEADINGS = {
    400: "That address cannot be read",
    403: "That is not possible for you",
    404: "There is nothing here",
    405: "That is not possible here",
    409: "That is not possible now",
    410: "This link is spent",
    413: "That is too large",
    422: "Please look at this again",
    429: "A moment, please",
    500: "Something went wrong here",
    503: "We are not able to answer just now",
}
WORDS = {
    400: "Something in the address, or in what was sent with it, cannot be read. Go back and try again.",
    404: "There is no page at this address, or none that you may see. The link may be old, or mistyped.",
    405: "This address does not take what was sent to it. Go back and try again.",
    413: "What was sent is larger than is taken here. Send less, or a smaller file.",
    500: "It is not your doing, and nothing was half done. Try again; if it happens once more, tell whoever runs this "
    "server the reference below.",
    503: "The database is busy or away. Nothing was half done: wait a minute and try again.",
}
BROKEN_OFF = 499  # whoever asked went away before all was sent: nobody reads the answer, and the log says this
_GONE = "client disconnected prematurely"  # as the framework says it
_REFUSAL = "refusal"  # the block, and the element of the layout, that says no without taking the page away

log = structlog.get_logger("tracker.web")


def show_refusal(request: Asking, refusal: Refused) -> Response[bytes]:
    """What was asked for will not be done; the refusal's own words say why."""
    status = next(STATUS[each] for each in type(refusal).__mro__ if each in STATUS)
    if isinstance(refusal, NOTED):
        note(request, "refused", why=type(refusal).__name__, status=status)
    if isinstance(refusal, NotThere) and (visitor := visitor_in(request)) and visitor.demanding:
        return _ask_for_more(request, visitor.demanding, status, is_sure=False)
    answer = _draw(request, status, words=str(refusal), again=not isinstance(refusal, FOR_GOOD))
    if isinstance(refusal, TooOften):
        answer.headers["Retry-After"] = str(_seconds_until(refusal.again_at, now_of(request)))
    return answer


def ask_to_sign_in(request: Asking, refusal: SignedOut) -> Response[Any]:
    """To the door, and from there back to the page; what was written is kept in a page beside the way to the door. For
    htmx a few words on top of the page that is there: something may stand typed in it."""
    kept, address = None if is_htmx(request) else given_back(request), refusal.way_in
    status = 401 if kept or is_htmx(request) else 303
    if refusal.had_session:
        note(request, "sign-in refused", why="the session is over or none", status=status)
    if kept:
        return kept_page(request, kept, address, left=refusal.left)
    if is_htmx(request):
        return _retargeted(
            page(request, "errors/signed_out.html", _REFUSAL, status=401, address=address, left=refusal.left)
        )
    return Redirect(address, status_code=303)


def ask_to_confirm(request: Asking, refusal: NotConfirmed) -> Response[bytes]:
    """To the page beside, and then the same form once more."""
    note(request, "refused", why="not confirmed anew", status=403)
    shown: dict[str, Any] = {"address": addresses.confirmation(own=refusal.own), "own": refusal.own}
    if is_htmx(request):
        return _retargeted(page(request, "errors/confirm.html", _REFUSAL, status=403, **shown))
    return page(request, "errors/confirm.html", status=403, typed=given_back(request), **shown)


def ask_to_meet(request: Asking, _: DemandUnmet) -> Response[Any]:
    """To the page where what is demanded is done, and from there back; after a form the same once more, as nothing
    that was typed is lost."""
    visitor = visitor_in(request)
    if request.method == "GET" and not is_htmx(request):
        return Redirect(addresses.second_factor(where_from(request)), status_code=303)
    note(request, "refused", why="an organisation asks for a second factor", status=403)
    return _ask_for_more(request, visitor.demanding if visitor else (), 403, is_sure=True)


def _ask_for_more(request: Asking, demanding: Sequence[Organisation], status: int, *, is_sure: bool) -> Response[bytes]:
    typed = None if is_htmx(request) else given_back(request)
    shown: dict[str, Any] = {
        "heading": "A second factor is asked for" if is_sure else HEADINGS[404],
        "names": listed(each.name for each in demanding),
        "asks": "ask" if len(demanding) > 1 else "asks",
        "is_sure": is_sure,
        "address": addresses.second_factor("" if typed or is_htmx(request) else where_from(request)),
    }
    if is_htmx(request):
        return _retargeted(page(request, "errors/demand.html", _REFUSAL, status=status, **shown))
    return page(request, "errors/demand.html", status=status, typed=typed, **shown)


def kept_page(
    request: Asking,
    kept: GivenBack,
    address: str,
    *,
    status: int = 401,
    words: str = "",
    left: tuple[str, str] | None = None,
) -> Response[bytes]:
    """A form that waits, sealed, for whoever wrote it to sign in at this address, in another tab. `words`: what came of
    the last try; `left`: see `SignedOut`."""
    return page(request, "errors/kept.html", status=status, kept=kept, address=address, words=words, left=left)


def written_page(request: Asking, kept: GivenBack) -> Response[bytes]:
    """What was kept, before whoever wrote it."""
    words = "Nothing was done with it yet."
    return page(
        request,
        "errors/refused.html",
        heading="What you wrote is here",
        words=words,
        reference="",
        typed=kept,
        again=True,
    )


def show_http_error(request: Asking, error: HTTPException) -> Response[bytes]:
    """What the web framework refuses: no such address, unreadable parameters, too large."""
    if error.detail == _GONE:
        return Response(b"", status_code=BROKEN_OFF, media_type="text/html")
    if error.status_code >= 500:
        return show_fault(request, error)
    words, again = WORDS.get(error.status_code, WORDS[400]), error.status_code not in (404, 405)
    return _draw(request, error.status_code, words=words, again=again)


def show_unreadable(request: Asking, fault: Exception) -> Response[bytes]:
    """A number or a text that no database takes: nothing on our pages leads there."""
    log.warning(
        "unreadable", method=request.method, path=request.scope.get("path_template", ""), why=type(fault).__name__
    )
    return _draw(request, 400, words=WORDS[400])


def show_fault(request: Asking, fault: Exception) -> Response[bytes]:
    """A fault of ours, with a reference that stands in the log beside what went wrong, and what was typed. Faults of
    the same kind have the same reference: the log tells of them once, and counts them."""
    status = 503 if is_of_the_database(fault) else 500
    reference = kind_of(fault)
    path = request.scope.get("path_template", "")
    log.error("fault", reference=reference, method=request.method, path=path, exc_info=fault)
    return _draw(request, status, words=WORDS[status], reference=reference)


def _draw(request: Asking, status: int, *, words: str, reference: str = "", again: bool = True) -> Response[bytes]:
    """A page of its own that gives back what was typed, to be sent `again` where that may help; for htmx a few words on
    top of the page that is there."""
    block = _REFUSAL if is_htmx(request) else None
    heading = HEADINGS.get(status, HEADINGS[400])
    answer = page(
        request,
        "errors/refused.html",
        block,
        status=status,
        heading=heading,
        words=words,
        reference=reference,
        typed=None if block else given_back(request),
        again=again,
    )
    return _retargeted(answer) if block else answer


def _retargeted(answer: Response[bytes]) -> Response[bytes]:
    answer.headers.update({"HX-Retarget": f"#{_REFUSAL}", "HX-Reswap": "innerHTML show:top"})
    return answer


def _seconds_until(at: datetime, now: datetime) -> int:
    return max(1, int((at - now).total_seconds()))


exception_handlers: dict[int | type[Exception], Callable[[Asking, Any], Response[Any]]] = {
    SignedOut: ask_to_sign_in,
    DemandUnmet: ask_to_meet,
    NotConfirmed: ask_to_confirm,
    Refused: show_refusal,
    HTTPException: show_http_error,
    DataError: show_unreadable,
    OverflowError: show_unreadable,
    Exception: show_fault,
}
