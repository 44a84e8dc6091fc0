"""What a steering group is told of each theme: rising, easing, recurring or none of it (statistics.md 10)."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import fsum
from typing import TypeVar

from tracker.measures.breadth import Breadth
from tracker.measures.chart_choice import ChartExposure, ChosenChart, Gaps, chosen_chart, month_chart
from tracker.measures.control_charts import Chart
from tracker.measures.durations import lasting
from tracker.measures.rates import benjamini_hochberg, rate_ratio
from tracker.measures.run_rules import OUTSIDE, side


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number of the rule, as a partnership may set it; shares of 1, months where a field says no other unit.

    Limits stay at 3 sigma and intervals at 95 %: those are what the charts and the intervals are. Refuses whole numbers
    below 1 and shares outside 0 to 1: ValueError.
    """

    recent_months: int = 6
    earlier_months: int = 18
    least_occurrences: int = 6  # in the last `least_months`; fewer are too few to say
    least_months: int = 12
    least_periods: int = 6
    signal_months: int = 3  # how fresh a point outside the limits must be
    share_by_chance: float = 0.10  # of the themes that are flagged
    baseline_months: int = 12
    recurrences: int = 3  # linked, in the last `recurrence_months`
    recurrence_months: int = 12
    fixes: int = 8  # the fewest whose lasting says something
    lasting_days: int = 90
    lasting_share: float = 0.8
    stable_months: int = 12
    breadth_kept: float = 0.8  # of those heard before, and of what they reported; less, and reporting is falling

    def __post_init__(self) -> None:
        for each in fields(self):
            value, is_share = getattr(self, each.name), isinstance(each.default, float)
            if not (0 < value <= 1 if is_share else value >= 1):
                allowed = "above 0 and at most 1" if is_share else "1 or more"
                raise ValueError(f"{each.name} is {allowed}, not {value:g}")


@dataclass(frozen=True, slots=True)
class Fixes:
    """Of each fix, `days` until it happened again, or until it was last seen still fixed; `again`: which of the two.
    `alike`: after how many of them something happened that is only like it, and that nobody has linked."""

    days: tuple[float, ...] = ()
    again: tuple[bool, ...] = ()
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Series:
    """What is known of one theme: occurrences in each whole month, oldest first, the last 24 at most are used.

    `linked`: confirmed recurrences in the last 12 months. `breadth`: None where nobody can say, or need say
    (`may_be_fewer`); then nothing is easing. `between`: of what is too rare for months and quarters.
    `frozen`: a centre as `chart_choice.chosen_chart` takes it.
    """

    counts: tuple[int, ...]
    exposure: ChartExposure | None = None
    linked: int = 0
    fixes: Fixes = Fixes()
    breadth: Breadth | None = None
    between: Gaps | None = None
    frozen: float | None = None


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
    report as before, those who reported the theme and most of it among them.
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

    @property
    def chart(self) -> ChosenChart:
        """The one that its counts deserve: for whoever asks why."""
        kept, first = self.series, self.thresholds.baseline_months
        return chosen_chart(kept.counts, kept.exposure, kept.between, baseline=first, frozen=kept.frozen)

    @property
    def is_recurring(self) -> bool:
        """Linked recurrences, or fixes of which too few last. How many pairs or sites it touches decides nothing."""
        limits = self.thresholds
        breaks = self.lasting is not None and self.lasting[2] < limits.lasting_share
        return self.is_enough and (self.series.linked >= limits.recurrences or breaks)


@lru_cache(maxsize=1024)  # most series are the same from one report to the next; numbers alone are kept
def evidence_of(series: Series, thresholds: Thresholds) -> Evidence:
    """The numbers of one theme against the thresholds. Refuses a series without a month: ValueError."""
    kept, first = _latest(series, thresholds.recent_months + thresholds.earlier_months), thresholds.baseline_months
    months = month_chart(kept.counts, kept.exposure, baseline=first, frozen=kept.frozen)
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


Key = TypeVar("Key", bound=Hashable)
USUAL = Thresholds()


class Trend(StrEnum):
    """How a theme moves. Quieter: fewer are reported, but who reports has changed, too."""

    TOO_FEW = "too_few"
    RISING = "rising"
    EASING = "easing"
    QUIETER = "quieter"
    STEADY = "steady"
    STABLE = "stable"


class ChangeShape(StrEnum):
    """What a change looks like, month by month (statistics.md 12)."""

    ONE_MONTH = "a single month"
    STILL_MOVING = "still moving"
    LEVEL = "level"


_STILL = 0.10  # the chance, one-sided, under which the last three months are called further on than the first three


@dataclass(frozen=True, slots=True)
class Flags:
    """In which directions a theme changed by more than chance has it among so many (Benjamini-Hochberg).

    `still_fewer`: also without what people reported who have fallen silent.
    """

    more: bool = False
    fewer: bool = False
    still_fewer: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is told of a theme, with every number it comes from."""

    trend: Trend
    evidence: Evidence
    flags: Flags

    @property
    def is_recurring(self) -> bool:
        """Whether it keeps coming back, whatever its trend."""
        return self.evidence.is_recurring

    @property
    def is_flagged(self) -> bool:
        """Whether its change, either way, is one of those of which about one in ten is chance."""
        return self.flags.more or self.flags.fewer

    @property
    def excess(self) -> float:
        """How many more a month lately than at the earlier rate; less than 0 for fewer."""
        change, recent = self.evidence.comparison, self.evidence.thresholds.recent_months
        if change is None:
            return 0.0
        return (change.recent - change.before / change.before_exposure * change.recent_exposure) / recent

    @property
    def shape(self) -> tuple[ChangeShape, int]:
        """Of what is rising or easing, and which month from the end, 1 being the last, carries it (of `LEVEL` and
        `STILL_MOVING` the first recent one)."""
        return _shape(self.evidence, up=self.trend is Trend.RISING)

    @property
    def is_headline(self) -> bool:
        """Only rising, easing and recurring are said at the top of a report."""
        return self.is_recurring or self.trend in {Trend.RISING, Trend.EASING}


def verdicts(series: Mapping[Key, Series], thresholds: Thresholds = USUAL) -> dict[Key, Verdict]:
    """The verdict on each theme, all of them held against each other: what is told of one depends on how many there
    are. Refuses a series without a month, and what no chart takes: ValueError."""
    found = {key: evidence_of(each, thresholds) for key, each in series.items()}
    flags = _flags(found, thresholds.share_by_chance)
    return {key: Verdict(_trend(each, flags[key]), each, flags[key]) for key, each in found.items()}


def _flags(found: Mapping[Key, Evidence], share: float) -> dict[Key, Flags]:
    """Each direction for itself, over all the themes of which something can be said."""
    tested = {
        key: (each.comparison.p_more, each.comparison.p_less, each.like_for_like.p_less)
        for key, each in found.items()
        if each.is_enough and each.comparison and each.like_for_like
    }
    directions = (benjamini_hochberg(chances, share) for chances in zip(*tested.values(), strict=True))
    flagged = dict(zip(tested, zip(*directions, strict=True), strict=True))
    return {key: Flags(*flagged.get(key, ())) for key in found}


def _trend(evidence: Evidence, flags: Flags) -> Trend:
    change, still = evidence.comparison, evidence.like_for_like
    if not evidence.is_enough:
        return Trend.TOO_FEW
    if change and change.low > 1 and (evidence.above or flags.more):
        return Trend.RISING
    if change and still and change.high < 1 and (evidence.below or flags.fewer):
        eased = evidence.is_heard and still.high < 1 and (evidence.below or flags.still_fewer)
        return Trend.EASING if eased else Trend.QUIETER
    return Trend.STABLE if evidence.is_calm else Trend.STEADY


def _shape(evidence: Evidence, *, up: bool) -> tuple[ChangeShape, int]:
    """In this order: one month carries more than half of what is more (or fewer); the last three recent months lie
    further on than the first three; else level since the first."""
    series, recent, change = evidence.series, evidence.thresholds.recent_months, evidence.comparison
    start = max(0, len(series.counts) - recent)
    back = len(series.counts) - start
    if change is None:
        return ChangeShape.LEVEL, back
    sizes = series.exposure.months if series.exposure else (1.0,) * len(series.counts)
    rate, sign = change.before / change.before_exposure, 1 if up else -1
    excess = [sign * (count - rate * size) for count, size in zip(series.counts[start:], sizes[start:], strict=True)]
    most = max(range(len(excess)), key=excess.__getitem__)
    if sum(excess) > 0 and excess[most] > sum(excess) / 2:
        return ChangeShape.ONE_MONTH, back - most
    half = recent // 2
    early, late = slice(start, start + half), slice(len(series.counts) - half, None)
    held = (sum(series.counts[late]), fsum(sizes[late])), (sum(series.counts[early]), fsum(sizes[early]))
    (one, other) = held if up else held[::-1]
    is_still = half > 0 and rate_ratio(*one, *other)[3] < _STILL
    return (ChangeShape.STILL_MOVING if is_still else ChangeShape.LEVEL), back


# Of so many themes: rising or easing ones a report, the least and the most of 1, 2 and 5 occurrences a month and theme.
# Source: `python3 go.py simulate --by-themes`, 24 months of pure chance, 1,000 to 8,000 reports each.
EXPECTED = {
    0: (0.0, 0.0),
    1: (0.03, 0.03),
    2: (0.06, 0.08),
    3: (0.08, 0.13),
    5: (0.10, 0.18),
    8: (0.14, 0.20),
    14: (0.20, 0.24),
    20: (0.24, 0.29),
    30: (0.32, 0.43),
    50: (0.39, 0.62),
    100: (0.63, 1.25),
}
_NEARLY_EVERY = 2 / 3  # headlines a report


def expected_by_chance(themes: int) -> tuple[float, float]:
    """The least and the most headlines a report to expect by chance alone, of so many themes with enough to say.

    Between the numbers of themes that were tried in proportion, beyond the last one as there. Refuses less than none:
    ValueError.
    """
    if themes < 0:
        raise ValueError(f"themes are 0 or more, not {themes}")
    tried = [*EXPECTED.items()]
    most, last = tried[-1]
    if themes > most:
        return last[0] * themes / most, last[1] * themes / most
    return next(_between(themes, before, after) for before, after in pairwise(tried) if before[0] <= themes <= after[0])


def by_chance_in_words(least: float, most: float) -> str:
    """What a report prints beside its headlines, of so many to expect in it."""
    usual = (least + most) / 2
    often = f"about one report in {1 / usual:.0f}" if usual < _NEARLY_EVERY else "about every report"
    counted = f"{least:.2g}" if least == most else f"{least:.2g} to {most:.2g}"
    called = f"{often} would call a theme rising or easing"
    return f"Even if nothing had changed, {called}: {counted} headlines a report, by chance alone."


def _between(
    themes: int, before: tuple[int, tuple[float, float]], after: tuple[int, tuple[float, float]]
) -> tuple[float, float]:
    (low, (low_least, low_most)), (high, (high_least, high_most)) = before, after
    part = (themes - low) / (high - low)
    return low_least + part * (high_least - low_least), low_most + part * (high_most - low_most)
