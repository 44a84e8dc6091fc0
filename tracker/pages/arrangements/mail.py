"""What became of every notice: for leads. Where no mail server is set, also what each message said."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.actions.deliver import send_again
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.web.forms import TheForm
from tracker.pages.web.parts import Link
from tracker.pages.web.request import Asking, settings_of
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, see_done
from tracker.queries.administration.notices import PAGE, failed_notices, may_read_letter, notice_lines
from tracker.queries.due import aside_lines, ended_sweeps
from tracker.rules import addresses
from tracker.rules.notices import NoticeState
from tracker.rules.refusals import NotThere
from tracker.rules.sweeps import POST, RINGING, late_sweeps
from tracker.rules.wording import say_count

EVERY = "every"  # of those that failed


@get("/arrangements/{key:str}/mail", sync_to_thread=True)
def show_notices(
    asked: NamedDependency[ArrangementRequest], before: FromQuery[str] = "", became: FromQuery[str] = ""
) -> Response[bytes]:
    """A page of notices, newest first, and whether the clock runs."""
    asked.require_lead()
    request, key = asked.request, asked.agreed.key
    only = NoticeState(became) if became in set(NoticeState) else None
    with asked.db.read() as session:
        lines = notice_lines(session, asked.visitor.viewer, asked.agreed, before=before, state=only)
        swept, aside = ended_sweeps(session), aside_lines(session, asked.visitor.viewer, asked.agreed)
    late = {*late_sweeps(swept, asked.now)}
    return asked.draw(
        "mail",
        lines=lines,
        states=_states(key, only),
        written={line.message_id for line in lines if _file(request, line.message_id).exists()},
        swept=min(swept.values(), default=None),
        late=late & {*RINGING},
        post_late=late & {*POST},
        aside=aside,
        all_failed=only is NoticeState.FAILED,
        by_mail=settings_of(request).smtp_url is not None,
        next_href=_address(key, only, lines[-1].cursor) if len(lines) == PAGE else "",
        previous_href=_address(key, only) if before else "",
    )


@post("/arrangements/{key:str}/mail", sync_to_thread=True)
def send_notices_again(asked: NamedDependency[ArrangementRequest], form: TheForm) -> Response[bytes]:
    """One that failed, or all of them, as far as the lead may know of them."""
    actor = asked.actor()
    wanted = str(form.get("again", ""))
    with asked.db.write() as session:
        failed = failed_notices(asked.visitor.viewer, asked.agreed, None if wanted == EVERY else wanted)
        count = send_again(session, failed, asked_by=actor.name, now=asked.now)
    if not count:
        raise NotThere("No such message has failed.")
    said = f"{say_count(count, 'message')} {'is' if count == 1 else 'are'} sent again"
    return see_done(asked.request, _address(asked.agreed.key, NoticeState.WAITING), StepDone(said, NOBODY_TOLD))


@get("/arrangements/{key:str}/mail/{message_id:str}", sync_to_thread=True)
def show_letter(asked: NamedDependency[ArrangementRequest], message_id: FromPath[str]) -> Response[bytes]:
    """One message, as it was written to the folder."""
    asked.require_lead()
    with asked.db.read() as session:
        may_read = may_read_letter(session, asked.visitor.viewer, asked.agreed, message_id)
    file = _file(asked.request, message_id)
    if not may_read or not file.exists():
        raise NotThere("There is no such message.")
    message = message_from_bytes(file.read_bytes(), policy=default)
    return asked.draw("message", message=message, words=_words(message))


def _file(request: Asking, message_id: str) -> Path:
    """Where the folder channel puts it. An id is letters and digits; anything else names no file."""
    return settings_of(request).home / "mail" / f"{message_id if message_id.isalnum() else '-'}.eml"


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body else ""


def _states(key: str, only: NoticeState | None) -> tuple[Link, ...]:
    every = Link("all", _address(key, None), current=only is None)
    return (every, *(Link(state.value, _address(key, state), current=state is only) for state in NoticeState))


def _address(key: str, only: NoticeState | None, before: str = "") -> str:
    asked = {"became": only.value if only else "", "before": before}
    return addresses.arrangements(key, "mail", **{name: value for name, value in asked.items() if value})


routes = [show_notices, send_notices_again, show_letter]
