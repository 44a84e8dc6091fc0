"""Control charts: what is usual, its limits, and the points that are no chance (statistics.md 2)."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby, pairwise
from math import comb, fsum, inf, isfinite, log2, sqrt
from statistics import median

from tracker.measures.periods import Period
from tracker.measures.run_rules import side, signals

Line = float | tuple[float, ...]  # one height, or one a point


@dataclass(frozen=True, slots=True)
class Chart:
    """Values oldest first. The centre is a height, a limit a height or a tuple with one a point.

    `signals`: {index: the rules that mark the point: "outside", "run", "trend", "two_of_three"}.
    """

    values: tuple[float, ...]
    centre: float
    upper: Line
    lower: Line
    signals: dict[int, frozenset[str]]


def charted(
    values: Sequence[float],
    middle: float,
    spread: Line,
    *,
    centre: float | None = None,
    floor: float = -inf,
    ceiling: float = inf,
) -> Chart:
    """The chart with limits `spread` above and below `middle`, which is the centre line unless another is given.

    Near a limit is beyond two thirds of the way to it; a limit goes no further than `floor` and `ceiling`.
    """
    line = float(middle if centre is None else centre)
    spreads = _each(spread, values)
    uppers = [min(ceiling, middle + far) for far in spreads]
    lowers = [max(floor, middle - far) for far in spreads]
    outside = [
        side(value, upper) > 0 or side(value, lower) < 0
        for value, upper, lower in zip(values, uppers, lowers, strict=True)
    ]
    near = [
        side(abs(value - middle), far * 2 / 3) > 0 and not out
        for value, far, out in zip(values, spreads, outside, strict=True)
    ]
    found = signals(values, [side(value, line) for value in values], near, outside)
    return Chart(tuple(values), line, _like(spread, uppers), _like(spread, lowers), found)


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean of one or more values."""
    return fsum(values) / len(values)


def checked(values: Iterable[float], what: str, *, least: float = -inf) -> tuple[float, ...]:
    """The values as a tuple. Refuses none at all, what is not a number, and less than `least`: ValueError."""
    kept = tuple(values)
    if not kept:
        raise ValueError(f"there are no {what} to chart")
    if not all(isfinite(value) and value >= least for value in kept):
        bound = f", {least:g} or more" if isfinite(least) else ""
        raise ValueError(f"{what} are finite numbers{bound}")
    return kept


def base(values: tuple[float, ...], baseline: int | None, *, least: int = 1) -> tuple[float, ...]:
    """The points that limits come from: the first `baseline`, or all. Refuses a baseline out of range: ValueError."""
    if baseline is None:
        return values
    if not least <= baseline <= len(values):
        raise ValueError(f"a baseline here is {least} to {len(values)} points, not {baseline}")
    return values[:baseline]


def _each(line: Line, values: Sequence[float]) -> tuple[float, ...]:
    return line if isinstance(line, tuple) else (line,) * len(values)


def _like(line: Line, heights: Sequence[float]) -> Line:
    return tuple(heights) if isinstance(line, tuple) else heights[0]


_LIMIT = 2.66  # 3 / 1.128, as the NHS tools round it
_RANGE_LIMIT = 3.267


def xmr(values: Sequence[float], screen: bool = True, baseline: int | None = None) -> Chart:
    """Individuals: mean +/- 2.66 mean moving ranges of the first `baseline` points (2 or more; default all).

    `screen` drops moving ranges of 3.267 times their mean or more, once (Nelson 1982; NHSRplotthedots). One value
    alone, or values all alike but for a step that the screen drops, have no moving range: the limits lie on the centre
    line, and are no limits to show people (`chosen_chart`). Refuses: ValueError.
    """
    points = checked(values, "values")
    return charted(points, *level(base(points, baseline, least=2), screen))


def level(values: Sequence[float], screen: bool = True) -> tuple[float, float]:
    """(mean, distance of a limit from it) of individuals, as `xmr` has them."""
    return mean(values), _LIMIT * _mean_range(values, screen)


def moving_range(values: Sequence[float]) -> Chart:
    """The steps between values, one point fewer than values; centre their mean, upper limit 3.267 times it, lower 0.

    Unscreened, and only "outside" is a signal: neighbouring steps share a value, so runs of them mean nothing.
    Refuses fewer than two values: ValueError.
    """
    points = checked(values, "values")
    if len(points) < 2:
        raise ValueError("a moving range needs two values")
    steps = _ranges(points)
    centre = mean(steps)
    whole = charted(steps, centre, (_RANGE_LIMIT - 1) * centre, floor=0.0)
    outside = {index: names & {"outside"} for index, names in whole.signals.items() if "outside" in names}
    return Chart(steps, centre, _RANGE_LIMIT * centre, 0.0, outside)


def _mean_range(values: Sequence[float], screen: bool) -> float:
    steps = _ranges(values)
    if not steps:
        return 0.0
    limit = _RANGE_LIMIT * mean(steps)
    kept = [step for step in steps if step < limit] if screen else []
    return mean(kept or steps)


def _ranges(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(abs(after - before) for before, after in pairwise(values))


_POWER = 3.6  # makes times between events near enough normal (Nelson 1994)


def g_chart(gaps: Sequence[float], baseline: int | None = None) -> Chart:
    """Units (cases, days) between rare events: centre the median, upper limit mean + 3 sqrt(mean (mean + 1)), lower 0.

    Gaps are 0 or more; all 0 puts every line on 0. Limits and centre from the first `baseline` gaps. Source:
    qicharts2, qic.g. Refuses: ValueError.
    """
    points = checked(gaps, "gaps", least=0)
    known = base(points, baseline)
    middle = mean(known)
    return charted(points, middle, 3 * sqrt(middle * (middle + 1)), centre=float(median(known)), floor=0.0)


def t_chart(times: Sequence[float], baseline: int | None = None) -> Chart:
    """Time between rare events, in any one unit: screened XmR of time^(1/3.6), its lines turned back.

    Times are 0 or more (two on one day); a lower limit below 0 is 0; signals are those of the turned values.
    Source: qicharts2, qic.t. Refuses: ValueError.
    """
    points = checked(times, "times", least=0)
    turned = tuple(time ** (1 / _POWER) for time in points)
    middle, spread = level(base(turned, baseline, least=2))
    upper, centre, lower = (max(0.0, line) ** _POWER for line in (middle + spread, middle, middle - spread))
    return Chart(points, centre, upper, lower, charted(turned, middle, spread).signals)


_CHANCE = 20  # one in


@dataclass(frozen=True, slots=True)
class RunChart:
    """A run longer than allowed, or fewer crossings than needed, is no chance."""

    median: float
    longest_run: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def has_signal(self) -> bool:
        """Whether either rule says that the level did not stay."""
        return self.longest_run > self.longest_allowed or self.crossings < self.crossings_needed


def anhoej(values: Sequence[float]) -> RunChart:
    """The Anhoej rules (Anhoej and Olesen 2014, qicharts2): longest run and crossings about the median.

    Points on the median count for nothing. With none or one beside it there is nothing to say: no signal.
    Refuses an empty series: ValueError.
    """
    points = checked(values, "values")
    line = float(median(points))
    sides = [found for found in (side(value, line) for value in points) if found]
    longest = max((len(list(run)) for _, run in groupby(sides)), default=0)
    crossings = sum(before != after for before, after in pairwise(sides))
    return RunChart(line, longest, _longest_allowed(len(sides)), crossings, _crossings_needed(len(sides)))


def _longest_allowed(useful: int) -> int:
    return round(log2(useful or 1)) + 3


def _crossings_needed(useful: int) -> int:
    """The 5 % point of a binomial of useful - 1 tosses, in whole numbers so that no rounding moves it."""
    tosses = max(useful - 1, 0)
    needed, below = 0, 1
    while below * _CHANCE < 2**tosses:
        needed += 1
        below += comb(tosses, needed)
    return needed


_STEP = 1.128  # the mean step between two neighbours, in standard deviations
_Deviation = Callable[[float, float], float]  # of the centre and a size


def c_chart(counts: Sequence[float], baseline: int | None = None, *, centre: float | None = None) -> Chart:
    """Counts under equal exposure: mean +/- 3 sqrt(mean), no lower than 0.

    The mean is that of the first `baseline` points (default all), or a `centre` frozen earlier. One point alone stands
    on its own mean; from a baseline of zeros any later event is outside. Refuses: ValueError.
    """
    points = checked(counts, "counts", least=0)
    known = base(points, baseline)
    middle = mean(known) if centre is None else _frozen(centre)
    return charted(points, middle, 3 * sqrt(middle), floor=0.0)


def u_chart(
    counts: Sequence[float], exposures: Sequence[float], baseline: int | None = None, *, centre: float | None = None
) -> Chart:
    """Counts per unit of exposure: values count / exposure, limits a point +/- 3 sqrt(rate / exposure), 0 or more.

    The rate is all counts over all exposure of the first `baseline` points (default all), or a `centre` frozen
    earlier. Refuses exposures of 0: ValueError.
    """
    return _of_shares(*_pairs(counts, exposures, "exposures"), _of_a_rate, baseline, centre=centre)


def p_chart(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """Shares: values count / size, limits a point +/- 3 sqrt(share (1 - share) / size), within 0 and 1.

    The share is that of the first `baseline` points together (default all). Refuses sizes of 0 and counts above
    their size: ValueError.
    """
    return _of_shares(*_parts(counts, sizes), _of_a_part, baseline, ceiling=1.0)


def laney_u(counts: Sequence[float], exposures: Sequence[float], baseline: int | None = None) -> Chart:
    """The u-chart with limits as wide as the points are seen to differ (Laney 2002), unscreened.

    One point alone has no neighbour to differ from: the limits of the u-chart. Refuses as `u_chart`.
    """
    return _of_shares(*_pairs(counts, exposures, "exposures"), _of_a_rate, baseline, is_widened=True)


def laney_p(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """The p-chart with limits as wide as the points are seen to differ (Laney 2002), unscreened.

    One point alone has no neighbour to differ from: the limits of the p-chart. Refuses as `p_chart`.
    """
    return _of_shares(*_parts(counts, sizes), _of_a_part, baseline, is_widened=True, ceiling=1.0)


def _frozen(centre: float) -> float:
    return checked([centre], "centre lines", least=0)[0]


def _parts(counts: Sequence[float], sizes: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    points, wholes = _pairs(counts, sizes, "sizes")
    if any(count > size for count, size in zip(points, wholes, strict=True)):
        raise ValueError("a share counts no more than its size")
    return points, wholes


def _pairs(counts: Sequence[float], sizes: Sequence[float], what: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    points, wholes = checked(counts, "counts", least=0), checked(sizes, what, least=0)
    if len(points) != len(wholes):
        raise ValueError(f"{len(points)} counts need as many {what}, not {len(wholes)}")
    if 0 in wholes:
        raise ValueError(f"{what} are more than 0")
    return points, wholes


def _of_shares(
    points: Sequence[float],
    sizes: Sequence[float],
    deviation: _Deviation,
    baseline: int | None,
    *,
    centre: float | None = None,
    is_widened: bool = False,
    ceiling: float = inf,
) -> Chart:
    known, of = base(tuple(points), baseline), base(tuple(sizes), baseline)
    middle = fsum(known) / fsum(of) if centre is None else _frozen(centre)
    shares = [count / size for count, size in zip(points, sizes, strict=True)]
    deviations = [deviation(middle, size) for size in sizes]
    sigma = _sigma_z(shares[: len(known)], middle, deviations) if is_widened else 1.0
    return charted(shares, middle, tuple(3 * (sigma * each) for each in deviations), floor=0.0, ceiling=ceiling)


def _of_a_rate(rate: float, size: float) -> float:
    return sqrt(rate / size)


def _of_a_part(part: float, size: float) -> float:
    return sqrt(part * (1 - part) / size)


def _sigma_z(shares: Sequence[float], middle: float, deviations: Sequence[float]) -> float:
    """The mean step between neighbours, each in its own standard deviations; 1 where there is none."""
    known = list(zip(shares, deviations, strict=False))
    if len(known) < 2 or not all(deviation for _, deviation in known):
        return 1.0
    scores = [(share - middle) / deviation for share, deviation in known]
    return mean([abs(after - before) for before, after in pairwise(scores)]) / _STEP


def days_between(days: Iterable[date]) -> tuple[float, ...]:
    """From each day to the next one, in days; 0 for two on one day."""
    return tuple(float((later - day).days) for day, later in pairwise(sorted(days)))


def cases_between(days: Iterable[date], months: Sequence[Period], cases: Sequence[float]) -> tuple[float, ...]:
    """How many cases lay between, where each month's are spread evenly over its days.

    `months`: in order, one after the other, with as many `cases`. Refuses a day outside of them: ValueError.
    """
    starts, before = [month.start for month in months], (0.0, *accumulate(cases))
    so_far = []
    for day in sorted(days):
        place = bisect_right(starts, day) - 1
        if place < 0 or day not in months[place]:
            raise ValueError(f"{day} lies outside the months that are known")
        month = months[place]
        so_far.append(before[place] + cases[place] * (day - month.start).days / (month.end - month.start).days)
    return tuple(later - earlier for earlier, later in pairwise(so_far))
