"""What differs between two organisations, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.asymmetry import (
    Perception,
    RaisedIssues,
    raising,
    theme_mix,
)
from tracker.measures.rates import Share


def test_where_the_interval_spans_one_there_is_no_clear_difference() -> None:
    there, back = raising(RaisedIssues("acute", 14, 1000), RaisedIssues("council", 5, 900))

    assert (there.one, there.other, round(there.ratio, 2), there.words) == (
        "acute",
        "council",
        2.52,
        "no clear difference",
    )
    assert (back.one, back.other, back.words) == ("council", "acute", "no clear difference")


def test_a_clear_difference_is_said_with_its_interval_in_both_directions() -> None:
    there, back = raising(RaisedIssues("acute", 60, 100), RaisedIssues("council", 20, 100))

    assert there.words == "3.0 times as often (1.8 to 5.0)"
    assert back.words == "0.3 times as often (0.2 to 0.6)"


def test_the_perception_gap_is_the_difference_of_shares_with_its_interval() -> None:
    gap = Perception("trust", Share(56, 70), Share(48, 80))  # the example in Newcombe 1998, method 10

    assert gap.gap == pytest.approx(0.2)
    assert gap.interval == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert gap.is_clear


def test_themes_stand_in_the_order_given_and_all_that_was_raised_is_the_whole() -> None:
    found = theme_mix(["trust", "speed"], {"speed": 30, "other": 10}, {"trust": 2, "speed": 8})

    assert [each.theme for each in found] == ["trust", "speed"]
    assert [(each.one, each.other) for each in found] == [(Share(0, 40), Share(2, 10)), (Share(30, 40), Share(8, 10))]
    assert [each.is_clear for each in found] == [True, False]


def test_who_raised_nothing_sees_nothing() -> None:
    (found,) = theme_mix(["trust"], {}, {"trust": 3})

    assert (found.gap, found.interval, found.is_clear) == (None, (-1, 1), False)


def test_no_percentage_is_given_of_fewer_than_ten() -> None:
    assert [Share(3, 9).percent, Share(3, 10).percent, Share(0, 0).value] == [None, 30, None]


@pytest.mark.parametrize("k, n", [(-1, 3), (4, 3)])
def test_more_than_all_is_no_share(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        Share(k, n)


COUNTS = st.integers(0, 200)
WAITS = st.lists(st.integers(0, 50).map(float), max_size=12)


@given(COUNTS, COUNTS, st.floats(1, 1000), st.floats(1, 1000))
def test_who_raises_more_often_is_raised_with_less_often(one: int, other: int, ours: float, theirs: float) -> None:
    there, back = raising(RaisedIssues("a", one, ours), RaisedIssues("b", other, theirs))

    assert there.ratio == pytest.approx(1 / back.ratio)
    assert there.is_clear == back.is_clear
    assert (there.one, back.one) == ("a", "b")


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=1, max_size=6))
def test_the_gap_lies_in_its_interval_and_turns_over_with_its_sides(counts: list[tuple[int, int]]) -> None:
    one, other = ({str(theme): pair[side] for theme, pair in enumerate(counts)} for side in (0, 1))
    for there, back in zip(theme_mix(one, one, other), theme_mix(one, other, one), strict=True):
        low, high = there.interval
        assert there.gap is None or low - 1e-9 <= there.gap <= high + 1e-9
        assert (-back.interval[1], -back.interval[0]) == pytest.approx((low, high))
