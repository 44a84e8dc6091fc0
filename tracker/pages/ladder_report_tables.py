"""The tables of the ladder report, drawn: who went up, time on tiers, whose turn it was, from hand to hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from math import ceil

from tracker.measures.ball import NOBODY_NAMED, OUTSIDER, BallTime, Lay, Matrix, net_imbalance
from tracker.measures.tier_stays import How, Rise, TierFigures
from tracker.pages.ladder_report_views import ClimbView, PassedLine, PassedView, TierLine, TimeLine, TurnLine
from tracker.pages.ladder_report_words import (
    climb_words,
    contested_words,
    share_words,
    tenths,
    tier_names,
    way_words,
    working_length,
)
from tracker.pages.theme_views import Figure
from tracker.queries.ladder_figures import LadderReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import say_count

_DARKEST = 4
_DAY = timedelta(days=1)


def climb_view(report: LadderReport, arrangement: Arrangement, address: Callable[[int], str]) -> ClimbView:
    """`address`: of the issues that are still on a tier, "" where no list shows just those."""
    names = tier_names(arrangement)
    tiers = [(tier, names.get(tier.tier, f"Tier {tier.tier}")) for tier in reversed(report.tiers)]
    order = list(How)
    ways = sorted(
        {rise for tier in report.tiers for rise in tier.rises}, key=lambda rise: (order.index(rise.how), rise.by)
    )
    return ClimbView(
        ways=tuple(way_words(way, arrangement) for way in ways),
        tiers=tuple(_tier(tier, name, ways, top=max(names, default=0)) for tier, name in tiers),
        times=tuple(_time(tier, name, address(tier.tier)) for tier, name in tiers),
        words=climb_words(report, arrangement),
    )


def turn_lines(report: LadderReport, arrangement: Arrangement) -> tuple[TurnLine, ...]:
    """Every organisation in the partnership's order, then whoever else was waited for. Time in which it was nobody's
    turn (before it was on a ladder, once it was resolved) is left out."""
    running = {where: length for where, length in report.ball.spent.items() if where[0] in (Lay.HELD, Lay.PAUSED)}
    ball = BallTime(running)
    if not ball.elapsed:
        return ()
    known = {**_names(arrangement), NOBODY_NAMED: "Nobody named", OUTSIDER: "Outsiders"}
    met = dict.fromkeys([*report.organisations, *(whose for _, whose in running)])
    issues = max(1, report.totals.issues)
    return tuple(_turn(each, known.get(each, each), ball, issues) for each in met)


def passed_view(report: LadderReport, arrangement: Arrangement) -> PassedView:
    """From each organisation to each, in the partnership's order."""
    matrix = report.hand_overs.matrix
    keys, known = _passing(report), _names(arrangement)
    most = max(matrix.values(), default=1)
    return PassedView(
        takers=tuple(known.get(each, each) for each in keys),
        lines=tuple(
            PassedLine(known.get(giver, giver), tuple(_cell(matrix.get((giver, taker), 0), most) for taker in keys))
            for giver in keys
        ),
        words=_passed_words(report, keys, known) if matrix else "",
    )


def _tier(tier: TierFigures, name: str, ways: Iterable[Rise], *, top: int) -> TierLine:
    """From the top nothing goes up."""
    is_top = tier.tier == top
    return TierLine(
        number=tier.tier,
        name=name,
        entered=str(tier.entered),
        went_up="" if is_top else str(tier.went_up.k),
        told="" if is_top else str(tier.went_up.n),
        share="" if is_top else share_words(tier.went_up),
        tenths=tenths(tier.went_up),
        ways=tuple(str(tier.rises.get(way, "")) for way in ways),
    )


def _time(tier: TierFigures, name: str, address: str) -> TimeLine:
    within = tier.within_limit
    return TimeLine(
        number=tier.tier,
        name=name,
        median=working_length(tier.median_hours),
        ninetieth=working_length(tier.ninetieth_hours),
        within=share_words(within),
        tenths=tenths(within) if within.n else None,
        still_there=Figure(str(tier.still_there or ""), address),
    )


def _turn(key: str, name: str, ball: BallTime, issues: int) -> TurnLine:
    held, waited = ball.held(key), ball.paused_on(key)
    both = held + waited
    return TurnLine(
        name=name,
        held=_percent(held, ball.elapsed),
        waited_for=_percent(waited, ball.elapsed),
        days=f"{both / _DAY / issues:.1f}",
        tenths=round(10 * (both / ball.elapsed)),
    )


def _percent(length: timedelta, whole: timedelta) -> str:
    return f"{100 * (length / whole):.0f} %" if length else ""


def _passing(report: LadderReport) -> list[str]:
    met = {key for pair in report.hand_overs.matrix for key in pair}
    known = [key for key in report.organisations if key in met]
    return [*known, *sorted(met - set(known))]


def _cell(count: int, most: int) -> Figure:
    return Figure(str(count), heat=ceil(_DARKEST * count / most)) if count else Figure("")


def _passed_words(report: LadderReport, keys: Sequence[str], known: Mapping[str, str]) -> str:
    found = report.hand_overs
    passed = f"The ball passed on {say_count(sum(found.matrix.values()), 'time')}"
    nets = [_net(*pair, found.matrix, known) for pair in combinations(keys, 2)]
    flagged = (
        f" {say_count(found.flagged, 'issue')} went to and fro, with two returns or more." if found.flagged else ""
    ) + contested_words(found.contested)
    return f"{passed}, {found.returns} of them to one that had had it before.{flagged}{''.join(nets)}"


def _net(one: str, other: str, matrix: Matrix, known: Mapping[str, str]) -> str:
    """A sentence: “From A to B 9 times, 3 back: a net 50 %.”, led by a blank; "" where as much came back."""
    net = net_imbalance(matrix, one, other)
    if not net:
        return ""
    pair = [known.get(one, one), known.get(other, other)]
    taker, giver = reversed(pair) if net > 0 else pair
    there, back = matrix.get((one, other), 0), matrix.get((other, one), 0)
    counts = f"{say_count(max(there, back), 'time')}, {min(there, back)} back"
    return f" From {giver} to {taker} {counts}: a net {100 * abs(net):.0f} %."


def _names(arrangement: Arrangement) -> dict[str, str]:
    return {each.key: each.name for each in arrangement.organisations.values()}
