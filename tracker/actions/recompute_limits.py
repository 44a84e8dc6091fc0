"""Recomputing open limits when a calendar changed: each that moves says so in an event."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.queries.issues import whole
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.ladder_context import ladder_context
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement


def recompute_limits(
    session: Session, arrangement: Arrangement, *, organisation_ids: Collection[int], now: datetime, why: str
) -> int:
    """Works out anew every limit still to come of the issues these organisations are sides of; how many moved."""
    return sum(
        _recompute(issue, arrangement, now, why) for issue in _open_issues(session, arrangement, organisation_ids, now)
    )


def _open_issues(
    session: Session, arrangement: Arrangement, organisation_ids: Collection[int], now: datetime
) -> list[Issue]:
    concerned = select(IssueSide.issue_id).where(col(IssueSide.organisation_id).in_(organisation_ids))
    still_to_come = (
        Issue.partnership_id == arrangement.id,
        col(Issue.resolved_at).is_(None),
        col(Issue.due_at) > now,
        col(Issue.id).in_(concerned),
    )
    return list(session.exec(select(Issue).where(*still_to_come).options(*whole()).with_for_update(of=Issue)))


def _recompute(issue: Issue, arrangement: Arrangement, now: datetime, why: str) -> bool:
    before, context = issue.due_at, ladder_context(issue, arrangement)
    tier = context.ladder.tiers[issue.tier - 1]
    issue.recompute_limit(ladder.entry(context, tier, issue.entered_at or now), now, why=why)
    return issue.due_at != before
