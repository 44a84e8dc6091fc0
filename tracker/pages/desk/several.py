"""Several issues at once, from the desk or a list: each through its own action; what is refused is offered again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response, post
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.desk.routes import draw_my_desk
from tracker.pages.issues.list import draw_list
from tracker.pages.issues.routes import countries_of, warnings_of
from tracker.pages.issues.several import fields_for_several, marked
from tracker.pages.issues.steps import FOR_SEVERAL, IssueStep, StepForm
from tracker.pages.web.forms import Form, TheForm, read, step_request
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address, parts_of
from tracker.pages.web.step_done import StepDone, done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.rules import addresses
from tracker.rules.refusals import DoneAlready, NotThere, Refused
from tracker.rules.wording import say_count

_DONE = {
    "acknowledgement": "acknowledged",
    "notes": "noted",
    "proposal": "proposed to be resolved",
    "colleague": "given to a colleague",
    "theme": "given the theme",
}


@dataclass(frozen=True, slots=True)
class RefusedIssue:
    """One that it was not done to, and why."""

    ref: str
    why: str


@post("/several", sync_to_thread=True)
def do_to_several(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm
) -> Response[bytes]:
    """`do`: the last part of a step's address. What was refused comes back (409), with what was typed; a form that is
    wrong in itself does nothing (422). `again`: what the form did that is sent as it is."""
    name, refs = str(form.get("do") or form.get("again", "")), marked(form)
    step = FOR_SEVERAL.get(name)
    if step is None:
        raise NotThere(f"Nothing called {name[:40]} can be done to several at once.")
    filled, state = read(step.form, form)
    if not refs:
        return _where_it_stands(request, visitor, db, now, form, state if filled is None else replace(state, **_NONE))
    countries = tuple(dict.fromkeys(each for ref in refs for each in countries_of(visitor, ref)))
    warnings = warnings_of(filled, countries) if filled and not form.get("as_it_is") else ()
    if filled is None or warnings:
        state = replace(state, warnings=warnings)
        return _again(request, visitor, form, name, state, [RefusedIssue(ref, "") for ref in refs], status=422)
    with db.write() as session:
        refused = [*_refused(session, step, name, filled, refs, visitor, now, form)]
        done = done_by(session, visitor.viewer, now, _done_text(name, len(refs) - len(refused)))
    if not refused:
        return see_done(request, _back(form), done)
    return _again(request, visitor, form, name, state, refused, done=done, status=409)


def _refused(
    session: Session,
    step: IssueStep,
    name: str,
    filled: StepForm,
    refs: Sequence[str],
    visitor: Visitor,
    now: datetime,
    form: Form,
) -> Iterator[RefusedIssue]:
    """Those to which it could not be done; the others are not touched by that."""
    for ref in refs:
        sent = step_request(visitor, now, form, f"{ref}/{name}", is_versioned=False)
        try:
            with session.begin_nested():
                step.do(session, ref, sent, **filled.given())
        except DoneAlready:
            continue
        except Refused as refusal:
            yield RefusedIssue(ref, str(refusal))


def _again(
    request: Asking,
    visitor: Visitor,
    form: Form,
    name: str,
    state: FormState,
    refused: Sequence[RefusedIssue],
    *,
    done: StepDone | None = None,
    status: int,
) -> Response[bytes]:
    return page(
        request,
        "desk/several.html",
        status=status,
        step_done=done,
        refused=refused,
        form=state,
        several=fields_for_several(visitor, visitor.arrangements.values(), state),
        once=token_urlsafe(12),
        back=_back(form),
    )


def _where_it_stands(
    request: Asking, visitor: Visitor, db: Database, now: datetime, form: Form, state: FormState
) -> Response[bytes]:
    """The page that the form stands on, as it was filled in, so that something can be marked there."""
    place = parts_of(_back(form))
    query = dict(parse_qsl(place.query))
    if place.path == addresses.issues():
        with db.read() as session:
            return draw_list(request, session, visitor, now, query, unsent=state, status=422)
    if place.path == addresses.desk():
        return draw_my_desk(request, visitor, db, now, query, unsent=state, status=422)
    return _again(request, visitor, form, "", state, (), status=422)


_NONE: dict[str, Any] = {"problem": "Mark at least one issue first: nothing was done.", "open": True}


def _done_text(name: str, count: int) -> str:
    return f"{say_count(count, 'issue')} {'was' if count == 1 else 'were'} {_DONE[name]}" if count else ""


def _back(form: Form) -> str:
    return local_address(str(form.get("back", "/")))


routes = [do_to_several]
