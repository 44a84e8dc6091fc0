"""How far two sides see the same."""

from collections.abc import Mapping

import pytest

from tracker.measures.agreement import Gap, SharedCalls

SEEN = {("pace", "pace"): 20, ("pace", "money"): 5, ("money", "pace"): 10, ("money", "money"): 15}


def test_kappa_is_agreement_beyond_chance() -> None:
    assert SharedCalls(SEEN).kappa == pytest.approx(0.4)  # (0.7 - 0.5) / (1 - 0.5), Cohen 1960


def test_the_gap_is_the_share_of_one_less_that_of_the_other() -> None:
    pace, money = SharedCalls(SEEN).gaps
    assert pace == Gap("pace", 25, 30, 50)
    assert pace.difference == pytest.approx(-0.1)
    assert money.difference == pytest.approx(0.1)


def test_how_many_and_how_many_of_them_the_same() -> None:
    seen = SharedCalls(SEEN)
    assert (seen.total, seen.same, seen.keys) == (50, 35, ("money", "pace"))


@pytest.mark.parametrize("counts", [{}, {("pace", "money"): 9}], ids=["nothing", "nine"])
def test_of_fewer_than_ten_no_share_and_no_kappa_is_said(counts: Mapping[tuple[str, str], int]) -> None:
    few = SharedCalls(counts)
    assert few.kappa is None
    assert [gap.difference for gap in few.gaps] == [None] * len(few.gaps)
