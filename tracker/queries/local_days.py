"""The days that moments are in by the clock of a zone, worked out by the database."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Integer, case, cast, extract, literal

from tracker.rules.spans import ONE_DAY

EPOCH = date(1970, 1, 1)
_SECONDS = 86_400
_AROUND = timedelta(days=62)  # before and after, so that what is recorded weeks later is told by its own clock
_EARLIEST, _LATEST = date(1900, 1, 1), date(2900, 1, 1)  # no clock is asked beyond


def number_of(day: date) -> int:
    """The number of a day: days since 1 January 1970."""
    return (day - EPOCH).days


def day_number(day: Any) -> ColumnElement[int]:
    """The number of the day in a column of days."""
    return cast(cast(extract("epoch", day), BigInteger) // _SECONDS, Integer)


def day_number_in(zone: str, first: date, until: date, moment: Any) -> ColumnElement[int]:
    """The number of the day that a column of moments is in by the clock of a zone. The clock is known from two months
    before the first day to two months after the last one; before and after it is taken to stay as it was then."""
    days = (min(max(day, _EARLIEST), _LATEST) for day in (first, until))
    (_, ahead), *shifts = _shifts(zone, *days)
    at = cast(extract("epoch", moment), BigInteger)
    later = [(at >= since, literal(seconds)) for since, seconds in reversed(shifts)]
    by_the_clock = at + (case(*later, else_=literal(ahead)) if later else literal(ahead))
    return cast(by_the_clock // _SECONDS, Integer)


@lru_cache(maxsize=256)
def _shifts(zone: str, first: date, until: date) -> tuple[tuple[int, int], ...]:
    """From which second since 1970 on the clock is how many seconds ahead of UTC; the first holds from ever."""
    day, clock, last = first - _AROUND, ZoneInfo(zone), until + _AROUND
    found = [(0, _ahead(clock, _second(day)))]
    while day < last:
        start, end = _second(day), _second(day + ONE_DAY)
        if _ahead(clock, end) != found[-1][1]:
            since = _turn(clock, start, end)
            found.append((since, _ahead(clock, since)))
        day += ONE_DAY
    return tuple(found)


def _turn(clock: ZoneInfo, start: int, end: int) -> int:
    """The second at which a clock is put forward or back between two."""
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (middle, end) if _ahead(clock, middle) == _ahead(clock, start) else (start, middle)
    return end


def _second(day: date) -> int:
    return number_of(day) * _SECONDS


def _ahead(clock: ZoneInfo, second: int) -> int:
    at = datetime.combine(EPOCH, time.min, UTC) + timedelta(seconds=second)
    offset = at.astimezone(clock).utcoffset()
    return int(offset.total_seconds()) if offset else 0
