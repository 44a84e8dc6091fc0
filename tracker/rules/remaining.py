"""How much of a limit is left, or how late it is, in the words a screen shows."""

from datetime import datetime, timedelta
from itertools import takewhile

from tracker.rules.deadlines import counted_from, last_date
from tracker.rules.open_time import WorkingTime
from tracker.rules.spans import ONE_DAY
from tracker.rules.wording import say_count

_ONE_HOUR = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)


def working_days_left(now: datetime, at: datetime, calendar: WorkingTime) -> int:
    """How many working days a limit is away, counted as limits are: none on its last day and once passed."""
    if at <= now:
        return 0
    first, last = counted_from(now, calendar) + ONE_DAY, last_date(at, calendar)
    return sum(1 for _ in takewhile(lambda day: day <= last, calendar.working_days(first)))


def remaining(now: datetime, at: datetime, calendar: WorkingTime) -> str:
    """“2 working days”, on the last day “3 working hours”, in the last hour “20 minutes”, each rounded down;
    “no working time” when closed until then, “no time” once passed. With the moments exchanged: how late."""
    if at <= now:
        return "no time"
    if days := working_days_left(now, at, calendar):
        return say_count(days, "working day")
    return _within_a_day(calendar.between(now, at))


def _within_a_day(length: timedelta) -> str:
    if length >= _ONE_HOUR:
        return say_count(length // _ONE_HOUR, "working hour")
    if length >= _ONE_MINUTE:
        return say_count(length // _ONE_MINUTE, "minute")
    return "less than a minute" if length else "no working time"
