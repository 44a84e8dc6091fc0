"""Working time of one organisation: open, measured, added, taken away, day by day."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.rules.calendars import EVERY_DAY, KOLKATA, LONDON, NEW_YORK, at, calendar, day, hours, night_shift
from tracker.rules.spans import Hours
from tracker.rules.working_time import Calendar, NoWorkingTime, WrongCalendar

OFFICE = calendar("09:00-17:00", closed=["2026-05-04"], opened={"2026-05-09": "10:00-12:00"})
LUNCH = calendar("09:00-12:30 13:30-17:00")
ALWAYS = calendar("00:00-24:00", days=EVERY_DAY)
NIGHT = night_shift()
HOUR = timedelta(hours=1)
ALL_DATES = [str(day("2026-01-01") + timedelta(days=passed)) for passed in range(800)]

# In 2026 London goes forward on Sunday 29 March at 01:00 and back on Sunday 25 October at 02:00.


@pytest.mark.parametrize(
    "ours, moment, is_open",
    [
        pytest.param(OFFICE, "2026-04-27 09:00", True, id="at opening"),
        pytest.param(OFFICE, "2026-04-27 08:59:59.999999", False, id="just before opening"),
        pytest.param(OFFICE, "2026-04-27 16:59:59.999999", True, id="just before close"),
        pytest.param(OFFICE, "2026-04-27 17:00", False, id="at close"),
        pytest.param(OFFICE, "2026-05-02 12:00", False, id="on a Saturday"),
        pytest.param(OFFICE, "2026-05-09 11:00", True, id="on an extra open Saturday"),
        pytest.param(OFFICE, "2026-05-04 12:00", False, id="on a holiday"),
        pytest.param(LUNCH, "2026-04-27 12:30", False, id="at the beginning of lunch"),
        pytest.param(LUNCH, "2026-04-27 13:30", True, id="at the end of lunch"),
        pytest.param(ALWAYS, "2026-04-27 23:59:59.999999", True, id="in the last moment of an endless day"),
        pytest.param(NIGHT, "2026-04-26 00:00", True, id="at midnight in a night shift"),
        pytest.param(NIGHT, "2026-04-26 06:00", False, id="at the end of a night shift"),
    ],
)
def test_a_calendar_is_open_from_opening_up_to_close(ours: Calendar, moment: str, is_open: bool) -> None:
    assert ours.is_open(at(moment)) is is_open


@pytest.mark.parametrize(
    "ours, start, end, expected",
    [
        pytest.param(OFFICE, "2026-04-27 10:00", "2026-04-27 10:00:01", timedelta(seconds=1), id="a second"),
        pytest.param(OFFICE, "2026-04-27 12:00", "2026-04-27 11:00", timedelta(), id="backwards is nothing"),
        pytest.param(OFFICE, "2026-04-24 16:00", "2026-04-27 10:00", 2 * HOUR, id="over a weekend"),
        pytest.param(OFFICE, "2026-05-01 16:00", "2026-05-05 10:00", 2 * HOUR, id="over a holiday Monday"),
        pytest.param(OFFICE, "2026-05-09 00:00", "2026-05-10 00:00", 2 * HOUR, id="an extra open day"),
        pytest.param(LUNCH, "2026-04-27 12:00", "2026-04-27 14:00", HOUR, id="over lunch"),
        pytest.param(ALWAYS, "2026-04-27 00:00", "2026-05-04 00:00", timedelta(days=7), id="a whole week"),
        pytest.param(ALWAYS, "2026-03-29 00:00", "2026-03-30 00:00", 23 * HOUR, id="a day of 23 hours"),
        pytest.param(ALWAYS, "2026-10-25 00:00", "2026-10-26 00:00", 25 * HOUR, id="a day of 25 hours"),
        pytest.param(NIGHT, "2026-03-28 12:00", "2026-03-29 12:00", 9 * HOUR, id="a night the clock leaps"),
        pytest.param(NIGHT, "2026-10-24 12:00", "2026-10-25 12:00", 11 * HOUR, id="a night of a repeated hour"),
    ],
)
def test_working_time_is_measured(ours: Calendar, start: str, end: str, expected: timedelta) -> None:
    assert ours.between(at(start), at(end)) == expected


@pytest.mark.parametrize(
    "ours, start, length, expected",
    [
        pytest.param(OFFICE, "2026-04-27 10:30", timedelta(), "2026-04-27 10:30", id="nothing while open"),
        pytest.param(OFFICE, "2026-04-27 07:00", timedelta(), "2026-04-27 09:00", id="nothing before opening"),
        pytest.param(OFFICE, "2026-04-27 17:00", timedelta(), "2026-04-28 09:00", id="nothing at close"),
        pytest.param(OFFICE, "2026-04-27 15:00", 2 * HOUR, "2026-04-27 17:00", id="up to close exactly"),
        pytest.param(OFFICE, "2026-04-27 15:00", 3 * HOUR, "2026-04-28 10:00", id="into the next day"),
        pytest.param(OFFICE, "2026-05-01 16:00", 2 * HOUR, "2026-05-05 10:00", id="over a holiday Monday"),
        pytest.param(OFFICE, "2026-04-27 09:00", 40 * HOUR, "2026-05-01 17:00", id="a whole week, to its close"),
        pytest.param(LUNCH, "2026-04-27 12:00", HOUR, "2026-04-27 14:00", id="over lunch"),
        pytest.param(LUNCH, "2026-04-27 12:00", HOUR / 2, "2026-04-27 12:30", id="up to lunch exactly"),
        pytest.param(ALWAYS, "2026-03-29 00:30", HOUR, "2026-03-29 02:30", id="while the clock leaps"),
        pytest.param(NIGHT, "2026-04-25 23:00", 2 * HOUR, "2026-04-26 01:00", id="over midnight"),
        pytest.param(OFFICE, "2026-04-28 10:00", -2 * HOUR, "2026-04-27 16:00", id="less than nothing"),
    ],
)
def test_working_time_is_added(ours: Calendar, start: str, length: timedelta, expected: str) -> None:
    assert ours.add(at(start), length) == at(expected)


@pytest.mark.parametrize(
    "ours, end, length, expected",
    [
        pytest.param(OFFICE, "2026-04-28 08:00", timedelta(), "2026-04-27 17:00", id="nothing while closed"),
        pytest.param(OFFICE, "2026-04-28 10:00", HOUR, "2026-04-28 09:00", id="down to opening exactly"),
        pytest.param(OFFICE, "2026-04-28 10:00", 2 * HOUR, "2026-04-27 16:00", id="into the day before"),
        pytest.param(OFFICE, "2026-05-05 10:00", 2 * HOUR, "2026-05-01 16:00", id="over a holiday Monday"),
        pytest.param(LUNCH, "2026-04-27 14:00", HOUR, "2026-04-27 12:00", id="over lunch"),
        pytest.param(OFFICE, "2026-04-27 15:00", -3 * HOUR, "2026-04-28 10:00", id="less than nothing"),
    ],
)
def test_working_time_is_taken_away(ours: Calendar, end: str, length: timedelta, expected: str) -> None:
    assert ours.subtract(at(end), length) == at(expected)


@pytest.mark.parametrize(
    "text, on, in_utc",
    [
        pytest.param("00:30-01:30", "2026-03-29", ["00:30-01:00"], id="the clock leaps over their end"),
        pytest.param("01:15-01:45", "2026-03-29", [], id="the clock leaps over all of them"),
        pytest.param("01:30-06:00", "2026-03-29", ["01:00-05:00"], id="the clock leaps over their beginning"),
        pytest.param("00:00-06:00", "2026-10-25", ["23:00-06:00"], id="the clock repeats an hour of them"),
        pytest.param("01:30-06:00", "2026-10-25", ["00:30-01:00", "01:30-06:00"], id="begin in the repeated hour"),
        pytest.param("00:00-01:30", "2026-10-25", ["23:00-00:30", "01:00-01:30"], id="end in it"),
    ],
)
def test_hours_are_what_the_clock_on_the_wall_shows(text: str, on: str, in_utc: list[str]) -> None:
    spans = calendar(text, days=EVERY_DAY).spans_on(day(on))
    shown = [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans]
    assert shown == in_utc


def test_hours_that_overlap_or_touch_are_counted_once() -> None:
    ours = calendar("09:00-12:00 12:00-13:00 09:30-11:00 15:00-16:00")
    assert [closes - opens for opens, closes in ours.spans_on(day("2026-04-27"))] == [4 * HOUR, HOUR]


def test_the_hours_of_an_extra_day_replace_those_of_its_weekday_and_its_closing() -> None:
    ours = calendar("09:00-17:00", closed=["2026-12-24"], opened={"2026-12-24": "09:00-12:00"})
    assert ours.close_of(day("2026-12-24")) == at("2026-12-24 12:00")


def test_an_extra_day_without_hours_is_closed() -> None:
    assert not calendar(opened={"2026-12-24": ""}).is_working_day(day("2026-12-24"))


def test_the_close_of_a_day_that_ends_at_midnight_is_midnight() -> None:
    assert NIGHT.close_of(day("2026-04-25")) == at("2026-04-26 00:00")


def test_a_day_without_hours_has_no_close() -> None:
    with pytest.raises(NoWorkingTime, match="Mon 4 May 2026 is no working day for B"):
        calendar(name="B", closed=["2026-05-04"]).close_of(day("2026-05-04"))


def test_working_days_go_forward_and_backward() -> None:
    ahead, back = OFFICE.working_days(day("2026-05-02")), OFFICE.working_days(day("2026-05-05"), step=-1)
    assert [next(ahead), next(ahead)] == [day("2026-05-05"), day("2026-05-06")]
    assert [next(back), next(back)] == [day("2026-05-05"), day("2026-05-01")]


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, KOLKATA])
def test_answers_are_moments_in_utc(zone: str) -> None:
    answer = calendar(zone=zone).add(at("2026-04-27 10:00", zone), HOUR)
    assert (answer.tzinfo, answer) == (UTC, at("2026-04-27 11:00", zone))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        OFFICE.is_open(datetime(2026, 4, 27, 10, 0))  # noqa: DTZ001


@pytest.mark.parametrize(
    "ours, sentence",
    [
        pytest.param(calendar("", name="A"), "A has no working time on any weekday.", id="no hours"),
        pytest.param(
            calendar(name="A", closed=ALL_DATES),
            "A has no working time for more than a year around Fri 1 May 2026.",
            id="always closed",
        ),
    ],
)
def test_a_search_in_no_working_time_at_all_is_refused(ours: Calendar, sentence: str) -> None:
    with pytest.raises(NoWorkingTime) as refusal:
        ours.add(at("2026-05-01 12:00"), HOUR)
    assert str(refusal.value) == sentence


def test_nothing_is_measured_in_no_working_time_at_all() -> None:
    assert calendar("").between(at("2026-01-01 00:00"), at("2027-01-01 00:00")) == timedelta()


@pytest.mark.parametrize(
    "zone, weekly, sentence",
    [
        pytest.param("Europe/Lundon", {}, "“Europe/Lundon” is no time zone", id="an unknown zone"),
        pytest.param("../zone", {}, "is no time zone", id="a path for a zone"),
        pytest.param(LONDON, {7: hours("09:00-17:00")}, "7 is no weekday", id="an eighth weekday"),
        pytest.param(LONDON, {0: hours("17:00-09:00")}, "17:00-09:00 do not end after", id="backward hours"),
        pytest.param(LONDON, {0: hours("09:00-09:00")}, "09:00-09:00 do not end after", id="no length"),
        pytest.param(LONDON, {0: hours("09:00-00:00")}, "at the end is 24:00", id="a close at 00:00"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(zone: str, weekly: dict[int, Hours], sentence: str) -> None:
    with pytest.raises(WrongCalendar, match=sentence):
        Calendar(zone, weekly)


def test_calendars_with_the_same_content_are_equal_whatever_was_asked_of_them() -> None:
    asked, fresh = calendar(name="A"), calendar(name="A")
    asked.between(at("2026-01-01 00:00"), at("2026-02-01 00:00"))
    assert (asked, hash(asked), repr(asked)) == (fresh, hash(fresh), repr(fresh))
