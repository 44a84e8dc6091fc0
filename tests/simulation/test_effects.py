"""How right what is said of a decision is where it is known what it did: a small `python3 go.py simulate`."""

import pytest

from tests.simulation.effects import DecisionWorld, first_said
from tracker.measures.effect import EffectVerdict

SEED = 20261130
DECISIONS = 400
BY_CHANCE = 0.01  # by which a share of 4 in 100 among so many comes out otherwise (one standard error)


@pytest.mark.parametrize("rate", [1, 2, 5])
def test_of_what_changed_nothing_it_is_seldom_said_that_there_are_more_however_often_one_looks(rate: int) -> None:
    assert (
        first_said(DecisionWorld(rate), EffectVerdict.MORE, DECISIONS, SEED).total() <= (0.05 + BY_CHANCE) * DECISIONS
    )


def test_a_doubling_from_five_a_month_is_told_within_six_months() -> None:
    looks = first_said(DecisionWorld(5, factor=2), EffectVerdict.MORE, DECISIONS, SEED)
    assert sum(looks[look] for look in range(1, 7)) >= 0.90 * DECISIONS


def test_nothing_is_said_before_three_months_have_passed() -> None:
    for verdict in (EffectVerdict.MORE, EffectVerdict.LESS):
        assert min(first_said(DecisionWorld(5, factor=3), verdict, 50, SEED), default=3) >= 3


def test_the_same_seed_says_the_same() -> None:
    one, other = (first_said(DecisionWorld(2), EffectVerdict.LESS, 50, SEED) for _ in range(2))
    assert one == other
