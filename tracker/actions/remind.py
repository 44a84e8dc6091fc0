"""Reminding: what the clock says when an issue stands still: a limit near, an answer late, the top past its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, or_, select

from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.ladder_context import ladder_context
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Arrangement
from tracker.rules.ladder.acting import told_above
from tracker.rules.lifecycle import LIVE
from tracker.rules.resolution import ASKED_AFTER, still_there
from tracker.rules.rings import Ring
from tracker.rules.spans import day_in


@dataclass(frozen=True, slots=True)
class RingingTimer:
    """A timer that rings: the issue, locked; the side it is for, by its key, where it is for one; and the moment."""

    session: Session
    issue: Issue
    arrangement: Arrangement
    side: str
    now: datetime


def warn(ringing: RingingTimer) -> None:
    """The limit comes near. One that has passed meanwhile is no longer near."""
    issue = ringing.issue
    if issue.state in LIVE and issue.due_at is not None and issue.due_at > ringing.now:
        issue.warn(ringing.now)
    issue.clear_timers(TimerKind.WARNING)


def tell_late(ringing: RingingTimer) -> None:
    """A side has not acknowledged in time: its next tier up is told. Nobody waits for that once an end is proposed."""
    issue, organisation = ringing.issue, ringing.arrangement.organisation(ringing.side)
    if issue.state in LIVE and issue.side(organisation.id).acknowledged_at is None:
        above = told_above(issue, ringing.arrangement, organisation.id, ringing.now)
        told = (above.tier.name if above.tier else "its leads") if above.people else ""
        issue.acknowledgement_late(organisation, told, ringing.now)
    issue.clear_timers(TimerKind.ACKNOWLEDGEMENT, side=ringing.side)


def lapse(ringing: RingingTimer) -> None:
    """A side did nothing that all can read for `keep_in_loop`; if it did something, the time runs from there."""
    issue, organisation = ringing.issue, ringing.arrangement.organisation(ringing.side)
    if issue.side(organisation.id).acknowledged_at is None:  # it went up since, and is not acknowledged there
        issue.clear_timers(TimerKind.LAPSE, side=ringing.side)
        return
    last = _last_heard_of(ringing, organisation.id)
    again = ladder_context(issue, ringing.arrangement).in_loop_until(last, ringing.side)
    if again.at > ringing.now:
        issue.set_timer(TimerKind.LAPSE, again, ringing.side)
    else:
        issue.lapse(organisation, ringing.now)


def remind_top(ringing: RingingTimer) -> None:
    """Past the limit of the top: the chairs are told again, and again in `keep_in_loop`."""
    issue = ringing.issue
    context = ladder_context(issue, ringing.arrangement)
    top = context.ladder.tiers[issue.tier - 1]
    issue.remind_top(top, ringing.now, reminder=context.in_loop_until(ringing.now))


def ask_stayed_fixed(ringing: RingingTimer) -> None:
    """Four weeks after it was resolved: whoever raised it, and who reported for the same side that it happened,
    here or in what was merged into it."""
    issue, arrangement = ringing.issue, ringing.arrangement
    side = arrangement.organisations[issue.raised_for_id]
    these = select(Issue.id).where(or_(col(Issue.id) == issue.id, col(Issue.same_as_id) == issue.id))
    by_side = (Occurrence.organisation_id == side.id, col(Occurrence.person_id).is_not(None))
    reported = select(Occurrence.person_id).where(col(Occurrence.issue_id).in_(these), *by_side)
    with ringing.session.no_autoflush:  # what waits to be written is of others that ring in the same transaction
        reporters = [each for each in (issue.raised_by_id, *ringing.session.exec(reported)) if each is not None]
    is_asked = issue.resolved_at is not None and issue.outcome in ASKED_AFTER
    people = still_there(reporters, side, arrangement) if is_asked else ()
    issue.ask_stayed_fixed(people, day_in(arrangement.zone, issue.resolved_at or ringing.now), ringing.now)


def _last_heard_of(ringing: RingingTimer, organisation_id: int) -> datetime:
    """When the side last did something that every side can read; a proposal waits for its answer until now."""
    if ringing.issue.state not in LIVE:
        return ringing.now
    readable_by_all: Sequence[bool] = (
        Event.issue_id == ringing.issue.id,
        Event.organisation_id == organisation_id,
        Event.ring == Ring.SHARED,
    )
    with ringing.session.no_autoflush:  # as above
        last: datetime | None = ringing.session.exec(select(func.max(Event.at)).where(*readable_by_all)).one()
    return last or ringing.issue.raised_at
