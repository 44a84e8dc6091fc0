"""Recurrences in words, and back to what a lead chose."""

from datetime import date, time

import pytest

from tracker.rules.meetings import OFTEN, Meetings, meeting_words, read_meetings

START = "DTSTART;TZID=Europe/London:20260106T100000"


@pytest.mark.parametrize(
    "rule, said",
    [
        ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday at 10:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every second Tuesday at 10:00"),
        ("FREQ=WEEKLY;INTERVAL=6;BYDAY=TU", "every 6th Tuesday at 10:00"),
        ("FREQ=MONTHLY;BYDAY=3TH", "on the third Thursday of the month at 10:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "on the last Friday of the month at 10:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=1TU", "on the first Tuesday of every 3 months at 10:00"),
        ("FREQ=YEARLY;BYMONTH=1", f"as written: {START} RRULE:FREQ=YEARLY;BYMONTH=1"),
    ],
    ids=["weekly", "fortnightly", "six-weekly", "monthly", "last", "quarterly", "another kind"],
)
def test_a_recurrence_reads_as_people_say_it(rule: str, said: str) -> None:
    assert meeting_words(f"{START} RRULE:{rule}") == said


def test_one_meeting_is_told_with_its_day() -> None:
    assert meeting_words("DTSTART;TZID=Europe/London:20261215T100000") == "once, on Tue 15 Dec 2026 at 10:00"


@pytest.mark.parametrize("meets", ["DTSTART;TZID=X:20261399T990000", f"{START} RRULE:FREQ=WEEKLY;BYDAY=XX", "soon"])
def test_what_cannot_be_read_is_told_as_it_is_written(meets: str) -> None:
    assert (meeting_words(meets), read_meetings(meets)) == (f"as written: {meets}", None)


def test_a_body_without_meetings_meets_when_called() -> None:
    assert meeting_words(None) == "when called"


@pytest.mark.parametrize("often", OFTEN)
@pytest.mark.parametrize("first_on", [date(2026, 1, 6), date(2026, 1, 29), date(2026, 2, 22)], ids=str)
def test_what_was_chosen_is_read_back_as_it_was(often: str, first_on: date) -> None:
    meetings = Meetings(often, first_on, time(10, 30), "Europe/London")
    assert read_meetings(meetings.written()) == meetings


def test_a_fifth_weekday_of_the_month_is_its_last() -> None:
    assert "BYDAY=-1TH" in Meetings("monthly", date(2026, 1, 29), time(9), "Europe/London").written()


def test_a_recurrence_of_another_kind_is_none_that_can_be_chosen() -> None:
    assert read_meetings(f"{START} RRULE:FREQ=DAILY") is None
