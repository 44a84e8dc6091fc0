"""The page of one issue, and every step on it: `POST /issues/{REF}/{step}`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from tracker.actions.add_note import take_back
from tracker.actions.begin_step import StepRequest, was_done
from tracker.actions.people.look import look, wish_for
from tracker.database import Database
from tracker.exchange.identifiers import kinds_of
from tracker.pages.governance.decision import DecisionLine
from tracker.pages.issues.after_step import NOTHING, draw_step_done
from tracker.pages.issues.asking import (
    RETURN,
    answer_name,
    answer_step,
    contested_since,
    draw_asks,
    draw_pause,
    unaskable,
    went_to_and_fro,
)
from tracker.pages.issues.ladder import IssueOnLadder
from tracker.pages.issues.papers import papers_of
from tracker.pages.issues.steps import ASKED, STEPS, WRITTEN, IssueStep, StepForm
from tracker.pages.issues.steps_view import draw_steps, latest_today
from tracker.pages.issues.suggesting import expect_suggestions, suggested_themes
from tracker.pages.issues.view import doer_text, draw_issue, mentioned
from tracker.pages.web.forms import Form, TheForm, number_in, read, refused, step_request
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import (
    Asking,
    TheDatabase,
    TheTime,
    TheVisitor,
    htmx_target,
    is_htmx,
    local_address,
    see_other,
)
from tracker.pages.web.step_done import DONE_ALREADY, NOBODY_TOLD, StepDone, done_by, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries import issues
from tracker.queries.decisions import decisions_about
from tracker.queries.related_issues import linked, open_asks, pause_ends_at, silence_at
from tracker.queries.story import story
from tracker.records.ladder_context import ladder_context
from tracker.rules import addresses, policy
from tracker.rules.identifiers import what_may_identify
from tracker.rules.notices import AttentionWish
from tracker.rules.refusals import DoneAlready, MayNot, NotThere, Refused, Stale, WrongInput
from tracker.rules.rings import Ring, Step
from tracker.rules.spans import day_in


@get("/issues/{ref:str}", sync_to_thread=True)
def show_issue(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    ref: FromPath[str],
    seen: FromQuery[int | None] = None,
    sent: FromQuery[str] = "",
) -> Response[bytes]:
    """One issue. `seen`: the version on the page of a reader whose story is refreshed; `sent`: the word of the form
    that brought them here."""
    with db.read() as session:
        return _draw(request, session, visitor, ref, now, seen=seen, sent=sent)


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
    if step not in STEPS or step in ASKED:
        raise NotThere(f"There is no step called {step}.")
    return _taken(request, visitor, db, now, form, ref, step, STEPS[step])


@post("/issues/{ref:str}/asks", sync_to_thread=True)
def ask_others(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, ref: FromPath[str]
) -> Response[bytes]:
    """One side asks the others for something, of the `kind` that the form says."""
    name = f"asks-{form.get('kind', '')}"
    if name not in ASKED:
        raise NotThere("There is nothing of this kind to ask.")
    return _taken(request, visitor, db, now, form, ref, name, STEPS[name])


@post("/issues/{ref:str}/asks/{number:int}/{answer:str}", sync_to_thread=True)
def answer_ask(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    form: TheForm,
    ref: FromPath[str],
    number: FromPath[int],
    answer: FromPath[str],
) -> Response[bytes]:
    """To agree to what is asked, to return it, or to take it back: from the page of the issue, or from the desk, and
    back there."""
    step = answer_step(number, answer)
    if step is None:
        raise NotThere(f"There is no answer called {answer}.")
    return _taken(request, visitor, db, now, form, ref, answer_name(number, answer), step)


def _taken(
    request: Asking,
    visitor: Visitor,
    db: Database,
    now: datetime,
    form: Form,
    ref: str,
    name: str,
    step: IssueStep,
) -> Response[bytes]:
    try:
        sent = step_request(visitor, now, form, f"{ref}/{name}", is_versioned=not step.stale_ok)
        taken = _take(db, step, ref, sent, form, countries_of(visitor, ref))
    except DoneAlready as done:
        taken = TakenStep(done.ref, True)
    except _Again as again:
        with db.read() as session:
            typed = {name: again.state}
            return _draw(request, session, visitor, ref, now, typed=typed, changed=again.changed, status=again.status)
    if back := str(form.get("back", "")):
        return see_done(request, local_address(back), taken.done or DONE_ALREADY)
    word = str(form.get("once", ""))
    return see_other(addresses.after_step(taken.ref, word if taken.did else NOTHING))


def countries_of(visitor: Visitor, ref: str) -> tuple[str, ...]:
    """Those whose identifiers are warned of in the partnership of an issue."""
    key = ref.partition("-")[0]
    return next((each.identifiers for each in visitor.arrangements.values() if each.key == key), ())


@post("/issues/{ref:str}/look", sync_to_thread=True)
def look_at_it(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, ref: FromPath[str]
) -> Response[bytes]:
    """Reading changes nothing: that so many `entries` of the story were read, the page says by this, when it is shown
    where scripts run, else with its button or the next step. Where nothing can be written just now, the next look says
    it: nobody who only reads is told of that, or waits."""
    entries = _entries(form) or 1
    db.write_in_passing(lambda session: look(session, ref, visitor.viewer, entries=entries, now=now))
    if is_htmx(request):
        return Response(b"", status_code=204)
    return see_done(request, addresses.issue(ref), StepDone("What was new to you is marked as seen", NOBODY_TOLD))


@post("/issues/{ref:str}/attention", sync_to_thread=True)
def choose_attention(
    request: Asking, visitor: TheVisitor, db: TheDatabase, form: TheForm, ref: FromPath[str]
) -> Response[bytes]:
    """Follow it, mute it, or neither."""
    sent = str(form.get("wish", ""))
    wish = AttentionWish(sent) if sent in set(AttentionWish) else None
    with db.write() as session:
        wish_for(session, ref, visitor.viewer, wish)
    return see_done(request, addresses.issue(ref), StepDone(_WISHES[wish], NOBODY_TOLD))


_WISHES = {
    AttentionWish.FOLLOW: "You follow it: word of all that happens comes to you",
    AttentionWish.MUTE: "You muted it: only what is urgent still comes to you",
    None: "You are told of it as everybody is",
}


@post("/issues/{ref:str}/take-back", sync_to_thread=True)
def take_entry_back(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm, ref: FromPath[str]
) -> Response[bytes]:
    """Whoever wrote a note, or said that it happened again, takes that back, by its place in the story."""
    place = number_in(str(form.get("entry", "")))
    with db.write() as session:
        sent = StepRequest(visitor.viewer, now, str(form.get("speaking_for", "")) or None)
        take_back(session, ref, sent, entry=-1 if place is None else place)
        done = done_by(session, visitor.viewer, now)
    return see_done(request, addresses.issue(ref), done)


def _entries(form: Form) -> int:
    return number_in(str(form.get("entries", ""))) or 0


class _Again(Exception):
    """The form goes back to the person who sent it, as it was typed, with what was wrong."""

    def __init__(self, state: FormState, status: int, changed: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.state, self.status, self.changed = state, status, changed


class TakenStep(NamedTuple):
    """The issue's reference, and whether anything happened to it; for who goes back elsewhere, what."""

    ref: str
    did: bool
    done: StepDone | None = None


def _take(
    db: Database, step: IssueStep, ref: str, sent: StepRequest, form: Form, countries: Iterable[str]
) -> TakenStep:
    """`countries`: whose identifiers are warned of."""
    filled, state = read(step.form, form)
    if form.get("ask"):
        raise _Again(_question(form), 200)
    if filled is None:
        raise _Again(state, 422)
    if not form.get("as_it_is") and (warnings := warnings_of(filled, countries)):
        raise _Again(replace(state, warnings=warnings, open=True), 422)
    try:
        with db.write() as session:
            issue = step.do(session, ref, sent, **filled.given())
            did = sent.once is None or was_done(session, sent.once)
            if entries := _entries(form):
                session.flush()
                look(session, ref, sent.viewer, entries=entries, now=sent.now)
            done = done_by(session, sent.viewer, sent.now) if form.get("back") else None
            return TakenStep(issue.ref, did, done and replace(done, said=f"{issue.ref}: {done.said}"))
    except Stale as stale:
        raise _Again(replace(state, open=True), 409, stale.changes) from stale
    except (MayNot, NotThere, DoneAlready):
        raise
    except Refused as refusal:
        status = 422 if isinstance(refusal, WrongInput) else 409
        raise _Again(refused(state, refusal), status) from refusal


def _question(form: Form) -> FormState:
    """The form of a step that asks first, with what was typed for a new issue in it: nothing is done yet."""
    told = str(form.get("detail", "")).strip() or str(form.get("title", "")).strip()
    values = {"occurred_on": str(form.get("occurred_on", "")), "detail": told}
    return FormState(values=values, problem=_DID_IT, open=True)


_DID_IT = (
    "Did this happen to you too? Look at the issue first. If it did, add it here; if not, go back: what you wrote for "
    "a new issue is still there."
)


def warnings_of(filled: StepForm, countries: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What may identify a person in a text that others will read; the sender may send it as it is."""
    sent = dict(filled)
    if sent.get("ring") == Ring.ORGANISATION:
        return ()
    return what_may_identify({name: sent[name] for name in WRITTEN if sent.get(name)}, kinds_of(countries))


def _draw(
    request: Asking,
    session: Session,
    visitor: Visitor,
    ref: str,
    now: datetime,
    *,
    seen: int | None = None,
    sent: str = "",
    typed: Mapping[str, FormState] | None = None,
    changed: tuple[str, ...] = (),
    status: int = 200,
) -> Response[bytes]:
    viewer, typed = visitor.viewer, typed or {}
    issue = issues.load(session, ref, viewer)
    arrangement = visitor.arrangements[issue.partnership_id]
    told = story(session, issue, viewer)
    has_ladder = issue.ladder_version_id in arrangement.ladders
    clock = side_here(request, visitor).calendar.tz
    climb = IssueOnLadder(issue, ladder_context(issue, arrangement), viewer, now, clock, told) if has_ladder else None
    others = linked(session, issue, viewer)
    silence = silence_at(session, issue)
    refs = issues.seen_among(session, viewer, issue.partnership_id, mentioned(issue, told, others))
    view = draw_issue(climb, issue, arrangement, viewer, now, told, others, silence, refs)
    view["done"] = draw_step_done(session, issue, arrangement, viewer, climb, sent, now=now, silence_at=silence)
    asks, told_by = open_asks(session, issue), [(entry, doer_text(entry)) for entry in told]
    view["pause"] = draw_pause(climb, pause_ends_at(session, issue), told_by) if climb else None
    view |= {"contested_since": contested_since(issue, told), "to_and_fro": went_to_and_fro(told)}
    view["wish"] = next((each.wish for each in told), None)
    view["papers"] = papers = papers_of(session, issue, arrangement, viewer, told, now)
    about, today = decisions_about(session, viewer, issue.id), day_in(arrangement.zone, now)
    view["decisions"] = [DecisionLine(each, arrangement, today) for each in about]
    allowed = policy.allowed_steps(issue, arrangement, viewer, now)
    view["asks"] = [*draw_asks(issue, arrangement, viewer, allowed, asks, told_by, typed)]
    of_asks = {answer_name(each.number, RETURN) for each in view["asks"] if each.answers}
    suggests = Step.THEME in allowed and not issue.theme_confirmed and htmx_target(request) != "story"
    if suggests:
        expect_suggestions(session, viewer, arrangement)
    steps = draw_steps(
        issue,
        arrangement,
        viewer,
        allowed,
        told,
        now=now,
        today=latest_today(viewer, arrangement, now),
        typed={name: state for name, state in typed.items() if name not in of_asks},
        changed=changed,
        pointless_asks=unaskable(issue, arrangement, policy.possible_sides(viewer, issue), asks, now),
        papers=papers,
        suggested=suggested_themes(session, viewer, arrangement, issue, told) if "theme" in typed else None,
    )
    if seen is not None:
        steps["version"] = seen
    return page(request, "issues/show.html", status=status, issue=view, steps=steps)


routes = [show_issue, look_at_it, choose_attention, take_entry_back, take_step, ask_others, answer_ask]
