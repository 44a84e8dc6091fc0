"""One more side, and a newer version of the ladder: what both change of where an issue stands, as every side agreed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tracker.actions.begin_step import StepContext
from tracker.actions.escalate import past_vacancy
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Ladder, Organisation, Tier
from tracker.rules.deadlines import A_WORKING_DAY, Due, Origin, limit_at
from tracker.rules.events.moving import LadderMoved
from tracker.rules.ladder import LadderContext
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.working_time import NoWorkingTime


def not_yet_sides(issue: Issue, arrangement: Arrangement) -> tuple[Organisation, ...]:
    """The organisations that can be added to it."""
    return tuple(each for each in arrangement.active_organisations() if each.id not in issue.side_ids)


def newer_ladder(issue: Issue, arrangement: Arrangement) -> Ladder | None:
    """The version in force of the ladder it climbs, where that is newer than its own."""
    own = arrangement.ladder_version(issue.ladder_version_id)
    found = arrangement.ladder_in_force(own.key) if own else None
    return found if own and found and found.version > own.version else None


def refuse_no_common_time(arrangement: Arrangement, sides: Sequence[int], now: datetime) -> None:
    """Refuses a side with which no limit could run."""
    try:
        limit_at(A_WORKING_DAY, now, arrangement.joint_calendar(sides))
    except NoWorkingTime as refusal:
        raise WrongInput(FieldError("side", f"No limit could run any more. {refusal}")) from refusal


def join(context: StepContext, organisation: Organisation, now: datetime) -> None:
    """It becomes a side: whoever it has on the tier holds it, its time to acknowledge runs from now, and the limit
    follows the joint time of all. Where it has nobody there, the tier is passed."""
    issue, arrangement = context.issue, context.arrangement
    before, tier = context.ladder_context, context.tier
    issue.join_side(organisation, "every side agreed", at=now)
    after = ladder_context(issue, arrangement)
    by = after.due(Origin(tier.acknowledge, now, acts=(organisation.key,))) if tier.acknowledge else None
    holders = ladder.holders_at(after, tier, organisation.id)
    issue.seat_side(organisation, holders, by)
    issue.reckon_anew(before, after, now, why=f"{organisation.name} was added as a side")
    if not holders and not tier.external and issue.due_at is not None:
        past_vacancy(issue, arrangement, now)


def move_to_ladder(context: StepContext, newer: Ladder, now: datetime) -> None:
    """To the tier of the same body, where it has one. On a tier that stays what it was the limit runs on by the newer
    length, no nearer than a working day; on another it begins anew."""
    issue, old, left = context.issue, context.ladder_context, context.tier
    climb = ladder_context(issue, context.arrangement, newer)
    tier = _same_tier(newer, left)
    moved = LadderMoved(
        ladder=newer.key,
        version=newer.version,
        from_version=old.ladder.version,
        from_tier=left.number,
        to=tier.number,
        from_name=left.name,
        tier_name=tier.name,
        ladder_name=newer.name,
    )
    decided = old.ladder.tiers[issue.deciding_tier - 1] if issue.deciding_tier else None
    issue.decided_by(_same_tier(newer, decided).number if decided else None)
    if (tier.number, tier.body) == (left.number, left.body):
        due = _running_on(issue, climb, tier, now)
        warn_at = ladder.warn_at(climb, tier, due)
        issue.change_ladder(newer, moved, now, due=due, warn_at=warn_at if warn_at and warn_at > now else None)
    else:
        issue.enter_ladder(newer, moved, now, entry=ladder.enter_anyway(climb, tier.number, now))


def _same_tier(newer: Ladder, left: Tier) -> Tier:
    last = newer.tiers[min(left.number, len(newer.tiers)) - 1]
    return next((each for each in newer.tiers if each.body == left.body), last)


def _running_on(issue: Issue, climb: LadderContext, tier: Tier, now: datetime) -> Due | None:
    if not tier.limit:
        return None
    given = issue.limit_origin or Origin(tier.limit, now)
    origin = replace(given, length=tier.limit, body=tier.body, or_at_most=tier.or_at_most)
    due, nearest = climb.due(origin), limit_at(A_WORKING_DAY, now, climb.calendar)
    if issue.due_at is not None and issue.limit_stands:
        nearest = min(nearest, issue.due_at)
    return due if due.at >= nearest else climb.due(replace(origin, not_before=nearest))
