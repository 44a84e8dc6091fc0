"""Counting in working time, whoever's it is: measuring it, adding it, its days and their close."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tracker.rules.refusals import Refused
from tracker.rules.spans import ONE_DAY, Span, Spans, cut, in_utc
from tracker.rules.wording import listed, say_day

if TYPE_CHECKING:
    from tracker.rules.working_time import Calendar

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
