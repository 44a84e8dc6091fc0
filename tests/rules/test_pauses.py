"""What a pause does to a limit, and how long it may last."""

from datetime import datetime, timedelta

import pytest

from tests.rules.calendars import at, calendar
from tracker.rules.deadlines import after_pause, longest_pause

OURS = calendar("09:00-17:00", closed=["2026-05-04"])
FRIDAY_NOON_TO_TUESDAY_NOON = (at("2026-05-01 12:00"), at("2026-05-05 12:00"))  # 8 working hours, 4 days
MEETING = at("2026-05-12 10:00")


@pytest.mark.parametrize(
    "text, passes, meetings, or_at_most, moved",
    [
        pytest.param("3 working days", "2026-05-06 17:00", (), None, "2026-05-07 17:00", id="working days"),
        pytest.param("4 working hours", "2026-05-06 10:00", (), None, "2026-05-07 10:00", id="working hours"),
        pytest.param("10 days", "2026-05-07 00:00", (), None, "2026-05-11 00:00", id="days"),
        pytest.param("next meeting", "2026-05-12 10:00", (MEETING,), None, "2026-05-12 10:00", id="a meeting stays"),
        pytest.param("next meeting", "2026-05-28 17:00", (), None, "2026-05-29 17:00", id="no meeting scheduled"),
        pytest.param("next meeting", "2026-05-07 00:00", (), "9 days", "2026-05-11 00:00", id="at most in days"),
    ],
)
def test_a_pause_moves_a_limit(
    text: str, passes: str, meetings: tuple[datetime, ...], or_at_most: str | None, moved: str
) -> None:
    after = after_pause(text, at(passes), FRIDAY_NOON_TO_TUESDAY_NOON, OURS, meetings=meetings, or_at_most=or_at_most)
    assert after == at(moved)


def test_a_limit_in_days_moves_to_the_end_of_the_date_that_the_pause_brings_it_to() -> None:
    an_hour = (at("2026-05-01 12:00"), at("2026-05-01 13:00"))
    assert after_pause("10 days", at("2026-05-07 00:00"), an_hour, OURS) == at("2026-05-08 00:00")


def test_a_pause_while_closed_moves_no_working_time_limit() -> None:
    weekend = (at("2026-05-01 17:00"), at("2026-05-05 09:00"))
    assert after_pause("3 working days", at("2026-05-06 17:00"), weekend, OURS) == at("2026-05-06 17:00")


@pytest.mark.parametrize(
    "used, ends",
    [
        pytest.param(0, "2026-05-06 17:00", id="a first pause has the whole cap"),
        pytest.param(8, "2026-05-06 09:00", id="a later one what earlier ones left"),
        pytest.param(999, "2026-05-01 12:00", id="nothing left ends it at once"),
    ],
)
def test_a_pause_ends_at_the_cap_less_what_earlier_pauses_used(used: int, ends: str) -> None:
    since = at("2026-05-01 12:00")
    assert longest_pause("2 working days", since, OURS, used=timedelta(hours=used)) == at(ends)
