"""Measuring working time between many moments, as the calendar itself would."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.calendars import at, calendar
from tracker.rules.working_time import Ruler, joint

OURS = joint(calendar("09:00-12:30 13:00-17:00", closed=["2026-04-03"]), calendar("08:00-16:00", zone="Europe/Paris"))
START = at("2026-03-20 00:00")
RULER = Ruler(OURS, START, START + timedelta(days=40))
MINUTES = st.integers(0, 40 * 24 * 60)


@given(MINUTES, MINUTES)
def test_it_measures_what_the_calendar_measures(first: int, second: int) -> None:
    since, until = START + timedelta(minutes=first), START + timedelta(minutes=second)

    assert abs(RULER.hours(since, until) - OURS.between(since, until) / timedelta(hours=1)) < 1e-6


@given(MINUTES, st.integers(1, 200 * 60))
def test_it_comes_to_the_moment_that_the_calendar_comes_to(first: int, length: int) -> None:
    since, lasts = START + timedelta(minutes=first), timedelta(minutes=length)
    end = OURS.add(since, lasts)

    found = RULER.add(since, lasts / timedelta(hours=1))

    assert found == (end if end <= START + timedelta(days=40) else None)


def test_beyond_its_ends_nothing_is_open() -> None:
    whole = RULER.hours(START, START + timedelta(days=40))

    assert RULER.hours(START - timedelta(days=9), START + timedelta(days=90)) == whole
    assert Ruler(OURS, START, START).hours(START, START + timedelta(days=9)) == 0
