"""Periods as people ask for them."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.measures.periods import Period, in_words, is_month, month_of, period, spanning, twelve_months_to


@pytest.mark.parametrize(
    "text, start, end, months",
    [
        pytest.param("2026", date(2026, 1, 1), date(2027, 1, 1), 12, id="a year"),
        pytest.param("2026-Q1", date(2026, 1, 1), date(2026, 4, 1), 3, id="the first quarter"),
        pytest.param("2026-Q4", date(2026, 10, 1), date(2027, 1, 1), 3, id="the last quarter"),
        pytest.param("2026-03", date(2026, 3, 1), date(2026, 4, 1), 1, id="a month"),
        pytest.param("2026-12", date(2026, 12, 1), date(2027, 1, 1), 1, id="december"),
        pytest.param(" 2026-03 ", date(2026, 3, 1), date(2026, 4, 1), 1, id="with blanks around it"),
    ],
)
def test_a_period_is_whole_months(text: str, start: date, end: date, months: int) -> None:
    found = period(text)

    assert (found.start, found.end, found.length, found.name) == (start, end, months, text.strip())


@pytest.mark.parametrize(
    "text", ["", "26", "2026-Q5", "2026-Q0", "2026-13", "2026-3", "2026-q1", "2026-03-01", "March", "0026"]
)
def test_anything_else_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"a year \(2026\), a quarter \(2026-Q1\), a month \(2026-03\) or months"):
        period(text)


@pytest.mark.parametrize(
    "text, before",
    [("2026", "2025"), ("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2"), ("2026-01", "2025-12")],
)
def test_the_period_before_has_the_same_length(text: str, before: str) -> None:
    assert period(text).previous() == period(before)


def test_the_months_of_a_quarter_in_order() -> None:
    assert [month.name for month in period("2025-Q4").months()] == ["2025-10", "2025-11", "2025-12"]


def test_all_time_is_the_whole_months_from_the_first_day_to_the_last() -> None:
    assert spanning(date(2025, 11, 30), date(2026, 2, 1)) == Period(
        date(2025, 11, 1), date(2026, 3, 1), "2025-11..2026-02"
    )
    assert spanning(date(2026, 2, 3), date(2026, 2, 9)) == period("2026-02")


def test_the_period_before_all_time_is_named_by_its_months() -> None:
    assert spanning(date(2025, 11, 30), date(2026, 2, 1)).previous().name == "2025-07..2025-10"


def test_two_years_to_the_end_of_a_quarter() -> None:
    window = period("2026-Q1").ending(24)

    assert (window.name, window.end, window.length) == ("2024-04..2026-03", date(2026, 4, 1), 24)


def test_a_period_begins_at_midnight_where_the_partnership_is() -> None:
    start, end = period("2026-Q2").moments(ZoneInfo("Europe/London"))

    assert start.astimezone(UTC) == datetime(2026, 3, 31, 23, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2026, 6, 30, 23, tzinfo=UTC)


@given(st.dates(min_value=date(1001, 1, 1), max_value=date(2998, 12, 31)))
def test_every_day_is_in_its_month_and_in_no_other(day: date) -> None:
    month = month_of(day)

    assert day in month
    assert day not in month.previous()
    assert month.previous().end == month.start
    assert period(month.name) == month


@given(st.sampled_from(["2026", "2026-Q2", "2024-02", "1999-Q4"]))
def test_its_months_fill_a_period_without_a_gap(text: str) -> None:
    months = period(text).months()

    assert months[0].start == period(text).start
    assert months[-1].end == period(text).end
    assert all(early.end == late.start for early, late in pairwise(months))


@pytest.mark.parametrize(
    "text, found", [("2026-03", True), ("2026-13", False), ("2026-Q1", False), ("2026", False), ("26-03", False)]
)
def test_a_month_is_told_from_what_is_none(text: str, found: bool) -> None:
    assert is_month(text) is found


def test_months_are_asked_for_from_one_to_another() -> None:
    asked = period("2025-12..2026-11")
    assert (asked.start, asked.end, asked.length) == (date(2025, 12, 1), date(2026, 12, 1), 12)
    assert period(asked.name) == asked
    assert in_words(asked) == "December 2025 to November 2026"


@pytest.mark.parametrize("text", ["2026-03..2026-02", "1900-01..2026-01", "2026-03..2026-13", "2026..2027"])
def test_months_the_wrong_way_round_or_without_an_end_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a period is"):
        period(text)


def test_a_year_that_starts_in_april_is_called_by_both_its_years_or_by_the_one_it_ends_in() -> None:
    year = period("2026/27", 4)
    assert (year.start, year.end, year.name) == (date(2026, 4, 1), date(2027, 4, 1), "2026/27")
    assert period("FY2027", 4) == year
    assert in_words(year) == "2026/27"
    for text in ("2026/28", "2026/27", "FY2027"):
        with pytest.raises(ValueError, match="a period is"):
            period(text, 4 if text == "2026/28" else 1)


def test_the_last_twelve_months_are_whole_and_the_last_day_of_one_is_not_over() -> None:
    assert twelve_months_to(date(2026, 11, 30)).name == "2025-11..2026-10"
    assert twelve_months_to(date(2026, 12, 1)).name == "2025-12..2026-11"
