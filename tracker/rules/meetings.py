"""When a body meets, in words and as a lead types it, for the recurrences that most bodies have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tracker.rules.wording import city_of, say_day

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = {day[:2].upper(): day for day in _WEEKDAYS}
_PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}

# How often, as it is chosen: the recurrence (RFC 5545) with {day} and {place} filled in from the first meeting.
OFTEN = {
    "weekly": "FREQ=WEEKLY;BYDAY={day}",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2;BYDAY={day}",
    "four_weekly": "FREQ=WEEKLY;INTERVAL=4;BYDAY={day}",
    "monthly": "FREQ=MONTHLY;BYDAY={place}{day}",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3;BYDAY={place}{day}",
}
_RULE = re.compile(r"FREQ=(WEEKLY|MONTHLY);(?:INTERVAL=(\d+);)?BYDAY=(-?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_ZONE = re.compile(r"TZID=([^:;\s]+)")
_WRITTEN = re.compile(r"DTSTART;TZID=([^\s:]+):(\d{8}T\d{6})(?: RRULE:(\S+))?")
_EXCEPTION = re.compile(r"(EXDATE|RDATE)(?:;TZID=([^:]+))?:(\d{8}T\d{6}Z?(?:,\d{8}T\d{6}Z?)*)")


@dataclass(frozen=True, slots=True)
class Meetings:
    """A recurrence that can be chosen: how often (a key of OFTEN), and the first meeting by the clock in `zone`."""

    often: str
    first_on: date
    at: time
    zone: str

    def written(self) -> str:
        """As the charter has it. Monthly ones keep the weekday and its place in the month; the fifth is the last."""
        place = (self.first_on.day - 1) // 7 + 1
        day = list(_DAYS)[self.first_on.weekday()]
        rule = OFTEN[self.often].format(day=day, place=place if place < 5 else -1)
        return f"DTSTART;TZID={self.zone}:{self.first_on:%Y%m%d}T{self.at:%H%M%S} RRULE:{rule}"


def read_meetings(meets: str) -> Meetings | None:
    """The recurrence, where it is one that can be chosen; None for all others."""
    found = _WRITTEN.fullmatch(meets)
    first = _first(found[2]) if found else None
    if found is None or first is None:
        return None
    zone, first_on, at = found[1], first.date(), first.time()
    tried = (Meetings(often, first_on, at, zone) for often in OFTEN)
    return next((each for each in tried if each.written() == meets), None)


def zone_of(meets: str) -> str:
    """By whose clock a body meets; "" where the recurrence names no zone."""
    found = _ZONE.search(meets)
    return found[1] if found else ""


def meeting_words(meets: str | None, clock: str = "") -> str:
    """“every second Tuesday at 10:00”, “on the third Thursday of the month at 13:30”, “once, on Tue 15 Dec 2026 at
    10:00”; others as they are written. With the city by whose clock, “at 10:00 in London”, where it is told by the
    clock of another zone."""
    if not meets:
        return "when called"
    always = _Calendar.read(meets).always
    found = _WRITTEN.fullmatch(always)
    first = _first(found[2]) if found else None
    if found is None or first is None:
        return f"as written: {meets}"
    at = f"at {first:%H:%M}" + (f" in {city_of(found[1])}" if clock not in ("", found[1]) else "")
    at += ", but for some that were put off or cancelled" if always != meets else ""
    if not found[3]:
        return f"once, on {say_day(first.date())} {first.year} {at}"
    rule = _RULE.fullmatch(found[3])
    if rule is None:
        return f"as written: {meets}"
    return f"{_said(rule[1], int(rule[2] or 1), int(rule[3] or 0), _DAYS[rule[4]])} {at}"


@dataclass(frozen=True, slots=True)
class _Calendar:
    """A recurrence without its exceptions, and those: the meetings that are not held, and those held besides."""

    always: str
    without: frozenset[datetime]
    besides: frozenset[datetime]

    @classmethod
    def read(cls, meets: str) -> "_Calendar":
        parts = meets.split()
        exceptions = [found for part in parts if (found := _EXCEPTION.fullmatch(part))]
        moments = {name: frozenset(_moments(exceptions, name)) for name in ("EXDATE", "RDATE")}
        always = " ".join(part for part in parts if not _EXCEPTION.fullmatch(part))
        return cls(always, moments["EXDATE"], moments["RDATE"])


def without_meeting(meets: str, at: datetime, instead: datetime | None = None) -> str:
    """The recurrence with the meeting of a moment cancelled, or put off to another moment."""
    calendar = _Calendar.read(meets)
    without = calendar.without if at in calendar.besides else calendar.without | {at}
    besides = (calendar.besides - {at}) | ({instead} if instead else set())
    lists = (("EXDATE", without), ("RDATE", besides))
    return " ".join((calendar.always, *(f"{name}:{_written(found)}" for name, found in lists if found)))


def _written(moments: frozenset[datetime]) -> str:
    return ",".join(f"{each.astimezone(UTC):%Y%m%dT%H%M%SZ}" for each in sorted(moments))


def exceptions(meets: str) -> tuple[str, frozenset[datetime]]:
    """The recurrence without its exceptions, and the meetings of it that are not held."""
    calendar = _Calendar.read(meets)
    return calendar.always, calendar.without


def one_meeting_later(before: str | None, after: str | None) -> tuple[datetime, datetime | None] | None:
    """The single meeting by which two recurrences differ, and to when it is put off (None: it is cancelled); None where
    they differ by more, or a meeting is held earlier."""
    if not before or not after:
        return None
    was, now = _Calendar.read(before), _Calendar.read(after)
    gone, come = (now.without - was.without) | (was.besides - now.besides), now.besides - was.besides
    if was.always != now.always or not was.without <= now.without or len(gone) != 1 or len(come) > 1:
        return None
    (meeting,), instead = gone, next(iter(come), None)
    return (meeting, instead) if instead is None or instead > meeting else None


def _moments(exceptions: list[re.Match[str]], name: str) -> Iterator[datetime]:
    """In UTC."""
    for _, zone, moments in (each.groups() for each in exceptions if each[1] == name):
        for text in moments.split(","):
            at = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
            yield at.replace(tzinfo=ZoneInfo(zone) if zone and not text.endswith("Z") else UTC).astimezone(UTC)


def _first(start: str) -> datetime | None:
    """The first meeting by its own clock; None for a text that is no moment."""
    try:
        return datetime.fromisoformat(start)
    except ValueError:
        return None


def _said(frequency: str, interval: int, place: int, day: str) -> str:
    if frequency == "WEEKLY":
        count = {1: "", 2: "second ", 3: "third ", 4: "fourth "}.get(interval, f"{interval}th ")
        return f"every {count}{day}"
    months = "of the month" if interval == 1 else f"of every {interval} months"
    return f"on the {_PLACES.get(place, '')} {day} {months}"
