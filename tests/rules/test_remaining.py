"""How much of a limit is left, in the words a screen shows."""

import pytest

from tests.rules.calendars import at, calendar
from tracker.rules.deadlines import remaining, working_days_left

OURS = calendar("09:00-17:00", closed=["2026-05-04"])


@pytest.mark.parametrize(
    "now, passes, left",
    [
        pytest.param("2026-04-28 10:00", "2026-04-30 17:00", "2 working days", id="two days on"),
        pytest.param("2026-04-29 16:59", "2026-04-30 17:00", "1 working day", id="tomorrow"),
        pytest.param("2026-04-29 17:00", "2026-04-30 17:00", "8 working hours", id="after close, tomorrow's hours"),
        pytest.param("2026-04-30 13:01", "2026-04-30 17:00", "3 working hours", id="hours, rounded down"),
        pytest.param("2026-04-30 16:00", "2026-04-30 17:00", "1 working hour", id="an hour"),
        pytest.param("2026-04-30 16:40", "2026-04-30 17:00", "20 minutes", id="minutes"),
        pytest.param("2026-04-30 16:59", "2026-04-30 17:00", "1 minute", id="a minute"),
        pytest.param("2026-04-30 16:59:01", "2026-04-30 17:00", "less than a minute", id="seconds"),
        pytest.param("2026-05-01 16:00", "2026-05-05 17:00", "1 working day", id="over a holiday weekend"),
        pytest.param("2026-04-30 17:00", "2026-04-30 19:00", "no working time", id="a meeting this evening"),
        pytest.param("2026-04-30 17:00", "2026-04-30 17:00", "no time", id="now"),
        pytest.param("2026-05-01 17:00", "2026-04-30 17:00", "no time", id="passed"),
    ],
)
def test_what_remains_is_said_in_plain_words(now: str, passes: str, left: str) -> None:
    assert remaining(at(now), at(passes), OURS) == left


def test_a_limit_at_midnight_has_the_working_days_of_the_date_that_ends() -> None:
    assert working_days_left(at("2026-04-28 10:00"), at("2026-05-01 00:00"), OURS) == 2
    assert working_days_left(at("2026-04-28 10:00"), at("2026-05-01 00:01"), OURS) == 3
