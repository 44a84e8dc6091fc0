"""Handing down: a decision returns the doing to a lower tier; the tier that decided confirms how it ends."""

from collections.abc import Iterator
from dataclasses import replace

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.records.issue import Issue
from tracker.rules import ladder
from tracker.rules.arrangement import Tier
from tracker.rules.deadlines.origins import Given
from tracker.rules.ladder import Entry, LadderContext
from tracker.rules.ladder.acting import seated
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput, required
from tracker.rules.rings import Step
from tracker.rules.wording import listed


def hand_down(session: Session, ref: str, request: StepRequest, *, to: int, reason: str) -> Issue:
    """Down to tier `to`, Refuses as `begin_step`; a tier that cannot have it, an empty reason."""
    context = begin_step(session, ref, Step.HAND_DOWN, request)
    issue, climb = context.issue, context.ladder_context
    tier = _wanted(climb, issue.tier, to)
    reason = required("reason", reason, "Say what was decided, so that they know what to do.")
    entered = ladder.entry(climb, tier, request.now)
    origin = entered.due.origin if entered.due else None
    due = climb.due(replace(origin, given=Given.HANDED_DOWN)) if origin else entered.due
    entered = replace(entered, due=due)
    issue.hand_down(entered, context.actor, request.now, left=context.tier, reason=reason, once=request.once)
    return issue


def tiers_below(climb: LadderContext, number: int) -> Iterator[Tier]:
    """Those to which it can be handed down, the nearest first: somebody of each side is there, and a limit runs."""
    for tier in reversed(climb.ladder.tiers[: max(0, number - 1)]):
        if tier.limit and not tier.external and not ladder.vacant_sides(climb, tier):
            yield tier


def to_confirm(context: StepContext, request: StepRequest) -> Entry | None:
    """What was handed down is confirmed by the tier that decided: where it stands from the proposal on."""
    number = context.issue.deciding_tier
    if number is None:
        return None
    climb = context.ladder_context
    return ladder.entry(climb, climb.ladder.tiers[number - 1], request.now)


def is_of_deciders(entry: Entry, context: StepContext, request: StepRequest) -> bool:
    """Whether somebody speaks for their side on that tier themselves: then what they propose has its agreement."""
    day = context.arrangement.day(context.speaking.organisation_id, request.now)
    sits = entry.body is not None and entry.tier.paper and entry.body.id in request.viewer.bodies
    return sits or request.viewer.person_id in seated(day, entry.tier)


def _wanted(climb: LadderContext, number: int, to: int) -> Tier:
    if number <= 1:
        raise MoveNotAllowed("It is on the first tier of its ladder: nothing is below.")
    possible = {tier.number: tier for tier in tiers_below(climb, number)}
    if not possible:
        raise MoveNotAllowed("On no tier below does every side have somebody. A lead can fill the seats.")
    if to not in possible:
        allowed = listed((f"{each.number} ({each.name})" for each in possible.values()), "or")
        raise WrongInput(FieldError("tier", f"Choose a tier below the one it is on: {allowed}."))
    return possible[to]
