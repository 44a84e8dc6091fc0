"""What a theme's numbers say by themselves, before themes are held against each other (statistics.md 10)."""

from dataclasses import dataclass, replace
from math import fsum

from tracker.measures.breadth import Breadth
from tracker.measures.chart_choice import ChosenChart, chosen_chart, month_chart
from tracker.measures.chart_lines import Chart
from tracker.measures.durations import lasting
from tracker.measures.rates import rate_ratio
from tracker.measures.run_rules import OUTSIDE, side
from tracker.measures.series import Fixes, Series, Thresholds


@dataclass(frozen=True, slots=True)
class Comparison:
    """Recent months against those before: counts, exposures (months, or what the series names), the ratio of rates
    with its 95 % interval, and the chance of so many or more, and of so few or fewer, were nothing changed."""

    recent: int
    before: int
    recent_exposure: float
    before_exposure: float
    ratio: float
    low: float
    high: float
    p_more: float
    p_less: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """`last_year`: occurrences in the last 12 months. `is_enough`: whether anything can be said.

    `above`, `below`: a fresh point outside the limits of `months`, the chart of every month. `is_calm`: no rule marks
    any of its last 12 points. `lasting`: (share of fixes that lasted 90 days, low, high), None with fewer than 8.
    `like_for_like`: the comparison without what people reported who have fallen silent. `is_heard`: as many people
    report as before, those who reported the theme and most of it among them. `chart`: the one to show.
    """

    series: Series
    thresholds: Thresholds
    last_year: int
    is_enough: bool
    comparison: Comparison | None
    months: Chart
    above: bool
    below: bool
    is_calm: bool
    lasting: tuple[float, float, float] | None
    like_for_like: Comparison | None
    is_heard: bool
    chart: ChosenChart

    @property
    def is_recurring(self) -> bool:
        """Linked recurrences, or fixes of which too few last. How many pairs or sites it touches decides nothing."""
        limits = self.thresholds
        breaks = self.lasting is not None and self.lasting[2] < limits.lasting_share
        return self.is_enough and (self.series.linked >= limits.recurrences or breaks)


def evidence_of(series: Series, thresholds: Thresholds) -> Evidence:
    """The numbers of one theme against the thresholds. Refuses a series without a month: ValueError."""
    kept = _latest(series, thresholds.recent_months + thresholds.earlier_months)
    months = month_chart(kept.counts, kept.exposure, baseline=_baseline(kept, thresholds), frozen=kept.frozen)
    comparison = _comparison(kept, thresholds)
    last_year = sum(kept.counts[-thresholds.least_months :])
    sides = _fresh_sides(months, thresholds.signal_months)
    return Evidence(
        series=kept,
        thresholds=thresholds,
        last_year=last_year,
        is_enough=last_year >= thresholds.least_occurrences and len(kept.counts) >= thresholds.least_periods,
        comparison=comparison,
        months=months,
        above="above" in sides,
        below="below" in sides,
        is_calm=_is_calm(months, thresholds.stable_months),
        lasting=_lasting(kept.fixes, thresholds),
        like_for_like=_without_the_silent(comparison, kept.breadth),
        is_heard=_is_heard(kept.breadth, comparison.before if comparison else 0, thresholds.breadth_kept),
        chart=chosen_chart(
            kept.counts, kept.exposure, kept.between, baseline=_baseline(kept, thresholds), frozen=kept.frozen
        ),
    )


def may_be_fewer(series: Series, thresholds: Thresholds) -> bool:
    """Whether there may be fewer than before. Only then does it matter who reports (`Series.breadth`): without that
    nothing is easing, and among themes held against each other a chance above the share that is flagged never counts.
    """
    change = _comparison(_latest(series, thresholds.recent_months + thresholds.earlier_months), thresholds)
    return change is not None and (change.high < 1 or change.p_less <= thresholds.share_by_chance)


def _latest(series: Series, months: int) -> Series:
    exposure = series.exposure and replace(series.exposure, months=series.exposure.months[-months:])
    return replace(series, counts=series.counts[-months:], exposure=exposure)


def _baseline(series: Series, thresholds: Thresholds) -> int:
    if series.baseline is None:
        return min(thresholds.baseline_months, len(series.counts))
    return series.baseline


def _comparison(series: Series, thresholds: Thresholds) -> Comparison | None:
    """None without a month before the recent ones."""
    start = len(series.counts) - thresholds.recent_months
    if start <= 0:
        return None
    sizes = series.exposure.months if series.exposure else (1.0,) * len(series.counts)
    recent, before = sum(series.counts[start:]), sum(series.counts[:start])
    recent_exposure, before_exposure = fsum(sizes[start:]), fsum(sizes[:start])
    return _compared(recent, recent_exposure, before, before_exposure)


def _compared(recent: int, recent_exposure: float, before: int, before_exposure: float) -> Comparison:
    ratio, low, high, p_more = rate_ratio(recent, recent_exposure, before, before_exposure)
    p_less = rate_ratio(before, before_exposure, recent, recent_exposure)[3]
    return Comparison(recent, before, recent_exposure, before_exposure, ratio, low, high, p_more, p_less)


def _fresh_sides(chart: Chart, months: int) -> set[str]:
    """On which sides of the limits the last points lie."""
    points = range(len(chart.values))[-months:]
    outside = [chart.values[index] for index in points if OUTSIDE in chart.signals.get(index, ())]
    return {"above" if side(value, chart.centre) > 0 else "below" for value in outside}


def _is_calm(chart: Chart, months: int) -> bool:
    points = len(chart.values)
    return points >= months and not any(index >= points - months for index in chart.signals)


def _lasting(fixes: Fixes, thresholds: Thresholds) -> tuple[float, float, float] | None:
    if len(fixes.days) < thresholds.fixes:
        return None
    return lasting(fixes.days, fixes.again, thresholds.lasting_days)


def _without_the_silent(comparison: Comparison | None, breadth: Breadth | None) -> Comparison | None:
    """The comparison, but for what was reported before by those who have fallen silent."""
    if comparison is None or breadth is None or not breadth.gone:
        return comparison
    still = max(0, comparison.before - breadth.gone)
    return _compared(comparison.recent, comparison.recent_exposure, still, comparison.before_exposure)


def _is_heard(breadth: Breadth | None, before: int, kept: float) -> bool:
    return breadth is not None and (
        breadth.recent >= kept * breadth.before
        and breadth.back >= kept * breadth.back_before
        and before - breadth.gone >= kept * before
    )
