"""Calendars: when an organisation is open, and when several are open together."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tracker.rules.refusals import Refused
from tracker.rules.spans import ONE_DAY, Hours, Span, Spans, cut, in_utc, merged, on_the_clock, shared, start_of
from tracker.rules.wording import listed, say_day

_LONGEST_CLOSURE = 400
"""Days without any working time after which a search ends: a year, and a long holiday."""


class NoWorkingTime(Refused):
    """A calendar, or several together, are never open, or not on the date asked for."""


class WorkingTime(ABC):
    """Moments that count as working time, in spans per date of one zone.

    Moments given may be in any zone (without one: ValueError), moments answered are in UTC. A date's spans
    are reckoned once and kept, so hold on to a calendar that is used often.
    """

    zone: str
    name: str

    @abstractmethod
    def separately(self) -> tuple["Calendar", ...]:
        """The calendars of the single organisations."""

    @property
    @abstractmethod
    def usual(self) -> "WorkingTime":
        """The same by its weekly hours alone: without closed dates and extra days."""

    @abstractmethod
    def _reckon(self, day: date) -> Spans: ...

    def is_open(self, at: datetime) -> bool:
        """Whether the moment is working time: the moment of opening is, the moment of closing is not."""
        at = in_utc(at)
        return any(opens <= at < closes for opens, closes in self.spans_on(self.date_of(at)))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time lies between two moments; none if the end is not after the start."""
        spans = self.spans_between(in_utc(start), in_utc(end))
        return sum((closes - opens for opens, closes in spans), timedelta())

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The moment by which so much working time has passed. Exactly at close counts as reached that day;
        nothing added is the next open moment (now, if open); a negative length counts backwards.
        Refuses: NoWorkingTime."""
        if length < timedelta():
            return self.subtract(start, -length)
        spans = self._spans_after(in_utc(start))
        opens, closes = next(spans)
        while length > closes - opens:
            length -= closes - opens
            opens, closes = next(spans)
        return opens + length

    def subtract(self, end: datetime, length: timedelta) -> datetime:
        """The moment from which so much working time passes until the end: `add` in the mirror. Nothing taken
        away is the last moment up to which it was open. Refuses: NoWorkingTime."""
        if length < timedelta():
            return self.add(end, -length)
        spans = self._spans_before(in_utc(end))
        opens, closes = next(spans)
        while length > closes - opens:
            length -= closes - opens
            opens, closes = next(spans)
        return closes - length

    def date_of(self, at: datetime) -> date:
        """The date of a moment in this zone."""
        return at.astimezone(self.tz).date()

    def spans_on(self, day: date) -> Spans:
        """The open spans of a date in this zone, in order; time that runs over midnight is cut there."""
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = self._reckon(day)
        return found

    def spans_between(self, since: datetime, until: datetime) -> Spans:
        """The open spans between two moments, in order; time that runs over midnight is cut there."""
        days = range(self.date_of(since).toordinal(), self.date_of(until).toordinal() + 1)
        return cut(chain.from_iterable(self.spans_on(date.fromordinal(day)) for day in days), since, until)

    def is_working_day(self, day: date) -> bool:
        """Whether the date has any working time (product.md, Time: *joint working day*)."""
        return bool(self.spans_on(day))

    def close_of(self, day: date) -> datetime:
        """The end of the last span of a working day. Refuses on any other day: NoWorkingTime."""
        spans = self.spans_on(day)
        if not spans:
            raise NoWorkingTime(f"{say_day(day)} {day.year} is no working day for {self._whose()}.")
        return spans[-1][1]

    def working_days(self, day: date, step: int = 1) -> Iterator[date]:
        """The working days from a date on, itself included; backwards with -1 as the step. Endless, but
        refuses when there is none for more than a year: NoWorkingTime."""
        last = day
        while abs(day - last).days <= _LONGEST_CLOSURE:
            if self.spans_on(day):
                last = day
                yield day
            day += step * ONE_DAY
        raise NoWorkingTime(self.never_open(last))

    def count_days(self, first: date, last: date) -> int:
        """How many working days there are from one date to another, both included; none if they are exchanged."""
        if first > last:
            return 0
        begin, end = _month_of(first), _month_of(last)
        between = sum(self._days_in(month)[-1] for month in range(begin, end))
        return between + self._days_in(end)[last.day] - self._days_in(begin)[first.day - 1]

    def ever_open(self, after: date) -> bool:
        """Whether the weekly hours give any working time in the year after a date, clock changes counted."""
        return any(self.usual.spans_on(after + days * ONE_DAY) for days in range(366))

    def never_open(self, day: date) -> str:
        """“A and B share no working time on any weekday.”, or in which time they do not."""
        verb = "share" if len(self.separately()) > 1 else "has"
        if self.ever_open(after=day):
            when = f"for more than a year around {say_day(day)} {day.year}"
            return f"{self._whose()} {verb} no working time {when}."
        return f"{self._whose()} {verb} no working time on any weekday."

    @cached_property
    def tz(self) -> ZoneInfo:
        """The zone whose dates this counts in."""
        return ZoneInfo(self.zone)

    @cached_property
    def _known(self) -> dict[date, Spans]:
        return {}

    def _days_in(self, month: int) -> tuple[int, ...]:
        """How many working days of a month are over after none of its dates, after the first, the second, ..."""
        found = self._counted.get(month)
        if found is None:
            year, past = divmod(month, 12)
            days = (date(year, past + 1, day + 1) for day in range(monthrange(year, past + 1)[1]))
            found = self._counted[month] = tuple(accumulate(map(self.is_working_day, days), initial=0))
        return found

    @cached_property
    def _counted(self) -> dict[int, tuple[int, ...]]:
        return {}

    def _spans_after(self, start: datetime) -> Iterator[Span]:
        for day in self.working_days(self.date_of(start)):
            for opens, closes in self.spans_on(day):
                if start < closes:
                    yield max(opens, start), closes

    def _spans_before(self, end: datetime) -> Iterator[Span]:
        for day in self.working_days(self.date_of(end), step=-1):
            for opens, closes in reversed(self.spans_on(day)):
                if opens < end:
                    yield opens, min(closes, end)

    def _whose(self) -> str:
        return listed(calendar.name or "an organisation" for calendar in self.separately())


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


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


_HOUR = 3600.0


class Ruler:
    """A calendar from one moment to another. What lies outside counts as closed."""

    def __init__(self, calendar: WorkingTime, since: datetime, until: datetime) -> None:
        spans = calendar.spans_between(since, until + timedelta.resolution)
        self._opens = [opens.timestamp() for opens, _ in spans]
        lengths = [(closes - opens).total_seconds() for opens, closes in spans]
        self._lengths = lengths
        self._before = [0.0, *accumulate(lengths)]

    def hours(self, start: datetime, end: datetime) -> float:
        """Working hours between two moments, as `WorkingTime.between` has them; none if the end is not after the
        start."""
        return max(0.0, self._up_to(end) - self._up_to(start)) / _HOUR

    def add(self, start: datetime, hours: float) -> datetime | None:
        """The moment by which so many working hours, more than none, have passed, as `WorkingTime.add` has it; None
        where that lies outside."""
        wanted = self._up_to(start) + hours * _HOUR
        place = bisect_left(self._before, wanted) - 1
        if place >= len(self._opens):
            return None
        return datetime.fromtimestamp(self._opens[place] + wanted - self._before[place], UTC)

    def _up_to(self, at: datetime) -> float:
        moment = at.timestamp()
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(moment - self._opens[place], self._lengths[place])
