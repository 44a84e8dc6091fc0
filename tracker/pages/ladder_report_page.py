"""The ladder report, drawn: findings in words, then tables, then the ways that issues went."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import urlencode

from tracker.measures.period_words import in_words
from tracker.measures.shares import Share
from tracker.pages.ladder_report_tables import climb_view, passed_view, turn_lines
from tracker.pages.ladder_report_views import FlowLine, LadderReportView
from tracker.pages.ladder_report_words import (
    NOT_YET,
    findings,
    listed_words,
    readable_words,
    reopened_words,
    share_words,
    tier_names,
    working_length,
)
from tracker.pages.moments import duration
from tracker.pages.report_views import Turning
from tracker.pages.theme_views import Figure, Quality
from tracker.queries.ladder_figures import IssueFlow, LadderReport
from tracker.queries.theme_figures import NOT_SOLVED, ONE_DAY, OPEN, SOLVED
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import say_count

WAYS_SHOWN = 50
_RESOLVED = {"state": "resolved"}


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
    whole: bool,
    anything: bool,
) -> LadderReportView:
    """The report as its template takes it. `titles`: of the longest ways, by reference, as far as the reader may see;
    `whole`: the totals are over the whole partnership; `anything`: something was recorded, if not in this period."""
    totals, names, ways = report.totals, tier_names(arrangement), longest_ways(report)
    flows = tuple(_flow(each, titles[each.ref]) for each in ways if each.ref in titles)
    return LadderReportView(
        partnership=arrangement.name, period=f"Raised in {in_words(report.within)}" if report.within else "All time",
        periods=turning.periods, exports=turning.exports, beside=turning.beside,
        issues=_figure(report, totals.issues, {}), resolved=_figure(report, totals.resolved, _RESOLVED),
        reopened=Figure(str(totals.reopened or "")), findings=tuple(findings(report, names)),
        climb=climb_view(report, arrangement, lambda tier: _still_on(report, tier)),
        turns=turn_lines(report, arrangement), passed=passed_view(report, arrangement),
        measures=tuple(_measures(report)), settled=tuple(_settled(report, names)),
        flows=flows, listed=listed_words(report, len(flows)), readable=readable_words(report),
        scope="" if whole else "the issues that you may read", anything=anything,
    )  # fmt: skip


def _length(issue: IssueFlow) -> tuple[int, int, int]:
    flow = issue.flow
    return (len(flow.path), flow.hand_overs, flow.elapsed_seconds)


def _measures(report: LadderReport) -> Iterator[Quality]:
    """How they were acknowledged and how they ended: each with its n."""
    waits, ends = report.acknowledgement, report.endings
    if waits.asked:
        late = f", {waits.not_yet} not yet" if waits.not_yet else ""
        asked = f"until every side acknowledged, half of {say_count(waits.asked, 'issue')}{late}"
        yield Quality("Acknowledged", working_length(waits.median_hours), (asked,))
        yield _share("Lapsed", waits.lapsed, "an acknowledgement lapsed")
    if ends.resolved:
        yield _share(
            "Solved on tier 1", ends.lowest, "of all that is resolved", _address(report, {"tier": "1", **SOLVED})
        )
        yield _share("Resolved, not solved", ends.not_solved, "ended otherwise", _address(report, NOT_SOLVED))
    if ends.resolved or ends.reopened.n:
        yield Quality("Reopened", share_words(ends.reopened) or NOT_YET, (reopened_words(ends.reopened),))
    if ends.skipped_second:
        yield Quality("Past tier 2", str(ends.skipped_second), ("came to the top and never were on tier 2",))
    through = report.decisions
    if through.decisions:
        late = f"of {say_count(through.decisions, 'decision')} that stand or are done"
        yield Quality("Decisions past due", str(through.past_due), (late,), f"/decisions/{report.partnership}")


def _share(name: str, share: Share, words: str, href: str = "") -> Quality:
    counted = f"{words}, {share.k} of {share.n}" if share.percent is not None else words
    return Quality(name, share_words(share), (counted,), href if share.k else "")


def _settled(report: LadderReport, names: Mapping[int, str]) -> Iterator[tuple[str, Figure]]:
    for tier in report.totals.tiers:
        if tier.resolved:
            filters = {"tier": str(tier.tier), **_RESOLVED}
            yield names.get(tier.tier, f"Tier {tier.tier}"), _figure(report, tier.resolved, filters)


def _figure(report: LadderReport, count: int, filters: Mapping[str, str]) -> Figure:
    return Figure(str(count), _address(report, filters) if count else "")


def _still_on(report: LadderReport, tier: int) -> str:
    """No list is by the day an issue came to its tier: of a period there is no address."""
    return "" if report.within else _address(report, {"tier": str(tier), **OPEN, "kind": "issue"})


def _address(report: LadderReport, filters: Mapping[str, str]) -> str:
    within = report.within
    days = {"raised_from": str(within.start), "raised_until": str(within.end - ONE_DAY)} if within else {}
    return f"/issues?{urlencode({'partnership': report.partnership, **filters, **days})}"


def _flow(issue: IssueFlow, title: str) -> FlowLine:
    flow, so_far = issue.flow, "" if issue.resolved else "; not over"
    return FlowLine(
        ref=issue.ref,
        title=title,
        path=" › ".join(map(str, flow.path)).replace(" ", "\N{NO-BREAK SPACE}"),
        hand_overs=flow.hand_overs,
        returns=flow.ping_pong,
        reopens=flow.reopens,
        elapsed=f"{duration(timedelta(seconds=flow.elapsed_seconds))}{so_far}",
        paused=duration(timedelta(seconds=flow.paused_seconds)) if flow.paused_seconds else "",
    )
