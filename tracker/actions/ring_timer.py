"""Ringing: what is done when a timer of an issue or of a decision is due."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import cache, partial

import structlog
from sqlalchemy import String, cast, update
from sqlmodel import Session, col, select

from tracker.actions import escalate, remind, resolve
from tracker.actions.asking.ask import lapse_ask
from tracker.actions.asking.pausing import end_pause
from tracker.actions.at_once import at_once
from tracker.actions.remind import RingingTimer
from tracker.actions.sides.write_paper import open_due
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import DueTimer, load_decision, next_reminders, next_timers
from tracker.queries.issues import load_by_ids
from tracker.records.decision import Decision
from tracker.records.issue import Issue
from tracker.records.timer import Timer, TimerKind
from tracker.rules.sweeps import Batch, SweepResult

_log = structlog.get_logger()


def ring_several(session: Session, *, now: datetime, but: Collection[int] = (), most: int = 1) -> Batch[SweepResult]:
    """Rings the timers that have been due longest, those of issues first: one of each. A bad one, or one of what cannot
    be read, is set aside with the reason. `but`: the ids of timers to leave for now."""
    for next_due, ring in ((next_timers, _ring), (next_reminders, _remind)):
        while due := next_due(session, now, but, most=most):
            batch = at_once(session, due, partial(ring, session, now), partial(_set_aside, session, now))
            if batch.done or batch.held:  # else somebody moved the issues or the decisions before they were locked
                return batch
    return Batch()


def _ring(session: Session, now: datetime, due: Sequence[DueTimer]) -> Iterator[SweepResult]:
    arrangement = cache(partial(arrangement_of, session))
    for issue in load_by_ids(session, [each.of for each in due]):
        timers = [timer for timer in issue.timers if _is_due(timer, now)]
        if timers:
            timer = min(timers, key=_precedence)
            what = _name(timer.kind.value, timer.side)
            RINGS[timer.kind](RingingTimer(session, issue, arrangement(issue.partnership_id), timer.side, now))
            if timer in issue.timers and timer.due_at <= now:
                raise RuntimeError("it rang, and is due again at once")
            yield SweepResult(issue.ref, f"{what}: tier {issue.tier}, {issue.state.value}")


def _remind(session: Session, now: datetime, due: Sequence[DueTimer]) -> Iterator[SweepResult]:
    """The later of two that are due together: on the due date it does not come near any more."""
    for decision in (load_decision(session, each.of) for each in due):
        timers = [timer for timer in decision.timers if _is_due(timer, now)]
        if timers:
            kind = max(timers, key=lambda timer: timer.due_at).kind
            decision.remind(kind, now)
            yield SweepResult(f"decision {decision.number}", kind.value)


def _is_due(timer: Timer, now: datetime) -> bool:
    return timer.due_at <= now and timer.set_aside_at is None


def _name(kind: str, side: str) -> str:
    return f"{kind} of {side}" if side else kind


def _set_aside(session: Session, now: datetime, due: DueTimer, error: Exception) -> SweepResult:
    about, what = _told(session, due)
    _log.error("timer set aside", about=about, timer=what, exc_info=error)
    why = f"{type(error).__name__}: {error}"
    session.execute(update(Timer).where(col(Timer.id) == due.id).values(set_aside_at=now, set_aside_why=why))
    return SweepResult(about, f"{what} set aside")


def _told(session: Session, due: DueTimer) -> tuple[str, str]:
    """Of what the timer is, and which one, as far as that can be read."""
    kind = cast(col(Timer.kind), String)  # as it stands, though this version may not know it
    asked = (
        select(Issue.ref, Decision.number, kind, Timer.side)
        .select_from(Timer)
        .join(Issue, col(Issue.id) == col(Timer.issue_id), isouter=True)
        .join(Decision, col(Decision.id) == col(Timer.decision_id), isouter=True)
        .where(Timer.id == due.id)
    )
    try:
        with session.begin_nested():
            ref, number, which, side = session.exec(asked).one()
            return ref or f"decision {number}", _name(which, side)
    except Exception:
        return f"timer {due.id}", "it"


def _precedence(timer: Timer) -> tuple[int, datetime]:
    """What moves the issue comes first: it makes some of the others pointless."""
    return list(RINGS).index(timer.kind), timer.due_at


def _pass_limit(ringing: RingingTimer) -> None:
    escalate.by_clock(ringing.issue, ringing.arrangement, ringing.now)


def _settle(ringing: RingingTimer) -> None:
    resolve.settle_by_silence(ringing.issue, ringing.arrangement, ringing.now)


RINGS: dict[TimerKind, Callable[[RingingTimer], None]] = {
    TimerKind.SILENCE: _settle,
    TimerKind.PAUSE: end_pause,
    TimerKind.LIMIT: _pass_limit,
    TimerKind.ASK: lapse_ask,
    TimerKind.ACKNOWLEDGEMENT: remind.tell_late,
    TimerKind.LAPSE: remind.lapse,
    TimerKind.WARNING: remind.warn,
    TimerKind.TOP_REMINDER: remind.remind_top,
    TimerKind.FOUR_WEEKS: remind.ask_stayed_fixed,
    TimerKind.PAPERS: open_due,
}
