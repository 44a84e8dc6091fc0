"""What gave a limit is kept, and gives its moment and its why whenever it is asked, by whatever clock."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.rules.calendars import LONDON, at, calendar
from tracker.rules.deadlines import Given, Origin, reckon
from tracker.rules.working_time import WorkingTime, joint

A, B = calendar("09:00-17:00", "A"), calendar("09:00-16:30", "B", closed=["2026-05-04"])
BOTH = joint(A, B)
ENTRY = Origin("3 working days", at("2026-04-27 10:00"))
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    "origin",
    [
        ENTRY,
        Origin("next meeting", at("2026-04-27 10:00"), Given.HISTORY, "steering", "20 working days"),
        replace(
            ENTRY,
            acts=("a", "b"),
            returned_at=at("2026-04-29 12:00"),
            taken_back_at=at("2026-04-29 12:00"),
            not_before=at("2026-05-01 17:00"),
        ),
    ],
)
def test_what_is_kept_is_read_again(origin: Origin) -> None:
    assert Origin.read(origin.kept()) == origin


@pytest.mark.parametrize(
    "origin, acting, passes",
    [
        pytest.param(ENTRY, None, "2026-04-30 16:30", id="as it was given"),
        pytest.param(replace(ENTRY, returned_at=at("2026-04-28 12:00")), None, "2026-04-30 16:30", id="returned early"),
        pytest.param(replace(ENTRY, returned_at=at("2026-05-01 12:00")), None, "2026-05-05 16:30", id="returned late"),
        pytest.param(replace(ENTRY, taken_back_at=at("2026-04-28 12:00")), None, "2026-04-30 16:30", id="taken back"),
        pytest.param(replace(ENTRY, taken_back_at=at("2026-05-01 12:00")), None, "2026-05-01 16:30", id="back late"),
        pytest.param(replace(ENTRY, not_before=at("2026-05-01 12:00")), None, "2026-05-01 12:00", id="not before"),
        pytest.param(replace(ENTRY, not_before=at("2026-05-04 12:00")), None, "2026-05-05 16:30", id="on a closed day"),
        pytest.param(Origin("3 days", at("2026-05-01 10:00")), B, "2026-05-06 00:00", id="while closed"),
        pytest.param(Origin("3 days", at("2026-05-01 10:00")), A, "2026-05-05 00:00", id="while another is closed"),
    ],
)
def test_what_bears_on_it_is_reckoned_with(origin: Origin, acting: WorkingTime | None, passes: str) -> None:
    found = reckon(origin, BOTH, acting=acting and joint(acting, zone=LONDON))
    assert (found.at, found.why) == (at(passes), ())
    told = reckon(origin, BOTH, acting=acting and joint(acting, zone=LONDON), clock=BOTH.tz)
    assert told.at == found.at
    assert told.why[-1].startswith("limit ")


def test_a_meeting_is_the_first_after_what_gave_it_and_from_its_floor_on() -> None:
    meetings = [at(f"2026-0{day} 10:00") for day in ("4-28", "5-05", "5-12")]
    origin = Origin("next meeting", at("2026-04-27 10:00"), body="steering")
    assert reckon(origin, BOTH, meetings=meetings).at == meetings[0]
    later = replace(origin, not_before=meetings[1])
    assert (
        reckon(later, BOTH, meetings=[each for each in meetings if each > (later.meetings_after or later.at)]).at
        == meetings[1]
    )


def test_a_return_is_told_after_the_limit_that_the_entry_gave() -> None:
    why = reckon(replace(ENTRY, returned_at=at("2026-05-01 12:00")), BOTH, clock=BOTH.tz).why
    assert why[2:] == (
        "limit Thu 30 Apr 16:30",
        "a proposal was returned since, so at least 1 working day is left from then",
        "returned Fri 1 May 12:00, before joint close 16:30, so counted from Fri 1 May",
        "1 working day after that day",
        "Mon 4 May is a holiday for B",
        "limit Tue 5 May 16:30",
    )


def test_moments_are_told_by_the_readers_clock_and_days_by_the_partnerships() -> None:
    assert reckon(ENTRY, BOTH, clock=AUCKLAND).why == (
        "received Mon 27 Apr 21:00, before joint close Tue 28 Apr 03:30, so counted from Mon 27 Apr",
        "days are counted by the partnership's clock, in London",
        "3 working days after that day",
        "limit Fri 1 May 03:30",
    )


def test_what_came_from_elsewhere_says_so() -> None:
    paused = replace(ENTRY, given=Given.HISTORY_PAUSED)
    assert reckon(paused, BOTH, clock=BOTH.tz).why[:2] == (
        "taken from history on Mon 27 Apr, from when the limit counts",
        "it was paused there; here it goes on",
    )
