"""What holds for all calendars: counting agrees with a slow count by the minute, and with itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.rules.spans import Hours
from tracker.rules.working_time import Calendar, WorkingTime, joint

MINUTE = timedelta(minutes=1)
ZONES = (
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Havana",  # goes back from 01:00 to 00:00
    "America/Sao_Paulo",  # until 2019 went forward from 00:00 to 01:00
    "Asia/Beirut",  # goes back from 24:00 to 23:00
)
CLOCK_CHANGES = (
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 3, 8),
    date(2026, 11, 1),
    date(2026, 4, 5),
    date(2026, 9, 27),
    date(2018, 11, 4),
    date(2019, 2, 17),
)


def days_of_hours(ends: list[int]) -> Hours:
    """Spans from quarters of an hour since midnight: in pairs, opens and closes."""
    return tuple((clock(opens), clock(closes)) for opens, closes in list(pairwise(sorted(ends)))[::2])


def clock(quarter: int) -> time:
    return time.max if quarter == 96 else time(quarter // 4, quarter % 4 * 15)


hours = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(days_of_hours)
dates = st.builds(lambda near, days: near + timedelta(days=days), st.sampled_from(CLOCK_CHANGES), st.integers(-3, 3))
calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.dictionaries(st.integers(0, 6), hours, min_size=1),
    st.frozensets(dates, max_size=3),
    st.dictionaries(dates, hours, max_size=2),
)
moments = st.builds(
    lambda day, minutes: datetime.combine(day, time.min, UTC) + minutes * MINUTE,
    dates,
    st.integers(0, 24 * 60),
)
lengths = st.integers(0, 90 * 60 * 60).map(lambda seconds: timedelta(seconds=seconds))


def shown_open(ours: Calendar, at: datetime) -> bool:
    """By the clock on the wall, and nothing else."""
    wall = at.astimezone(ZoneInfo(ours.zone))
    weekly = () if wall.date() in ours.closed else ours.weekly.get(wall.weekday(), ())
    return any(opens <= wall.time() < closes for opens, closes in ours.open.get(wall.date(), weekly))


def slow_count(is_open: Callable[[datetime], bool], start: datetime, minutes: int) -> timedelta:
    return sum((MINUTE for passed in range(minutes) if is_open(start + passed * MINUTE)), timedelta())


@settings(max_examples=60, deadline=None)
@given(calendars, moments, st.integers(0, 3 * 24 * 60))
def test_working_time_is_what_a_count_by_the_minute_finds(ours: Calendar, start: datetime, minutes: int) -> None:
    counted = slow_count(lambda at: shown_open(ours, at), start, minutes)
    assert ours.between(start, start + minutes * MINUTE) == counted


@settings(max_examples=60, deadline=None)
@given(st.lists(calendars, min_size=1, max_size=3), st.sampled_from(ZONES), moments, st.integers(0, 2 * 24 * 60))
def test_joint_time_is_what_a_count_by_the_minute_finds_all_open(
    each: list[Calendar], zone: str, start: datetime, minutes: int
) -> None:
    counted = slow_count(lambda at: all(shown_open(one, at) for one in each), start, minutes)
    assert joint(*each, zone=zone).between(start, start + minutes * MINUTE) == counted


@given(st.lists(calendars, min_size=1, max_size=3), st.sampled_from(ZONES), moments)
def test_joint_time_is_open_when_all_are(each: list[Calendar], zone: str, at: datetime) -> None:
    assert joint(*each, zone=zone).is_open(at) == all(shown_open(one, at) for one in each)


@given(calendars, calendars, calendars, dates)
def test_joint_time_of_joint_time_is_joint_time(a: Calendar, b: Calendar, c: Calendar, day: date) -> None:
    assert joint(joint(a, b), c).spans_on(day) == joint(a, joint(b, c)).spans_on(day)


@given(calendars, st.sampled_from(ZONES), moments, lengths)
def test_what_was_added_is_what_is_measured(ours: WorkingTime, zone: str, start: datetime, length: timedelta) -> None:
    both = joint(ours, zone=zone)
    assert both.between(start, both.add(start, length)) == length


@given(calendars, moments, lengths)
def test_what_was_taken_away_is_what_is_measured(ours: Calendar, end: datetime, length: timedelta) -> None:
    assert ours.between(ours.subtract(end, length), end) == length


@given(calendars, moments, lengths)
def test_adding_what_was_measured_gives_the_end_of_the_working_time_in_it(
    ours: Calendar, start: datetime, elapsed: timedelta
) -> None:
    end = start + elapsed
    reached = ours.add(start, ours.between(start, end)) if ours.between(start, end) else start
    assert reached <= end
    assert ours.between(reached, end) == timedelta()


@given(calendars, moments, lengths, lengths)
def test_added_in_two_steps_or_in_one_is_the_same(
    ours: Calendar, start: datetime, first: timedelta, then: timedelta
) -> None:
    assert ours.add(ours.add(start, first), then + MINUTE) == ours.add(start, first + then + MINUTE)


@given(calendars, moments, lengths, lengths)
def test_later_or_longer_is_never_sooner(ours: Calendar, start: datetime, later: timedelta, longer: timedelta) -> None:
    assert ours.add(start, longer) <= ours.add(start + later, longer)
    assert ours.add(start, longer) <= ours.add(start, longer + later)


@given(calendars, moments)
def test_nothing_added_is_the_next_open_moment(ours: Calendar, start: datetime) -> None:
    opened = ours.add(start, timedelta())
    assert shown_open(ours, opened)
    assert opened == start or (not shown_open(ours, start) and not shown_open(ours, opened - MINUTE))


@given(calendars, moments, lengths, lengths)
def test_measured_in_two_parts_or_whole_is_the_same(
    ours: Calendar, start: datetime, first: timedelta, then: timedelta
) -> None:
    middle, end = start + first, start + first + then
    assert ours.between(start, middle) + ours.between(middle, end) == ours.between(start, end)


@given(calendars, dates)
def test_the_spans_of_a_date_are_in_order_apart_and_on_it(ours: Calendar, day: date) -> None:
    spans = ours.spans_on(day)
    ends = [moment for span in spans for moment in span]
    assert ends == sorted(set(ends))
    assert all(ours.date_of(opens) == day == ours.date_of(closes - timedelta.resolution) for opens, closes in spans)


@given(calendars, dates, st.integers(-70, 800))
def test_working_days_are_counted_as_one_would_day_by_day(calendar: Calendar, first: date, days: int) -> None:
    last = first + timedelta(days=days)
    one_by_one = sum(calendar.is_working_day(first + timedelta(days=day)) for day in range(days + 1))
    assert calendar.count_days(first, last) == one_by_one
