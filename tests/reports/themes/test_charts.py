"""How the chart of a theme's months is to be read, in words."""

from datetime import date

import pytest

from tracker.measures.month_bars import earlier_rate
from tracker.measures.periods import month_of
from tracker.reports.themes.charts import MonthBars, month_bars_of


def drawn(months: int, decided: tuple[date, ...] = ()) -> MonthBars:
    """One a month, up to December 2025."""
    counts = (1,) * months
    charted = month_of(date(2025, 12, 1)).ending(months).months()
    bars = month_bars_of("Pace", charted, counts, 6, earlier_rate(counts, 6), decided, "stable")
    assert bars
    return bars


@pytest.mark.parametrize(
    "months, legend",
    [
        (6, "Too few earlier months to draw limits."),
        (8, "Dark, the last 6 months; too few earlier months to draw limits."),
        (12, "Dark, the last 6 months; across, the earlier rate; too few earlier months to draw limits."),
        (24, "Dark, the last 6 months; across, the earlier rate; dashed, its limits."),
    ],
)
def test_a_chart_says_what_is_drawn_in_it_and_why_limits_are_not(months: int, legend: str) -> None:
    assert drawn(months).legend == legend
    assert ("too few earlier months to draw limits" in drawn(months).described) is (months < 18)


def test_a_decision_is_in_the_legend_where_one_is_drawn() -> None:
    assert drawn(24, (date(2025, 8, 3),)).legend.endswith("dashed, its limits; upright, a decision.")
    assert drawn(24, (date(2023, 8, 3),)).legend.endswith("dashed, its limits.")
