"""The page of one issue, and every step on it: `POST /issues/{REF}/{step}`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.pages.governance.decision import DecisionLine
from tracker.pages.issues.ladder import IssueOnLadder
from tracker.pages.issues.steps import STEPS, WRITTEN, IssueStep, StepForm
from tracker.pages.issues.steps_view import draw_steps, latest_today
from tracker.pages.issues.view import draw_issue
from tracker.pages.web.forms import Form, TheForm, read, refused, step_request
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, htmx_target, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries import issues
from tracker.queries.decisions import decisions_about
from tracker.queries.related_issues import linked, silence_at
from tracker.queries.story import StoryEvent, story
from tracker.queries.theme_suggestions import SuggestedTheme, theme_suggestions
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import addresses, policy
from tracker.rules.arrangement import Arrangement
from tracker.rules.identifiers import what_may_identify
from tracker.rules.refusals import DoneAlready, MayNot, NotThere, Refused, Stale, WrongInput
from tracker.rules.rings import Ring, Step, Viewer
from tracker.rules.spans import day_in


@get("/issues/{ref:str}", sync_to_thread=True)
def show_issue(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    ref: FromPath[str],
    seen: FromQuery[int | None] = None,
) -> Response[bytes]:
    """One issue. `seen`: the version on the page of a reader whose story is refreshed."""
    with db.read() as session:
        return _draw(request, session, visitor, ref, now, seen=seen)


@post("/issues/{ref:str}/{step:str}", sync_to_thread=True)
def take_step(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    form: TheForm,
    ref: FromPath[str],
    step: FromPath[str],
) -> Response[bytes]:
    """A step on an issue: done and back to its page, or the page with what was wrong and what was typed."""
    if step not in STEPS:
        raise NotThere(f"There is no step called {step}.")
    try:
        taken = STEPS[step]
        sent = step_request(visitor, now, form, f"{ref}/{step}", is_versioned=not taken.stale_ok)
        ref_after = _take(db, taken, ref, sent, form)
    except DoneAlready as done:
        ref_after = done.ref
    except _Again as again:
        with db.read() as session:
            return _draw(
                request,
                session,
                visitor,
                ref,
                now,
                typed={step: again.state},
                changed=again.changed,
                status=again.status,
            )
    return see_other(addresses.issue(ref_after))


class _Again(Exception):
    """The form goes back to the person who sent it, as it was typed, with what was wrong."""

    def __init__(self, state: FormState, status: int, changed: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.state, self.status, self.changed = state, status, changed


def _take(db: Database, step: IssueStep, ref: str, sent: StepRequest, form: Form) -> str:
    filled, state = read(step.form, form)
    if filled is None:
        raise _Again(state, 422)
    if not form.get("as_it_is") and (warnings := _warnings(filled)):
        raise _Again(replace(state, warnings=warnings, open=True), 422)
    try:
        with db.write() as session:
            return step.do(session, ref, sent, **filled.given()).ref
    except Stale as stale:
        raise _Again(replace(state, open=True), 409, stale.changes) from stale
    except (MayNot, NotThere, DoneAlready):
        raise
    except Refused as refusal:
        status = 422 if isinstance(refusal, WrongInput) else 409
        raise _Again(refused(state, refusal), status) from refusal


def _warnings(filled: StepForm) -> tuple[str, ...]:
    """What may identify a person in a text that others will read; the sender may send it as it is."""
    sent = dict(filled)
    if sent.get("ring") == Ring.ORGANISATION:
        return ()
    return what_may_identify(*(sent[name] for name in WRITTEN if sent.get(name)))


def _draw(
    request: Asking,
    session: Session,
    visitor: Visitor,
    ref: str,
    now: datetime,
    *,
    seen: int | None = None,
    typed: Mapping[str, FormState] | None = None,
    changed: tuple[str, ...] = (),
    status: int = 200,
) -> Response[bytes]:
    viewer = visitor.viewer
    issue = issues.load(session, ref, viewer)
    arrangement = visitor.arrangements[issue.partnership_id]
    told = story(session, issue, viewer)
    has_ladder = issue.ladder_version_id in arrangement.ladders
    clock = side_here(request, visitor).calendar.tz
    climb = IssueOnLadder(issue, ladder_context(issue, arrangement), viewer, now, clock, told) if has_ladder else None
    others = linked(session, issue, viewer)
    view = draw_issue(climb, issue, arrangement, viewer, now, told, others, silence_at(session, issue))
    about, today = decisions_about(session, viewer, issue.id), day_in(arrangement.zone, now)
    view["decisions"] = [DecisionLine(each, arrangement, today) for each in about]
    allowed = policy.allowed_steps(issue, arrangement, viewer, now)
    wanted = Step.THEME in allowed and htmx_target(request) != "story"
    steps = draw_steps(
        issue,
        arrangement,
        viewer,
        allowed,
        told,
        today=latest_today(viewer, arrangement, now),
        typed=typed or {},
        changed=changed,
        suggested=_suggested(session, viewer, arrangement, issue, told) if wanted else (),
    )
    if seen is not None:
        steps["version"] = seen
    return page(request, "issues/show.html", status=status, issue=view, steps=steps)


def _suggested(
    session: Session, viewer: Viewer, arrangement: Arrangement, issue: Issue, told: tuple[StoryEvent, ...]
) -> tuple[SuggestedTheme, ...]:
    """Themes for what all readers of an issue may read: what one side keeps to itself suggests nothing, because what
    was suggested is recorded for all."""
    if issue.theme_confirmed:
        return ()
    said = (each.text for each in told if each.text and each.ring is Ring.SHARED)
    return theme_suggestions(session, viewer, arrangement, issue, " ".join((issue.title, issue.detail, *said)))


routes = [show_issue, take_step]
