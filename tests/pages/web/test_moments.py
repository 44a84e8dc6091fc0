"""Moments, days and lengths as people say them, by the reader's clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tracker.pages.web.moments import READER, PageReader, day, moment
from tracker.rules.wording import say_duration

LONDON, UTRECHT = ZoneInfo("Europe/London"), ZoneInfo("Europe/Amsterdam")
AT = datetime(2026, 5, 7, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _reader() -> Iterator[None]:
    """Somebody in London, on 27 April 2026."""
    reading = READER.set(PageReader(LONDON, datetime(2026, 4, 27, 8, tzinfo=UTC)))
    yield
    READER.reset(reading)


def test_a_moment_is_said_by_the_readers_clock_and_exact_on_hover() -> None:
    assert moment(AT) == (
        '<time datetime="2026-05-07T15:30:00Z" '
        'title="Thu 7 May 2026, 16:30:00 (BST, Europe/London)">Thu 7 May, 16:30</time>'
    )


def test_a_moment_of_another_year_has_its_year() -> None:
    assert "Wed 7 May 2025, 16:30</time>" in moment(AT.replace(year=2025))


def test_the_year_turns_by_the_readers_clock() -> None:
    assert "Fri 1 Jan 2027, 00:30</time>" in _in(UTRECHT, datetime(2026, 12, 31, 23, 30, tzinfo=UTC))


def test_each_side_of_a_change_of_the_clocks_is_said_by_its_own_zone() -> None:
    assert "01:30:00 (BST" in moment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert "01:30:00 (GMT" in moment(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_a_day_says_its_year_when_it_is_not_this_one() -> None:
    assert day(date(2026, 5, 7)) == '<time datetime="2026-05-07">Thu 7 May</time>'
    assert day(date(2027, 5, 7)) == '<time datetime="2027-05-07">Fri 7 May 2027</time>'


@pytest.mark.parametrize(
    "length, said",
    [
        (timedelta(days=3, hours=4, minutes=5), "3 days, 4 hours"),
        (timedelta(days=1, minutes=5), "1 day, 5 minutes"),
        (timedelta(hours=1, seconds=59), "1 hour"),
        (timedelta(seconds=59), "less than a minute"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(length: timedelta, said: str) -> None:
    assert say_duration(length) == said


def _in(zone: ZoneInfo, at: datetime) -> str:
    reading = READER.set(PageReader(zone, READER.get().now))
    try:
        return moment(at)
    finally:
        READER.reset(reading)
