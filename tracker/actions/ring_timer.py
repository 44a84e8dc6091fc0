"""Ringing: what is done when a timer of an issue or of a decision is due. One timer is one transaction."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from tracker.actions import escalate, remind, resolve
from tracker.actions.remind import RingingTimer
from tracker.queries.arrangements import arrangement as arrangement_of
from tracker.queries.due import next_decision, next_timer_of
from tracker.queries.issues import load_by_id
from tracker.records.decision import Decision
from tracker.records.issue import Issue
from tracker.records.timer import Timer, TimerKind
from tracker.rules.sweeps import SweepResult

_log = structlog.get_logger()


def ring_one(session: Session, *, now: datetime) -> SweepResult | None:
    """Rings the timer that has been due longest, those of issues first; None when none is due. A bad one is set aside
    with the reason."""
    return _ring_an_issue(session, now) or _ring_a_decision(session, now)


def _ring_an_issue(session: Session, now: datetime) -> SweepResult | None:
    while (issue_id := next_timer_of(session, now)) is not None:
        issue = load_by_id(session, issue_id)
        due = [timer for timer in issue.timers if timer.due_at <= now and timer.set_aside_at is None]
        if due:  # else somebody moved the issue before it was locked
            return _ring(session, issue, min(due, key=_precedence), now)
    return None


def _ring_a_decision(session: Session, now: datetime) -> SweepResult | None:
    while (decision := next_decision(session, now)) is not None:
        due = [timer for timer in decision.timers if timer.due_at <= now and timer.set_aside_at is None]
        if due:
            return _remind(session, decision, max(due, key=lambda timer: timer.due_at), now)
    return None


def _ring(session: Session, issue: Issue, timer: Timer, now: datetime) -> SweepResult:
    def ring() -> str:
        arrangement = arrangement_of(session, issue.partnership_id)
        RINGS[timer.kind](RingingTimer(session, issue, arrangement, timer.side, now))
        if timer in issue.timers and timer.due_at <= now:
            raise RuntimeError("it rang, and is due again at once")
        return f": tier {issue.tier}, {issue.state.value}"

    return _done_or_set_aside(session, issue.ref, timer, ring, now)


def _remind(session: Session, decision: Decision, timer: Timer, now: datetime) -> SweepResult:
    """The later of two that are due together: on the due date it does not come near any more."""

    def ring() -> str:
        decision.remind(timer.kind, now)
        return ""

    return _done_or_set_aside(session, f"decision {decision.number}", timer, ring, now)


def _done_or_set_aside(
    session: Session, about: str, timer: Timer, ring: Callable[[], str], now: datetime
) -> SweepResult:
    """`ring` gives what else there is to say of it."""
    timer_id, what = timer.id, f"{timer.kind.value} of {timer.side}" if timer.side else timer.kind.value
    try:
        with session.begin_nested():
            return SweepResult(about, what + ring())
    except OperationalError:
        raise  # the database, not the row
    except Exception as error:
        _log.error("timer set aside", about=about, timer=what, exc_info=error)
        why = f"{type(error).__name__}: {error}"
        session.execute(update(Timer).where(col(Timer.id) == timer_id).values(set_aside_at=now, set_aside_why=why))
        return SweepResult(about, f"{what} set aside")


def _precedence(timer: Timer) -> tuple[int, datetime]:
    """What moves the issue comes first: it makes some of the others pointless."""
    return list(RINGS).index(timer.kind), timer.due_at


def _pass_limit(ringing: RingingTimer) -> None:
    escalate.by_clock(ringing.issue, ringing.arrangement, ringing.now)


def _settle(ringing: RingingTimer) -> None:
    resolve.settle_by_silence(ringing.issue, ringing.arrangement, ringing.now)


RINGS: dict[TimerKind, Callable[[RingingTimer], None]] = {
    TimerKind.SILENCE: _settle,
    TimerKind.LIMIT: _pass_limit,
    TimerKind.ACKNOWLEDGEMENT: remind.tell_late,
    TimerKind.LAPSE: remind.lapse,
    TimerKind.WARNING: remind.warn,
    TimerKind.TOP_REMINDER: remind.remind_top,
    TimerKind.FOUR_WEEKS: remind.ask_stayed_fixed,
}
