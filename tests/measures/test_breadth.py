"""Who still reports, and what came from those who do not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures import breadth as room
from tracker.measures.breadth import Breadth


def breadth_of(reporters: Sequence[Iterable[Any]], heard: Sequence[Iterable[Any]], recent_months: int = 6) -> Breadth:
    """Of months in which people stand once for each report."""
    return room.breadth_of([Counter(month) for month in reporters], [Counter(month) for month in heard], recent_months)


MONTHS = st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=24)


def breadth(*spells: str) -> Breadth:
    """Half-years of people who report the theme, all in their first month, and nothing else."""
    months = [letters if not month else "" for letters in spells for month in range(6)]
    return breadth_of(months, months)


@pytest.mark.parametrize(
    "spells, found",
    [
        pytest.param(("ABC", "ABC", "ABC", "ABC"), Breadth(3, 3), id="as many as before"),
        pytest.param(
            ("AAABC", "AAABC", "AAABC", "BCD"),
            Breadth(3, 3, back=2 / 3, gone=9),
            id="a regular is silent",
        ),
        pytest.param(("AABC", "AABC", "AABC", "BCD"), Breadth(3, 3, back=2 / 3), id="silence that may be chance"),
        pytest.param(("AB", "CD", "EF", "GH"), Breadth(2, 2, back=0, back_before=0), id="never the same people"),
        pytest.param(("A", "A", "A", "BC"), Breadth(2, 1, back=0), id="others instead"),
        pytest.param(("AB", "AB", "A", ""), Breadth(0, 5 / 3, back=0, back_before=0.5), id="fewer and fewer"),
        pytest.param(("AB", "A"), Breadth(1, 2, back=0.5), id="one spell before"),
        pytest.param(("AB",), Breadth(2, 0), id="nothing before"),
        pytest.param((), Breadth(0, 0), id="nothing at all"),
    ],
)
def test_who_is_heard_now_and_before(spells: tuple[str, ...], found: Breadth) -> None:
    assert replace(breadth(*spells), circle=0, silent=0) == found


def test_who_reports_something_else_is_still_heard() -> None:
    theme, heard = ["A", "A", "", ""], ["A", "AB", "AB", "B"]

    assert replace(breadth_of(theme, heard, recent_months=2), circle=0) == Breadth(2, 2)
    assert replace(breadth_of(theme, [*heard[:2], "B", "B"], recent_months=2), circle=0) == Breadth(1, 2, back=0)


def test_of_how_many_people_shares_are_and_how_many_fell_silent_is_known() -> None:
    assert breadth("AAABC", "AAABC", "AAABC", "BCD").circle == 3
    assert breadth("ABC", "AB", "A", "").circle == 2
    assert breadth("AAABC", "AAABC", "AAABC", "BCD").silent == 1
    assert breadth("AABC", "AABC", "AABC", "BCD").silent == 0


def test_half_a_spell_before_counts_only_where_there_is_no_whole_one() -> None:
    assert breadth_of(months := ["AB", "C", "C", "C", "C"], months, recent_months=2).before == 1
    assert breadth_of(months := ["AB", "C", "C"], months, recent_months=2).before == 2


@given(MONTHS)
def test_no_more_is_gone_than_there_was_and_shares_are_shares(months: list[list[int]]) -> None:
    found = breadth_of(months, months)

    assert 0 <= found.gone <= sum(map(len, months[:-6]))
    assert 0 <= min(found.back, found.back_before) <= max(found.back, found.back_before) <= 1
    assert found.recent == len({person for month in months[-6:] for person in month})


def test_a_month_in_which_nobody_knows_who_was_heard_is_refused() -> None:
    with pytest.raises(ValueError, match="2 months of reporters need as many of who was heard, not 1"):
        breadth_of(["A", ""], ["A"])
