"""Spans of time on the one clock everybody shares (UTC): where opening hours fall on it, merged and cut."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

Hours = tuple[tuple[time, time], ...]
"""Opening hours of one date by the clock on the wall: (opens, closes); 24:00 is `time.max`."""

Span = tuple[datetime, datetime]
"""From its first moment up to, and without, its last; both in UTC."""

Spans = tuple[Span, ...]
"""In order, and apart from each other."""

ONE_DAY = timedelta(days=1)
YEARS = range(1990, 2100)  # beyond them is a slip of the hand, which reports would count from for ever
YEARS_TEXT = f"the years {YEARS[0]} to {YEARS[-1]}"
_ONE_SECOND = timedelta(seconds=1)


def in_utc(at: datetime) -> datetime:
    """The same moment in UTC. A datetime without a zone is no moment: ValueError."""
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone; a moment needs one.")
    return at.astimezone(UTC)


def day_in(zone: str | tzinfo, at: datetime) -> date:
    """The date that the clock of a zone shows at a moment: “today”, where the moment is now."""
    return at.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()


@lru_cache(maxsize=10_000)
def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a date in a zone, in UTC. Where the clock leaps over midnight, the leap."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def on_the_clock(day: date, hours: Hours, zone: ZoneInfo) -> Spans:
    """Where the hours of a date fall in UTC: every moment at which a wall clock in the zone shows that date
    and a time within the hours.

    So hours that the clock leaps over in spring are not there, those it repeats in autumn count twice, and
    hours that begin or end within a repeated hour make two spans. Hours that overlap or touch make one.
    """
    if not hours:
        return ()
    midnight = datetime.combine(day, time.min, UTC)
    walls = [(midnight + _into_day(opens), midnight + _into_day(closes)) for opens, closes in hours]
    return merged(
        span
        for since, until, offset in _pieces(day, zone)
        for span in cut(((opens - offset, closes - offset) for opens, closes in walls), since, until)
    )


def merged(spans: Iterable[Span]) -> Spans:
    """The same time in order, with spans that overlap or touch made one."""
    found: list[Span] = []
    for opens, closes in sorted(spans):
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(closes, found[-1][1]))
        else:
            found.append((opens, closes))
    return tuple(found)


def cut(spans: Iterable[Span], since: datetime, until: datetime) -> Spans:
    """What of the spans lies between two moments."""
    found = ((max(opens, since), min(closes, until)) for opens, closes in spans)
    return tuple(span for span in found if span[0] < span[1])


def shared(some: Spans, others: Spans) -> Spans:
    """The time that lies in both."""
    return tuple(span for opens, closes in some for span in cut(others, opens, closes))


def _into_day(at: time) -> timedelta:
    if at == time.max:
        return ONE_DAY
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


@lru_cache(maxsize=10_000)
def _pieces(day: date, zone: ZoneInfo) -> tuple[tuple[datetime, datetime, timedelta], ...]:
    """A date in a zone, in pieces with one distance from UTC each: two where the clocks change."""
    since, until = start_of(day, zone), start_of(day + ONE_DAY, zone)
    first, last = _offset(since, zone), _offset(until, zone)
    if first == last:
        return ((since, until, first),)
    change = _change_between(since, until, zone)
    return (since, change, first), (change, until, last)


def _change_between(since: datetime, until: datetime, zone: ZoneInfo) -> datetime:
    """The moment, to the second, at which the zone's distance from UTC changes."""
    before = _offset(since, zone)
    while until - since > _ONE_SECOND:
        middle = since + ((until - since) // _ONE_SECOND // 2) * _ONE_SECOND
        if _offset(middle, zone) == before:
            since = middle
        else:
            until = middle
    return until


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).replace(tzinfo=UTC) - at
