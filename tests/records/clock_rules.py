"""When a clock is due, worked out hour by hour from the words of the agreement alone: what the product is held against.

All calendars here open and close on the hour, so an hour is open or closed as a whole.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2026, 4, 13, tzinfo=UTC), datetime(2026, 11, 30, tzinfo=UTC)
HOLIDAYS = frozenset(date(2026, *day) for day in ((4, 3), (4, 6), (5, 4), (5, 25), (8, 31)))  # in England, meanwhile
TOP_MEETS_AT = time(10)  # in London


@dataclass(frozen=True)
class Hours:
    """When an organisation is open, Monday to Friday but for holidays and what else it is closed on."""

    zone: str = "Europe/London"
    opens: int = 9
    closes: int = 17
    closed: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(ZoneInfo(self.zone))
        shut = local.date() in HOLIDAYS or local.date() in self.closed
        return local.weekday() < 5 and not shut and self.opens <= local.hour < self.closes


@dataclass(frozen=True)
class Agreed:
    """What clocks go by: the partnership's zone, the hours of each organisation, and on which weekday the top meets,
    but for what was cancelled."""

    zone: str = "Europe/London"
    hours: tuple[tuple[str, Hours], ...] = ()
    top_meets: int = 1
    cancelled: frozenset[datetime] = frozenset()

    def of(self, sides: Iterable[str]) -> tuple[Hours, ...]:
        return tuple(hours for key, hours in self.hours if key in sides)

    def meetings(self) -> Iterator[datetime]:
        """When the top meets, from the first day that is looked at."""
        for day in (FIRST.date() + number * DAY for number in range((LAST - FIRST).days)):
            at = datetime.combine(day, TOP_MEETS_AT, ZoneInfo("Europe/London")).astimezone(UTC)
            if day.weekday() == self.top_meets and at not in self.cancelled:
                yield at

    def changed(self, organisation: str, hours: Hours) -> "Agreed":
        return replace(self, hours=tuple((key, hours if key == organisation else old) for key, old in self.hours))


@lru_cache(maxsize=256)
def open_hours(hours: Hours) -> frozenset[datetime]:
    count = (LAST - FIRST) // HOUR
    return frozenset(at for at in (FIRST + number * HOUR for number in range(count)) if hours.is_open(at))


@lru_cache(maxsize=256)
def joint_hours(some: tuple[Hours, ...]) -> tuple[datetime, ...]:
    return tuple(sorted(frozenset.intersection(*map(open_hours, some))))


@lru_cache(maxsize=256)
def closes(zone: str, some: tuple[Hours, ...]) -> dict[date, datetime]:
    """The close of each joint working day, in order."""
    return {at.astimezone(ZoneInfo(zone)).date(): at + HOUR for at in joint_hours(some)}


@dataclass(frozen=True)
class Rule:
    """One clock: a length from a moment; who must act; a working day from `returned` at least, if it had passed the
    rest of the day on which an end was `taken_back`, not before `floor`; it stood still in `pauses`. Of the end of a
    pause: its last day, and the pauses before it."""

    length: str
    since: datetime
    acts: tuple[str, ...] = ()
    returned: datetime | None = None
    taken_back: datetime | None = None
    floor: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    until: date | None = None

    def due(self, agreed: Agreed, sides: tuple[str, ...]) -> datetime:
        counting = Counting(agreed.zone, agreed.of(sides))
        if self.length == "next meeting":
            return self._meeting(agreed, counting)
        at = counting.after(self.length, self.since)
        at = self._end_of_pause(at, counting) if self.until else self._moved(at, counting)
        if self.floor:
            in_days = self.length.endswith(("day", "days")) and "working" not in self.length
            at = max(at, self.floor if in_days else counting.on_a_working_day(self.floor))
        if self.acts:
            at = Counting(agreed.zone, agreed.of(self.acts)).not_while_closed(at)
        return at

    def paused(self, agreed: Agreed, sides: tuple[str, ...], since: datetime, until: datetime) -> "Rule":
        """The same after a pause: a floor that was set before it moves along, but for one that is a meeting's."""
        counting = Counting(agreed.zone, agreed.of(sides))
        floor = self.floor
        if floor and self.length != "next meeting":
            floor = counting.after_pause(self.length, floor, since, until)
        return replace(self, pauses=(*self.pauses, (since, until)), floor=floor)

    def _moved(self, at: datetime, counting: "Counting", meetings: frozenset[datetime] = frozenset()) -> datetime:
        """By what happened since, in order: a return that leaves a working day, a pause that moves it."""
        for since, what in sorted(self._since(), key=lambda each: each[0]):
            if what == "returned":
                at = max(at, counting.after("1 working day", since))
            elif what == "taken back":
                at = at if at > since else counting.close_of_day(since)
            elif at not in meetings:
                at = counting.after_pause(self.length, at, since, what)
        return at

    def _since(self) -> Iterator[tuple[datetime, Any]]:
        yield from self.pauses
        yield from ((self.returned, "returned"),) if self.returned else ()
        yield from ((self.taken_back, "taken back"),) if self.taken_back else ()

    def _end_of_pause(self, whole: datetime, counting: "Counting") -> datetime:
        assert self.until
        used = sum((counting.between(*each) for each in self.pauses), timedelta())
        most = max(self.since, counting.back(whole, used)) if used else whole
        return min(most, counting.end_of(self.until))

    def _meeting(self, agreed: Agreed, counting: "Counting") -> datetime:
        first = next(at for at in agreed.meetings() if at > self.since and (self.floor is None or at >= self.floor))
        return self._moved(first, counting, frozenset(agreed.meetings()))


@dataclass(frozen=True)
class Counting:
    """Counting in the joint time of some, in the dates of a zone."""

    zone: str
    some: tuple[Hours, ...]
    tz: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tz", ZoneInfo(self.zone))

    def after(self, length: str, since: datetime) -> datetime:
        count, unit = int(length.split()[0]), length.split(maxsplit=1)[1].rstrip("s")
        if unit == "working day":
            return self._days_from(since)[count]
        if unit == "working hour":
            return self._hours(count, since)
        return self.end_of(since.astimezone(self.tz).date() + count * DAY)

    def before(self, at: datetime) -> datetime:
        """The close of the last working day before the date of a limit; midnight belongs to the date that ends."""
        last = (at - timedelta.resolution).astimezone(self.tz).date()
        return [close for day, close in closes(self.zone, self.some).items() if day < last][-1]

    def on_a_working_day(self, at: datetime) -> datetime:
        day = (at - timedelta.resolution).astimezone(self.tz).date()
        days = closes(self.zone, self.some)
        return at if day in days else next(close for other, close in days.items() if other > day)

    def not_while_closed(self, at: datetime) -> datetime:
        """At the end of a date it is a length in days; any other moment lies within working time already."""
        day = (at - timedelta.resolution).astimezone(self.tz).date()
        days = closes(self.zone, self.some)
        return at if day in days else self.end_of(next(other for other in days if other > day))

    def close_of_day(self, at: datetime) -> datetime:
        """Of the working day as which a moment counts."""
        return self._days_from(at)[0]

    def _days_from(self, since: datetime) -> list[datetime]:
        """Closes, the first of them that of the day as which `since` counts."""
        today = since.astimezone(self.tz).date()
        return [close for day, close in closes(self.zone, self.some).items() if day >= today and close > since]

    def after_pause(self, length: str, at: datetime, since: datetime, until: datetime) -> datetime:
        """Where a limit that stood at a moment stands after a pause: later by the joint time, in days by the dates."""
        if "working" not in length and length != "next meeting":
            return self.end_of((at + (until - since) - timedelta.resolution).astimezone(self.tz).date())
        paused = self.between(since, until)
        return self.add(paused, at) if paused else at

    def between(self, since: datetime, until: datetime) -> timedelta:
        lengths = (min(start + HOUR, until) - max(start, since) for start in joint_hours(self.some))
        return sum((each for each in lengths if each > timedelta()), timedelta())

    def back(self, end: datetime, left: timedelta) -> datetime:
        """The moment from which so much joint time passes until the end."""
        for start in reversed(joint_hours(self.some)):
            length = min(start + HOUR, end) - start
            if length >= left:
                return min(start + HOUR, end) - left
            left -= max(length, timedelta())
        raise AssertionError("no such hour")

    def _hours(self, count: int, since: datetime) -> datetime:
        return self.add(count * HOUR, since)

    def add(self, left: timedelta, since: datetime) -> datetime:
        hours = joint_hours(self.some)
        for start in hours[max(0, bisect_right(hours, since) - 1) :]:
            length = start + HOUR - max(start, since)
            if length >= left > timedelta():
                return max(start, since) + left
            left -= max(length, timedelta())
        raise AssertionError("no such hour")

    def end_of(self, day: date) -> datetime:
        return datetime.combine(day + DAY, time.min, self.tz).astimezone(UTC)
