"""The tables of the ladder report, drawn: who went up, time on tiers, whose turn it was, from hand to hand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from math import ceil

from tracker.measures.ball import NOBODY_NAMED, OUTSIDER, BallTime, Lay, Matrix, net_imbalance
from tracker.measures.tier_stays import How, Rise, TierFigures
from tracker.pages.ladder_report_views import ClimbView, PassedLine, PassedView, TierLine, TimeLine, TurnLine
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.words import (
    Address,
    climb_words,
    contested_words,
    figure,
    share_words,
    tenths,
    tier_names,
    way_words,
    working_length,
)
from tracker.reports.sentences import Figure, Linked
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
        went_up=Figure("") if is_top else figure(up.k, at, rose),
        told=Figure("") if is_top else figure(up.n, at, left),
        share=Figure("") if is_top else Figure(share_words(up), at(left)),
        tenths=tenths(up),
        ways=tuple(_way(tier, way, at) for way in ways),
    )


def _way(tier: TierFigures, way: Rise, at: Address) -> Figure:
    count = tier.rises.get(way, 0)
    return figure(count, at, Number(What.WENT_UP, tier.tier, way.how, way.by)) if count else Figure("")


def _time(tier: TierFigures, name: str, at: Address) -> TimeLine:
    """Where none was within the limit, the share leads to those that were not."""
    within, came = tier.within_limit, at(Number(What.CAME, tier.tier))
    held = What.WITHIN if within.k else What.LATE
    return TimeLine(
        number=tier.tier,
        name=name,
        median=Figure(working_length(tier.median_hours), came),
        ninetieth=Figure(working_length(tier.ninetieth_hours), came),
        within=Figure(share_words(within), at(Number(held, tier.tier))),
        tenths=tenths(within) if within.n else None,
        still_there=Figure(str(tier.still_there or ""), at(Number(What.STILL_THERE, tier.tier))),
    )


def _turn(key: str, name: str, ball: BallTime, issues: int, at: Address) -> TurnLine:
    held, waited = ball.held(key), ball.paused_on(key)
    both = held + waited
    return TurnLine(
        name=name,
        held=Figure(_percent(held, ball.elapsed), at(Number(What.HELD, by=key))),
        waited_for=Figure(_percent(waited, ball.elapsed), at(Number(What.WAITED_FOR, by=key))),
        days=Figure(f"{both / _DAY / issues:.1f}", at(Number(What.TURN, by=key)) if both else ""),
        tenths=round(10 * (both / ball.elapsed)),
    )


def _percent(length: timedelta, whole: timedelta) -> str:
    return f"{100 * (length / whole):.0f} %" if length else ""


def _passing(report: LadderReport) -> list[str]:
    met = {key for pair in report.hand_overs.matrix for key in pair}
    known = [key for key in report.organisations if key in met]
    return [*known, *sorted(met - set(known))]


def _cell(move: tuple[str, str], matrix: Matrix, most: int, at: Address) -> Figure:
    count, (giver, taker) = matrix.get(move, 0), move
    if not count:
        return Figure("")
    return Figure(str(count), at(Number(What.PASSED, by=giver, to=taker)), ceil(_DARKEST * count / most))


def _passed_words(
    report: LadderReport, keys: Sequence[str], known: Mapping[str, str], at: Address
) -> Iterator[str | Figure]:
    found = report.hand_overs
    passed = sum(found.matrix.values())
    yield "The ball passed on "
    yield Figure(say_count(passed, "time"), at(Number(What.PASSED)))
    yield ", "
    yield figure(found.returns, at, Number(What.RETURNED))
    yield " of them to one that had had it before."
    if found.flagged:
        yield " "
        yield Figure(say_count(found.flagged, "issue"), at(Number(What.TO_AND_FRO)))
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
        Figure(say_count(there, "time"), at(Number(What.PASSED, by=giver, to=taker))),
        ", ",
        figure(back, at, Number(What.PASSED, by=taker, to=giver)),
        f" back: a net {100 * abs(net):.0f} %.",
    )


def _names(arrangement: Arrangement) -> dict[str, str]:
    return {each.key: each.name for each in arrangement.organisations.values()}
