"""Escalating: by a holder with a fast-track reason, or by the clock when the limit passes."""

from datetime import datetime

from sqlmodel import Session

from tracker.actions.begin_step import StepRequest, begin_step
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Ladder, Tier
from tracker.rules.events.kinds import CLOCK
from tracker.rules.ladder import LadderContext, Vacancy
from tracker.rules.lifecycle import FAST_TRACK, Cause
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Step

NOBODY_ABOVE = "Nobody sits on any tier above, so it stays where it is. A lead can fill the seats."
NOTHING_ABOVE = "It is at the top of its ladder: nothing is above. It stays on the agenda until decided."


def by_holder(
    session: Session, ref: str, request: StepRequest, *, cause: str, reason: str = "", to: int | None = None
) -> Issue:
    """Up to tier `to` (default: the next) for a fast-track cause. Refuses as `begin_step`; wrong causes, tiers."""
    context = begin_step(session, ref, Step.ESCALATE, request)
    issue, climb = context.issue, context.ladder_context
    number = _wanted(issue, climb.ladder, cause, to)
    entry = ladder.enter(climb, number, request.now)
    if entry is None:
        raise MoveNotAllowed(NOBODY_ABOVE)
    skipped = climb.ladder.tiers[issue.tier : number - 1]
    issue.escalate(
        entry,
        context.actor,
        request.now,
        left=context.tier,
        cause=Cause(cause),
        reason=reason.strip(),
        skipped=skipped,
        once=request.once,
    )
    return issue


def by_clock(issue: Issue, arrangement: Arrangement, now: datetime) -> None:
    """The limit passed: one tier up, past vacant ones; at the top, or with nobody above, it stays and is said."""
    context = ladder_context(issue, arrangement)
    here = context.ladder.tiers[issue.tier - 1]
    entry = ladder.enter(context, ladder.next_number(issue), now)
    if entry is None:
        issue.stay(_vacancies(context, here), here, now, reminder=context.in_loop_until(now))
    else:
        issue.escalate(entry, CLOCK, now, left=here, cause=Cause.LIMIT)


def past_vacancy(issue: Issue, arrangement: Arrangement, now: datetime) -> None:
    """A side has nobody left on the tier it is on: passed at once, to the next filled one; with none above it stays."""
    context = ladder_context(issue, arrangement)
    here = context.ladder.tiers[issue.tier - 1]
    entry = ladder.enter(context, issue.tier + 1, now)
    issue.tell_vacancies((Vacancy(here, ladder.vacant_sides(context, here)),), now, stays=entry is None)
    if entry is not None:
        issue.escalate(entry, CLOCK, now, left=here, cause=Cause.VACANT)


def _wanted(issue: Issue, agreed: Ladder, cause: str, to: int | None) -> int:
    number = to or issue.tier + 1
    above = [tier.number for tier in agreed.tiers if tier.number > issue.tier]
    if not above:
        raise MoveNotAllowed(NOTHING_ABOVE)
    if cause not in FAST_TRACK:
        raise WrongInput(
            FieldError("cause", f"Moving it up early needs one of these reasons: {', '.join(FAST_TRACK)}.")
        )
    if number not in above:
        allowed = ", ".join(f"{tier.number} ({tier.name})" for tier in agreed.tiers if tier.number in above)
        raise WrongInput(FieldError("tier", f"Choose a tier above the one it is on: {allowed}."))
    return number


def _vacancies(context: LadderContext, here: Tier) -> tuple[Vacancy, ...]:
    above = context.ladder.tiers[here.number :]
    return tuple(Vacancy(tier, ladder.vacant_sides(context, tier)) for tier in above)
