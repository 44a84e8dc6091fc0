"""The ladder report, drawn: findings in words, then tables, then the ways that issues went."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from math import ceil

from tracker.measures.acknowledging import AcknowledgementFigures
from tracker.measures.ball import NOBODY_NAMED, OUTSIDER, BallTime, Lay, Matrix, net_imbalance
from tracker.measures.periods import in_words
from tracker.measures.rates import Share
from tracker.measures.tier_stays import How, Rise, TierFigures
from tracker.pages.reports.ladder_issues import issues_of
from tracker.pages.reports.ladder_shapes import (
    ClimbView,
    FlowLine,
    LadderReportView,
    PassedLine,
    PassedView,
    TierLine,
    TimeLine,
    TurnLine,
)
from tracker.pages.reports.periods import Turning
from tracker.pages.web.moments import duration
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import IssueFlow, LadderReport
from tracker.reports.ladder.words import (
    NOT_YET,
    Address,
    climb_words,
    contested_words,
    figure,
    findings,
    listed_words,
    readable_words,
    reopened_words,
    share_words,
    tenths,
    tier_names,
    way_words,
    working_length,
)
from tracker.reports.sentences import Count, Linked, Quality
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import say_count

_DARKEST = 4
_DAY = timedelta(days=1)


def climb_view(report: LadderReport, arrangement: Arrangement, at: Address) -> ClimbView:
    """How issues went up from each tier, and how long they stayed."""
    names = tier_names(arrangement)
    tiers = [(tier, names.get(tier.tier, f"Tier {tier.tier}")) for tier in reversed(report.tiers)]
    order = list(How)
    ways = sorted(
        {rise for tier in report.tiers for rise in tier.rises}, key=lambda rise: (order.index(rise.how), rise.by)
    )
    return ClimbView(
        ways=tuple(way_words(way, arrangement) for way in ways),
        tiers=tuple(_tier(tier, name, ways, at, top=max(names, default=0)) for tier, name in tiers),
        times=tuple(_time(tier, name, at) for tier, name in tiers),
        words=climb_words(report, arrangement, at),
    )


def turn_lines(report: LadderReport, arrangement: Arrangement, at: Address) -> tuple[TurnLine, ...]:
    """Every organisation in the partnership's order, then whoever else was waited for. Time in which it was nobody's
    turn (before it was on a ladder, once it was resolved) is left out."""
    running = {where: length for where, length in report.ball.spent.items() if where[0] in (Lay.HELD, Lay.PAUSED)}
    ball = BallTime(running)
    if not ball.elapsed:
        return ()
    known = {**_names(arrangement), NOBODY_NAMED: "Nobody named", OUTSIDER: "Outsiders"}
    met = dict.fromkeys([*report.organisations, *(whose for _, whose in running)])
    issues = max(1, report.totals.issues)
    return tuple(_turn(each, known.get(each, each), ball, issues, at) for each in met)


def passed_view(report: LadderReport, arrangement: Arrangement, at: Address) -> PassedView:
    """From each organisation to each, in the partnership's order."""
    matrix = report.hand_overs.matrix
    keys, known = _passing(report), _names(arrangement)
    most = max(matrix.values(), default=1)
    return PassedView(
        takers=tuple(known.get(each, each) for each in keys),
        lines=tuple(
            PassedLine(known.get(giver, giver), tuple(_cell((giver, taker), matrix, most, at) for taker in keys))
            for giver in keys
        ),
        words=tuple(_passed_words(report, keys, known, at)) if matrix else (),
    )


def _tier(tier: TierFigures, name: str, ways: Iterable[Rise], at: Address, *, top: int) -> TierLine:
    """From the top nothing goes up."""
    is_top, up = tier.tier == top, tier.went_up
    rose, left = (Number(what, tier.tier) for what in (What.WENT_UP, What.LEFT))
    return TierLine(
        number=tier.tier,
        name=name,
        entered=figure(tier.entered, at, Number(What.CAME, tier.tier)),
        went_up=Count("") if is_top else figure(up.k, at, rose),
        told=Count("") if is_top else figure(up.n, at, left),
        share=Count("") if is_top else Count(share_words(up), at(left)),
        tenths=tenths(up),
        ways=tuple(_way(tier, way, at) for way in ways),
    )


def _way(tier: TierFigures, way: Rise, at: Address) -> Count:
    count = tier.rises.get(way, 0)
    return figure(count, at, Number(What.WENT_UP, tier.tier, way.how, way.by)) if count else Count("")


def _time(tier: TierFigures, name: str, at: Address) -> TimeLine:
    """Where none was within the limit, the share leads to those that were not."""
    within, came = tier.within_limit, at(Number(What.CAME, tier.tier))
    held = What.WITHIN if within.k else What.LATE
    return TimeLine(
        number=tier.tier,
        name=name,
        median=Count(working_length(tier.median_hours), came),
        ninetieth=Count(working_length(tier.ninetieth_hours), came),
        within=Count(share_words(within), at(Number(held, tier.tier))),
        tenths=tenths(within) if within.n else None,
        still_there=Count(str(tier.still_there or ""), at(Number(What.STILL_THERE, tier.tier))),
    )


def _turn(key: str, name: str, ball: BallTime, issues: int, at: Address) -> TurnLine:
    held, waited = ball.held(key), ball.paused_on(key)
    both = held + waited
    return TurnLine(
        name=name,
        held=Count(_percent(held, ball.elapsed), at(Number(What.HELD, by=key))),
        waited_for=Count(_percent(waited, ball.elapsed), at(Number(What.WAITED_FOR, by=key))),
        days=Count(f"{both / _DAY / issues:.1f}", at(Number(What.TURN, by=key)) if both else ""),
        tenths=round(10 * (both / ball.elapsed)),
    )


def _percent(length: timedelta, whole: timedelta) -> str:
    return f"{100 * (length / whole):.0f} %" if length else ""


def _passing(report: LadderReport) -> list[str]:
    met = {key for pair in report.hand_overs.matrix for key in pair}
    known = [key for key in report.organisations if key in met]
    return [*known, *sorted(met - set(known))]


def _cell(move: tuple[str, str], matrix: Matrix, most: int, at: Address) -> Count:
    count, (giver, taker) = matrix.get(move, 0), move
    if not count:
        return Count("")
    return Count(str(count), at(Number(What.PASSED, by=giver, to=taker)), ceil(_DARKEST * count / most))


def _passed_words(
    report: LadderReport, keys: Sequence[str], known: Mapping[str, str], at: Address
) -> Iterator[str | Count]:
    found = report.hand_overs
    passed = sum(found.matrix.values())
    yield "The ball passed on "
    yield Count(say_count(passed, "time"), at(Number(What.PASSED)))
    yield ", "
    yield figure(found.returns, at, Number(What.RETURNED))
    yield " of them to one that had had it before."
    if found.flagged:
        yield " "
        yield Count(say_count(found.flagged, "issue"), at(Number(What.TO_AND_FRO)))
        yield " went to and fro, with two returns or more."
    yield from contested_words(found.contested, at)
    for pair in combinations(keys, 2):
        yield from _net(*pair, found.matrix, known, at)


def _net(one: str, other: str, matrix: Matrix, known: Mapping[str, str], at: Address) -> Linked:
    """A sentence: “From A to B 9 times, 3 back: a net 50 %.”, led by a blank; () where as much came back."""
    net = net_imbalance(matrix, one, other)
    if not net:
        return ()
    giver, taker = (one, other) if net > 0 else (other, one)
    there, back = matrix.get((giver, taker), 0), matrix.get((taker, giver), 0)
    return (
        f" From {known.get(giver, giver)} to {known.get(taker, taker)} ",
        Count(say_count(there, "time"), at(Number(What.PASSED, by=giver, to=taker))),
        ", ",
        figure(back, at, Number(What.PASSED, by=taker, to=giver)),
        f" back: a net {100 * abs(net):.0f} %.",
    )


def _names(arrangement: Arrangement) -> dict[str, str]:
    return {each.key: each.name for each in arrangement.organisations.values()}


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
    totals, names, ways, at = report.totals, tier_names(arrangement), longest_ways(report), issues_of(report)
    flows = tuple(_flow(each, titles[each.ref]) for each in ways if each.ref in titles)
    return LadderReportView(
        partnership=arrangement.name, period=f"Raised in {in_words(report.within)}" if report.within else "All time",
        periods=turning.periods, exports=turning.exports, beside=turning.beside,
        issues=figure(totals.issues, at, Number(What.RAISED)),
        resolved=figure(totals.resolved, at, Number(What.RESOLVED)),
        reopened=Count(str(totals.reopened or ""), at(Number(What.REOPENED))),
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
        yield Quality("Decisions past due", str(through.past_due), (late,), addresses.decisions(report.partnership))


def _acknowledged(waits: AcknowledgementFigures, at: Address) -> Iterator[str | Count]:
    yield "until every side acknowledged, half of "
    yield Count(say_count(waits.asked, "issue"), at(Number(What.ASKED)))
    if waits.not_yet:
        yield ", "
        yield figure(waits.not_yet, at, Number(What.NOT_ACKNOWLEDGED))
        yield " not yet"


def _share(name: str, share: Share, words: str, href: str) -> Quality:
    counted = f"{words}, {share.k} of {share.n}" if share.percent is not None else words
    return Quality(name, share_words(share), (counted,), href if share.k else "")


def _settled(report: LadderReport, names: Mapping[int, str], at: Address) -> Iterator[tuple[str, Count]]:
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
