"""Routing anew: when what routes look at has changed, somebody who may says that it goes where it would go now."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tracker.actions.begin_step import StepContext, StepRequest, begin_step
from tracker.queries.rerouting import last_routing, would_route
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import ladder
from tracker.rules.events.issue import Routed
from tracker.rules.events.moving import Rerouted
from tracker.rules.ladder import Entry, LadderContext
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Step
from tracker.rules.routing import Routing


def route_anew(session: Session, ref: str, request: StepRequest) -> Issue:
    """To the ladder, tier and organisation where it would go now. Refuses as `begin_step`, and where it is there."""
    context = begin_step(session, ref, Step.REROUTE, request)
    before = last_routing(session, context.issue)
    routing = would_route(context.issue, context.arrangement, before)
    if routing is None:
        raise MoveNotAllowed("It is where it belongs already.")
    take(context, routing, before, request.now, once=request.once)
    return context.issue


def take(
    context: StepContext, routing: Routing, before: Routed | Rerouted | None, now: datetime, *, once: str | None = None
) -> None:
    """Puts an issue where `routing` says; `before` routed it last. Who answers and was no side becomes one, said by
    itself; who answered before has no more of the ball than they had."""
    issue, arrangement, actor = context.issue, context.arrangement, context.actor
    answers = arrangement.organisation(routing.answers)
    if answers.id not in issue.side_ids:
        issue.join_side(answers, f"it answers under {routing.why}", at=now)
    old = arrangement.ladder_version(issue.ladder_version_id)
    left = old.tiers[issue.tier - 1] if old and issue.tier else None
    climb = replace(ladder_context(issue, arrangement, routing.ladder), leads=routing.leads)
    entry = _entry(issue, climb, routing.start, now)
    ball = issue.ball_with_id if before is None or before.answers == answers.key else answers.id
    has_acknowledged = {each.organisation_id for each in issue.sides if each.acknowledged_at is not None}
    issue.reroute(
        routing, entry, answers, actor, now, ball=ball, left=left, left_ladder=old.key if old else "", once=once
    )
    if actor.organisation_id in has_acknowledged:
        issue.mark_acknowledged(actor, now, lapses=climb.in_loop_until(now, actor.organisation_key))


def _entry(issue: Issue, context: LadderContext, start: int, now: datetime) -> Entry:
    """On the tier it is on already its limit runs on: to be routed anew is no way to more time."""
    entry = ladder.enter_anyway(context, start, now)
    stays = (context.ladder.id, entry.tier.number) == (issue.ladder_version_id, issue.tier)
    origin = issue.limit_origin
    if not stays or issue.entered_at is None or origin is None:
        return entry
    due = context.due(origin)
    warn_at = ladder.warn_at(context, entry.tier, due)
    return replace(entry, at=issue.entered_at, due=due, warn_at=warn_at if warn_at and warn_at > now else None)
