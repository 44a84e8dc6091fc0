"""The charts of the theme report in words, for whoever does not see them: the same on page and paper."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from tracker.measures.chart_choice import ChosenChart
from tracker.measures.control_charts import Chart
from tracker.measures.periods import in_words, month_number, month_words
from tracker.measures.run_rules import OUTSIDE
from tracker.reports.themes.report import Lasting, ThemeLine, ThemeReport
from tracker.rules.wording import listed, say_count

_STEPS = (0, 7, 14, 28, 60, 90)  # days that the table of the curve shows, up to its last one


def chart_title(report: ThemeReport, line: ThemeLine) -> str:
    """“Pace of decisions: 24 months to March 2026”."""
    return f"{line.name}: {say_count(len(report.chart), 'month')} to {in_words(report.chart[-1])}"


def chart_described(report: ThemeReport, line: ThemeLine, chosen: ChosenChart, chart: Chart) -> str:
    """What kind of chart it is, what it ranges over, what is usual, which points lie outside its limits and in which
    months something was decided."""
    usual = points(chart.centre, chart)[-1]
    said = f"{chosen.words}; from {min(chart.values):.3g} to {max(chart.values):.3g}, {_usual(usual)} usual"
    found = ", ".join(_whens(report, chosen, chart, sorted(outside(chart))))
    limits = f"outside the limits: {found}" if found else "no point outside the limits"
    made = dict.fromkeys(f"{day:%B %Y}" for _, day in sorted(_decided(report, line, chosen, chart)))
    return f"{said}, {limits}" + (f"; decided: {listed(made)}" if made else "")


def _usual(centre: float) -> str:
    return f"{centre:.1f}" if centre >= 1 else f"{centre:.2g}"  # rates may be small


def outside(chart: Chart) -> frozenset[int]:
    """The positions of the points outside the limits."""
    return frozenset(index for index, found in chart.signals.items() if OUTSIDE in found)


def points(line: float | Sequence[float], chart: Chart) -> tuple[float, ...]:
    """A line of the chart, one for each of its points."""
    return tuple(line) if isinstance(line, Sequence) else (float(line),) * len(chart.values)


def decided(report: ThemeReport, line: ThemeLine, chosen: ChosenChart, chart: Chart) -> tuple[float, ...]:
    """Where on the chart something was decided about the theme: between the points of the months around it."""
    return tuple(place for place, _ in _decided(report, line, chosen, chart))


def curve_title(found: Lasting) -> str:
    """“How many of 31 solved issues stay solved”."""
    return f"How many of {say_count(found.fixes, 'solved issue')} stay solved"


def curve_described(found: Lasting) -> str:
    """Where the curve of what still lasts begins and ends."""
    last = found.within
    return f"from 100 % on the first day to {100 * _still(found, last):.0f} % after {say_count(last, 'day')}"


def curve_points(found: Lasting) -> tuple[tuple[float, float], ...]:
    """The staircase, from all at day 0, as points of days and shares; empty where nothing was fixed."""
    if not found.curve:
        return ()
    corners, height = [(0.0, 1.0)], 1.0
    for day, share in found.curve:
        corners += [(day, height), (day, share)]
        height = share
    return (*corners, (float(found.within), height))


def curve_steps(found: Lasting) -> tuple[tuple[str, str], ...]:
    """The curve as a table: “28”, “81 %”."""
    days = (*(day for day in _STEPS if day < found.within), found.within)
    return tuple((str(day), f"{100 * _still(found, day):.0f} %") for day in days) if found.curve else ()


def curve_values(found: Lasting) -> dict[str, Any]:
    """The curve as it is drawn, with its table and its words, as plain values."""
    return {
        "title": curve_title(found),
        "described": curve_described(found),
        "days": found.within,
        "points": [list(point) for point in curve_points(found)],
        "steps": [list(step) for step in curve_steps(found)],
    }


def _decided(report: ThemeReport, line: ThemeLine, chosen: ChosenChart, chart: Chart) -> Iterator[tuple[float, date]]:
    """Where on the chart, and on which day; gaps have no place for it."""
    last, back_to = len(chart.values) - 1, month_number(report.chart[-1].start)
    for made in (each.decision.decided_on for each in report.decided_on(line.key)) if chosen.months else ():
        place = last - (back_to - month_number(made)) / chosen.months
        if 0 <= place <= last:
            yield place, made


def _whens(report: ThemeReport, chosen: ChosenChart, chart: Chart, places: Iterable[int]) -> Iterable[str]:
    """The months that points end with; of gaps, which ones they are."""
    if not chosen.months:
        return [f"gap {place + 1}" for place in places]
    last = len(report.chart) - 1
    return [month_words(report.chart[last - (len(chart.values) - 1 - place) * chosen.months]) for place in places]


def _still(found: Lasting, day: int) -> float:
    return min((share for at, share in found.curve if at <= day), default=1.0)
