"""The decisions of a partnership: all of them, one with its steps, and what was decided before on the same."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe
from typing import ClassVar

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from tracker.actions import follow_up
from tracker.actions.follow_up import body_of, following_places
from tracker.measures.effect import follow_through
from tracker.pages.governance.decision import TONES, draw_decision, draw_decisions, figures_in_words, theme_link
from tracker.pages.web.forms import Shape, Text, TheForm, read, refused, step_request
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState, Link
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.pages.web.step_done import DONE_ALREADY, done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.decisions import ended_decisions, followed, issues_of, load_decision, open_decisions
from tracker.queries.story import decision_event_text, story_of_decision
from tracker.queries.tallies.counts import Scope
from tracker.records.decision import Decision
from tracker.reports.decision_effects import effects_of
from tracker.reports.themes.subject import issues_between
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import MAY_FOLLOW_UP, DecisionState, FollowUp, deciding_places, relations_to_decision
from tracker.rules.refusals import DoneAlready, MoveNotAllowed, NotThere, Stale, WrongInput
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in


class ProgressForm(Shape):
    sentences: ClassVar = {"text": "Say how far it is."}
    text: Text


class DueDateForm(Shape):
    sentences: ClassVar = {"due_on.missing": "Give the new date.", "reason": "Say why it takes another date."}
    due_on: date
    reason: Text


class CompletionForm(Shape):
    sentences: ClassVar = {"done_on": "Give the day since which it is done."}
    done_on: date | None = None
    how: Text = ""


class WithdrawalForm(Shape):
    sentences: ClassVar = {"reason": "Say why it is withdrawn."}
    reason: Text


@dataclass(frozen=True, slots=True)
class DecisionStep:
    """`do`: the action, called with a session, the arrangement, the decision's number, who takes the step, and what the
    form holds."""

    policy: FollowUp
    form: type[Shape]
    do: Callable[..., Decision]


# By the last part of `/decisions/{key}/{number}/…`, in the order in which a page offers them.
STEPS = {
    "completion": DecisionStep(FollowUp.FINISH, CompletionForm, follow_up.finish),
    "progress": DecisionStep(FollowUp.PROGRESS, ProgressForm, follow_up.progress),
    "due-date": DecisionStep(FollowUp.MOVE, DueDateForm, follow_up.move),
    "withdrawal": DecisionStep(FollowUp.WITHDRAW, WithdrawalForm, follow_up.withdraw),
}


def open_steps(decision: Decision, arrangement: Arrangement, viewer: Viewer, today: date) -> tuple[str, ...]:
    """The addresses of the steps that this person may take now."""
    if decision.state is not DecisionState.OPEN:
        return ()
    relations = relations_to_decision(viewer, decision.owner_ids, body_of(decision, arrangement), arrangement, today)
    return tuple(address for address, step in STEPS.items() if MAY_FOLLOW_UP[step.policy] & relations)


@get("/decisions/{key:str}", sync_to_thread=True)
def list_decisions(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What was decided: past due, open, over. `before`: those that are over with a lower number."""
    arrangement = visitor.arrangement(key)
    today = day_in(arrangement.zone, now)
    with db.read() as session:
        standing = open_decisions(session, visitor.viewer, arrangement.id)
        ended = ended_decisions(session, visitor.viewer, arrangement.id, before)
        through = follow_through(followed(session, visitor.viewer, arrangement.id), today)
    view = draw_decisions(arrangement, today, standing, ended) | {"decide": _places(visitor, arrangement, today)}
    figures = figures_in_words(through)
    return page(request, "governance/decisions.html", arrangement=arrangement, figures=figures, **view)


@get("/decisions/{key:str}/{number:int}", sync_to_thread=True)
def show_decision(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str], number: FromPath[int]
) -> Response[bytes]:
    """One decision: who owns it, by when, on what, what became of it, and whether it helped."""
    arrangement = visitor.arrangement(key)
    with db.read() as session:
        return _draw(request, session, visitor, arrangement, number, now)


@post("/decisions/{key:str}/{number:int}/{decision_step:str}", sync_to_thread=True)
def take_decision_step(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    form: TheForm,
    key: FromPath[str],
    number: FromPath[int],
    decision_step: FromPath[str],
) -> Response[bytes]:
    """A step: done and back to its page, or the page with what was wrong and what was typed."""
    arrangement = visitor.arrangement(key)
    step = STEPS.get(decision_step)
    if step is None:
        raise NotThere(f"There is no step called {decision_step}.")
    filled, state = read(step.form, form)
    status, address = 422, addresses.decision(key, number)
    if filled is not None:
        sent = step_request(visitor, now, form, f"{key}/{number}/{decision_step}")
        try:
            with db.write() as session:
                step.do(session, arrangement, number, sent, **dict(filled))
                done = done_by(session, visitor.viewer, now)
            return see_done(request, address, done)
        except DoneAlready:
            return see_done(request, address, DONE_ALREADY)
        except (WrongInput, MoveNotAllowed, Stale) as refusal:
            state, status = refused(state, refusal), 422 if isinstance(refusal, WrongInput) else 409
    with db.read() as session:
        return _draw(request, session, visitor, arrangement, number, now, typed={decision_step: state}, status=status)


def _draw(
    request: Asking,
    session: Session,
    visitor: Visitor,
    arrangement: Arrangement,
    number: int,
    now: datetime,
    *,
    typed: dict[str, FormState] | None = None,
    status: int = 200,
) -> Response[bytes]:
    viewer, today = visitor.viewer, day_in(arrangement.zone, now)
    decision = load_decision(session, arrangement.id, number, viewer)
    effects = effects_of(session, arrangement, viewer, decision.number, today)
    steps = open_steps(decision, arrangement, viewer, today)
    return page(
        request,
        "governance/decision.html",
        status=status,
        arrangement=arrangement,
        issues=issues_of(session, viewer, decision.id),
        story=[(event.at, decision_event_text(event)) for event in story_of_decision(session, decision.id)],
        effects=[(theme_link(key, arrangement), told) for key, told in effects.items()],
        today=today.isoformat(),
        tones=TONES,
        scope=_scope(arrangement, viewer),
        forms={name: (typed or {}).get(name, FormState()) for name in steps},
        version=decision.version,
        once=token_urlsafe(12),
        speaking_choices=_speaking_choices(decision, arrangement, viewer, today),
        **draw_decision(decision, arrangement, today),
    )


def _speaking_choices(decision: Decision, arrangement: Arrangement, viewer: Viewer, today: date) -> list[Choice]:
    places = following_places(decision, arrangement, viewer, today)
    return [Choice(each.organisation_key, arrangement.organisations[each.organisation_id].name) for each in places]


def _scope(arrangement: Arrangement, viewer: Viewer) -> str:
    """Over whose issues the effects are counted, where not over all."""
    seen = Scope.of(arrangement, viewer).organisation_ids or ()
    return issues_between([arrangement.organisations[each].name for each in sorted(seen)])


def _places(visitor: Visitor, arrangement: Arrangement, today: date) -> list[Link]:
    bodies = (body for body in arrangement.bodies.values() if not body.retired)
    mine = [body for body in bodies if deciding_places(visitor.viewer, body, arrangement, today)]
    return [Link(f"Record a decision of {body.name}", addresses.deciding(arrangement.key, body.key)) for body in mine]


routes = [list_decisions, show_decision, take_decision_step]
