"""Asking the other sides for something; each agrees or returns it; once all have agreed it is done, not before."""

from datetime import datetime

from sqlmodel import Session

from tracker.actions.asking.kinds import ASKS
from tracker.actions.begin_step import StepContext, StepRequest, begin_step, step_context
from tracker.actions.remind import RingingTimer
from tracker.records.issue import Issue
from tracker.records.issue_parts import Ask
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import Due
from tracker.rules.events.asking import SidesAsked
from tracker.rules.lifecycle.asks import ASK_WORDS, CLOSED_WORDS, AskChoice, AskKind, AskState
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, required
from tracker.rules.resolution import sides_to_answer
from tracker.rules.rings import Step
from tracker.rules.wording import listed

ANSWERED_LATE = "the time to answer it is over"


def ask(session: Session, ref: str, request: StepRequest, *, kind: AskKind, reason: str, choice: AskChoice) -> Issue:
    """One side asks every other one. Refuses as `begin_step`; a second one of
    a kind; what that kind refuses; and an empty reason. Where there is no other side it is done at once."""
    context = begin_step(session, ref, Step.ASK, request)
    issue, now = context.issue, request.now
    reason = required("reason", reason, "Say why, so that the other side can agree to it.")
    if kind in {each.kind for each in issue.open_asks()}:
        raise MoveNotAllowed(f"{ASK_WORDS[kind].noun.capitalize()} waits for its answers already: one at a time.")
    rule = ASKS[kind]
    if refusal := rule.why_not(issue, context.arrangement, context.actor.organisation_id or 0, now):
        raise MoveNotAllowed(refusal)
    number = len(issue.asks()) + 1
    asked = SidesAsked(number=number, ask=kind.value, reason=reason, **rule.terms(context, now, choice))
    row = issue.ask(kind, asked, context.actor, now, lapses=_lapses(context, now), once=request.once)
    if not issue.unanswered_of(row):
        issue.close_agreed(row)
        rule.carry_out(context, asked, now)
    return issue


def agree_to_ask(session: Session, ref: str, request: StepRequest, *, number: int) -> Issue:
    """A side that must answer agrees; with the last one it is done."""
    context, asked = _to_answer(session, ref, request, number)
    context.issue.agree_to(asked, context.actor, request.now, once=request.once)
    if asked.state is AskState.AGREED:
        ASKS[asked.kind].carry_out(context, context.issue.as_asked(asked), request.now)
    return context.issue


def return_ask(session: Session, ref: str, request: StepRequest, *, number: int, reason: str) -> Issue:
    """A side that must answer returns it with a reason: nothing changes, whoever else had agreed."""
    context, asked = _to_answer(session, ref, request, number)
    reason = required("reason", reason, "Say why it goes back, so that the other side knows what is missing.")
    context.issue.return_ask(asked, reason, context.actor, request.now, once=request.once)
    ASKS[asked.kind].returned(context, request.now)
    return context.issue


def take_ask_back(session: Session, ref: str, request: StepRequest, *, number: int) -> Issue:
    """The side that asked takes it back, until somebody has answered."""
    context, asked = _open_ask(session, ref, Step.TAKE_ASK_BACK, request, number)
    actor, sides = context.actor, context.arrangement.organisations
    if actor.organisation_id != asked.by_id:
        raise MoveNotAllowed(f"{sides[asked.by_id].name} asked it and can take it back: you can agree or return it.")
    if answered := asked.agreed_ids - {asked.by_id}:
        names = listed(sides[each].name for each in sorted(answered))
        raise MoveNotAllowed(f"{names} has answered, so it stands until all have.")
    context.issue.take_ask_back(asked, actor, request.now, once=request.once)
    return context.issue


def lapse_ask(ringing: RingingTimer) -> None:
    """Nobody answered in time what was asked where no limit runs."""
    ringing.issue.lapse_asks(ringing.now, ANSWERED_LATE, AskKind(ringing.side))
    ringing.issue.clear_timers(TimerKind.ASK, side=ringing.side)


def lapses_at(issue: Issue, asked: Ask) -> datetime | None:
    """When it lapses: with the limit, else at a moment of its own; None while the limit stands still."""
    own = {TimerKind.LIMIT: "", TimerKind.ASK: asked.kind.value}
    return next((each.due_at for each in issue.timers if own.get(each.kind) == each.side), None)


def _lapses(context: StepContext, now: datetime) -> Due | None:
    """With the limit where one is to pass; else when nothing was heard of those who must answer for so long."""
    issue, sides = context.issue, context.arrangement.organisations
    if issue.due_at is not None and issue.limit_stands:
        return None
    others = sides_to_answer(issue.side_ids, {context.actor.organisation_id or 0})
    return context.ladder_context.in_loop_until(now, *(sides[each].key for each in others))


def _to_answer(session: Session, ref: str, request: StepRequest, number: int) -> tuple[StepContext, Ask]:
    """Refuses a side that asked or has answered, and a person who did either for another side."""
    context, asked = _open_ask(session, ref, Step.ANSWER_ASK, request, number)
    issue, actor, sides = context.issue, context.actor, context.arrangement.organisations
    if actor.organisation_id not in issue.unanswered_of(asked):
        waits = listed(sides[each].name for each in issue.unanswered_of(asked))
        done = "asked it" if actor.organisation_id == asked.by_id else "has agreed to it"
        raise MoveNotAllowed(f"{actor.organisation_name} {done}: it waits for {waits}.")
    answered = next((int(side) for side, person in asked.answers.items() if person == request.viewer.person_id), None)
    if answered is not None:
        raise MayNot(
            f"You have spoken for {sides[answered].name}, so you cannot answer for {actor.organisation_name}, too: "
            f"somebody else of {actor.organisation_name} agrees to it or returns it."
        )
    context.acknowledge_by_writing(request.now)
    return context, asked


def _open_ask(session: Session, ref: str, step: Step, request: StepRequest, number: int) -> tuple[StepContext, Ask]:
    """Of an ask everything stands from the first, so whatever else happened meanwhile is no conflict. Refuses one that
    is over, saying how it ended."""
    context = step_context(session, ref, request)
    context.require(step)
    issue = context.issue
    asked = next((each for each in issue.asks() if each.number == number), None)
    if asked is None:
        raise NotThere(f"Nothing of this number was asked about {ref}.")
    lapses = lapses_at(issue, asked)
    if asked.state is not AskState.OPEN or (lapses is not None and lapses <= request.now):
        raise MoveNotAllowed(CLOSED_WORDS.get(asked.state, CLOSED_WORDS[AskState.LAPSED]))
    issue.require(step)
    return context, asked
