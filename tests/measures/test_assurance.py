"""A target against the limits of what is usual."""

import pytest

from tracker.measures.assurance import Assurance, assurance


@pytest.mark.parametrize(
    "target, more_is_good, found",
    [
        (4, True, Assurance.PASSES), (4, False, Assurance.FAILS), (9, True, Assurance.FAILS),
        (9, False, Assurance.PASSES), (6, True, Assurance.BY_CHANCE), (5, True, Assurance.BY_CHANCE),
        (7, False, Assurance.BY_CHANCE),
    ],
)  # fmt: skip
def test_a_target_is_met_or_missed_only_beyond_the_limits(target: float, more_is_good: bool, found: Assurance) -> None:
    assert assurance(5, 7, target, more_is_good=more_is_good) is found


def test_limits_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="the lower limit 7 lies above the upper one 5"):
        assurance(7, 5, 6, more_is_good=True)
