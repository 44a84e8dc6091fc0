"""When a limit passes; what a warning and a pause make of it, and how much of it is left (product.md, Time)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice

from tracker.rules.deadlines import why
from tracker.rules.deadlines.lengths import WITHOUT_A_MEETING, Length, Unit, read_length
from tracker.rules.spans import ONE_DAY, in_utc, start_of
from tracker.rules.wording import say_count
from tracker.rules.working_time import WorkingTime

A_WORKING_DAY = "1 working day"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit passes, in UTC, and the steps by which that was found."""

    at: datetime
    why: tuple[str, ...]


def limit(
    text: str,
    received_at: datetime,
    calendar: WorkingTime,
    meetings: Iterable[datetime] = (),
    *,
    or_at_most: str | None = None,
    clock: tzinfo | None = None,
) -> Deadline:
    """The same as `limit_at`, with its why by a reader's clock; left out, by the calendar's."""
    at = limit_at(text, received_at, calendar, meetings := tuple(meetings), or_at_most=or_at_most)
    clock = clock or calendar.tz
    length, first = read_length(text), _first_after(received_at, meetings)
    if length.unit is not Unit.MEETING:
        return Deadline(at, _WHY[length.unit](length, in_utc(received_at), at, calendar, clock))
    if first is not None:
        return Deadline(at, why.of_a_meeting(received_at, at, clock))
    at_most = read_length(or_at_most or WITHOUT_A_MEETING, meeting=False)
    steps = _WHY[at_most.unit](at_most, in_utc(received_at), at, calendar, clock)
    return Deadline(at, (f"no meeting is scheduled, so {at_most} at most", *steps))


def limit_at(
    text: str,
    received_at: datetime,
    calendar: WorkingTime,
    meetings: Iterable[datetime] = (),
    *,
    or_at_most: str | None = None,
) -> datetime:
    """When the limit passes for what was received at a moment; the calendar is the sides' joint time, in
    dates of the partnership's zone.

    - working days: the close of the Nth working day after that of receipt (see `counted_from`);
    - working hours: when so much working time has passed, to the second;
    - days: the end (24:00) of the Nth date after that of receipt;
    - next meeting: the first of `meetings` (their starts, in any order) after receipt; where there is none,
      and only then, `or_at_most`, else 20 working days.

    Refuses: UnknownLength, NoWorkingTime.
    """
    received_at, length = in_utc(received_at), read_length(text)
    if length.unit is Unit.MEETING:
        at_most = read_length(or_at_most or WITHOUT_A_MEETING, meeting=False)
        return _first_after(received_at, meetings) or _COUNTED[at_most.unit](at_most, received_at, calendar)
    return _COUNTED[length.unit](length, received_at, calendar)


def counted_from(received_at: datetime, calendar: WorkingTime) -> date:
    """The working day that receipt counts as: its own if before the close of that, else the next one."""
    days = calendar.working_days(calendar.date_of(received_at))
    return next(day for day in days if received_at < calendar.close_of(day))


def warning_before(text: str, at: datetime, calendar: WorkingTime) -> datetime:
    """The moment so long before a limit: for N working days the close of the Nth working day before the
    limit's date, for N days the end of the Nth date before it. Refuses: UnknownLength (“next meeting” too),
    NoWorkingTime."""
    length, at = read_length(text, meeting=False), in_utc(at)
    last = last_date(at, calendar)
    if length.unit is Unit.WORKING_HOUR:
        return calendar.subtract(at, timedelta(hours=length.count))
    if length.unit is Unit.DAY:
        return start_of(last - (length.count - 1) * ONE_DAY, calendar.tz)
    return calendar.close_of(_nth(calendar.working_days(last - ONE_DAY, step=-1), length.count))


def last_date(at: datetime, calendar: WorkingTime) -> date:
    """The date on which a limit passes; midnight belongs to the date that ends."""
    return calendar.date_of(at - timedelta.resolution)


def moved_by(at: datetime, paused: timedelta, calendar: WorkingTime) -> datetime:
    """A working-time limit after a pause of so much working time. No working time paused moves nothing."""
    return calendar.add(at, paused) if paused else in_utc(at)


def at_least_a_working_day(
    deadline: Deadline, now: datetime, calendar: WorkingTime, *, clock: tzinfo | None = None
) -> Deadline:
    """The deadline, but at least one working day away from now (product.md, Resolve: a proposal returned)."""
    nearest = limit(A_WORKING_DAY, now, calendar, clock=clock)
    if deadline.at >= nearest.at:
        return deadline
    return Deadline(nearest.at, (*deadline.why, "but at least one working day is left", *nearest.why))


def _first_after(received_at: datetime, meetings: Iterable[datetime]) -> datetime | None:
    return min((start for start in map(in_utc, meetings) if start > received_at), default=None)


def _working_days(length: Length, received_at: datetime, calendar: WorkingTime) -> datetime:
    counted = counted_from(received_at, calendar)
    return calendar.close_of(_nth(calendar.working_days(counted + ONE_DAY), length.count))


def _why_working_days(
    length: Length, received_at: datetime, at: datetime, calendar: WorkingTime, clock: tzinfo
) -> why.Steps:
    return why.of_working_days(length, received_at, counted_from(received_at, calendar), at, calendar, clock)


def _working_hours(length: Length, received_at: datetime, calendar: WorkingTime) -> datetime:
    return calendar.add(received_at, timedelta(hours=length.count))


def _why_working_hours(
    length: Length, received_at: datetime, at: datetime, calendar: WorkingTime, clock: tzinfo
) -> why.Steps:
    starts = calendar.add(received_at, timedelta())
    return why.of_working_hours(length, received_at, starts, at, calendar, clock)


def _days(length: Length, received_at: datetime, calendar: WorkingTime) -> datetime:
    return start_of(calendar.date_of(received_at) + (length.count + 1) * ONE_DAY, calendar.tz)


def _nth(days: Iterator[date], count: int) -> date:
    return next(islice(days, count - 1, None))


_COUNTED = {Unit.WORKING_DAY: _working_days, Unit.WORKING_HOUR: _working_hours, Unit.DAY: _days}
_WHY = {Unit.WORKING_DAY: _why_working_days, Unit.WORKING_HOUR: _why_working_hours, Unit.DAY: why.of_days}


_ONE_HOUR = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)


def working_days_left(now: datetime, at: datetime, calendar: WorkingTime) -> int:
    """How many working days a limit is away, counted as limits are: none on its last day and once passed."""
    if at <= now:
        return 0
    return calendar.count_days(counted_from(now, calendar) + ONE_DAY, last_date(at, calendar))


def remaining(now: datetime, at: datetime, calendar: WorkingTime) -> str:
    """“2 working days”, on the last day “3 working hours”, in the last hour “20 minutes”, each rounded down;
    “no working time” when closed until then, “no time” once passed. With the moments exchanged: how late."""
    if at <= now:
        return "no time"
    if days := working_days_left(now, at, calendar):
        return say_count(days, "working day")
    return _within_a_day(calendar.between(now, at))


def _within_a_day(length: timedelta) -> str:
    if length >= _ONE_HOUR:
        return say_count(length // _ONE_HOUR, "working hour")
    if length >= _ONE_MINUTE:
        return say_count(length // _ONE_MINUTE, "minute")
    return "less than a minute" if length else "no working time"


def after_pause(
    text: str,
    at: datetime,
    paused: tuple[datetime, datetime],
    calendar: WorkingTime,
    *,
    meetings: Iterable[datetime] = (),
    or_at_most: str | None = None,
) -> datetime:
    """Where a limit that stood at a moment stands after a pause from one moment to another; the rest is as
    for `deadlines.limit`.

    A working-time limit moves by the working time paused. A meeting stays. A limit in days moves by the time
    paused, to the end of the date that brings it to. Refuses: UnknownLength, NoWorkingTime.
    """
    since, until = paused
    unit = read_length(text).unit
    if unit is Unit.MEETING:
        if at in meetings:
            return in_utc(at)
        unit = read_length(or_at_most or WITHOUT_A_MEETING, meeting=False).unit
    if unit is Unit.DAY:
        return start_of(last_date(at + (until - since), calendar) + ONE_DAY, calendar.tz)
    return moved_by(at, calendar.between(since, until), calendar)


def longest_pause(cap: str, since: datetime, calendar: WorkingTime, used: timedelta) -> datetime:
    """The moment at which a pause ends by itself: the cap counted from its beginning, less the working time
    that earlier pauses at this tier used; its beginning, if nothing is left.
    Refuses: UnknownLength, NoWorkingTime."""
    whole = limit_at(cap, since, calendar)
    return max(in_utc(since), calendar.subtract(whole, used)) if used else whole
