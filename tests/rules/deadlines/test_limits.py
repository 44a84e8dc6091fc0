"""When a limit passes, what a warning before it is, and what moves it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.rules.calendars import EVERY_DAY, KOLKATA, LONDON, NEW_YORK, at, calendar, night_shift
from tracker.rules.deadlines import Deadline, UnknownLength, at_least_a_working_day, limit, moved_by, warning_before
from tracker.rules.working_time import NoWorkingTime, WorkingTime, joint

A = calendar("09:00-17:00", "A", closed=["2026-05-06"])
B = calendar("08:30-12:00 13:00-16:30", "B", closed=["2026-05-04"])
BOTH = joint(A, B)
ALWAYS = calendar("00:00-24:00", days=EVERY_DAY)
NIGHT = night_shift()
NY = calendar("09:00-17:00", zone=NEW_YORK)
ACROSS = joint(A, NY, zone=LONDON)  # 14:00-17:00 in London
IN = calendar("10:00-18:00", zone=KOLKATA)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "calendar, received, text, passes",
    [
        pytest.param(BOTH, "2026-04-27 10:00", "1 working day", "2026-04-28 16:30", id="not the day of receipt"),
        pytest.param(BOTH, "2026-04-27 07:00", "1 working day", "2026-04-28 16:30", id="before opening is that day"),
        pytest.param(BOTH, "2026-04-27 12:30", "1 working day", "2026-04-28 16:30", id="in a lunch break is that day"),
        pytest.param(BOTH, "2026-04-27 16:29:59", "1 working day", "2026-04-28 16:30", id="just before joint close"),
        pytest.param(BOTH, "2026-04-27 16:30", "1 working day", "2026-04-29 16:30", id="at joint close is the next"),
        pytest.param(BOTH, "2026-04-27 16:40", "1 working day", "2026-04-29 16:30", id="after joint close"),
        pytest.param(BOTH, "2026-04-25 10:00", "1 working day", "2026-04-28 16:30", id="on a Saturday is Monday"),
        pytest.param(BOTH, "2026-05-01 10:00", "1 working day", "2026-05-05 16:30", id="over a holiday of one"),
        pytest.param(BOTH, "2026-05-01 17:00", "1 working day", "2026-05-07 16:30", id="over holidays of both"),
        pytest.param(BOTH, "2026-04-27 16:40", "9 working days", "2026-05-13 16:30", id="over two weekends"),
        pytest.param(A, "2026-04-27 16:40", "1 working day", "2026-04-28 17:00", id="one organisation alone"),
        pytest.param(ACROSS, "2026-04-27 16:59", "1 working day", "2026-04-28 17:00", id="across zones"),
        pytest.param(ACROSS, "2026-03-05 18:00", "2 working days", "2026-03-10 17:00", id="over a clock change there"),
        pytest.param(ALWAYS, "2026-03-28 23:30", "1 working day", "2026-03-30 00:00", id="always open, to midnight"),
        pytest.param(NIGHT, "2026-04-26 05:00", "1 working day", "2026-05-03 00:00", id="a night shift to the next"),
    ],
)
def test_working_days_end_at_the_joint_close(calendar: WorkingTime, received: str, text: str, passes: str) -> None:
    assert limit(text, at(received), calendar).at == at(passes)


@pytest.mark.parametrize(
    "calendar, received, text, passes",
    [
        pytest.param(BOTH, "2026-04-27 09:00:01", "1 working hour", "2026-04-27 10:00:01", id="to the second"),
        pytest.param(BOTH, "2026-04-27 09:00", "3 working hours", "2026-04-27 12:00", id="up to lunch"),
        pytest.param(BOTH, "2026-04-27 09:00", "4 working hours", "2026-04-27 14:00", id="over lunch"),
        pytest.param(BOTH, "2026-04-27 15:30", "4 working hours", "2026-04-28 12:00", id="over night"),
        pytest.param(BOTH, "2026-05-01 16:00", "1 working hour", "2026-05-05 09:30", id="over a holiday"),
        pytest.param(ACROSS, "2026-04-27 09:00", "4 working hours", "2026-04-28 15:00", id="across zones"),
        pytest.param(NIGHT, "2026-03-29 00:30", "2 working hours", "2026-03-29 03:30", id="while the clock leaps"),
    ],
)
def test_working_hours_are_counted_in_joint_time(calendar: WorkingTime, received: str, text: str, passes: str) -> None:
    assert limit(text, at(received), calendar).at == at(passes)


@pytest.mark.parametrize(
    "calendar, received, text, passes",
    [
        pytest.param(BOTH, at("2026-04-27 16:40"), "10 days", at("2026-05-08 00:00"), id="ten"),
        pytest.param(BOTH, at("2026-04-27 00:00"), "1 day", at("2026-04-29 00:00"), id="one"),
        pytest.param(BOTH, at("2026-03-28 12:00"), "1 day", at("2026-03-30 00:00"), id="a date of 23 hours"),
        pytest.param(IN, at("2026-04-27 20:00"), "1 day", at("2026-04-30 00:00", KOLKATA), id="in the zone"),
    ],
)
def test_days_end_with_the_last_date(calendar: WorkingTime, received: datetime, text: str, passes: datetime) -> None:
    assert limit(text, received, calendar).at == passes


MEETINGS = [at("2026-05-26 10:00"), at("2026-04-28 10:00"), at("2026-05-12 10:00")]


@pytest.mark.parametrize(
    "received, meetings, or_at_most, passes",
    [
        pytest.param("2026-04-27 16:40", MEETINGS, None, "2026-04-28 10:00", id="the first after receipt"),
        pytest.param("2026-04-28 10:00", MEETINGS, None, "2026-05-12 10:00", id="one that begins now is too soon"),
        pytest.param("2026-04-28 10:00", MEETINGS, "1 working day", "2026-05-12 10:00", id="though it is far off"),
        pytest.param("2026-05-26 10:00", MEETINGS, "2 working days", "2026-05-28 16:30", id="none left"),
        pytest.param("2026-04-27 10:00", [], "5 working days", "2026-05-05 16:30", id="none scheduled"),
        pytest.param("2026-04-27 10:00", [], "10 days", "2026-05-08 00:00", id="none, and at most in days"),
        pytest.param("2026-05-06 10:00", [], None, "2026-06-04 16:30", id="none, and nothing agreed: 20"),
    ],
)
def test_the_next_meeting_is_the_first_after_receipt_or_else_at_most_a_length(
    received: str, meetings: list[datetime], or_at_most: str | None, passes: str
) -> None:
    assert limit("next meeting", at(received), BOTH, meetings, or_at_most=or_at_most).at == at(passes)


def test_a_limit_is_a_moment_in_utc() -> None:
    limits = [limit(text, at("2026-04-27 10:00"), BOTH) for text in ("1 working day", "1 working hour", "1 day")]
    limits.append(limit("next meeting", at("2026-04-27 10:00"), BOTH, MEETINGS))
    assert {one.at.tzinfo for one in limits} == {UTC}


def test_a_limit_in_no_joint_time_is_refused_by_name() -> None:
    evening = calendar("18:00-20:00", "EVE")
    with pytest.raises(NoWorkingTime, match="A and EVE share no working time on any weekday"):
        limit("3 working days", at("2026-04-27 10:00"), joint(A, evening))


def test_a_receipt_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        limit("3 working days", datetime(2026, 4, 27, 10, 0), BOTH)  # noqa: DTZ001


def test_at_most_another_meeting_is_refused() -> None:
    with pytest.raises(UnknownLength, match="“next meeting” is no length of time that is allowed here"):
        limit("next meeting", at("2026-04-27 10:00"), BOTH, or_at_most="next meeting")


@pytest.mark.parametrize(
    "text, passes, warns",
    [
        pytest.param("1 working day", "2026-05-12 16:30", "2026-05-11 16:30", id="a working day"),
        pytest.param("1 working day", "2026-05-12 10:00", "2026-05-11 16:30", id="a working day before a meeting"),
        pytest.param("1 working day", "2026-05-05 16:30", "2026-05-01 16:30", id="over a holiday"),
        pytest.param("3 working days", "2026-05-08 16:30", "2026-05-01 16:30", id="over two holidays"),
        pytest.param("1 working day", "2026-05-09 00:00", "2026-05-07 16:30", id="midnight ends the Friday"),
        pytest.param("4 working hours", "2026-05-12 14:00", "2026-05-12 09:00", id="hours, over lunch"),
        pytest.param("4 working hours", "2026-05-12 10:00", "2026-05-11 13:30", id="hours, over night"),
        pytest.param("2 days", "2026-05-12 16:30", "2026-05-11 00:00", id="days"),
        pytest.param("2 days", "2026-05-13 00:00", "2026-05-11 00:00", id="days before a midnight"),
    ],
)
def test_a_warning_stands_so_long_before_the_limit(text: str, passes: str, warns: str) -> None:
    assert warning_before(text, at(passes), BOTH) == at(warns)


def test_a_warning_before_the_next_meeting_is_refused() -> None:
    with pytest.raises(UnknownLength):
        warning_before("next meeting", at("2026-05-12 16:30"), BOTH)


@pytest.mark.parametrize(
    "passes, paused, moved",
    [
        pytest.param("2026-05-12 16:30", timedelta(), "2026-05-12 16:30", id="nothing moves nothing, even at close"),
        pytest.param("2026-05-12 16:30", 2 * HOUR, "2026-05-13 11:00", id="into the next day"),
        pytest.param("2026-05-12 16:30", 6.5 * HOUR, "2026-05-13 16:30", id="a whole day, from close to close"),
        pytest.param("2026-05-12 11:00", 2 * HOUR, "2026-05-12 14:00", id="over lunch"),
        pytest.param("2026-05-01 16:30", 1 * HOUR, "2026-05-05 10:00", id="over a holiday"),
    ],
)
def test_a_pause_moves_a_limit_by_the_joint_time_paused(passes: str, paused: timedelta, moved: str) -> None:
    assert moved_by(at(passes), paused, BOTH) == at(moved)


def test_an_old_limit_stands_when_it_is_a_working_day_away() -> None:
    old = Deadline(at("2026-05-12 16:30"), ("as it was",))
    assert at_least_a_working_day(old, at("2026-05-11 16:29"), BOTH) is old


def test_an_old_limit_that_is_nearer_moves_a_working_day_away_and_says_so() -> None:
    old = Deadline(at("2026-05-12 16:30"), ("as it was",))
    moved = at_least_a_working_day(old, at("2026-05-12 10:00"), BOTH)
    assert moved.at == at("2026-05-13 16:30")
    assert moved.why[:2] == ("as it was", "but at least one working day is left")
