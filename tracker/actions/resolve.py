"""Resolving together: one side proposes, every other side agrees or returns it, silence counts; and reopening."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.actions.sides.hand_down import is_of_deciders, to_confirm
from tracker.records.issue import Issue
from tracker.records.ladder_context import route_now
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import Due, close_of_that_day
from tracker.rules.refusals import FieldError, MayNot, MoveNotAllowed, WrongInput, required
from tracker.rules.resolution import Proposal, sides_to_answer, tier_after_reopening
from tracker.rules.rings import Step
from tracker.rules.wording import city_of, listed, say_moment


def propose(
    session: Session,
    ref: str,
    request: StepRequest,
    *,
    outcome: str,
    done: str,
    cause: str = "",
    changes_agreement: bool = False,
    lost_minutes: int | None = None,
) -> Issue:
    """One side says how it ends. Refuses as `begin_step`, an unknown outcome, an empty `done`, and hours lost where
    nobody asks for them."""
    context = begin_step(session, ref, Step.PROPOSE, request)
    actor = context.actor
    _refuse_too_soon(context, request.now)
    done = required("done", done, "Say what was done, so that the other side can agree to it.")
    if refusal := context.arrangement.report.why_not_lost(lost_minutes):
        raise WrongInput(FieldError("hours", refusal))
    proposal = Proposal(
        by=actor.organisation_id or 0,
        by_name=actor.name,
        outcome=outcome,
        done=done,
        cause=cause.strip(),
        changes_agreement=changes_agreement,
        lost_minutes=lost_minutes,
    )
    confirms = to_confirm(context, request)
    agrees = confirms is None or is_of_deciders(confirms, context, request)
    sides = sides_to_answer(context.issue.side_ids, {proposal.by} if agrees else ())
    keys = (context.arrangement.organisations[each].key for each in sides)
    silence = context.ladder_context.silent_until(request.now, *keys)
    context.issue.propose(
        proposal, actor, request.now, silence=silence, confirms=confirms, agrees=agrees, once=request.once
    )
    return context.issue


def agree(session: Session, ref: str, request: StepRequest) -> Issue:
    """A side that must answer agrees; the last one to do so resolves it."""
    context = _to_answer(session, ref, Step.AGREE, request)
    context.issue.agree(context.actor, request.now, once=request.once)
    return context.issue


def give_back(session: Session, ref: str, request: StepRequest, *, reason: str) -> Issue:
    """A side that must answer returns the proposal with a reason: the old limit, at least a working day away."""
    context = _to_answer(session, ref, Step.RETURN, request)
    reason = required("reason", reason, "Say why it goes back, so that the other side can put it right.")
    issue, actor, climb = context.issue, context.actor, context.ladder_context
    if issue.is_confirming:
        back = ladder.entry(climb, context.tier, request.now)
        issue.give_back(reason, actor, request.now, due=back.due, back=back, once=request.once)
        lapses = climb.in_loop_until(request.now, actor.organisation_key)
        issue.mark_acknowledged(actor, request.now, lapses=lapses)
        return issue
    due = _standing_limit(context, request.now)
    issue.give_back(reason, actor, request.now, due=due, once=request.once)
    return issue


def take_back(session: Session, ref: str, request: StepRequest) -> Issue:
    """The side that proposed takes it back until it is answered. The old limit stands; where it has passed, the rest
    of that joint working day is left, and only then does that side propose again."""
    context = begin_step(session, ref, Step.TAKE_BACK, request)
    issue, actor, sides = context.issue, context.actor, context.arrangement.organisations
    proposed_by = int((issue.proposal or {}).get("by", 0))
    if actor.organisation_id != proposed_by:
        raise MoveNotAllowed(f"{sides[proposed_by].name} proposed it and can take it back: you can agree or return it.")
    answered = [each.organisation_id for each in issue.sides if each.agreed_at and each.organisation_id != proposed_by]
    if answered:
        raise MoveNotAllowed(
            f"{listed(sides[each].name for each in answered)} has answered, so it stands until all have."
        )
    origin, climb = issue.limit_origin, context.ladder_context
    due = climb.due(replace(origin, taken_back_at=request.now)) if origin else None
    closes = close_of_that_day(request.now, climb.calendar)
    before = climb.ladder.tiers[(issue.proposal or {}).get("tier_before", issue.tier) - 1]
    down = ladder.entry(climb, before, request.now) if issue.is_confirming else None
    issue.take_back(actor, request.now, due=due, proposes_from=closes, down=down, once=request.once)
    return issue


def _refuse_too_soon(context: StepContext, now: datetime) -> None:
    """A side that took its proposal back does not stop the clock with another one on the same day."""
    side = context.actor.organisation_id
    since = context.issue.side(side).proposes_from if side in context.issue.side_ids else None
    if since is not None and now < since:
        clock = context.arrangement.organisations[side or 0].calendar
        raise MoveNotAllowed(
            f"{context.actor.organisation_name} took its proposal back: it proposes again from "
            f"{say_moment(since.astimezone(clock.tz))} in {city_of(clock.zone)}."
        )


def settle_by_silence(issue: Issue, arrangement: Arrangement, now: datetime) -> None:
    """The time to answer is over: who has not answered counts as agreeing."""
    silent = tuple(arrangement.organisations[each] for each in issue.unanswered)
    issue.settle_by_silence(silent, now)


def reopen(session: Session, ref: str, request: StepRequest, *, reason: str) -> Issue:
    """Not over: back to the tier that decided, with that tier's limit anew; too often, one tier above it."""
    context = begin_step(session, ref, Step.REOPEN, request)
    reason = required("reason", reason, "Say what shows that it is not over.")
    issue = context.issue
    if issue.ladder_version_id not in context.arrangement.ladders:
        return _reopen_onto_ladder(context, reason, request)
    climb, agreed = context.ladder_context, context.ladder_context.ladder
    number = tier_after_reopening(issue.tier, len(agreed.tiers), issue.reopens + 1, agreed.reopens_to_escalate)
    entry = ladder.enter(climb, number, request.now) or ladder.entry(climb, context.tier, request.now)
    issue.reopen(reason, context.actor, request.now, entry=entry, ball=_ball_after(context), once=request.once)
    return issue


def withdraw(session: Session, ref: str, request: StepRequest, *, reason: str = "") -> Issue:
    """Taken back by its raiser, before another side acknowledged it."""
    context = begin_step(session, ref, Step.WITHDRAW, request)
    context.issue.withdraw(reason.strip(), context.actor, request.now, once=request.once)
    return context.issue


def say_stayed_fixed(session: Session, ref: str, request: StepRequest, *, fixed: bool) -> Issue:
    """An answer to “did it stay fixed?”."""
    context = begin_step(session, ref, Step.STAYED_FIXED, request)
    context.issue.say_stayed_fixed(fixed, context.actor, request.now, once=request.once)
    return context.issue


def _reopen_onto_ladder(context: StepContext, reason: str, request: StepRequest) -> Issue:
    """One that came from elsewhere goes where it would be routed now. Refuses while no ladder is in force."""
    issue, arrangement = context.issue, context.arrangement
    routed = route_now(issue, arrangement)
    issue.take_ladder(routed)
    entry = ladder.enter_anyway(context.ladder_context, routed.start, request.now)
    issue.reopen(reason, context.actor, request.now, entry=entry, ball=_ball_after(context), once=request.once)
    issue.say_routed(routed, entry, arrangement.organisations[issue.ball_with_id], request.now)
    return issue


def _to_answer(session: Session, ref: str, step: Step, request: StepRequest) -> StepContext:
    """Refuses a side that has answered, and a person who has answered for another side."""
    context = begin_step(session, ref, step, request)
    issue, actor, sides = context.issue, context.actor, context.arrangement.organisations
    if actor.organisation_id not in issue.unanswered:
        waits = " and ".join(sides[each].name for each in issue.unanswered)
        raise MoveNotAllowed(f"{actor.organisation_name} has answered: the proposal waits for {waits}.")
    answered = issue.answered_for(request.viewer.person_id)
    if answered is not None:
        raise MayNot(
            f"You have answered for {sides[answered].name}, so you cannot answer for {actor.organisation_name}, too: "
            f"somebody else of {actor.organisation_name} agrees to it or returns it."
        )
    return context


def _standing_limit(context: StepContext, now: datetime) -> Due | None:
    """The limit as it was given, and at least a working day from its return."""
    origin = context.issue.limit_origin
    return context.ladder_context.due(replace(origin, returned_at=now)) if origin else None


def _ball_after(context: StepContext) -> int:
    """The ball after reopening: with who had proposed to end it; where nobody had, with who answered last."""
    proposal = context.issue.proposal
    return int(proposal["by"]) if proposal else context.issue.ball_with_id
