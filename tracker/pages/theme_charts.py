"""The charts of the theme report: counts with their limits, and how long fixes last."""

from collections.abc import Iterator, Sequence

from tracker.measures.chart_lines import Chart
from tracker.measures.periods import month_number
from tracker.measures.run_rules import OUTSIDE
from tracker.pages.periods import in_words, month_words
from tracker.pages.theme_views import Curve, Spark
from tracker.queries.theme_figures import Lasting, ThemeLine, ThemeReport
from tracker.rules.wording import say_count


def spark_of(report: ThemeReport, line: ThemeLine) -> Spark | None:
    """The chart that a theme's counts deserve; None for too few to draw."""
    chosen = line.verdict.evidence.chart if line.verdict else None
    if chosen is None or chosen.chart is None:
        return None
    chart = chosen.chart
    outside = frozenset(index for index, found in chart.signals.items() if OUTSIDE in found)
    return Spark(
        title=f"{line.name}: {say_count(len(report.chart), 'month')} to {in_words(report.chart[-1])}",
        desc=f"{chosen.words}; {_described(report, chart, chosen.months, outside)}",
        values=chart.values,
        centre=_points(chart.centre, chart),
        upper=_points(chart.upper, chart),
        lower=_points(chart.lower, chart),
        outside=outside,
        decided=tuple(_decided(report, line.key, len(chart.values), chosen.months)),
    )


def curve_of(found: Lasting, days: int) -> Curve | None:
    """The staircase of what still lasts, from all at day 0; None where nothing was fixed."""
    if not found.curve:
        return None
    points, height = [(0.0, 1.0)], 1.0
    for day, share in found.curve:
        points += [(day, height), (day, share)]
        height = share
    points.append((float(days), height))
    return Curve(
        title=f"How many of {say_count(found.fixes, 'solved issue')} stay solved",
        desc=f"from 100 % on the first day to {100 * height:.0f} % after {days} days",
        points=tuple(points),
        days=days,
    )


def _decided(report: ThemeReport, theme: str, points: int, months: int) -> Iterator[float]:
    """Where on the chart something was decided about the theme: between the points of the months around it."""
    for each in report.decided_on(theme) if months else ():
        back = month_number(report.chart[-1].start) - month_number(each.decision.decided_on)
        place = points - 1 - back / months
        if 0 <= place <= points - 1:
            yield place


def _described(report: ThemeReport, chart: Chart, months: int, outside: frozenset[int]) -> str:
    centre = _points(chart.centre, chart)
    said = f"from {min(chart.values):.3g} to {max(chart.values):.3g}, {_usual(centre[-1])} usual"
    if not outside:
        return f"{said}, no point outside the limits"
    return (
        f"{said}, outside the limits: {', '.join(_when(report, len(chart.values), each, months) for each in outside)}"
    )


def _usual(centre: float) -> str:
    return f"{centre:.1f}" if centre >= 1 else f"{centre:.2g}"  # rates may be small


def _when(report: ThemeReport, points: int, index: int, months: int) -> str:
    """The month that a point ends with; of gaps, which one it is."""
    place = len(report.chart) - 1 - (points - 1 - index) * months
    return month_words(report.chart[place]) if months else f"gap {index + 1}"


def _points(line: float | Sequence[float], chart: Chart) -> tuple[float, ...]:
    return tuple(line) if isinstance(line, Sequence) else (float(line),) * len(chart.values)
