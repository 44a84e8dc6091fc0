"""Which points of a chart are no chance, and whether a series swings as chance would have it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.control_charts import anhoej, c_chart, xmr
from tracker.measures.run_rules import seven_in_a_trend, seven_on_one_side, side, two_of_three

VALUES = st.lists(st.integers(0, 20), min_size=1, max_size=60)


@pytest.mark.parametrize(
    "sides, flags",
    [
        pytest.param([1] * 6, [0] * 6, id="six are not enough"),
        pytest.param([-1] * 8, [0] * 6 + [-1, -1], id="from the seventh on, with its side"),
        pytest.param([1] * 6 + [0] + [1] * 6, [0] * 13, id="a point on the line ends a row"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_seven_in_a_row_on_one_side(sides: list[int], flags: list[int]) -> None:
    assert seven_on_one_side(sides) == flags


@pytest.mark.parametrize(
    "values, flags",
    [
        pytest.param([1, 2, 3, 4, 5, 6], [0] * 6, id="six are not enough"),
        pytest.param([7, 6, 5, 4, 3, 2, 1, 0], [0] * 6 + [-1, -1], id="falling, from the seventh on"),
        pytest.param([1, 2, 3, 4, 4, 5, 6, 7], [0] * 8, id="a tie ends a row"),
        pytest.param([5], [0], id="one point"),
        pytest.param([], [], id="nothing"),
    ],
)
def test_seven_that_only_rise_or_only_fall(values: list[float], flags: list[int]) -> None:
    assert seven_in_a_trend(values) == flags


@pytest.mark.parametrize(
    "near, sides, flags",
    [
        pytest.param([1, 0, 1], [1, 1, 1], [1, 1, 1], id="all three are marked"),
        pytest.param([1, 0, 1], [1, -1, 1], [0, 0, 0], id="not across the line"),
        pytest.param([1, 1], [1, 1], [0, 0], id="two points are no window"),
        pytest.param([1, 1, 0, 1, 0], [-1] * 5, [1, 1, 1, 1, 0], id="every window counts"),
    ],
)
def test_two_of_three_near_a_limit(near: list[bool], sides: list[int], flags: list[int]) -> None:
    assert two_of_three(near, sides) == flags


def test_what_only_rounding_parts_from_a_line_is_on_it() -> None:
    assert side(0.1 + 0.2, 0.3) == 0
    assert xmr([0.1] * 9).signals == {}


def test_a_chart_names_every_rule_that_marks_a_point() -> None:
    chart = c_chart([5] * 12 + [6, 7, 8, 9, 10, 11, 12, 13], baseline=12)

    assert chart.signals == {
        15: {"two_of_three"},
        16: {"two_of_three"},
        17: {"two_of_three", "trend"},
        18: {"two_of_three", "trend", "run", "outside"},
        19: {"trend", "run", "outside"},
    }


@pytest.mark.parametrize(
    "useful, longest, fewest",
    [(10, 6, 2), (12, 7, 3), (18, 7, 5), (20, 7, 6), (24, 8, 8), (30, 8, 10), (36, 8, 13)],
)
def test_the_critical_values_of_a_run_chart(useful: int, longest: int, fewest: int) -> None:
    chart = anhoej([1, -1] * (useful // 2))

    assert (chart.longest_allowed, chart.crossings_needed) == (longest, fewest)
    assert (chart.longest_run, chart.crossings, chart.has_signal) == (1, useful - 1, False)


def test_a_level_that_stepped_up_crosses_too_seldom() -> None:
    chart = anhoej([1, 2] * 5 + [8, 9] * 5)

    assert (chart.median, chart.longest_run, chart.crossings, chart.has_signal) == (5, 10, 1, True)


def test_points_on_the_median_count_for_nothing() -> None:
    chart = anhoej([3, 5, 3, 1, 3, 3, 5, 3, 1])

    assert (chart.longest_run, chart.crossings, chart.longest_allowed) == (1, 3, 5)


@pytest.mark.parametrize("values", [[4], [4, 4, 4], [0, 0, 0, 0, 0, 0, 0, 0, 1]], ids=["one", "flat", "one beside it"])
def test_a_series_too_small_to_swing_has_no_signal(values: list[float]) -> None:
    assert not anhoej(values).has_signal


def test_an_empty_series_is_refused() -> None:
    with pytest.raises(ValueError, match="no values to chart"):
        anhoej([])


@given(VALUES, st.integers(-50, 50), st.integers(1, 9))
def test_a_run_chart_is_the_same_in_any_unit(values: list[int], by: int, times: int) -> None:
    chart, moved = anhoej(values), anhoej([value * times + by for value in values])

    assert moved.median == chart.median * times + by
    assert (moved.longest_run, moved.crossings) == (chart.longest_run, chart.crossings)


@given(VALUES)
def test_upside_down_and_back_to_front_the_same_runs_are_there(values: list[int]) -> None:
    there = anhoej(values)

    for other in ([-value for value in values], values[::-1]):
        assert (anhoej(other).longest_run, anhoej(other).crossings) == (there.longest_run, there.crossings)
