"""The ladder report, drawn: findings in words, the tiers, and the ways that issues went."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlencode

from tracker.measures.periods import Period
from tracker.pages.ladder_report_views import FlowLine, LadderReportView, TierLine
from tracker.pages.moments import duration
from tracker.pages.periods import in_words
from tracker.pages.report_views import Turning
from tracker.pages.theme_views import Figure
from tracker.queries.ladder_figures import IssueFlow, LadderReport, LadderTotals
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import say_count

WAYS_SHOWN = 50


def longest_ways(report: LadderReport) -> tuple[IssueFlow, ...]:
    """The issues that went the longest way: over tiers, then from hand to hand, then in time."""
    flows = report.issues.values()
    return tuple(sorted(flows, key=_length, reverse=True)[:WAYS_SHOWN])


def draw_ladder_report(
    report: LadderReport,
    arrangement: Arrangement,
    turning: Turning,
    titles: Mapping[str, str],
    *,
    within: Period | None,
    whole: bool,
    anything: bool,
) -> LadderReportView:
    """The report as its template takes it. `titles`: of the longest ways, by reference, as far as the reader may see;
    `whole`: the totals are over the whole partnership; `anything`: something was recorded, if not in this period."""
    totals = report.totals
    return LadderReportView(
        partnership=arrangement.name,
        period=f"Raised in {in_words(within)}" if within else "All time",
        periods=turning.periods,
        exports=turning.exports,
        beside=turning.beside,
        issues=Figure(str(totals.issues)),
        resolved=Figure(str(totals.resolved)),
        reopened=Figure(str(totals.reopened)),
        handed_over=Figure(str(totals.handed_over)),
        ping_pong=Figure(str(totals.ping_pong)),
        findings=tuple(_findings(totals, _tier_names(arrangement))),
        tiers=_tiers(totals, arrangement, is_all_time=within is None),
        flows=tuple(_flow(each, titles[each.ref]) for each in longest_ways(report) if each.ref in titles),
        scope="" if whole else "the issues that you may read",
        anything=anything,
    )


def _length(issue: IssueFlow) -> tuple[int, int, int]:
    flow = issue.flow
    return (len(flow.path), flow.hand_overs, flow.elapsed_seconds)


def _tier_names(arrangement: Arrangement) -> dict[int, str]:
    """The tiers' names on the default ladder; one that only other ladders have goes by its number."""
    ladder = arrangement.default_ladder()
    return {tier.number: tier.name for tier in ladder.tiers} if ladder else {}


def _findings(totals: LadderTotals, names: Mapping[int, str]) -> Iterable[str]:
    if totals.resolved and totals.tiers:
        low = totals.tiers[0]
        where = names.get(low.tier, f"tier {low.tier}")
        settled = f"{low.resolved} of {say_count(totals.resolved, 'resolved issue')}"
        yield f"{settled} {'was' if low.resolved == 1 else 'were'} settled on the lowest tier, {where}."
    steepest = max(totals.tiers, key=lambda tier: tier.moved_up, default=None)
    if steepest and steepest.moved_up:
        where = names.get(steepest.tier, f"tier {steepest.tier}")
        yield f"Most went up from {where}: {steepest.moved_up} of the {steepest.reached} that reached it."
    if totals.ping_pong:
        yield f"The ball went to and fro on {say_count(totals.ping_pong, 'issue')}."


def _tiers(totals: LadderTotals, arrangement: Arrangement, *, is_all_time: bool) -> tuple[TierLine, ...]:
    names = _tier_names(arrangement)
    return tuple(
        TierLine(
            number=tier.tier,
            name=names.get(tier.tier, f"Tier {tier.tier}"),
            reached=Figure(str(tier.reached)),
            moved_up=Figure(str(tier.moved_up)),
            resolved=Figure(str(tier.resolved), _resolved_on(arrangement, tier.tier) if is_all_time else ""),
            tenths=round(10 * tier.moved_up / tier.reached),
        )
        for tier in reversed(totals.tiers)
    )


def _resolved_on(arrangement: Arrangement, tier: int) -> str:
    return f"/issues?{urlencode({'partnership': arrangement.key, 'tier': tier, 'state': 'resolved'})}"


def _flow(issue: IssueFlow, title: str) -> FlowLine:
    flow = issue.flow
    return FlowLine(
        ref=issue.ref,
        title=title,
        path=" › ".join(map(str, flow.path)),
        hand_overs=flow.hand_overs,
        returns=flow.ping_pong,
        reopens=flow.reopens,
        elapsed=duration(timedelta(seconds=flow.elapsed_seconds)),
        paused=duration(timedelta(seconds=flow.paused_seconds)) if flow.paused_seconds else "",
    )
