"""When things happen in a story: working time counted back from now, and on from one step to the next."""

import re
from datetime import date, datetime, timedelta
from itertools import islice
from random import Random

from tracker.rules.spans import ONE_DAY, in_utc, start_of
from tracker.rules.working_time import WorkingTime

_AGO = re.compile(r"(\d+) (day|working day|working hour)s?")
_WAIT = re.compile(r"(@?)(\d+)([hdw])")
_BEFORE_CLOSE = timedelta(minutes=7)
"""When somebody acts on a day on which the hour they had in mind is past the joint close."""


def raised_at(ago: str, now: datetime, calendar: WorkingTime, chance: Random) -> datetime:
    """When a story begins, in UTC and in working time. `ago` is “300 days” (that date, or the last working day
    before it), “3 working days” (before the day on which it was last open) or “2 working hours”; the time of day
    is left to chance, but for hours. Refuses other texts with ValueError."""
    found = _AGO.fullmatch(ago)
    if found is None:
        raise ValueError(f"“{ago}” says no time ago")
    count, unit = int(found[1]), found[2]
    if unit == "working hour":
        return _to_the_minute(calendar.subtract(now, timedelta(hours=count)))
    if unit == "working day":
        return _some_time_on(working_day_before(count, now, calendar), calendar, chance)
    return _some_time_on(_working_day_until(calendar.date_of(now) - count * ONE_DAY, calendar), calendar, chance)


def after(wait: str, at: datetime, now: datetime, calendar: WorkingTime, chance: Random) -> datetime:
    """When the next step is taken, in UTC and in working time. “3h” and “2d” are working hours and working days
    after the last step, “5w” weeks after it; “@2d” is two working days before now. Refuses other texts with
    ValueError."""
    found = _WAIT.fullmatch(wait)
    if found is None:
        raise ValueError(f"“{wait}” says no wait")
    count = int(found[2])
    if found[1]:
        return _some_time_on(working_day_before(count, now, calendar), calendar, chance)
    if found[3] == "h":
        return _to_the_minute(calendar.add(at, timedelta(hours=count, minutes=chance.randrange(-20, 20))))
    if found[3] == "w":
        return _to_the_minute(calendar.add(at + timedelta(weeks=count), timedelta()))
    return _same_time_on(_working_day_after(count, at, calendar), at, calendar, chance)


def working_day_before(count: int, now: datetime, calendar: WorkingTime) -> date:
    """So many working days before the one on which it was last open."""
    last_open = calendar.date_of(calendar.subtract(now, timedelta()))
    return next(islice(calendar.working_days(last_open, step=-1), count, None))


def _working_day_until(day: date, calendar: WorkingTime) -> date:
    return next(calendar.working_days(day, step=-1))


def _working_day_after(count: int, at: datetime, calendar: WorkingTime) -> date:
    return next(islice(calendar.working_days(calendar.date_of(at) + ONE_DAY), count - 1, None))


def _some_time_on(day: date, calendar: WorkingTime, chance: Random) -> datetime:
    opens = start_of(day, calendar.tz)
    length = calendar.between(opens, calendar.close_of(day))
    return _to_the_minute(calendar.add(opens, length * chance.uniform(0.05, 0.85)))


def _same_time_on(day: date, at: datetime, calendar: WorkingTime, chance: Random) -> datetime:
    wall = at.astimezone(calendar.tz)
    meant = in_utc(wall.replace(year=day.year, month=day.month, day=day.day))
    found = calendar.add(meant + timedelta(minutes=chance.randrange(-40, 40)), timedelta())
    return _to_the_minute(min(found, calendar.close_of(day) - _BEFORE_CLOSE))


def _to_the_minute(at: datetime) -> datetime:
    return in_utc(at).replace(second=0, microsecond=0)
