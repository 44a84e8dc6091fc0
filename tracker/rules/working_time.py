"""Calendars: when an organisation is open, and when several are open together."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.rules.open_time import NoWorkingTime, WorkingTime
from tracker.rules.refusals import Refused
from tracker.rules.spans import ONE_DAY, Hours, Spans, merged, on_the_clock, shared, start_of
from tracker.rules.wording import listed

__all__ = [
    "Calendar",
    "JointCalendar",
    "NoWorkingTime",
    "WorkingTime",
    "WrongCalendar",
    "joint",
    "refuse_unless_shared",
    "shares_time",
]


class WrongCalendar(Refused):
    """A calendar that cannot be: an unknown zone, hours that end before they start, a wrong weekday."""


@dataclass(frozen=True)
class Calendar(WorkingTime):
    """When one organisation is open: hours per weekday (0 is Monday) by the clock in its zone (IANA name).

    A closed date has no hours; a date in `open` has the hours given there and no others, closed or not. A
    night shift is hours up to 24:00 (`time.max`) and hours from 00:00 on the next day. Where the clocks
    change, hours are what the clock on the wall shows (spans.on_the_clock). Refuses: WrongCalendar.
    """

    zone: str
    weekly: Mapping[int, Hours] = field(hash=False)
    closed: frozenset[date] = frozenset()
    open: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    name: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "closed", frozenset(self.closed))
        _refuse_unknown_zone(self.zone)
        if wrong := sorted(set(self.weekly) - set(range(7))):
            raise WrongCalendar(f"{wrong[0]} is no weekday; allowed are 0 (Monday) to 6 (Sunday).")
        for hours in (*self.weekly.values(), *self.open.values()):
            _refuse_backward(hours)

    def separately(self) -> tuple["Calendar", ...]:
        return (self,)

    @cached_property
    def usual(self) -> "Calendar":
        return replace(self, closed=frozenset(), open={})

    def _reckon(self, day: date) -> Spans:
        hours = () if day in self.closed else self.weekly.get(day.weekday(), ())
        return on_the_clock(day, self.open.get(day, hours), self.tz)


@dataclass(frozen=True)
class JointCalendar(WorkingTime):
    """When several organisations are all open, in dates of one zone. Made by `joint`."""

    calendars: tuple[Calendar, ...]
    zone: str
    name: str

    def separately(self) -> tuple[Calendar, ...]:
        return self.calendars

    @cached_property
    def usual(self) -> "JointCalendar":
        return replace(self, calendars=tuple(calendar.usual for calendar in self.calendars))

    def _reckon(self, day: date) -> Spans:
        since, until = start_of(day, self.tz), start_of(day + ONE_DAY, self.tz)
        spans: Spans = ((since, until),)
        for calendar in self.calendars:
            spans = shared(spans, calendar.spans_between(since, until))
        return merged(spans)


def joint(*calendars: WorkingTime, zone: str | None = None) -> JointCalendar:
    """The time in which all of the calendars are open, in dates of the zone: the partnership's, or, left
    out, that of the first calendar. A calendar may itself be joint. Refuses no calendar at all and an unknown
    zone: WrongCalendar."""
    if not calendars:
        raise WrongCalendar("Joint time needs at least one calendar.")
    if zone:
        _refuse_unknown_zone(zone)
    singles = tuple(dict.fromkeys(single for calendar in calendars for single in calendar.separately()))
    return JointCalendar(singles, zone or calendars[0].zone, listed(single.name for single in singles))


def shares_time(*calendars: WorkingTime, after: date) -> bool:
    """Whether the weekly hours of all the calendars meet on any day of the year after a date, whatever the
    clocks do meanwhile (product.md, Time: asked of each pair when a charter is loaded)."""
    return joint(*calendars).ever_open(after)


def refuse_unless_shared(*calendars: WorkingTime, after: date) -> None:
    """Refuses calendars whose weekly hours never meet (see `shares_time`): NoWorkingTime."""
    together = joint(*calendars)
    if not together.ever_open(after):
        raise NoWorkingTime(together.never_open(after))


def _refuse_unknown_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongCalendar(f"“{zone}” is no time zone; allowed are names like Europe/London.") from None


def _refuse_backward(hours: Hours) -> None:
    for opens, closes in hours:
        if opens >= closes:
            found = f"{opens:%H:%M}-{closes:%H:%M}"
            raise WrongCalendar(f"The hours {found} do not end after they start; midnight at the end is 24:00.")
