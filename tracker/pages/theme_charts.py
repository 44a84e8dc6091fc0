"""The charts of the theme report: counts with their limits, and how long fixes last."""

from tracker.pages.theme_views import Curve, Spark
from tracker.reports.themes import charts as chart_words
from tracker.reports.themes.report import Lasting, ThemeLine, ThemeReport


def spark_of(report: ThemeReport, line: ThemeLine) -> Spark | None:
    """The chart that a theme's counts deserve; None for too few to draw."""
    chosen = line.verdict.evidence.chart if line.verdict else None
    if chosen is None or chosen.chart is None:
        return None
    chart = chosen.chart
    return Spark(
        title=chart_words.chart_title(report, line),
        desc=chart_words.chart_described(report, line, chosen, chart),
        values=chart.values,
        centre=chart_words.points(chart.centre, chart),
        upper=chart_words.points(chart.upper, chart),
        lower=chart_words.points(chart.lower, chart),
        outside=chart_words.outside(chart),
        decided=chart_words.decided(report, line, chosen, chart),
    )


def curve_of(found: Lasting) -> Curve | None:
    """The staircase of what still lasts, from all at day 0; None where nothing was fixed."""
    corners = chart_words.curve_points(found)
    if not corners:
        return None
    return Curve(chart_words.curve_title(found), chart_words.curve_described(found), corners, found.within)
