"""Who may decide, and when owners are reminded."""

from datetime import UTC, date, datetime

import pytest

from tests.rules.calendars import calendar
from tracker.rules.deciding import (
    DecisionState,
    Reminders,
    is_past_due,
    reminders,
    say_decision,
    say_owners,
    say_standing,
)

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


def at_nine(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "due_on, near_at, due_at",
    [
        (date(2026, 5, 15), at_nine(5, 8), at_nine(5, 15)),
        (date(2026, 5, 17), at_nine(5, 8), at_nine(5, 15)),
        (date(2026, 4, 30), None, at_nine(4, 30)),
        (date(2026, 4, 27), None, None),
    ],
    ids=["a Friday", "the Sunday after", "this week", "today"],
)
def test_reminders_are_at_the_opening_of_working_days_that_are_still_to_come(
    due_on: date, near_at: datetime | None, due_at: datetime | None
) -> None:
    assert reminders(due_on, NOW, calendar()) == Reminders(near_at, due_at)


@pytest.mark.parametrize(
    "state, today, late",
    [
        (DecisionState.OPEN, date(2026, 5, 15), False),
        (DecisionState.OPEN, date(2026, 5, 16), True),
        (DecisionState.DONE, date(2026, 5, 16), False),
    ],
)
def test_what_is_open_is_past_due_the_day_after(state: DecisionState, today: date, late: bool) -> None:
    assert is_past_due(state, date(2026, 5, 15), today) is late


@pytest.mark.parametrize(
    "state, today, words",
    [
        (DecisionState.OPEN, date(2026, 5, 15), "due Fri 15 May"),
        (DecisionState.OPEN, date(2026, 5, 16), "past due since Fri 15 May"),
        (DecisionState.DONE, date(2027, 1, 4), "done on Mon 11 May 2026"),
        (DecisionState.WITHDRAWN, date(2026, 5, 15), "withdrawn on Mon 11 May"),
        (DecisionState.SUPERSEDED, date(2026, 5, 15), "replaced by decision 7"),
    ],
)
def test_how_a_decision_stands_is_said(state: DecisionState, today: date, words: str) -> None:
    assert say_standing(state, date(2026, 5, 15), date(2026, 5, 11), 7, today) == words


def test_decisions_and_owners_are_named_in_words() -> None:
    assert say_decision(4, "Letters go out") == "decision 4, “Letters go out”"
    assert say_decision(4, "") == "decision 4"
    assert say_owners((("Jo", "Hospitals"), ("Lee", "Council"))) == "Jo (Hospitals) and Lee (Council)"
