"""Moments, days and lengths as people say them, by the clock of whoever reads the page."""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from markupsafe import Markup

from tracker.rules.spans import day_in
from tracker.rules.wording import say_day


@dataclass(frozen=True, slots=True)
class PageReader:
    """For whom a page is drawn: their clock, and what time it is."""

    zone: tzinfo
    now: datetime


# Set by `page` around each page. Filters find it here because macros do not see a page's context.
READER: ContextVar[PageReader] = ContextVar("reader")


def moment(at: datetime) -> Markup:
    """“Thu 7 May, 16:30” in the reader's zone, with the year when it is not this one; the exact moment on hover."""
    local = at.astimezone(READER.get().zone)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        exact_text(at), _in_full(local), _with_time(local, _this_year())
    )


def day(on: date) -> Markup:
    """“Thu 7 May”; with the year when it is not this year. Of a moment, its day in the reader's zone."""
    if isinstance(on, datetime):
        on = day_in(READER.get().zone, on)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), say_day(on, _this_year()))


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
