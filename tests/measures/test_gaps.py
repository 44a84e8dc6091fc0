"""What lay between one occurrence and the next."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.control_charts import cases_between, days_between
from tracker.measures.periods import period

QUARTER = period("2026-Q1").months()
DAYS = st.lists(st.dates(date(2026, 1, 1), date(2026, 3, 31)), max_size=12)


def test_days_lie_between_one_and_the_next_and_none_between_two_on_a_day() -> None:
    assert days_between([date(2026, 2, 3), date(2026, 1, 31), date(2026, 2, 3)]) == (3, 0)
    assert days_between([date(2026, 2, 3)]) == ()


def test_cases_of_a_month_are_spread_over_its_days() -> None:
    days = [date(2026, 1, 1), date(2026, 2, 1), date(2026, 2, 15), date(2026, 3, 1)]

    assert cases_between(days, QUARTER, (310, 280, 31)) == pytest.approx((310, 140, 140))


@given(DAYS)
def test_with_a_case_a_day_both_are_the_same(days: list[date]) -> None:
    assert cases_between(days, QUARTER, (31, 28, 31)) == pytest.approx(days_between(days))


def test_a_day_outside_of_the_months_is_refused() -> None:
    for day in (date(2025, 12, 31), date(2026, 4, 1)):
        with pytest.raises(ValueError, match=f"{day} lies outside the months that are known"):
            cases_between([day], QUARTER, (1, 1, 1))
