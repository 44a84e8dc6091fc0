"""Control charts: what is usual, its limits, and the points that are no chance (statistics.md 2)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, sqrt

from tracker.measures.chart_lines import Chart, base, charted, checked, mean
from tracker.measures.individuals import moving_range, xmr
from tracker.measures.rare_events import g_chart, t_chart
from tracker.measures.run_charts import RunChart, anhoej

__all__ = [
    "Chart",
    "RunChart",
    "anhoej",
    "c_chart",
    "g_chart",
    "laney_p",
    "laney_u",
    "moving_range",
    "p_chart",
    "t_chart",
    "u_chart",
    "xmr",
]

_STEP = 1.128  # the mean step between two neighbours, in standard deviations
_Deviation = Callable[[float], float]


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
    points, sizes = _pairs(counts, exposures, "exposures")
    middle = _rate(points, sizes, baseline) if centre is None else _frozen(centre)
    return _of_shares(points, sizes, middle, lambda size: sqrt(middle / size))


def p_chart(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """Shares: values count / size, limits a point +/- 3 sqrt(share (1 - share) / size), within 0 and 1.

    The share is that of the first `baseline` points together (default all). Refuses sizes of 0 and counts above
    their size: ValueError.
    """
    points, wholes = _parts(counts, sizes)
    middle = _rate(points, wholes, baseline)
    return _of_shares(points, wholes, middle, lambda size: sqrt(middle * (1 - middle) / size), ceiling=1.0)


def laney_u(counts: Sequence[float], exposures: Sequence[float], baseline: int | None = None) -> Chart:
    """The u-chart with limits as wide as the points are seen to differ (Laney 2002), unscreened.

    One point alone has no neighbour to differ from: the limits of the u-chart. Refuses as `u_chart`.
    """
    points, sizes = _pairs(counts, exposures, "exposures")
    middle = _rate(points, sizes, baseline)
    deviation = _widened(points, sizes, middle, lambda size: sqrt(middle / size), baseline)
    return _of_shares(points, sizes, middle, deviation)


def laney_p(counts: Sequence[float], sizes: Sequence[float], baseline: int | None = None) -> Chart:
    """The p-chart with limits as wide as the points are seen to differ (Laney 2002), unscreened.

    One point alone has no neighbour to differ from: the limits of the p-chart. Refuses as `p_chart`.
    """
    points, wholes = _parts(counts, sizes)
    middle = _rate(points, wholes, baseline)
    deviation = _widened(points, wholes, middle, lambda size: sqrt(middle * (1 - middle) / size), baseline)
    return _of_shares(points, wholes, middle, deviation, ceiling=1.0)


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


def _rate(points: tuple[float, ...], sizes: tuple[float, ...], baseline: int | None) -> float:
    return fsum(base(points, baseline)) / fsum(base(sizes, baseline))


def _of_shares(
    points: Sequence[float], sizes: Sequence[float], middle: float, deviation: _Deviation, ceiling: float = float("inf")
) -> Chart:
    shares = [count / size for count, size in zip(points, sizes, strict=True)]
    return charted(shares, middle, tuple(3 * deviation(size) for size in sizes), floor=0.0, ceiling=ceiling)


def _widened(
    points: tuple[float, ...], sizes: tuple[float, ...], middle: float, deviation: _Deviation, baseline: int | None
) -> _Deviation:
    """The deviation times sigma-z: the mean step between neighbours, each in its own standard deviations."""
    known = list(zip(base(points, baseline), base(sizes, baseline), strict=True))
    if len(known) < 2 or not all(deviation(size) for _, size in known):
        return deviation
    scores = [(count / size - middle) / deviation(size) for count, size in known]
    sigma = mean([abs(after - before) for before, after in pairwise(scores)]) / _STEP
    return lambda size: sigma * deviation(size)
