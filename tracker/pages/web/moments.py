"""Moments and days as people say them, by the clock of whoever reads the page: no page says a moment otherwise."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tracker.rules.arrangement import Organisation
from tracker.rules.meetings import meeting_words, zone_of
from tracker.rules.spans import day_in
from tracker.rules.wording import city_of, say_count, say_day

_DAYS_AGO = 7  # from then on the day says more than how many it is ago


@dataclass(frozen=True, slots=True)
class PageReader:
    """For whom a page is drawn: their clock, and what time it is."""

    zone: tzinfo
    now: datetime


# Set by `page` around each page. Filters find it here because macros do not see a page's context.
READER: ContextVar[PageReader] = ContextVar("reader")


def moment(at: datetime) -> Markup:
    """“Thu 7 May, 16:30” in the reader's zone, with the year when it is not this one; the exact moment on hover."""
    return _moment(at, READER.get().zone, _this_year())


def ago(at: datetime) -> Markup:
    """“5 minutes ago”, “3 hours ago”, “yesterday, 16:40”, “3 days ago”; a week on, and on paper, the moment itself,
    which is always behind it."""
    reader = READER.get()
    words = _ago_text(reader.now - at, at.astimezone(reader.zone), reader.now.astimezone(reader.zone))
    return _ago(at, reader.zone, _this_year(), words) if words else moment(at)


@lru_cache(maxsize=4096)  # a story tells the same moments each time, and to each of its readers
def _moment(at: datetime, zone: tzinfo, year: int) -> Markup:
    local = at.astimezone(zone)
    drawn = Markup('<time datetime="{}" title="{}">{}</time>')
    return drawn.format(exact_text(at), _in_full(local), _with_time(local, year))


@lru_cache(maxsize=4096)
def _ago(at: datetime, zone: tzinfo, year: int, words: str) -> Markup:
    local = at.astimezone(zone)
    drawn = Markup('<time class="ago" datetime="{}" title="{}" data-at="{}">{}</time>')
    return drawn.format(exact_text(at), _in_full(local), _with_time(local, year), words)


def _ago_text(length: timedelta, at: datetime, now: datetime) -> str:
    """How long ago, in words; "" of what is to come, and of what is a week back."""
    days = (now.date() - at.date()).days
    if length < timedelta(0) or days >= _DAYS_AGO:
        return ""
    if length < timedelta(minutes=1):
        return "just now"
    if length < timedelta(hours=1):
        return f"{say_count(int(length.total_seconds()) // 60, 'minute')} ago"
    if days == 0:
        return f"{say_count(int(length.total_seconds()) // 3600, 'hour')} ago"
    return f"yesterday, {at:%H:%M}" if days == 1 else f"{days} days ago"


def day(on: date) -> Markup:
    """“Thu 7 May”; with the year when it is not this year. Of a moment, its day in the reader's zone."""
    return _day(day_in(READER.get().zone, on) if isinstance(on, datetime) else on, _this_year())


@lru_cache(maxsize=4096)
def _day(on: date, year: int) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), say_day(on, year))


def by_own_clock(at: datetime, recurrence: str) -> str:
    """“ (14:00 in Berlin)” of a meeting that is told by another clock than its own; else nothing."""
    zone = zone_of(recurrence)
    own = at.astimezone(ZoneInfo(zone)) if zone else at.astimezone(READER.get().zone)
    if own.utcoffset() == at.astimezone(READER.get().zone).utcoffset():
        return ""
    return f" ({own:%H:%M} in {city_of(zone)})"


def other_clock(zone: str) -> str:
    """The city of a zone where its clock shows another time than the reader's now; "" where it does not."""
    reader = READER.get()
    here, there = (reader.now.astimezone(each).utcoffset() for each in (reader.zone, ZoneInfo(zone)))
    return "" if here == there else city_of(zone)


def meets(recurrence: str | None) -> str:
    """When a body meets, in words, with the city by whose clock where that is not the reader's."""
    return meeting_words(recurrence, str(READER.get().zone))


def elsewhere(at: datetime, organisations: Iterable[Organisation], clock: tzinfo) -> tuple[str, ...]:
    """The moment on the clocks of organisations where they show another time than the reader's, which is then named
    first: “by the clock in London”, “Fri 1 May, 04:00 in Auckland, at Riverside Council”."""
    local = at.astimezone(clock)
    others = [(each, at.astimezone(each.calendar.tz)) for each in organisations]
    said = [
        f"{_with_time(there, local.year)} in {city_of(each.calendar.zone)}, at {each.name}"
        for each, there in others
        if there.utcoffset() != local.utcoffset()
    ]
    return (f"By the clock in {city_of(str(clock))}", *said) if said else ()


def day_text(at: datetime, clock: tzinfo) -> str:
    """“Thu 7 May”, the day of a moment by a clock."""
    return say_day(day_in(clock, at))


def hour_at(at: datetime, zone: str) -> int:
    """The hour that the clock of a zone shows."""
    return at.astimezone(ZoneInfo(zone)).hour


@lru_cache(maxsize=4096)
def moment_text(at: datetime, zone: str, year: int) -> str:
    """“Tue 12 May, 16:30” by the clock of a zone, with its year when that is not this one."""
    return _with_time(at.astimezone(ZoneInfo(zone)), year)


@lru_cache(maxsize=4096)
def exact_text(at: datetime) -> str:
    """As machines read it: “2026-05-12T15:30:00Z”."""
    return f"{at.astimezone(UTC).isoformat(timespec='seconds').removesuffix('+00:00')}Z"


def _in_full(local: datetime) -> str:
    zone = f"{local.tzname()}, {local.tzinfo}"
    return f"{say_day(local.date())} {local.year}, {local.hour:02}:{local.minute:02}:{local.second:02} ({zone})"


def _with_time(local: datetime, year: int) -> str:
    return f"{say_day(local, year)}, {local:%H:%M}"


def _this_year() -> int:
    reader = READER.get()
    return reader.now.astimezone(reader.zone).year
