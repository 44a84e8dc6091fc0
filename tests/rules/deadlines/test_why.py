"""A deadline says why it is what it is, in steps and in plain words."""

import pytest

from tests.rules.calendars import EVERY_DAY, LONDON, NEW_YORK, at, calendar
from tracker.rules.deadlines import limit
from tracker.rules.working_time import WorkingTime, joint

A = calendar("09:00-17:00", "A", closed=["2026-12-24", "2026-12-25", "2026-12-28", "2027-01-01"])
B = calendar("09:00-16:30", "B", closed=["2026-05-04", "2026-12-25", "2026-12-28", "2027-01-01"])
BOTH = joint(A, B)
WEEKEND = {"2026-05-09": "10:00-12:00"}


def test_the_example_of_the_agreement() -> None:
    assert limit("9 working days", at("2026-04-27 16:40"), BOTH).why == (
        "received Mon 27 Apr 16:40, after joint close 16:30, so counted from Tue 28 Apr",
        "9 working days after that day",
        "Mon 4 May is a holiday for B",
        "limit Tue 12 May 16:30",
    )


@pytest.mark.parametrize(
    "calendar, received, step",
    [
        pytest.param(BOTH, "2026-04-27 10:00", "before joint close 16:30, so counted from Mon 27 Apr", id="before"),
        pytest.param(BOTH, "2026-04-27 16:30", "at joint close 16:30, so counted from Tue 28 Apr", id="at close"),
        pytest.param(BOTH, "2026-05-02 10:00", "not a joint working day, so counted from Tue 5 May", id="Saturday"),
        pytest.param(A, "2026-05-04 17:30", "after close 17:00, so counted from Tue 5 May", id="of one alone"),
        pytest.param(BOTH, "2026-12-31 17:00", "after joint close 16:30, so counted from Mon 4 Jan 2027", id="year"),
    ],
)
def test_the_first_step_says_which_day_receipt_counts_as(calendar: WorkingTime, received: str, step: str) -> None:
    assert limit("1 working day", at(received), calendar).why[0].endswith(f", {step}")


@pytest.mark.parametrize(
    "text, received, steps",
    [
        pytest.param(
            "4 working hours",
            "2026-04-27 10:00",
            (
                "received Mon 27 Apr 10:00, in joint working time, so counted from then",
                "4 working hours after that",
                "limit Mon 27 Apr 14:00",
            ),
            id="hours, received while open",
        ),
        pytest.param(
            "4 working hours",
            "2026-05-02 11:00",
            (
                "received Sat 2 May 11:00, outside joint working time, so counted from Tue 5 May 09:00",
                "4 working hours after that",
                "Mon 4 May is a holiday for B",
                "limit Tue 5 May 13:00",
            ),
            id="hours, received while closed",
        ),
        pytest.param(
            "10 days",
            "2026-04-27 16:40",
            ("received Mon 27 Apr 16:40", "10 days after that date, every date counted", "limit Thu 7 May 24:00"),
            id="days",
        ),
    ],
)
def test_hours_and_days_are_explained(text: str, received: str, steps: tuple[str, ...]) -> None:
    assert limit(text, at(received), BOTH).why == steps


def test_a_meeting_is_explained() -> None:
    assert limit("next meeting", at("2026-12-30 10:00"), BOTH, [at("2027-01-05 14:00")]).why == (
        "received Wed 30 Dec 10:00",
        "the first meeting after that starts Tue 5 Jan 2027 14:00",
        "limit Tue 5 Jan 2027 14:00",
    )


@pytest.mark.parametrize(
    "or_at_most, step",
    [
        pytest.param(None, "no meeting is scheduled, so 20 working days at most", id="nothing agreed"),
        pytest.param("5 days", "no meeting is scheduled, so 5 days at most", id="agreed"),
    ],
)
def test_that_no_meeting_is_scheduled_is_explained(or_at_most: str | None, step: str) -> None:
    why = limit("next meeting", at("2026-04-27 16:40"), BOTH, or_at_most=or_at_most).why
    assert why[0] == step
    assert why[1].startswith("received Mon 27 Apr 16:40")


def test_each_holiday_on_the_way_is_named_with_whose_it_is() -> None:
    assert limit("3 working days", at("2026-12-23 10:00"), BOTH).why[2:] == (
        "Thu 24 Dec is a holiday for A",
        "Fri 25 Dec is a holiday for A and B",
        "Mon 28 Dec is a holiday for A and B",
        "limit Thu 31 Dec 16:30",
    )


def test_a_holiday_in_another_year_is_told_with_its_year() -> None:
    assert limit("1 working day", at("2026-12-31 10:00"), BOTH).why[-2:] == (
        "Fri 1 Jan 2027 is a holiday for A and B",
        "limit Mon 4 Jan 2027 16:30",
    )


def test_a_holiday_at_a_weekend_is_not_mentioned() -> None:
    ours = calendar(name="A", closed=["2026-05-02"])
    assert len(limit("1 working day", at("2026-05-01 10:00"), ours).why) == 3


def test_an_extra_day_is_mentioned() -> None:
    both = joint(calendar(name="A", opened=WEEKEND), calendar(name="B", opened=WEEKEND))
    assert limit("1 working day", at("2026-05-08 10:00"), both).why[2:] == (
        "Sat 9 May is an extra working day",
        "limit Sat 9 May 12:00",
    )


def test_a_day_on_which_other_hours_leave_nothing_joint_is_mentioned() -> None:
    both = joint(calendar(name="A"), calendar(name="B", closed=["2026-04-28"], opened={"2026-04-28": "18:00-20:00"}))
    why = limit("1 working day", at("2026-04-27 10:00"), both).why
    assert "Tue 28 Apr has no joint working time" in why


def test_a_holiday_of_an_organisation_without_a_name_is_mentioned() -> None:
    ours = calendar(closed=["2026-05-04"])
    assert "Mon 4 May is a holiday" in limit("1 working day", at("2026-05-01 10:00"), ours).why


def test_a_holiday_elsewhere_is_told_on_the_date_it_takes_away_here() -> None:
    there = calendar("00:00-08:00", "NY", zone=NEW_YORK, closed=["2026-05-25"])  # 05:00-13:00 in London
    why = limit("1 working day", at("2026-05-22 10:00"), joint(calendar(name="UK"), there)).why
    assert "Mon 25 May is a holiday for NY" in why


def test_moments_are_told_in_the_zone_of_the_partnership() -> None:
    ny = calendar("09:00-17:00", "NY", zone=NEW_YORK)
    both = joint(ny, calendar(name="UK"), zone=LONDON)
    assert limit("1 working day", at("2026-04-27 08:00", NEW_YORK), both).why == (
        "received Mon 27 Apr 13:00, before joint close 17:00, so counted from Mon 27 Apr",
        "1 working day after that day",
        "limit Tue 28 Apr 17:00",
    )


def test_a_close_at_midnight_is_told_as_the_end_of_its_date() -> None:
    always = calendar("00:00-24:00", days=EVERY_DAY)
    assert limit("1 working day", at("2026-04-27 10:00"), always).why[-1] == "limit Tue 28 Apr 24:00"
