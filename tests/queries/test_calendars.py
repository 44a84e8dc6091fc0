"""Calendars as they are kept, made into ones that reckon."""

from datetime import date

import pytest

from tracker.queries.arrangement_tables import public_holidays, working_calendar
from tracker.rules.refusals import Refused

KEPT = {
    "zone": "Europe/London",
    "mon-fri": ["09:00-17:00"],
    "holidays": "GB-ENG",
    "closed": ["2026-04-30"],
    "open": [{"day": "2026-05-02", "hours": ["10:00-12:00"]}],
}


@pytest.mark.parametrize(
    "day, spans",
    [
        (date(2026, 4, 29), 1),
        (date(2026, 4, 30), 0),
        (date(2026, 5, 2), 1),
        (date(2026, 5, 3), 0),
        (date(2026, 5, 4), 0),
    ],
    ids=["a weekday", "closed as well", "open as well", "a Sunday", "a public holiday"],
)
def test_a_kept_calendar_is_open_when_it_says_so(day: date, spans: int) -> None:
    assert len(working_calendar("Hospitals", KEPT).spans_on(day)) == spans


def test_calendars_that_say_the_same_are_one() -> None:
    assert working_calendar("Hospitals", KEPT) is working_calendar("Hospitals", dict(reversed(KEPT.items())))


@pytest.mark.parametrize(
    "code, day, closed",
    [
        ("GB-ENG", date(2026, 12, 28), True),
        ("GB-SCT", date(2026, 1, 2), True),
        ("GB-ENG", date(2026, 1, 2), False),
        ("DE-BY", date(2026, 6, 4), True),
        ("DE-BE", date(2026, 6, 4), False),
        ("US", date(2026, 7, 3), True),
    ],
    ids=["a substitute day", "in Scotland", "in England", "in Bavaria", "in Berlin", "observed on a Friday"],
)
def test_public_holidays_are_those_of_the_place(code: str, day: date, closed: bool) -> None:
    assert (day in public_holidays(code)) is closed


@pytest.mark.parametrize("code", ["XX", "GB-XYZ", "GB-", "ENG", ""])
def test_holidays_of_nowhere_are_not_found(code: str) -> None:
    with pytest.raises(LookupError):
        public_holidays(code)


def test_hours_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(Refused):
        working_calendar("Hospitals", {"zone": "Europe/London", "mon": ["9-5"]})
