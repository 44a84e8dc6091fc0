"""When things happen in the demonstration: always in working time, counted from now."""

from datetime import UTC, datetime, time, timedelta
from random import Random

import pytest

from tracker.exchange.demonstration.moments import after, raised_at
from tracker.rules.working_time import Calendar

OFFICE = Calendar("Europe/London", {day: ((time(9), time(12, 30)), (time(13), time(17))) for day in range(5)})
WEDNESDAY = datetime(2026, 11, 18, 11, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 11, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 11, 13, 12, 10, tzinfo=UTC)


def chance() -> Random:
    return Random("one")


@pytest.mark.parametrize(
    "ago, now, day",
    [
        ("300 days", WEDNESDAY, 22),
        ("3 days", WEDNESDAY, 13),
        ("2 working days", WEDNESDAY, 16),
        ("3 working days", WEDNESDAY, 13),
        ("1 working day", SATURDAY, 19),
    ],
)
def test_a_story_begins_on_a_working_day_before_now(ago: str, now: datetime, day: int) -> None:
    begun = raised_at(ago, now, OFFICE, chance())
    assert begun.day == day
    assert OFFICE.is_open(begun)


def test_hours_ago_are_working_hours() -> None:
    assert raised_at("3 working hours", WEDNESDAY.replace(hour=10), OFFICE, chance()) == datetime(
        2026, 11, 17, 15, tzinfo=UTC
    )


@pytest.mark.parametrize("wait, day", [("2h", 13), ("1d", 16), ("3d", 18), ("1w", 20), ("@4d", 12)])
def test_a_wait_ends_in_working_time(wait: str, day: int) -> None:
    then = after(wait, FRIDAY_NOON, WEDNESDAY, OFFICE, chance())
    assert then.day == day
    assert OFFICE.is_open(then)


def test_a_day_later_is_the_same_day_though_the_hour_is_past_the_close() -> None:
    late = datetime(2026, 11, 12, 16, 58, tzinfo=UTC)
    then = after("1d", late, WEDNESDAY, OFFICE, Random("three"))
    assert timedelta() < OFFICE.close_of(then.date()) - then < timedelta(hours=1)


@pytest.mark.parametrize("text", ["yesterday", "3 weeks", "2d"])
def test_a_time_ago_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        raised_at(text, WEDNESDAY, OFFICE, chance())


@pytest.mark.parametrize("text", ["soon", "2", "3 d"])
def test_a_wait_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        after(text, WEDNESDAY, WEDNESDAY, OFFICE, chance())
