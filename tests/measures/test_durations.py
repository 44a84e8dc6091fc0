"""How long things last, with those that still last; and two groups of waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.durations import (
    cliffs_delta,
    kaplan_meier,
    lasting,
    median_of,
    percentile_of,
)

# Weeks in remission under 6-MP: Freireich and others 1963, as every textbook prints it.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [bool(int(each)) for each in "111010100110001100000"]

FOLLOWED = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40)
SAMPLE = st.lists(st.integers(-20, 20), min_size=1, max_size=30)


def test_the_textbook_curve() -> None:
    curve = dict(kaplan_meier(WEEKS, RELAPSED))
    falls = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}

    assert {week: curve[week] for week in falls} == pytest.approx(falls, abs=5e-4)
    assert list(curve) == sorted(set(WEEKS))
    assert (curve[9], curve[35]) == (curve[7], curve[23])


def test_the_textbook_curve_has_its_bounds_and_percentiles() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)

    assert lasting(WEEKS, RELAPSED, 10) == pytest.approx((0.7529, 0.5032, 0.8894), abs=5e-5)
    assert lasting(WEEKS, RELAPSED, 12) == lasting(WEEKS, RELAPSED, 10)
    assert (median_of(curve), percentile_of(curve, 25), percentile_of(curve, 90)) == (23, 13, None)


def test_at_equal_times_what_ended_comes_before_what_was_last_seen() -> None:
    assert kaplan_meier([5, 5], [True, False]) == [(5, 0.5)]


@pytest.mark.parametrize(
    "durations, observed, bounds",
    [
        pytest.param([90] * 8, [False] * 8, (1, 0.676, 1), id="all last: as sure as eight of eight"),
        pytest.param([10] * 8, [True] * 8, (0, 0, 0.324), id="none lasts: as sure as none of eight"),
        pytest.param([10] * 8, [False] * 8, (1, 0, 1), id="nobody was seen so long"),
        pytest.param([10] * 9, [True] + [False] * 8, (8 / 9, 0.433, 0.984), id="one ended, the rest seen no longer"),
    ],
)
def test_how_sure_the_share_that_lasts_ninety_days_is(
    durations: list[float], observed: list[bool], bounds: tuple[float, float, float]
) -> None:
    assert lasting(durations, observed, 90) == pytest.approx(bounds, abs=5e-4)


@given(FOLLOWED)
def test_a_curve_only_falls_and_the_share_lies_in_its_interval(followed: list[tuple[int, bool]]) -> None:
    durations, observed = [time for time, _ in followed], [ended for _, ended in followed]
    curve = kaplan_meier(durations, observed)

    assert [survival for _, survival in curve] == sorted((survival for _, survival in curve), reverse=True)
    for time, survival in curve:
        share, low, high = lasting(durations, observed, time)
        assert share == survival
        assert 0 <= low <= share <= high <= 1


@given(FOLLOWED)
def test_without_censoring_the_curve_is_the_share_still_to_end(followed: list[tuple[int, bool]]) -> None:
    durations = [time for time, _ in followed]
    for time, survival in kaplan_meier(durations, [True] * len(durations)):
        assert survival == pytest.approx(sum(each > time for each in durations) / len(durations), abs=1e-9)


@pytest.mark.parametrize(
    "durations, observed, why",
    [
        pytest.param([], [], "not 0 and 0", id="none"),
        pytest.param([1, 2], [True], "not 2 and 1", id="one not said"),
        pytest.param([-1], [True], "0 or more", id="over before it began"),
    ],
)
def test_no_curve_without_durations(durations: list[float], observed: list[bool], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        kaplan_meier(durations, observed)


@pytest.mark.parametrize(
    "x, y, delta",
    [
        pytest.param([1, 2, 3], [1, 2, 3], 0, id="the same"),
        pytest.param([4, 5], [1, 2, 3], 1, id="all above"),
        pytest.param([1], [2], -1, id="all below"),
        pytest.param([1, 1, 1, 2], [1, 1, 1, 1], 0.25, id="ties count for neither"),
        pytest.param([1, 2, 3, 3], [1, 2, 2, 2], 0.375, id="more often above"),
    ],
)
def test_how_much_more_often_one_side_waits_longer(x: list[float], y: list[float], delta: float) -> None:
    assert cliffs_delta(x, y) == pytest.approx(delta)


@given(SAMPLE, SAMPLE)
def test_it_is_counted_over_all_pairs_and_turns_over_with_its_sides(x: list[int], y: list[int]) -> None:
    counted = sum((a > b) - (a < b) for a in x for b in y) / (len(x) * len(y))

    assert cliffs_delta(x, y) == pytest.approx(counted)
    assert cliffs_delta(y, x) == pytest.approx(-counted)


def test_an_empty_side_is_refused() -> None:
    with pytest.raises(ValueError, match="both sides"):
        cliffs_delta([], [1])
