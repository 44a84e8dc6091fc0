"""Opening hours as people write them."""

from datetime import time

import pytest

from tracker.rules.opening_hours import WrongHours, read_hours, read_weekly, weekdays_of, write_weekly

NINE_TO_FIVE = ((time(9), time(17)),)


@pytest.mark.parametrize(
    "text, days",
    [("mon", (0,)), ("mon-fri", (0, 1, 2, 3, 4)), ("sat-mon", (5, 6, 0)), ("sun", (6,)), ("wed-wed", (2,))],
    ids=["a day", "some days", "over the end of the week", "the last day", "one to itself"],
)
def test_weekdays_are_named_singly_or_from_one_to_another(text: str, days: tuple[int, ...]) -> None:
    assert weekdays_of(text) == days


@pytest.mark.parametrize("text", ["monday", "mon_fri", "fri-", "-fri", "mon-fri-sun", ""])
def test_other_words_name_no_weekdays(text: str) -> None:
    with pytest.raises(WrongHours, match="allowed are mon, tue"):
        weekdays_of(text)


def test_a_day_may_have_a_break_and_end_at_midnight() -> None:
    assert read_hours(["13:00-24:00", "9:00 - 12:30"]) == ((time(9), time(12, 30)), (time(13), time.max))


@pytest.mark.parametrize(
    "texts, said",
    [
        (["9-5"], "no opening span"),
        (["17:00-09:00"], "no opening span"),
        (["09:00-09:00"], "no opening span"),
        (["09:00-24:30"], "no opening span"),
        (["09:00-25:00"], "no opening span"),
        (["09:00-12:00", "11:59-17:00"], "overlap"),
    ],
    ids=["no minutes", "backwards", "no time at all", "after midnight", "no such hour", "overlapping"],
)
def test_hours_that_cannot_be_are_refused(texts: list[str], said: str) -> None:
    with pytest.raises(WrongHours, match=said):
        read_hours(texts)


def test_spans_may_touch() -> None:
    assert len(read_hours(["09:00-12:00", "12:00-17:00"])) == 2


def test_a_weekday_stands_there_once() -> None:
    with pytest.raises(WrongHours, match="fri stands there twice"):
        read_weekly({"mon-fri": ["09:00-17:00"], "fri": ["09:00-16:00"]})


def test_a_week_is_written_with_equal_days_together() -> None:
    week = {0: NINE_TO_FIVE, 1: NINE_TO_FIVE, 2: NINE_TO_FIVE, 4: NINE_TO_FIVE, 5: ((time(9), time.max),)}
    assert write_weekly(week) == {"mon-wed": ["09:00-17:00"], "fri": ["09:00-17:00"], "sat": ["09:00-24:00"]}


def test_what_is_written_is_read_back() -> None:
    given = {"mon-thu": ["08:45-12:00", "12:45-17:00"], "fri": ["08:45-12:00"], "sun": ["22:00-24:00"]}
    assert write_weekly(read_weekly(given)) == given
