"""The ladder report, drawn: findings in words, then tables, then the ways that issues went."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from tracker.measures.acknowledging import AcknowledgementFigures
from tracker.measures.periods import in_words
from tracker.measures.rates import Share
from tracker.pages.ladder_numbers import behind
from tracker.pages.ladder_report_tables import climb_view, passed_view, turn_lines
from tracker.pages.ladder_report_views import FlowLine, LadderReportView
from tracker.pages.moments import duration
from tracker.pages.periods import Turning
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import IssueFlow, LadderReport
from tracker.reports.ladder.words import (
    NOT_YET,
    Address,
    figure,
    findings,
    listed_words,
    readable_words,
    reopened_words,
    share_words,
    tier_names,
    working_length,
)
from tracker.reports.sentences import Figure, Quality
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
    whole: bool,
    anything: bool,
) -> LadderReportView:
    """The report as its template takes it. `titles`: of the longest ways, by reference, as far as the reader may see;
    `whole`: the totals are over the whole partnership; `anything`: something was recorded, if not in this period."""
    totals, names, ways, at = report.totals, tier_names(arrangement), longest_ways(report), behind(report)
    flows = tuple(_flow(each, titles[each.ref]) for each in ways if each.ref in titles)
    return LadderReportView(
        partnership=arrangement.name, period=f"Raised in {in_words(report.within)}" if report.within else "All time",
        periods=turning.periods, exports=turning.exports, beside=turning.beside,
        issues=figure(totals.issues, at, Number(What.RAISED)),
        resolved=figure(totals.resolved, at, Number(What.RESOLVED)),
        reopened=Figure(str(totals.reopened or ""), at(Number(What.REOPENED))),
        findings=tuple(findings(report, names, at)), climb=climb_view(report, arrangement, at),
        turns=turn_lines(report, arrangement, at), passed=passed_view(report, arrangement, at),
        measures=tuple(_measures(report, at)), settled=tuple(_settled(report, names, at)),
        flows=flows, listed=listed_words(report, len(flows)), readable=readable_words(report, at),
        scope="" if whole else "the issues that you may read", anything=anything,
    )  # fmt: skip


def _length(issue: IssueFlow) -> tuple[int, int, int]:
    flow = issue.flow
    return (len(flow.path), flow.hand_overs, flow.elapsed_seconds)


def _measures(report: LadderReport, at: Address) -> Iterator[Quality]:
    """How they were acknowledged and how they ended: each with its n."""
    waits, ends = report.acknowledgement, report.endings
    if waits.asked:
        length, every = working_length(waits.median_hours), at(Number(What.ASKED))
        yield Quality("Acknowledged", length, tuple(_acknowledged(waits, at)), every)
        yield _share("Lapsed", waits.lapsed, "an acknowledgement lapsed", at(Number(What.LAPSED)))
    if ends.resolved:
        lowest = at(Number(What.SOLVED, 1))
        yield _share("Solved on tier 1", ends.lowest, "of all that is resolved", lowest)
        yield _share("Resolved, not solved", ends.not_solved, "ended otherwise", at(Number(What.NOT_SOLVED)))
    if ends.resolved or ends.reopened.n:
        came_back = at(Number(What.CAME_BACK)) if ends.reopened.k else ""
        yield Quality("Reopened", share_words(ends.reopened) or NOT_YET, reopened_words(ends.reopened, at), came_back)
    if ends.skipped_second:
        past = "came to the top and never were on tier 2"
        yield Quality("Past tier 2", str(ends.skipped_second), (past,), at(Number(What.PAST_SECOND)))
    through = report.decisions
    if through.decisions:
        late = f"of {say_count(through.decisions, 'decision')} that stand or are done"
        yield Quality("Decisions past due", str(through.past_due), (late,), f"/decisions/{report.partnership}")


def _acknowledged(waits: AcknowledgementFigures, at: Address) -> Iterator[str | Figure]:
    yield "until every side acknowledged, half of "
    yield Figure(say_count(waits.asked, "issue"), at(Number(What.ASKED)))
    if waits.not_yet:
        yield ", "
        yield figure(waits.not_yet, at, Number(What.NOT_ACKNOWLEDGED))
        yield " not yet"


def _share(name: str, share: Share, words: str, href: str) -> Quality:
    counted = f"{words}, {share.k} of {share.n}" if share.percent is not None else words
    return Quality(name, share_words(share), (counted,), href if share.k else "")


def _settled(report: LadderReport, names: Mapping[int, str], at: Address) -> Iterator[tuple[str, Figure]]:
    for tier in report.totals.tiers:
        if tier.resolved:
            ended = figure(tier.resolved, at, Number(What.ENDED, tier.tier))
            yield names.get(tier.tier, f"Tier {tier.tier}"), ended


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
