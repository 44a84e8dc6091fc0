"""The clocks of past issues that are not over: their limits count from the import."""

from datetime import datetime

from tracker.exchange.history.cases import Case, FoldedRow
from tracker.exchange.history.cells import EventName
from tracker.exchange.history.events import HistoryPlace
from tracker.records.issue import Issue
from tracker.records.issue_facts import TIER_TIMERS, UNRESOLVED_TIMERS
from tracker.records.ladder_context import ladder_context
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import limit
from tracker.rules.ladder import LadderContext, entry
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.resolution import PROPOSABLE, Proposal
from tracker.rules.spans import day_in
from tracker.rules.wording import say_day
from tracker.rules.working_time import NoWorkingTime


def settle(issue: Issue, case: Case, place: HistoryPlace, now: datetime) -> None:
    """Sets holders and clocks as the issue stands, from `now`; no ladder in force: none. What is over has none."""
    if issue.state is State.RESOLVED:
        _stop(issue)
    elif issue.ladder_version_id is not None:
        try:
            _start(issue, case, place, now)
        except NoWorkingTime as no_limit:
            issue.due_at, issue.due_why = None, [str(no_limit)]


def _stop(issue: Issue) -> None:
    issue.clear_timers(*UNRESOLVED_TIMERS)
    for holder in issue.holders:
        holder.active = False


def _start(issue: Issue, case: Case, place: HistoryPlace, now: datetime) -> None:
    context = ladder_context(issue, place.arrangement)
    issue.enter(entry(context, context.ladder.tiers[issue.tier - 1], now))
    told = [f"taken from history on {say_day(day_in(place.zone, now))}, from when the limit counts"]
    if case.last.state is State.PAUSED:
        told.append("it was paused there; here it goes on")
    issue.due_why = [*told, *issue.due_why]
    _acknowledge(issue, case, place, context, now)
    if issue.state is State.PROPOSED:
        _await_answers(issue, case, place, context, now)


def _acknowledge(issue: Issue, case: Case, place: HistoryPlace, context: LadderContext, now: datetime) -> None:
    """The raiser's side has it, and every side that acknowledged it on the tier it is on."""
    lapses_at = _after(context.ladder.keep_in_loop, context, now)
    here = [event.row for event in case.events if event.row.at >= case.entered_at]
    for row in (case.raised, *(row for row in here if row.event is EventName.ACKNOWLEDGED)):
        actor = place.actor(row.organisation, row.person)
        if actor.organisation_id in issue.side_ids:
            issue.mark_acknowledged(actor, row.at, lapses_at=lapses_at)


def _await_answers(issue: Issue, case: Case, place: HistoryPlace, context: LadderContext, now: datetime) -> None:
    """The proposal stands, and silence counts from now."""
    proposed = [event for event in case.events if event.row.event is EventName.PROPOSED][-1]
    actor = place.actor(proposed.row.organisation, proposed.row.person)
    proposal = Proposal(
        actor.organisation_id or issue.raised_for_id, actor.name, _outcome(proposed), proposed.row.detail
    )
    issue.proposal, issue.proposed_at = proposal.kept(ball_before=issue.ball_with_id), proposed.row.at
    issue.side(proposal.by).agreed_at = proposed.row.at
    issue.clear_timers(*TIER_TIMERS)
    issue.set_timer(TimerKind.SILENCE, _after(context.ladder.agree_silence, context, now))


def _outcome(proposed: FoldedRow) -> Outcome:
    """What was proposed; where the file does not say, what the other side would be asked to agree to: solved."""
    outcome = proposed.row.outcome
    return outcome if outcome in PROPOSABLE else Outcome.SOLVED


def _after(length: str, context: LadderContext, now: datetime) -> datetime:
    return limit(length, now, context.arrangement.joint_calendar(context.sides)).at
