"""Which chart a theme's counts deserve, and what it is in words (statistics.md 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from tracker.measures.control_charts import Chart, c_chart, checked, g_chart, mean, t_chart, u_chart

USUAL_BASELINE = 12  # periods
_OFTEN, _SELDOM = 5, 1  # a month: from the first on months carry a chart, below the second quarters do not either
_QUARTER = 3  # months
_GAPS = 6  # the fewest that say what is usual


@dataclass(frozen=True, slots=True)
class ChartExposure:
    """What might have gone wrong, a month each, oldest first: `what` “joint cases”, rates said `per` so many."""

    months: tuple[float, ...]
    what: str
    per: float = 100


@dataclass(frozen=True, slots=True)
class Gaps:
    """What lay between one occurrence and the next, oldest first: days, or so many cases where they are counted, of
    which `what` says what they are."""

    days: tuple[float, ...] = ()
    cases: tuple[float, ...] = ()
    what: str = "joint cases"


@dataclass(frozen=True, slots=True)
class ChosenChart:
    """`chart`: None where there are too few to say, or no spread to measure by. A point stands for `months` months;
    0: for a gap, not a time.

    Quarters end with the last month; months before the first whole quarter are left out.
    """

    words: str
    chart: Chart | None
    months: int


def chosen_chart(
    counts: Sequence[float],
    exposure: ChartExposure | None = None,
    between: Gaps | None = None,
    *,
    baseline: int = USUAL_BASELINE,
    frozen: float | None = None,
) -> ChosenChart:
    """The chart for counts a month, oldest first.

    By the mean count a month of the baseline: 5 or more months, 1 to 5 quarters, fewer the gaps between occurrences
    where there are 6, else too few. With an exposure counts become rates. Limits come from the first `baseline` months
    (or all of fewer), or around the `frozen` centre: occurrences a month, or `per` so much exposure.
    Refuses: ValueError.
    """
    points = checked(counts, "counts", least=0)
    if exposure and len(exposure.months) != len(points):
        raise ValueError(f"{len(points)} months of counts need as many of exposure, not {len(exposure.months)}")
    first = min(baseline, len(points))
    if mean(points[:first]) >= _OFTEN:
        return _months(points, exposure, first, frozen)
    if is_seldom(points, baseline=baseline):
        return _gaps(between or Gaps())
    return _quarters(points, exposure, _whole_quarters(points, first), frozen)


def is_seldom(counts: Sequence[float], *, baseline: int) -> bool:
    """Whether, of counts a month, not even quarters carry a chart: then the gaps between occurrences are asked."""
    first = min(baseline, len(counts))
    usual = mean(counts[:first])
    return usual < _SELDOM or (usual < _OFTEN and not _whole_quarters(counts, first))


def month_chart(
    counts: Sequence[float], exposure: ChartExposure | None, *, baseline: int, frozen: float | None = None
) -> Chart:
    """The chart of every month: counts, or rates with an exposure; baseline and `frozen` as in `chosen_chart`."""
    first = min(baseline, len(counts))
    if exposure is None:
        return c_chart(counts, first, centre=frozen)
    return u_chart(counts, [size / exposure.per for size in exposure.months], first, centre=frozen)


def _months(points: tuple[float, ...], exposure: ChartExposure | None, first: int, frozen: float | None) -> ChosenChart:
    chart = month_chart(points, exposure, baseline=first, frozen=frozen)
    if exposure is None:
        return ChosenChart("c-chart: counts, equal months", chart, 1)
    return ChosenChart(f"u-chart: occurrences per {_rate(exposure)}", chart, 1)


def _quarters(
    points: tuple[float, ...], exposure: ChartExposure | None, first: int, frozen: float | None
) -> ChosenChart:
    """The baseline is the first whole quarters of those months."""
    sums = _by_quarter(points)
    if exposure is None:
        chart = c_chart(sums, first, centre=None if frozen is None else frozen * _QUARTER)
        return ChosenChart("c-chart on quarters: counts, equal quarters", chart, _QUARTER)
    sizes = [size / exposure.per for size in _by_quarter(exposure.months)]
    words = f"u-chart on quarters: occurrences per {_rate(exposure)}"
    return ChosenChart(words, u_chart(sums, sizes, first, centre=frozen), _QUARTER)


def _gaps(between: Gaps) -> ChosenChart:
    if len(between.cases) >= _GAPS:
        what, chart = between.what, g_chart(between.cases)
        words = f"g-chart: {what} between one occurrence and the next"
    elif len(between.days) >= _GAPS:
        what, chart = "days", t_chart(between.days)
        words = "t-chart: days between one occurrence and the next"
    else:
        return ChosenChart("too few to chart", None, 0)
    if chart.upper == chart.centre == chart.lower:  # every gap beside the line would be called a special cause
        return ChosenChart(f"too alike to chart: the {what} between one occurrence and the next", None, 0)
    return ChosenChart(words, chart, 0)


def _whole_quarters(points: Sequence[float], baseline: int) -> int:
    return max(0, (baseline - len(points) % _QUARTER) // _QUARTER)


def _by_quarter(months: tuple[float, ...]) -> list[float]:
    lead = len(months) % _QUARTER
    return [fsum(months[start : start + _QUARTER]) for start in range(lead, len(months), _QUARTER)]


def _rate(exposure: ChartExposure) -> str:
    return exposure.what if exposure.per == 1 else f"{exposure.per:g} {exposure.what}"
