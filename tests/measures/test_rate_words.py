"""Ratios in words."""

import pytest

from tracker.measures.rates import between, times


@pytest.mark.parametrize(
    "ratio, said", [(8.666, "8.7"), (1, "1.0"), (0.1, "0.1"), (0.0412, "0.04"), (0.004, "under 0.01"), (0, "0.0")]
)
def test_a_ratio_has_as_many_digits_as_it_needs(ratio: float, said: str) -> None:
    assert times(ratio) == said


def test_an_interval_says_both_ends() -> None:
    assert between(0.04, 5.25) == "0.04 to 5.2"
