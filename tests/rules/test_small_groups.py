"""No report is cut by small groups."""

import pytest

from tracker.rules.refusals import WrongInput
from tracker.rules.reporting import SMALL_GROUPS, refuse_cuts


@pytest.mark.parametrize("group", SMALL_GROUPS)
def test_a_cut_by_a_small_group_is_refused_with_the_reason(group: str) -> None:
    with pytest.raises(WrongInput, match=f"A report is not cut by {group.replace('_', ' ')}: from the difference"):
        refuse_cuts(["period", group])


def test_a_period_is_no_small_group() -> None:
    refuse_cuts(["period"])
