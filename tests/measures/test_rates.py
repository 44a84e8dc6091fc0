"""Rates held against each other."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.rates import benjamini_hochberg, rate_ratio

COUNTS = st.integers(0, 60)
EXPOSURES = st.floats(0.1, 1000)


def test_the_worked_value_has_no_clear_difference() -> None:
    ratio, low, high, p = rate_ratio(14, 1000, 5, 900)

    assert (round(ratio, 2), round(low, 2), round(high, 2)) == (2.52, 0.91, 7.00)
    assert 0.03 < p < 0.06


def test_a_count_of_none_gets_a_half_on_both() -> None:
    assert rate_ratio(3, 1, 0, 1)[0] == pytest.approx(7)
    assert rate_ratio(0, 1, 3, 1)[0] == pytest.approx(1 / 7)


@pytest.mark.parametrize(
    "c, b, p",
    [
        pytest.param(0, 5, 1.0, id="none or more is certain"),
        pytest.param(1, 0, 0.5, id="one of one"),
        pytest.param(3, 1, 5 / 16, id="three or four of four"),
    ],
)
def test_the_chance_is_exact(c: int, b: int, p: float) -> None:
    assert rate_ratio(c, 1, b, 1)[3] == pytest.approx(p)


@given(st.integers(0, 25), st.integers(0, 25))
def test_the_chance_is_that_of_so_many_heads_or_more(c: int, b: int) -> None:
    heads = sum(comb(c + b, each) for each in range(c, c + b + 1))

    assert rate_ratio(c, 7, b, 7)[3] == pytest.approx(heads / 2 ** (c + b))


@given(COUNTS, EXPOSURES, COUNTS, EXPOSURES)
def test_the_ratio_lies_in_its_interval_and_turns_over_with_its_sides(c: int, t_c: float, b: int, t_b: float) -> None:
    ratio, low, high, p = rate_ratio(c, t_c, b, t_b)
    turned = rate_ratio(b, t_b, c, t_c)

    assert low < ratio < high
    assert 0 <= p <= 1
    assert (1 / turned[0], 1 / turned[2], 1 / turned[1]) == pytest.approx((ratio, low, high))


@pytest.mark.parametrize("wrong", [(-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, -2)])
def test_no_rate_without_an_exposure(wrong: tuple[int, float, int, float]) -> None:
    with pytest.raises(ValueError, match="exposures more than 0"):
        rate_ratio(*wrong)


@pytest.mark.parametrize(
    "ps, flagged",
    [
        pytest.param([], [], id="nothing compared"),
        pytest.param([0.2], [False], id="one that is likely"),
        pytest.param([0.1], [True], id="one at the limit"),
        pytest.param([0.9, 0.02, 0.06], [False, True, True], id="in any order"),
        pytest.param([0.06, 0.06, 0.06, 0.099], [True, True, True, True], id="a later one lifts those before it"),
        pytest.param([0.04, 0.5, 0.6], [False, False, False], id="not below its share"),
    ],
)
def test_of_many_only_those_are_flagged_of_which_few_are_chance(ps: list[float], flagged: list[bool]) -> None:
    assert benjamini_hochberg(ps, 0.10) == flagged
