"""The drawings of the theme report with their words, for whoever does not see them: the same on page and paper."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tracker.measures.chart_choice import ChosenChart
from tracker.measures.control_charts import Chart
from tracker.measures.month_bars import EarlierRate
from tracker.measures.periods import Period, in_words, month_number, month_words
from tracker.measures.run_rules import OUTSIDE
from tracker.rules.wording import begun, listed, say_count

_NO_LIMITS = "too few earlier months to draw limits"
_STEPS = (0, 7, 14, 28, 60, 90)  # days that the table of the curve shows, up to its last one


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart of counts.

    `title` and `described` are for those who do not see it. `centre`, `upper`, `lower`: one for each point, or empty.
    `outside`: positions of the points to mark. `decided`: where something was decided, between the points around it.
    """

    title: str
    described: str
    values: tuple[float, ...]
    centre: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    outside: frozenset[int] = frozenset()
    decided: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthBars:
    """Occurrences month by month as bars, more often being higher, on the axis that all charts of a report share.

    `title` and `described` are for those who do not see it. `recent`: how many of the last months are held against
    those before. `first`, `last`: what stands below its ends. `centre`, `upper`, `lower`: the earlier rate and its
    limits, a height for each month, or empty. `decided`: where something was decided, in months from the left.
    """

    title: str
    described: str
    counts: tuple[int, ...]
    recent: int
    first: str
    last: str
    centre: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    decided: tuple[float, ...] = ()

    def values(self) -> dict[str, Any]:
        """As paper draws it."""
        return asdict(self) | {"highest": self.highest}

    @property
    def legend(self) -> str:
        """“Dark, the last 6 months; across, the earlier rate; dashed, its limits; upright, a decision.”."""
        parts = [f"Dark, the last {say_count(self.recent, 'month')}"] if self.recent < len(self.counts) else []
        parts += ["across, the earlier rate"] if self.centre else []
        parts += ["dashed, its limits"] if self.upper else [_NO_LIMITS]
        parts += ["upright, a decision"] if self.decided else []
        return f"{begun('; '.join(parts))}."

    @property
    def highest(self) -> float:
        """What the tallest bar or line stands for; at least 1."""
        return max((1.0, *self.counts, *self.upper, *self.centre))


@dataclass(frozen=True, slots=True)
class Curve:
    """How many fixes still last after so many days: a staircase from 1 down, as points of days and shares; `steps`: the
    same as a table (“28”, “81 %”)."""

    title: str
    described: str
    days: int
    points: tuple[tuple[float, float], ...]
    steps: tuple[tuple[str, str], ...]


def spark_of(name: str, months: Sequence[Period], chosen: ChosenChart, decided: Iterable[date]) -> Spark | None:
    """The chart that a theme's counts deserve; None for too few, or too alike, to draw. `decided`: on which days,
    about it."""
    chart = chosen.chart
    if chart is None:
        return None
    places = [*_places(decided, months, chosen, chart)]
    outside = frozenset(index for index, marks in chart.signals.items() if OUTSIDE in marks)
    return Spark(
        title=f"{name}: {say_count(len(months), 'month')} to {in_words(months[-1])}",
        described=_described(months, chosen, chart, outside, [day for _, day in sorted(places)]),
        values=chart.values,
        centre=_points(chart.centre, chart),
        upper=_points(chart.upper, chart),
        lower=_points(chart.lower, chart),
        outside=outside,
        decided=tuple(place for place, _ in places),
    )


def month_bars_of(
    name: str,
    months: Sequence[Period],
    counts: Sequence[int],
    recent: int,
    rate: EarlierRate,
    decided: Iterable[date],
    said: str,
) -> MonthBars | None:
    """None where no month is whole. `said`: the verdict in words, which the chart says, too."""
    if not months:
        return None
    taken = sorted(day for day in decided if months[0].start <= day < months[-1].end)
    return MonthBars(
        title=f"{name} by month",
        described="; ".join(_bars_described(months, counts, recent, taken, said, has_limits=bool(rate.upper))),
        counts=tuple(counts),
        recent=min(recent, len(counts)),
        first=f"{months[0].start:%b %Y}",
        last=f"{months[-1].start:%b %Y}: {counts[-1]}",
        centre=rate.centre,
        upper=rate.upper,
        lower=rate.lower,
        decided=tuple(_month_place(day, months[0]) for day in taken),
    )


def _bars_described(
    months: Sequence[Period],
    counts: Sequence[int],
    recent: int,
    decided: Sequence[date],
    said: str,
    *,
    has_limits: bool,
) -> Iterator[str]:
    """“0 to 2 until May 2026, 5 to 8 since June 2026; higher, level since June; decided in August 2026; 7 in November
    2026”."""
    start = len(counts) - recent
    if start > 0:
        until, since = (f"{months[place].start:%B %Y}" for place in (start - 1, start))
        yield f"{_range(counts[:start])} until {until}, {_range(counts[start:])} since {since}"
    else:
        yield _range(counts)
    if said:
        yield said
    if not has_limits:
        yield _NO_LIMITS
    if decided:
        yield f"decided in {listed(dict.fromkeys(f'{day:%B %Y}' for day in decided))}"
    yield f"{counts[-1]} in {months[-1].start:%B %Y}"


def _range(counts: Sequence[int]) -> str:
    least, most = min(counts), max(counts)
    return str(least) if least == most else f"{least} to {most}"


def _month_place(day: date, first: Period) -> float:
    return month_number(day) - month_number(first.start) + (day.day - 0.5) / 31


def curve_of(fixes: int, within: int, curve: Sequence[tuple[float, float]]) -> Curve | None:
    """From all at day 0, followed for `within` days; None where nothing was fixed."""
    if not curve:
        return None
    corners, height = [(0.0, 1.0)], 1.0
    for day, share in curve:
        corners += [(day, height), (day, share)]
        height = share
    days = (*(day for day in _STEPS if day < within), within)
    end = f"{100 * _still(curve, within):.0f} % after {say_count(within, 'day')}"
    return Curve(
        title=f"How many of {say_count(fixes, 'solved issue')} stay solved",
        described=f"from 100 % on the first day to {end}",
        days=within,
        points=(*corners, (float(within), height)),
        steps=tuple((str(day), f"{100 * _still(curve, day):.0f} %") for day in days),
    )


def _described(
    months: Sequence[Period], chosen: ChosenChart, chart: Chart, outside: Iterable[int], decided: Iterable[date]
) -> str:
    """What kind of chart it is, what it ranges over, what is usual, which points lie outside its limits and in which
    months something was decided."""
    centre = _points(chart.centre, chart)[-1]
    usual = f"{centre:.1f}" if centre >= 1 else f"{centre:.2g}"  # rates may be small
    ranges = f"{chosen.words}; from {min(chart.values):.3g} to {max(chart.values):.3g}, {usual} usual"
    ends = ", ".join(_ends(months, chosen, chart, sorted(outside)))
    limits = f"outside the limits: {ends}" if ends else "no point outside the limits"
    made = dict.fromkeys(f"{day:%B %Y}" for day in decided)
    return f"{ranges}, {limits}" + (f"; decided: {listed(made)}" if made else "")


def _points(line: float | Sequence[float], chart: Chart) -> tuple[float, ...]:
    """A line of the chart, one for each of its points."""
    return tuple(line) if isinstance(line, Sequence) else (float(line),) * len(chart.values)


def _places(
    decided: Iterable[date], months: Sequence[Period], chosen: ChosenChart, chart: Chart
) -> Iterator[tuple[float, date]]:
    """Where on the chart, and on which day; gaps have no place for it."""
    last, back_to = len(chart.values) - 1, month_number(months[-1].start)
    for day in decided if chosen.months else ():
        place = last - (back_to - month_number(day)) / chosen.months
        if 0 <= place <= last:
            yield place, day


def _ends(months: Sequence[Period], chosen: ChosenChart, chart: Chart, places: Iterable[int]) -> Iterable[str]:
    """The months that points end with; of gaps, which ones they are."""
    if not chosen.months:
        return [f"gap {place + 1}" for place in places]
    last = len(months) - 1
    return [month_words(months[last - (len(chart.values) - 1 - place) * chosen.months]) for place in places]


def _still(curve: Iterable[tuple[float, float]], day: int) -> float:
    return min((share for at, share in curve if at <= day), default=1.0)
