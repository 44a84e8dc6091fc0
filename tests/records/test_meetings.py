"""When a body meets: the same whether it is looked up or asked of the rule."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.records.governance import meetings_after, recurrence

TUESDAYS = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
RULES = {
    "weekly": TUESDAYS,
    "over by then": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;UNTIL=20260901T000000Z",
    "not begun": "DTSTART;TZID=Europe/London:20290106T100000 RRULE:FREQ=MONTHLY;BYDAY=1SA",
    "seldom": "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=YEARLY;INTERVAL=4",
    "as the year turns": "DTSTART;TZID=America/New_York:20251231T190000 RRULE:FREQ=YEARLY",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
@pytest.mark.parametrize("days", [0, 83, 84, 240, 359, 360, 1100])
def test_the_next_meetings_are_those_of_the_rule(rule: str, days: int) -> None:
    at = datetime(2026, 1, 6, 10, tzinfo=UTC) + timedelta(days=days)
    assert meetings_after(rule, at) == tuple(recurrence(rule).xafter(at, count=3))


def test_a_meeting_that_begins_now_is_not_the_next() -> None:
    first, second, _ = meetings_after(TUESDAYS, datetime(2026, 3, 23, tzinfo=UTC))
    assert (first.hour, second.hour) == (10, 10)
    assert second.astimezone(UTC).hour == 9
    assert meetings_after(TUESDAYS, first)[0] == second


def test_a_body_without_a_rule_never_meets() -> None:
    assert meetings_after(None, datetime(2026, 3, 24, tzinfo=UTC)) == ()
