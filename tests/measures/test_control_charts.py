"""Control charts: worked values, how limits move with what is charted, and what is refused."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.control_charts import (
    Chart,
    c_chart,
    g_chart,
    laney_p,
    laney_u,
    moving_range,
    p_chart,
    t_chart,
    u_chart,
    xmr,
)

WORKED = [4, 6, 5, 7, 3, 5, 6, 4, 5, 8, 4, 15]
COUNTS = st.lists(st.integers(0, 50), min_size=2, max_size=40)
SIZED = st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=1, max_size=40)


def lines(chart: Chart) -> tuple[float, float, float]:
    assert isinstance(chart.centre, float)
    assert isinstance(chart.upper, float)
    assert isinstance(chart.lower, float)
    return chart.lower, chart.centre, chart.upper


def each(line: float | tuple[float, ...]) -> tuple[float, ...]:
    assert isinstance(line, tuple)
    return line


def test_the_worked_individuals_have_a_point_outside_screened_limits() -> None:
    chart = xmr(WORKED)

    assert lines(chart) == pytest.approx((0.148, 6, 11.852))
    assert chart.signals == {11: {"outside"}}


def test_unscreened_the_same_point_widens_its_own_limits() -> None:
    assert lines(xmr(WORKED, screen=False)) == pytest.approx((-1.98, 6, 13.98))


def test_the_worked_steps_have_their_limit() -> None:
    chart = moving_range(WORKED)

    assert lines(chart) == pytest.approx((0, 3.0, 9.801))
    assert list(chart.values) == [2, 1, 2, 4, 2, 1, 2, 1, 3, 4, 11]
    assert chart.signals == {10: {"outside"}}


def test_the_worked_counts_by_themselves_and_against_a_baseline() -> None:
    assert lines(c_chart(WORKED)) == pytest.approx((0, 6, 13.348), abs=5e-4)
    assert lines(c_chart(WORKED, baseline=11)) == pytest.approx((0, 5.1818, 12.011), abs=5e-4)


def test_the_worked_shares_have_a_limit_for_each_size() -> None:
    chart = p_chart([3, 5, 2, 4, 6], [20, 25, 18, 22, 24])

    assert chart.centre == pytest.approx(0.18349, abs=5e-6)
    assert each(chart.upper)[-1] == pytest.approx(0.42051, abs=5e-6)
    assert each(chart.lower) == (0, 0, 0, 0, 0)


def test_a_rate_has_wider_limits_where_exposure_is_small() -> None:
    chart = u_chart([4, 2, 9], [2, 0.5, 2.5])

    assert (chart.values, chart.centre) == ((2, 4, 3.6), 3)
    assert each(chart.upper) == pytest.approx((3 + 3 * 1.5**0.5, 3 + 3 * 6**0.5, 3 + 3 * 1.2**0.5))


def test_gaps_have_limits_around_the_mean_and_the_median_in_the_middle() -> None:
    assert lines(g_chart([0, 2, 3, 15])) == pytest.approx((0, 2.5, 5 + 3 * 30**0.5))


def test_times_are_charted_as_individuals_in_a_scale_that_makes_them_normal() -> None:
    times = [1, 4, 9, 2, 30, 12]
    turned = lines(xmr([time ** (1 / 3.6) for time in times]))
    chart = t_chart(times)

    assert lines(chart) == pytest.approx([max(0, line) ** 3.6 for line in turned])
    assert chart.values == tuple(times)


def test_points_that_differ_more_than_chance_widen_laneys_limits() -> None:
    counts, sizes = [100, 300, 120, 310, 90, 280], [1000] * 6

    for plain, wide in ((u_chart, laney_u), (p_chart, laney_p)):
        assert each(wide(counts, sizes).upper)[0] - 0.2 > 3 * (each(plain(counts, sizes).upper)[0] - 0.2)


@given(COUNTS, st.integers(-100, 100))
def test_the_lines_of_individuals_move_with_them(values: list[int], by: int) -> None:
    chart, moved = xmr(values), xmr([value + by for value in values])

    assert lines(moved) == pytest.approx([line + by for line in lines(chart)], abs=1e-9)
    assert moved.signals == chart.signals


@given(COUNTS, st.sampled_from([0.25, 3, 60]))
def test_another_unit_changes_the_lines_of_individuals_and_times_by_as_much(values: list[int], unit: float) -> None:
    for draw in (xmr, t_chart):
        chart, changed = draw(values), draw([value * unit for value in values])
        assert lines(changed) == pytest.approx([line * unit for line in lines(chart)], abs=1e-7)
        assert changed.signals == chart.signals


@given(SIZED, st.sampled_from([0.5, 7, 100]))
def test_a_rate_per_hundred_is_a_hundred_times_the_rate(pairs: list[tuple[int, int]], unit: float) -> None:
    counts, sizes = [count for count, _ in pairs], [size for _, size in pairs]
    chart, per = u_chart(counts, sizes), u_chart(counts, [size / unit for size in sizes])

    assert each(per.upper) == pytest.approx([line * unit for line in each(chart.upper)])
    assert per.signals == chart.signals


@given(COUNTS)
def test_counts_under_equal_exposure_are_the_same_as_rates_of_one(counts: list[int]) -> None:
    plain, rates = c_chart(counts), u_chart(counts, [1] * len(counts))

    assert each(rates.upper) == pytest.approx([plain.upper] * len(counts))
    assert rates.signals == plain.signals


@given(SIZED)
def test_what_is_outside_lies_beyond_its_limits_and_shares_lie_within_one(pairs: list[tuple[int, int]]) -> None:
    counts, sizes = [count for count, _ in pairs], [size for _, size in pairs]
    for draw in (u_chart, p_chart, laney_u, laney_p):
        chart = draw(counts, sizes)
        bounds = zip(chart.values, each(chart.lower), each(chart.upper), strict=True)
        beyond = {index for index, (value, low, high) in enumerate(bounds) if not low - 1e-9 <= value <= high + 1e-9}
        assert beyond == {index for index, names in chart.signals.items() if "outside" in names}
    assert all(0 <= line <= 1 for line in (*each(p_chart(counts, sizes).upper), *each(p_chart(counts, sizes).lower)))


@given(COUNTS, st.lists(st.integers(0, 50)))
def test_a_baseline_keeps_its_limits_whatever_comes_after(first: list[int], later: list[int]) -> None:
    for draw in (xmr, c_chart):
        assert lines(draw([*first, *later], baseline=len(first))) == lines(draw(first))
    assert lines(c_chart(later or [0], centre=float(lines(c_chart(first))[1]))) == lines(c_chart(first))


@pytest.mark.parametrize("draw", [xmr, g_chart, t_chart], ids=lambda draw: str(draw.__name__))
def test_one_point_alone_has_no_signal(draw: Callable[[list[float]], Chart]) -> None:
    assert draw([7.0]).signals == {}


@pytest.mark.parametrize("draw", [xmr, c_chart, g_chart, t_chart], ids=lambda draw: str(draw.__name__))
@pytest.mark.parametrize("many", [1, 2, 24])
def test_nothing_but_zeros_has_its_lines_on_zero_and_no_signal(draw: Callable[[list[float]], Chart], many: int) -> None:
    chart = draw([0] * many)

    assert (lines(chart), chart.signals) == ((0, 0, 0), {})


@pytest.mark.parametrize("draw", [u_chart, laney_u, p_chart, laney_p], ids=lambda draw: str(draw.__name__))
def test_no_event_in_any_case_has_no_signal(draw: Callable[[list[float], list[float]], Chart]) -> None:
    chart = draw([0, 0, 0], [10, 20, 30])

    assert (chart.centre, chart.upper, chart.lower, chart.signals) == (0, (0, 0, 0), (0, 0, 0), {})


def test_from_a_baseline_of_zeros_any_later_event_is_outside() -> None:
    assert c_chart([0] * 12 + [1], baseline=12).signals[12] == {"outside"}


@pytest.mark.parametrize(
    "wrong, why",
    [
        pytest.param(lambda: xmr([]), "no values to chart", id="no values"),
        pytest.param(lambda: c_chart([]), "no counts to chart", id="no counts"),
        pytest.param(lambda: c_chart([1, -1]), "counts are finite numbers, 0 or more", id="less than none"),
        pytest.param(lambda: xmr([1, float("nan")]), "values are finite numbers", id="no number"),
        pytest.param(lambda: xmr([1, 2, 3], baseline=1), "2 to 3 points, not 1", id="one point has no moving range"),
        pytest.param(lambda: c_chart([1, 2], baseline=3), "1 to 2 points, not 3", id="a baseline longer than all"),
        pytest.param(lambda: c_chart([1, 2], baseline=0), "1 to 2 points, not 0", id="a baseline of none"),
        pytest.param(
            lambda: c_chart([1], centre=-1), "centre lines are finite numbers, 0 or more", id="a wrong centre"
        ),
        pytest.param(lambda: u_chart([1, 2], [3, 0]), "exposures are more than 0", id="no exposure"),
        pytest.param(lambda: u_chart([1, 2], [3]), "2 counts need as many exposures, not 1", id="exposures missing"),
        pytest.param(lambda: p_chart([1, 2], [3, 0]), "sizes are more than 0", id="a share of none"),
        pytest.param(lambda: laney_p([4], [3]), "no more than its size", id="more than all"),
        pytest.param(lambda: moving_range([1]), "needs two values", id="one value does not move"),
        pytest.param(lambda: g_chart([-1]), "gaps are finite numbers, 0 or more", id="a gap before its start"),
        pytest.param(lambda: t_chart([-1]), "times are finite numbers, 0 or more", id="a time before its start"),
    ],
)
def test_what_cannot_be_charted_is_refused_with_a_sentence(wrong: Callable[[], Chart], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wrong()
