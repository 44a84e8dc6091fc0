"""Recording what a body decided: the form, with what was decided before on the same beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any, ClassVar

from litestar import Response, get, post
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.decide import Resolve, decide, faults, topics_of
from tracker.measures.cut_text import by_letter
from tracker.pages.governance.bodies import body_in
from tracker.pages.governance.decision import DecisionLine
from tracker.pages.web.choosing import with_chosen
from tracker.pages.web.forms import (
    Form,
    Line,
    Shape,
    Text,
    TheForm,
    read,
    read_sound,
    reasons_by_field,
    refused,
    step_request,
)
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, htmx_target
from tracker.pages.web.step_done import DONE_ALREADY, done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.agendas import agenda_rows
from tracker.queries.decisions import open_on_body, precedents
from tracker.queries.issues import themes_of
from tracker.queries.people import members
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Body, Organisation
from tracker.rules.deciding import deciding_sides, require_deciding
from tracker.rules.refusals import DoneAlready, FieldError, MoveNotAllowed, WrongInput
from tracker.rules.spans import day_in

TICKED = ("owners", "themes", "clauses", "issues")


class DecisionDraft(Shape):
    """What somebody has typed of a decision. `owners`: an organisation's key and that of a person, for each that
    decided."""

    what: Line = ""
    due_on: date | None = None
    decided_on: date | None = None
    detail: Text = ""
    owners: list[str] = []
    themes: list[str] = []
    clauses: list[str] = []
    issues: list[str] = []
    changes_agreement: bool = False
    replaces: int | None = None
    speaking_for: str = ""


class DecideForm(DecisionDraft):
    """What was decided, complete."""

    sentences: ClassVar = {
        "what.missing": "Say what was decided, in one line.",
        "due_on.missing": "Give the day by which it is to be done.",
    }
    what: Line
    due_on: date


@dataclass(frozen=True, slots=True)
class DecideRequest:
    """The form as somebody asked for it, or sent it: what is typed, and what is ticked by field."""

    arrangement: Arrangement
    body: Body
    now: datetime
    form: FormState
    chosen: Mapping[str, tuple[str, ...]]


@get("/bodies/{key:str}/{body_key:str}/decisions", sync_to_thread=True)
def show_form(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], body_key: FromPath[str]
) -> Response[bytes]:
    """The form; `issues` and `themes` in the address are ticked already, and so are the themes of those issues."""
    arrangement = visitor.arrangement(key)
    body = body_in(arrangement, body_key)
    chosen = {name: tuple(request.query_params.getall(name, [])) for name in TICKED}
    with db.read() as session:
        chosen["themes"] = tuple(sorted(_themes(session, visitor, chosen)))
        return _draw(request, session, visitor, DecideRequest(arrangement, body, now, FormState(), chosen))


@post("/bodies/{key:str}/{body_key:str}/decisions", sync_to_thread=True)
def record_decision(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    form: TheForm,
    key: FromPath[str],
    body_key: FromPath[str],
) -> Response[bytes]:
    """Recorded, and on to its page; or the form with what was wrong and what was typed."""
    arrangement = visitor.arrangement(key)
    body = body_in(arrangement, body_key)
    form, unclear = with_chosen(form, "owners", _people(body, arrangement))
    sent = step_request(visitor, now, form, f"{key}/{body_key}")
    filled, state = read(DecideForm, form)
    if filled is None:
        draft = _resolve(read_sound(DecisionDraft, form, state.errors), arrangement, now)
        with db.read() as session:
            found = faults(session, arrangement, body, draft, sent)
        state = _with_the_rest(state, (*([FieldError("owners", unclear)] if unclear else []), *found))
    elif unclear:
        state = refused(state, WrongInput(FieldError("owners", unclear)))
    else:
        try:
            with db.write() as session:
                decided = decide(session, arrangement, body, _resolve(filled, arrangement, now), sent)
                done = done_by(session, visitor.viewer, now)
            return see_done(request, addresses.decision(key, decided.number), done)
        except DoneAlready as before:
            number = before.ref.removeprefix("decision ")
            return see_done(request, addresses.decision(key, number), DONE_ALREADY)
        except (WrongInput, MoveNotAllowed) as refusal:
            state = refused(state, refusal)
    chosen = _ticked(form)
    with db.read() as session:
        return _draw(request, session, visitor, DecideRequest(arrangement, body, now, state, chosen), status=422)


def _ticked(form: Form) -> dict[str, tuple[str, ...]]:
    return {name: tuple(str(each) for each in form.getall(name, []) if each) for name in TICKED}


@post("/decisions/{key:str}/precedents", status_code=200, sync_to_thread=True)
def show_precedents(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, key: FromPath[str]
) -> Response[bytes]:
    """What was decided before on these `themes`, `clauses` and `issues`: beside the form, or as a page. Sent as a form:
    without scripts all of it is sent, and what somebody writes stands in no address."""
    arrangement = visitor.arrangement(key)
    chosen = _ticked(form)
    with db.read() as session:
        found = _precedents(session, visitor, arrangement, chosen, day_in(arrangement.zone, now))
    template = "deciding" if htmx_target(request) == "precedents" else "precedents"
    return page(request, f"governance/{template}.html", **found)


def _draw(
    request: Asking, session: Session, visitor: Visitor, asked: DecideRequest, *, status: int = 200
) -> Response[bytes]:
    """Refuses with MayNot whoever may not decide here, before anything is shown."""
    arrangement, body, today = asked.arrangement, asked.body, day_in(asked.arrangement.zone, asked.now)
    viewer = visitor.viewer
    places = require_deciding(viewer, body, arrangement, today)
    names = {each.key: each.name for each in arrangement.organisations.values()}
    return page(
        request,
        "governance/deciding.html",
        status=status,
        decide=asked,
        today=today,
        once=token_urlsafe(12),
        owners=[(side, _owners(side, body, arrangement)) for side in deciding_sides(body, arrangement)],
        themes=[Choice(each.key, each.name) for each in arrangement.themes.values() if not each.retired],
        clauses=[Choice(each.key, f"{each.key} {each.title}") for each in arrangement.clauses if not each.retired],
        issues=[Choice(row.ref, f"{row.ref} {row.title}") for row in agenda_rows(session, viewer, body.id)],
        replaceable=[
            Choice(str(row.number), f"{row.number}: {row.what}") for row in open_on_body(session, viewer, body.id)
        ],
        speaking_choices=[Choice(each.organisation_key, names[each.organisation_key]) for each in places],
        **_precedents(session, visitor, arrangement, asked.chosen, today),
    )


def _people(body: Body, arrangement: Arrangement) -> dict[str, list[Choice]]:
    """Who may own it, by organisation."""
    return {side.key: _owners(side, body, arrangement) for side in deciding_sides(body, arrangement)}


def _owners(side: Organisation, body: Body, arrangement: Arrangement) -> list[Choice]:
    """Who may own it for an organisation, as its key and theirs: those seated on the body first, then the others by
    name; who has not come in yet owns nothing."""
    seated = {seat.person_id for seat in body.seats}
    people = sorted(members(arrangement, side.key), key=lambda each: (each.id not in seated, by_letter(each.name)))
    return [Choice(f"{side.key} {each.key}", each.name, each.email) for each in people if not each.invited]


def _with_the_rest(state: FormState, found: tuple[FieldError, ...]) -> FormState:
    """A form that cannot be read says in the same round what else is wrong: a field's own fault before what was found
    in its place."""
    reasons = {**reasons_by_field(found), **state.errors}
    return replace(state, errors={name: reasons[name] for name in DecisionDraft.model_fields if name in reasons})


def _resolve(form: DecisionDraft, arrangement: Arrangement, now: datetime) -> Resolve:
    """Without a day by which it is to be done, the day on which it was decided stands in for it."""
    decided_on = form.decided_on or day_in(arrangement.zone, now)
    return Resolve(
        what=form.what,
        detail=form.detail,
        due_on=form.due_on or decided_on,
        decided_on=decided_on,
        owners=dict(_owner_ids(form, arrangement)),
        themes=tuple(form.themes),
        clauses=tuple(form.clauses),
        issues=tuple(form.issues),
        changes_agreement=form.changes_agreement,
        replaces=form.replaces,
    )


def _owner_ids(form: DecisionDraft, arrangement: Arrangement) -> Iterator[tuple[str, int]]:
    """By organisation; 0 for a key that nobody there has."""
    for side, _, key in (each.partition(" ") for each in form.owners):
        if key:
            yield side, next((each.id for each in members(arrangement, side) if each.key == key), 0)


def _precedents(
    session: Session, visitor: Visitor, arrangement: Arrangement, chosen: Mapping[str, tuple[str, ...]], today: date
) -> dict[str, Any]:
    """What was decided before on the same; an issue stands for its theme. `sought`: something was chosen for it."""
    themes, clauses = _themes(session, visitor, chosen), chosen["clauses"]
    rows = precedents(
        session,
        visitor.viewer,
        arrangement.id,
        themes=themes,
        clauses=clauses,
        topics=topics_of(arrangement, themes, clauses),
    )
    lines = [DecisionLine(row, arrangement, today) for row in rows]
    return {"precedents": lines, "sought": bool(themes or clauses)}


def _themes(session: Session, visitor: Visitor, chosen: Mapping[str, tuple[str, ...]]) -> set[str]:
    refs = chosen["issues"]
    return {*chosen["themes"], *(themes_of(session, visitor.viewer, refs) if refs else ())}


routes = [show_form, record_decision, show_precedents]
