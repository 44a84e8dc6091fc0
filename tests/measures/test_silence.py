"""Silence is told only where something was to be expected."""

import pytest

from tracker.measures.silence import expected, is_silent


def test_what_is_to_be_expected_is_the_rate_of_the_months_before() -> None:
    assert expected(18, 18, 6) == 6
    assert expected(3, 12, 6) == 1.5
    assert expected(0, 0, 6) == 0


@pytest.mark.parametrize("count, mu, told", [(0, 3, True), (0, 2.9, False), (1, 30, False)])
def test_none_is_silence_where_three_or_more_were_to_be_expected(count: int, mu: float, told: bool) -> None:
    assert is_silent(count, mu) is told
