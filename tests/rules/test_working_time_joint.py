"""Joint time: when several organisations are all open."""

from datetime import timedelta

import pytest

from tests.rules.calendars import EVERY_DAY, KOLKATA, NEW_YORK, at, calendar, day
from tracker.rules.working_time import (
    Calendar,
    NoWorkingTime,
    WrongCalendar,
    joint,
    refuse_unless_shared,
    shares_time,
)

HOUR = timedelta(hours=1)
A = calendar("09:00-17:00", "A", closed=["2026-05-05"])
B = calendar("08:00-12:00 13:00-16:30", "B", closed=["2026-05-04"])
NY = calendar("09:00-17:00", "NY", zone=NEW_YORK)
IN = calendar("10:00-18:00", "IN", zone=KOLKATA, days=range(6))
ALWAYS = calendar("00:00-24:00", "ALWAYS", days=EVERY_DAY)
EVENINGS = calendar("17:00-20:00", "EVENINGS")
AFTER = day("2026-01-01")

# In 2026 New York goes forward on 8 March, London on 29 March: for three weeks they are four hours apart, not five.


@pytest.mark.parametrize(
    "calendars, on, expected",
    [
        pytest.param([A, B], "2026-04-27", ["09:00-12:00", "13:00-16:30"], id="one of them has lunch"),
        pytest.param([A, B], "2026-05-04", [], id="a holiday of one of them"),
        pytest.param([A, NY], "2026-04-27", ["14:00-17:00"], id="London and New York, five hours apart"),
        pytest.param([A, NY], "2026-03-16", ["13:00-17:00"], id="four hours apart in March"),
        pytest.param([A, IN], "2026-04-27", ["09:00-13:30"], id="London and Kolkata in summer"),
        pytest.param([A, IN], "2026-01-12", ["09:00-12:30"], id="London and Kolkata in winter"),
        pytest.param([NY, IN], "2026-04-27", [], id="never together"),
        pytest.param([A, B, NY], "2026-04-27", ["14:00-16:30"], id="three"),
        pytest.param([A], "2026-04-27", ["09:00-17:00"], id="one alone"),
        pytest.param([joint(A, B), joint(NY, ALWAYS)], "2026-04-27", ["14:00-16:30"], id="of joint times"),
    ],
)
def test_joint_time_is_the_time_in_which_all_are_open(calendars: list[Calendar], on: str, expected: list[str]) -> None:
    together = joint(*calendars, zone="Europe/London")
    spans = [(o.astimezone(together.tz), c.astimezone(together.tz)) for o, c in together.spans_on(day(on))]
    assert [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in spans] == expected


def test_joint_time_is_measured_and_added_over_the_holidays_of_both() -> None:
    both = joint(A, B)
    assert both.between(at("2026-05-01 16:00"), at("2026-05-06 10:00")) == 1.5 * HOUR
    assert both.add(at("2026-05-01 16:00"), HOUR) == at("2026-05-06 09:30")


def test_joint_time_counts_in_dates_of_the_first_calendar_unless_a_zone_is_given() -> None:
    assert (joint(NY, A).zone, joint(NY, A, zone=KOLKATA).zone) == (NEW_YORK, KOLKATA)


def test_a_joint_working_day_is_a_date_in_the_zone_it_counts_in() -> None:
    late = calendar("18:00-24:00", zone=NEW_YORK, days=[4])  # Friday evening there, Saturday from 00:00 in London
    assert joint(late, ALWAYS, zone="Europe/London").is_working_day(day("2026-05-02"))
    assert not joint(late, ALWAYS, zone=NEW_YORK).is_working_day(day("2026-05-02"))


def test_joint_time_over_midnight_is_cut_there_and_each_date_has_its_close() -> None:
    late = calendar("18:00-24:00", zone=NEW_YORK, days=[4])
    both = joint(late, ALWAYS, zone="Europe/London")
    assert both.close_of(day("2026-05-01")) == at("2026-05-02 00:00")
    assert both.close_of(day("2026-05-02")) == at("2026-05-02 05:00")


def test_midnight_in_another_zone_does_not_cut_joint_time() -> None:
    there = calendar("00:00-24:00", zone=KOLKATA, days=EVERY_DAY)  # midnight there is 19:30 in London
    evening = calendar("17:00-21:00")
    assert len(joint(evening, there).spans_on(day("2026-04-27"))) == 1


@pytest.mark.parametrize(
    "calendars, sentence",
    [
        pytest.param([A, EVENINGS], "A and EVENINGS share no working time on any weekday.", id="two"),
        pytest.param([A, B, EVENINGS], "A, B and EVENINGS share no working time on any weekday.", id="three"),
        pytest.param([A, calendar("")], "A and an organisation share no working time on any weekday.", id="nameless"),
    ],
)
def test_calendars_that_never_meet_are_refused_by_name(calendars: list[Calendar], sentence: str) -> None:
    with pytest.raises(NoWorkingTime) as refusal:
        refuse_unless_shared(*calendars, after=AFTER)
    with pytest.raises(NoWorkingTime, match=sentence):
        joint(*calendars).add(at("2026-04-27 10:00"), HOUR)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "some, other, shared",
    [
        pytest.param(A, B, True, id="the same hours"),
        pytest.param(A, EVENINGS, False, id="one opens when the other closes"),
        pytest.param(A, calendar(days=[5, 6]), False, id="other weekdays"),
        pytest.param(NY, IN, False, id="too far apart"),
        pytest.param(calendar("09:00-13:30"), NY, True, id="only while the clocks differ in March"),
    ],
)
def test_two_calendars_share_time_if_their_weekly_hours_meet_at_all(
    some: Calendar, other: Calendar, shared: bool
) -> None:
    assert shares_time(some, other, after=AFTER) is shared


def test_a_holiday_does_not_keep_calendars_from_sharing_time() -> None:
    closed = calendar(days=[0], closed=["2026-05-04"])
    refuse_unless_shared(A, closed, after=day("2026-05-03"))
    assert joint(A, closed).add(at("2026-05-01 10:00"), HOUR) == at("2026-05-11 10:00")


def test_joint_time_of_nothing_or_in_an_unknown_zone_is_refused() -> None:
    with pytest.raises(WrongCalendar, match="at least one calendar"):
        joint()
    with pytest.raises(WrongCalendar, match="is no time zone"):
        joint(A, zone="Mars/Olympus")


def test_the_same_calendar_twice_is_one() -> None:
    assert joint(A, calendar("09:00-17:00", "A", closed=["2026-05-05"])) == joint(A)
