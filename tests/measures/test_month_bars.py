"""The earlier rate of a chart of months: drawn from the months before the recent ones, once there are enough."""

import pytest

from tracker.measures.chart_choice import ChartExposure
from tracker.measures.month_bars import earlier_rate


def test_it_is_the_mean_of_the_months_before_the_recent_ones_with_the_limits_of_counts() -> None:
    found = earlier_rate((4,) * 18 + (9,) * 6, 6)
    assert set(found.centre) == {4.0}
    assert set(found.upper) == {10.0}
    assert set(found.lower) == {0.0}
    assert len(found.centre) == 24


@pytest.mark.parametrize(
    "earlier, line, limits", [(5, False, False), (6, True, False), (11, True, False), (12, True, True)]
)
def test_a_line_needs_six_earlier_months_and_limits_twelve(earlier: int, line: bool, limits: bool) -> None:
    found = earlier_rate((2,) * (earlier + 6), 6)
    assert (bool(found.centre), bool(found.upper), bool(found.lower)) == (line, limits, limits)


def test_fewer_months_than_recent_ones_have_no_line() -> None:
    assert not earlier_rate((2, 3), 6).centre


def test_where_it_is_known_how_much_there_was_to_go_wrong_each_month_has_a_height_of_its_own() -> None:
    months = (100.0,) * 12 + (400.0,) * 6
    found = earlier_rate((1,) * 12 + (4,) * 6, 6, ChartExposure(months, "cases", per=100))
    assert (found.centre[0], found.centre[-1]) == (1.0, 4.0)
    assert (found.upper[0], found.upper[-1]) == (4.0, 10.0)


def test_frozen_limits_are_drawn_around_what_they_were_frozen_at() -> None:
    found = earlier_rate((2,) * 12, 6, frozen=9.0)
    assert (found.centre[0], found.upper[0], found.lower[0]) == (9.0, 18.0, 0.0)
