"""Pausing: the clock stands still once every side has agreed, and goes on by a side, on the day or at the cap."""

from datetime import date, datetime

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.actions.remind import RingingTimer
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.records.timer import TimerKind
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import Due
from tracker.rules.events.asking import SidesAsked
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.moving import Paused, PauseEnd, Resumed
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Step
from tracker.rules.spans import day_in
from tracker.rules.wording import say_day

NO_CLOCK = "No clock runs here, so there is none to stop."


def refuse_pause(context: StepContext, until: date, now: datetime) -> None:
    """Refuses where the limit has passed, where the ladder allows no more, and a day that is over."""
    issue, climb = context.issue, context.ladder_context
    if issue.due_at is None or issue.due_at <= now or not issue.limit_stands:
        raise MoveNotAllowed(f"Its limit has passed. {NO_CLOCK}")
    if until < day_in(context.arrangement.zone, now):
        raise WrongInput(FieldError("until", f"{say_day(until)} is over: choose a day from today on."))
    if _ends(issue, climb, now, until).at <= now:
        cap = climb.ladder.pause_cap
        raise MoveNotAllowed(f"Pauses on one tier last {cap} in all, and those are used up: it is time to answer.")


def pause(context: StepContext, asked: SidesAsked, now: datetime) -> None:
    """The clock stands still from now."""
    ends = _ends(context.issue, context.ladder_context, now, date.fromisoformat(asked.until))
    paused = Paused(number=asked.number, until=asked.until, waits_for=asked.whom, reason=asked.reason)
    context.issue.stand_still(paused, now, ends=ends)


def resume(session: Session, ref: str, request: StepRequest, *, reason: str = "") -> Issue:
    """A side ends the pause: either may, whoever asked for it."""
    context = begin_step(session, ref, Step.RESUME, request)
    _go_on(context.issue, context.arrangement, context.actor, request.now, reason=reason.strip(), once=request.once)
    return context.issue


def end_pause(ringing: RingingTimer) -> None:
    """Its day is over, or the ladder allows no more."""
    issue, arrangement = ringing.issue, ringing.arrangement
    timer = next(each for each in issue.timers if each.kind is TimerKind.PAUSE)
    until = (timer.origin or {}).get("until", "")
    day_is_over = bool(until) and day_in(arrangement.zone, ringing.now) > date.fromisoformat(until)
    ended = PauseEnd.DAY if day_is_over else PauseEnd.CAP
    _go_on(issue, arrangement, CLOCK, ringing.now, ended=ended.value)


def _ends(issue: Issue, climb: ladder.LadderContext, now: datetime, until: date) -> Due:
    origin = issue.limit_origin
    return climb.pause_until(now, until, origin.pauses if origin else ())


def _go_on(
    issue: Issue,
    arrangement: Arrangement,
    actor: Actor,
    now: datetime,
    *,
    reason: str = "",
    ended: str = "",
    once: str | None = None,
) -> None:
    climb, origin, since = ladder_context(issue, arrangement), issue.limit_origin, issue.paused_since
    if origin is None or since is None:
        raise MoveNotAllowed(NO_CLOCK)
    due = climb.after_pause(origin, since, now)
    warn_at = ladder.warn_at(climb, climb.ladder.tiers[issue.tier - 1], due)
    resumed = Resumed(reason=reason, ended=ended, due_at=due.at.isoformat())
    issue.go_on(resumed, actor, now, due=due, warn_at=warn_at if warn_at and warn_at > now else None, once=once)
