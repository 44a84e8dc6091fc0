"""The clocks of past issues that are not over: their limits count from the import."""

from dataclasses import replace
from datetime import datetime

from tracker.exchange.history.cases import Case, FoldedRow
from tracker.exchange.history.cells import EventName
from tracker.exchange.history.events import HistoryPlace
from tracker.records.issue import Issue
from tracker.records.issue_facts import TIER_TIMERS, UNRESOLVED_TIMERS
from tracker.records.ladder_context import ladder_context
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import Due, Given
from tracker.rules.ladder import LadderContext, entry
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.resolution import PROPOSABLE, Proposal, sides_to_answer
from tracker.rules.working_time import NoWorkingTime


def settle(issue: Issue, case: Case, place: HistoryPlace, now: datetime) -> None:
    """Sets holders and clocks as the issue stands, from `now`; no ladder in force: none. What is over has none."""
    if issue.state is State.RESOLVED:
        _stop(issue)
    elif issue.ladder_version_id is not None:
        try:
            _start(issue, case, place, now)
        except NoWorkingTime:
            issue.due_at = issue.due_origin = None


def _stop(issue: Issue) -> None:
    issue.clear_timers(*UNRESOLVED_TIMERS)
    for holder in issue.holders:
        holder.active = False


def _start(issue: Issue, case: Case, place: HistoryPlace, now: datetime) -> None:
    context = ladder_context(issue, place.arrangement)
    taken_in = entry(context, context.ladder.tiers[issue.tier - 1], now)
    given = Given.HISTORY_PAUSED if case.last.state is State.PAUSED else Given.HISTORY
    issue.enter(replace(taken_in, due=_given(taken_in.due, given)))
    _acknowledge(issue, case, place, context, now)
    if issue.state is State.PROPOSED:
        _await_answers(issue, case, place, context, now)


def _acknowledge(issue: Issue, case: Case, place: HistoryPlace, context: LadderContext, now: datetime) -> None:
    """The raiser's side has it, and every side that acknowledged it on the tier it is on."""
    here = [event.row for event in case.events if event.row.at >= case.entered_at]
    for row in (case.raised, *(row for row in here if row.event is EventName.ACKNOWLEDGED)):
        actor = place.actor(row.organisation, row.person)
        if actor.organisation_id in issue.side_ids:
            lapses = context.in_loop_until(now, actor.organisation_key)
            issue.mark_acknowledged(actor, row.at, lapses=lapses)


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
    asked = sides_to_answer(issue.side_ids, {proposal.by})
    silence = context.silent_until(now, *(place.arrangement.organisations[each].key for each in asked))
    issue.set_timer(TimerKind.SILENCE, silence)


def _outcome(proposed: FoldedRow) -> Outcome:
    """What was proposed; where the file does not say, what the other side would be asked to agree to: solved."""
    outcome = proposed.row.outcome
    return outcome if outcome in PROPOSABLE else Outcome.SOLVED


def _given(due: Due | None, given: Given) -> Due | None:
    return replace(due, origin=replace(due.origin, given=given)) if due and due.origin else due
