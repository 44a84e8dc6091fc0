"""Who still reports, and what came from those who do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.breadth import Breadth, breadth_of

MONTHS = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=24)


def breadth(*spells: str) -> Breadth:
    """Half-years of people who report the theme, all in their first month, and nothing else."""
    months = [list(letters) if not month else [] for letters in spells for month in range(6)]
    return breadth_of(months, [set(month) for month in months])


@pytest.mark.parametrize(
    "spells, found",
    [
        pytest.param(("ABC", "ABC", "ABC", "ABC"), Breadth(3, 3, 0), id="as many as before"),
        pytest.param(("AABC", "AAABC", "AAABC", "BC"), Breadth(2, 3, 8), id="who reported most is silent"),
        pytest.param(("AB", "AC", "AD", "AE"), Breadth(2, 2, 0), id="who reported once is not missed"),
        pytest.param(("AB", "AB", "", ""), Breadth(0, 4 / 3, 4), id="all are silent"),
        pytest.param(("AB", "A"), Breadth(1, 2, 1), id="one spell before: everybody heard in it was a regular"),
        pytest.param(("AB",), Breadth(2, 0, 0), id="nothing before"),
        pytest.param((), Breadth(0, 0, 0), id="nothing at all"),
    ],
)
def test_who_is_heard_now_and_before(spells: tuple[str, ...], found: Breadth) -> None:
    assert breadth(*spells) == found


def test_who_reports_something_else_is_still_heard() -> None:
    theme = [["A"], ["A"], [], []]
    heard = [{"A"}, {"A", "B"}, {"A", "B"}, {"B"}]

    assert breadth_of(theme, heard, recent_months=2) == Breadth(2, 2, 0)
    assert breadth_of(theme, [*heard[:2], {"B"}, {"B"}], recent_months=2) == Breadth(1, 2, 2)


def test_half_a_spell_before_counts_only_where_there_is_no_whole_one() -> None:
    months = [["A", "B"], ["C"], ["C"], ["C"], ["C"]]

    assert breadth_of(months, [set(month) for month in months], recent_months=2).before == 1
    assert breadth_of(months[:3], [set(month) for month in months[:3]], recent_months=2).before == 2


@given(MONTHS)
def test_no_more_is_gone_than_there_was(months: list[list[int]]) -> None:
    found = breadth_of(months, [set(month) for month in months])

    assert 0 <= found.gone <= sum(map(len, months[:-6]))
    assert found.recent == len({person for month in months[-6:] for person in month})


def test_a_month_in_which_nobody_knows_who_was_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="2 months of reporters need as many of who was heard, not 1"):
        breadth_of([["A"], []], [{"A"}])
