"""Silence is told only where something was to be expected."""

import pytest

from tracker.measures.breadth import expected, is_silent, least_before


def test_what_is_to_be_expected_is_the_rate_of_the_months_before() -> None:
    assert expected(18, 18, 6) == 6
    assert expected(3, 12, 6) == 1.5
    assert expected(0, 0, 6) == 0


@pytest.mark.parametrize("count, mu, told", [(0, 3, True), (0, 2.9, False), (1, 30, False)])
def test_none_is_silence_where_three_or_more_were_to_be_expected(count: int, mu: float, told: bool) -> None:
    assert is_silent(count, mu) is told


@pytest.mark.parametrize("months_before, least", [(18, 9), (15, 8), (6, 3)])
def test_so_many_before_make_silence_of_none(months_before: int, least: int) -> None:
    assert least_before(months_before, 6) == least
    assert [is_silent(0, expected(count, months_before, 6)) for count in (least - 1, least)] == [False, True]
