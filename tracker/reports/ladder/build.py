"""The ladder report: how every issue of a partnership moved, how long it stayed where, and who had the ball."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.acknowledging import AcknowledgementFigures, acknowledgement_figures
from tracker.measures.ball import RETURNS_TO_FLAG, contested_days, flow_matrix, together
from tracker.measures.effect import follow_through
from tracker.measures.periods import Period
from tracker.measures.rates import Share
from tracker.measures.recurrence import share_that_came_back
from tracker.measures.tier_stays import Stay, TierFigures, hours_of, tier_figures
from tracker.queries.decisions import followed
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.issues import MeasuredIssue
from tracker.queries.tallies.counts import Recorded, Scope, recorded
from tracker.records.issue import Issue
from tracker.reports.ladder.measured import MeasuredIssues, Number, What, issues_of, measured_issues
from tracker.reports.ladder.report import Endings, HandOvers, IssueFlow, LadderReport, LadderTotals, TierTotal
from tracker.reports.ladder.ways import longest_ways
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in


def ladder_report(
    session: Session,
    arrangement: Arrangement,
    *,
    now: datetime,
    viewer: Viewer | None = None,
    period: Period | None = None,
    known: Recorded | None = None,
) -> LadderReport:
    """The issues raised in a period (by the partnership's clock) that crossed, as this viewer may see them, and what
    was measured over those that lived in it; what is not over is followed up to now.

    Without a viewer: every such issue. Steering members and leads have totals over every issue that crossed. `known`:
    what was recorded, where that is known already.
    """
    measured = measured_issues(session, arrangement, viewer, period, now)
    back = {each.ref: measured.came_back(each) for each in measured.raised}
    issues = _by_reference((each for each in measured.raised if each.visible), back)
    known = known or recorded(session, Scope.of(arrangement, viewer))
    return LadderReport(
        arrangement=arrangement,
        within=period,
        issues=issues,
        titles=_titles(session, viewer, [each.ref for each in longest_ways(issues)]),
        totals=_totals(measured),
        tiers=_tiers(measured),
        ball=together(each.measures.ball for each in measured.counted),
        hand_overs=_hand_overs(measured.counted),
        acknowledgement=_acknowledgement(measured),
        endings=_endings(measured, back),
        decisions=follow_through(followed(session, viewer, arrangement.id), day_in(arrangement.zone, now)),
        whole=viewer is None or viewer.sees_totals_of(arrangement.id),
        anything=known.first is not None,
    )


def _titles(session: Session, viewer: Viewer | None, refs: Sequence[str]) -> dict[str, str]:
    """By reference, of those that this viewer may see; without one, figures and references only."""
    if viewer is None:
        return dict.fromkeys(refs, "")
    statement = select(col(Issue.ref), col(Issue.title)).where(col(Issue.ref).in_(refs), visible_issues(viewer))
    return {row.ref: row.title for row in session.execute(statement)}


def _by_reference(issues: Iterable[MeasuredIssue], back: Mapping[str, bool | None]) -> dict[str, IssueFlow]:
    """By outside reference, else by their own; one whose own is another's outside reference stands under both."""
    flows: dict[str, IssueFlow] = {}
    for each in issues:
        wanted = each.outside_ref or each.ref
        flow = IssueFlow(each.ref, each.is_resolved, each.measures.flow, back[each.ref])
        flows[wanted if wanted not in flows else f"{wanted} ({each.ref})"] = flow
    return flows


def _count(measured: MeasuredIssues, what: What, tier: int = 0) -> int:
    return len(issues_of(measured, Number(what, tier)))


def _totals(measured: MeasuredIssues) -> LadderTotals:
    flows = [issue.measures.flow for issue in measured.counted]
    return LadderTotals(
        issues=_count(measured, What.RAISED),
        resolved=_count(measured, What.RESOLVED),
        reopened=_count(measured, What.REOPENED),
        handed_over=sum(flow.hand_overs > 0 for flow in flows),
        hand_overs=sum(flow.hand_overs for flow in flows),
        ping_pong=sum(flow.ping_pong >= RETURNS_TO_FLAG for flow in flows),
        without_clock=_count(measured, What.WITHOUT_CLOCK),
        tiers=_tier_totals(measured),
    )


def _tier_totals(measured: MeasuredIssues) -> tuple[TierTotal, ...]:
    reached, moved_up = Counter[int](), Counter[int]()
    for issue in measured.counted:
        path = issue.measures.path
        reached.update(set(path))
        moved_up.update({before for before, after in pairwise(path) if after > before})
    return tuple(
        TierTotal(tier, reached[tier], moved_up[tier], _count(measured, What.ENDED, tier)) for tier in sorted(reached)
    )


def _tiers(measured: MeasuredIssues) -> tuple[TierFigures, ...]:
    on_tier: defaultdict[int, list[tuple[Stay, float]]] = defaultdict(list)
    for each, stay in measured.stays():
        on_tier[stay.tier].append((stay, hours_of(stay, measured.working_hours.of(each).hours)))
    return tuple(tier_figures(tier, *zip(*on_tier[tier], strict=True)) for tier in sorted(on_tier))


def _hand_overs(counted: Sequence[MeasuredIssue]) -> HandOvers:
    passed = [each.measures.passed for each in counted]
    contests = [each.measures.contest for each in counted if each.measures.contest]
    return HandOvers(
        matrix=flow_matrix(passed),
        returns=sum(each.returns for each in passed),
        flagged=len(contests),
        contested=contested_days(contests),
    )


def _acknowledgement(measured: MeasuredIssues) -> AcknowledgementFigures:
    waits = [(each.wait, measured.working_hours.of(each)) for each in measured.counted if each.wait]
    hours = [ruler.hours(wait.since, wait.until) for wait, ruler in waits]
    return acknowledgement_figures([wait for wait, _ in waits], hours)


def _endings(measured: MeasuredIssues, back: Mapping[str, bool | None]) -> Endings:
    outcomes = (each.outcome.value if each.outcome else "" for each in issues_of(measured, Number(What.RESOLVED)))
    resolved = _count(measured, What.RESOLVED)
    return Endings(
        resolved=resolved,
        outcomes=dict(Counter(outcomes)),
        not_solved=Share(_count(measured, What.NOT_SOLVED), resolved),
        lowest=Share(_count(measured, What.SOLVED, 1), resolved),
        reopened=share_that_came_back(back[each.ref] for each in measured.counted),
        skipped_second=_count(measured, What.PAST_SECOND),
    )
