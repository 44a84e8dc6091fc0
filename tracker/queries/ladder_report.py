"""The ladder report: how every issue of a partnership moved, how long it stayed where, and who had the ball."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.acknowledging import AcknowledgementFigures, acknowledgement_figures
from tracker.measures.ball import RETURNS_TO_FLAG, contested_days, flow_matrix, together
from tracker.measures.follow_through import follow_through
from tracker.measures.periods import Period
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS, FollowUp, share_that_came_back
from tracker.measures.shares import Share
from tracker.measures.tier_stays import Stay, TierFigures, hours_of, reached_top_without, tier_figures
from tracker.queries.decisions import followed
from tracker.queries.issues import visible_issues
from tracker.queries.ladder_figures import (
    Endings,
    HandOvers,
    IssueFlow,
    LadderReport,
    LadderTotals,
    TierTotal,
)
from tracker.queries.ladder_issues import Found, found_issues
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.lengths import WORKING_DAY_HOURS
from tracker.rules.lifecycle import Outcome
from tracker.rules.rings import Viewer
from tracker.rules.ruler import Ruler

_REOPENED_WITHIN = timedelta(hours=REOPENED_WITHIN_DAYS * WORKING_DAY_HOURS)


def ladder_report(
    session: Session, arrangement: Arrangement, *, now: datetime, viewer: Viewer | None = None,
    period: Period | None = None,
) -> LadderReport:  # fmt: skip
    """The issues raised in a period (by the partnership's clock) that crossed, as this viewer may see them, and what
    was measured over those that lived in it; what is not over is followed up to now.

    Without a viewer: every such issue. Steering members and leads have totals over every issue that crossed.
    """
    living = list(found_issues(session, arrangement, viewer, period, now))
    rulers, zone = _Rulers(arrangement, living, now), ZoneInfo(arrangement.zone)
    bounds = period.moments(zone) if period else None
    raised = [each for each in living if _is_within(each.raised_at, bounds)]
    counted = [each for each in raised if each.counts]
    back = {each.ref: _came_back(each, rulers) for each in raised}
    return LadderReport(
        partnership=arrangement.key,
        period=period.name if period else "",
        issues=_by_reference((each for each in raised if each.visible), back),
        totals=_totals(counted),
        tiers=_tiers([each for each in living if each.counts], bounds, rulers),
        ball=together(each.measured.ball for each in counted),
        hand_overs=_hand_overs(counted),
        acknowledgement=_acknowledgement(counted, rulers),
        endings=_endings(counted, back, arrangement),
        organisations=tuple(each.key for each in arrangement.active_organisations()),
        decisions=follow_through(followed(session, viewer, arrangement.id), now.astimezone(zone).date()),
        within=period,
    )


def titles(session: Session, viewer: Viewer, refs: Sequence[str]) -> dict[str, str]:
    """The titles of issues by reference, of those that this viewer may see."""
    statement = select(col(Issue.ref), col(Issue.title)).where(col(Issue.ref).in_(refs), visible_issues(viewer))
    return {row.ref: row.title for row in session.execute(statement)}


class _Rulers:
    """Joint working hours by the sides of an issue, from the first event to now."""

    def __init__(self, arrangement: Arrangement, living: Sequence[Found], now: datetime) -> None:
        self._arrangement, self.until = arrangement, now
        self._since = min((each.measured.began_at for each in living), default=now)
        self._kept: dict[frozenset[int], Ruler] = {}

    def of(self, issue: Found) -> Ruler:
        sides = frozenset(issue.measured.side_ids)
        if sides not in self._kept:
            self._kept[sides] = Ruler(self._arrangement.joint_calendar(sides), self._since, self.until)
        return self._kept[sides]


def _is_within(at: datetime, bounds: tuple[datetime, datetime] | None) -> bool:
    return bounds is None or bounds[0] <= at < bounds[1]


def _came_back(issue: Found, rulers: _Rulers) -> bool | None:
    """See `IssueFlow`."""
    ending = issue.measured.ending
    if ending is None:
        return None
    hours, (at, reopened_at) = rulers.of(issue).hours, ending
    followed = timedelta(hours=hours(at, rulers.until))
    after = timedelta(hours=hours(at, reopened_at)) if reopened_at else None
    return FollowUp(followed, after).came_back(_REOPENED_WITHIN)


def _by_reference(issues: Iterable[Found], back: Mapping[str, bool | None]) -> dict[str, IssueFlow]:
    """By outside reference, else by their own; one whose own is another's outside reference stands under both."""
    found: dict[str, IssueFlow] = {}
    for each in issues:
        wanted = each.outside_ref or each.ref
        flow = IssueFlow(each.ref, each.is_resolved, each.measured.flow, back[each.ref])
        found[wanted if wanted not in found else f"{wanted} ({each.ref})"] = flow
    return found


def _totals(issues: Sequence[Found]) -> LadderTotals:
    flows = [issue.measured.flow for issue in issues]
    return LadderTotals(
        issues=len(issues),
        resolved=sum(issue.is_resolved for issue in issues),
        reopened=sum(flow.reopens > 0 for flow in flows),
        handed_over=sum(flow.hand_overs > 0 for flow in flows),
        hand_overs=sum(flow.hand_overs for flow in flows),
        ping_pong=sum(flow.ping_pong >= RETURNS_TO_FLAG for flow in flows),
        without_clock=sum(not issue.has_clock for issue in issues),
        tiers=_tier_totals(issues),
    )


def _tier_totals(issues: Iterable[Found]) -> tuple[TierTotal, ...]:
    reached, moved_up, resolved = Counter[int](), Counter[int](), Counter[int]()
    for issue in issues:
        path = issue.measured.path
        reached.update(set(path))
        moved_up.update({before for before, after in pairwise(path) if after > before})
        resolved.update(path[-1:] if issue.is_resolved else ())
    return tuple(TierTotal(tier, reached[tier], moved_up[tier], resolved[tier]) for tier in sorted(reached))


def _tiers(
    living: Iterable[Found], bounds: tuple[datetime, datetime] | None, rulers: _Rulers
) -> tuple[TierFigures, ...]:
    found: defaultdict[int, list[tuple[Stay, float]]] = defaultdict(list)
    for each in (each for each in living if each.has_clock):
        hours = rulers.of(each).hours
        for stay in each.measured.stays:
            if _is_within(stay.entered_at, bounds):
                found[stay.tier].append((stay, hours_of(stay, hours)))
    return tuple(tier_figures(tier, *zip(*found[tier], strict=True)) for tier in sorted(found))


def _hand_overs(counted: Sequence[Found]) -> HandOvers:
    passed = [each.measured.passed for each in counted]
    contests = [each.measured.contest for each in counted if each.measured.contest]
    return HandOvers(
        matrix=flow_matrix(passed),
        returns=sum(each.returns for each in passed),
        flagged=len(contests),
        contested=contested_days(contests),
    )


def _acknowledgement(counted: Iterable[Found], rulers: _Rulers) -> AcknowledgementFigures:
    waits = [(each.measured.wait, rulers.of(each)) for each in counted if each.has_clock and each.measured.wait]
    hours = [ruler.hours(wait.since, wait.until) for wait, ruler in waits]
    return acknowledgement_figures([wait for wait, _ in waits], hours)


def _endings(counted: Sequence[Found], back: Mapping[str, bool | None], arrangement: Arrangement) -> Endings:
    resolved = [each for each in counted if each.is_resolved]
    solved = [each for each in resolved if each.outcome is Outcome.SOLVED]
    ladder = arrangement.default_ladder()
    top = len(ladder.tiers) if ladder else max((each.measured.flow.max_tier for each in counted), default=0)
    return Endings(
        resolved=len(resolved),
        outcomes=dict(Counter(each.outcome.value if each.outcome else "" for each in resolved)),
        not_solved=Share(len(resolved) - len(solved), len(resolved)),
        lowest=Share(sum(each.tier == 1 for each in solved), len(resolved)),
        reopened=share_that_came_back(back[each.ref] for each in counted),
        skipped_second=reached_top_without(2, top, [each.measured.path for each in counted]) if top > 2 else 0,
    )
