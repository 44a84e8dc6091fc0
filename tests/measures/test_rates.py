"""Rates held against each other."""

from collections.abc import Callable
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.rates import (
    a_month,
    benjamini_hochberg,
    byar,
    chapman,
    cohen_kappa,
    factor,
    rate_ratio,
    wilson,
)

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


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 9))
def test_the_chances_of_so_many_or_more_and_of_fewer_make_one(c: int, b: int, t_b: int) -> None:
    or_more, or_fewer = rate_ratio(c, 1, b, t_b)[3], rate_ratio(b, t_b, c, 1)[3]
    just_so_many = comb(c + b, c) * (1 / (1 + t_b)) ** c * (t_b / (1 + t_b)) ** b

    assert or_more + or_fewer == pytest.approx(1 + just_so_many)


def test_what_is_sure_has_a_chance_of_one_however_many_there_are() -> None:
    assert rate_ratio(3, 1, 9000, 1)[3] == 1
    assert rate_ratio(9000, 1, 3, 1)[3] == 0
    assert rate_ratio(1, 1e-30, 5, 1)[3] == pytest.approx(0, abs=1e-20)


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


def test_the_worked_share_has_its_interval() -> None:
    assert wilson(6, 20) == pytest.approx((0.145, 0.519), abs=5e-4)


@given(st.integers(1, 400), st.floats(0, 1))
def test_a_share_lies_in_its_interval_and_the_rest_in_the_mirrored_one(n: int, part: float) -> None:
    k = round(part * n)
    low, high = wilson(k, n)

    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low))


@pytest.mark.parametrize(
    "count, low, high",
    [
        pytest.param(0, 0, 3.6889, id="none"),
        pytest.param(1, 0.0253, 5.5716, id="one"),
        pytest.param(5, 1.6235, 11.6683, id="five"),
        pytest.param(9, 4.1154, 17.0848, id="the last exact one"),
    ],
)
def test_a_small_count_has_the_exact_interval(count: int, low: float, high: float) -> None:
    assert byar(count) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("count, low, high", [(10, 4.795, 18.390), (20, 12.217, 30.888), (100, 81.364, 121.627)])
def test_a_larger_count_is_within_a_fifth_of_a_per_cent_of_the_exact_interval(
    count: int, low: float, high: float
) -> None:
    assert byar(count) == pytest.approx((low, high), rel=0.002)


@given(st.integers(0, 300))
def test_a_larger_count_has_a_larger_interval_around_it(count: int) -> None:
    (low, high), (next_low, next_high) = byar(count), byar(count + 1)

    assert low <= count < high
    assert low < next_low
    assert high < next_high


@pytest.mark.parametrize(
    "table, kappa",
    [
        pytest.param([[20, 5], [10, 15]], 0.4, id="the textbook"),
        pytest.param([[7, 0, 0], [0, 2, 0], [0, 0, 1]], 1.0, id="agreement on all"),
        pytest.param([[25, 25], [25, 25]], 0.0, id="as by chance"),
        pytest.param([[0, 10], [10, 0]], -1.0, id="agreement on none"),
        pytest.param([[12, 0], [0, 0]], 1.0, id="both always said the same one thing"),
    ],
)
def test_agreement_beyond_chance(table: list[list[int]], kappa: float) -> None:
    assert cohen_kappa(table) == pytest.approx(kappa)


def test_two_sources_say_how_many_there_are() -> None:
    assert chapman(100, 80, 20) == pytest.approx(101 * 81 / 21 - 1)
    assert chapman(7, 7, 7) == 7


@pytest.mark.parametrize(
    "wrong, why",
    [
        pytest.param(lambda: wilson(0, 0), "not 0 of 0", id="a share of nothing"),
        pytest.param(lambda: wilson(3, 2), "not 3 of 2", id="more than all"),
        pytest.param(lambda: byar(-1), "not -1", id="less than none"),
        pytest.param(lambda: cohen_kappa([]), "one thing or more", id="no agreement table"),
        pytest.param(lambda: cohen_kappa([[0, 0], [0, 0]]), "one thing or more", id="an empty agreement table"),
        pytest.param(lambda: cohen_kappa([[1, 2]]), "is square", id="an agreement table with a side missing"),
        pytest.param(lambda: cohen_kappa([[1, -1], [1, 1]]), "0 or more", id="an agreement of less than none"),
        pytest.param(lambda: chapman(5, 4, 5), "not 5 of 5 and 4", id="more matches than a source has"),
    ],
)
def test_what_has_no_answer_is_refused_with_a_sentence(wrong: Callable[[], object], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wrong()


@pytest.mark.parametrize(
    "count, months, said", [(38, 6, "6.3"), (36, 6, "6"), (110, 6, "18"), (0, 6, "0"), (1, 24, "0.04"), (5, 18, "0.3")]
)
def test_so_many_a_month_are_said_as_one_reads_them(count: int, months: int, said: str) -> None:
    assert a_month(count, months) == said


@pytest.mark.parametrize(
    "now, before, said",
    [
        ("4.5", "0.25", ", some 18 times"),
        ("10", "5", ", some 2 times"),
        ("6.3", "0", ""),
        ("0.3", "2.9", ""),
        ("5", "5", ""),
    ],
)
def test_a_factor_can_be_checked_from_the_rates_beside_it_and_is_said_of_more_alone(
    now: str, before: str, said: str
) -> None:
    assert factor(now, before) == said
