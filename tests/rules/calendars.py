"""Calendars and moments for tests, written as people write them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tracker.rules.spans import Hours
from tracker.rules.working_time import Calendar

LONDON, NEW_YORK, KOLKATA = "Europe/London", "America/New_York", "Asia/Kolkata"
MON_TO_FRI = range(5)
EVERY_DAY = range(7)


def at(text: str, zone: str = LONDON, fold: int = 0) -> datetime:
    """“2026-04-27 16:40” by the clock in a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def day(text: str) -> date:
    return date.fromisoformat(text)


def hours(text: str) -> Hours:
    """“09:00-12:30 13:30-17:00”; nothing is closed."""
    spans = (span.split("-") for span in text.split())
    return tuple((_clock(opens), _clock(closes)) for opens, closes in spans)


def calendar(
    text: str = "09:00-17:00",
    name: str = "",
    *,
    zone: str = LONDON,
    days: Iterable[int] = MON_TO_FRI,
    closed: Iterable[str] = (),
    opened: Mapping[str, str] | None = None,
) -> Calendar:
    """The same hours on each of some weekdays."""
    extra = {day(on): hours(text) for on, text in (opened or {}).items()}
    return Calendar(zone, dict.fromkeys(days, hours(text)), frozenset(map(day, closed)), extra, name)


def night_shift() -> Calendar:
    """Saturday 20:00 to Sunday 06:00 in London."""
    return Calendar(LONDON, {5: hours("20:00-24:00"), 6: hours("00:00-06:00")})


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)
