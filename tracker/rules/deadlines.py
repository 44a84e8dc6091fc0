"""When a limit passes, and why then; what a warning and a pause make of it (product.md, Time)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from tracker.rules.lengths import Length, Unit, read_length
from tracker.rules.open_time import WorkingTime
from tracker.rules.reasons import passing, receipt, receipt_at_a_moment, receipt_on_a_day, unlike_other_days
from tracker.rules.spans import ONE_DAY, in_utc, start_of
from tracker.rules.wording import say_moment

WITHOUT_A_MEETING = "20 working days"
"""The limit “next meeting” when no meeting is scheduled and the tier has no `or_at_most`."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a limit passes, in UTC, and the steps by which that was found, in the calendar's zone."""

    at: datetime
    why: tuple[str, ...]


def limit(
    text: str,
    received_at: datetime,
    calendar: WorkingTime,
    meetings: Iterable[datetime] = (),
    *,
    or_at_most: str | None = None,
) -> Deadline:
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
        return _next_meeting(at_most, received_at, calendar, meetings)
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


def at_least_a_working_day(deadline: Deadline, now: datetime, calendar: WorkingTime) -> Deadline:
    """The deadline, but at least one working day away from now (product.md, Resolve: a proposal returned)."""
    nearest = limit("1 working day", now, calendar)
    if deadline.at >= nearest.at:
        return deadline
    return Deadline(nearest.at, (*deadline.why, "but at least one working day is left", *nearest.why))


def _next_meeting(
    at_most: Length, received_at: datetime, calendar: WorkingTime, meetings: Iterable[datetime]
) -> Deadline:
    first = min((start for start in map(in_utc, meetings) if start > received_at), default=None)
    if first is None:
        counted = _COUNTED[at_most.unit](at_most, received_at, calendar)
        return Deadline(counted.at, (f"no meeting is scheduled, so {at_most} at most", *counted.why))
    start = say_moment(first.astimezone(calendar.tz), calendar.date_of(received_at).year)
    why = (receipt(received_at, calendar), f"the first meeting after that starts {start}")
    return Deadline(first, (*why, passing(first, received_at, calendar)))


def _working_days(length: Length, received_at: datetime, calendar: WorkingTime) -> Deadline:
    counted = counted_from(received_at, calendar)
    at = calendar.close_of(_nth(calendar.working_days(counted + ONE_DAY), length.count))
    start = receipt_on_a_day(received_at, counted, calendar)
    return _explained(at, received_at, calendar, start, f"{length} after that day")


def _working_hours(length: Length, received_at: datetime, calendar: WorkingTime) -> Deadline:
    at = calendar.add(received_at, timedelta(hours=length.count))
    start = receipt_at_a_moment(received_at, calendar.add(received_at, timedelta()), calendar)
    return _explained(at, received_at, calendar, start, f"{length} after that")


def _days(length: Length, received_at: datetime, calendar: WorkingTime) -> Deadline:
    at = start_of(calendar.date_of(received_at) + (length.count + 1) * ONE_DAY, calendar.tz)
    counted = f"{length} after that date, every date counted"
    return Deadline(at, (receipt(received_at, calendar), counted, passing(at, received_at, calendar)))


def _explained(at: datetime, received_at: datetime, calendar: WorkingTime, *steps: str) -> Deadline:
    unlike = unlike_other_days(calendar.date_of(received_at), last_date(at, calendar), calendar)
    return Deadline(at, (*steps, *unlike, passing(at, received_at, calendar)))


def _nth(days: Iterator[date], count: int) -> date:
    return next(islice(days, count - 1, None))


_COUNTED = {Unit.WORKING_DAY: _working_days, Unit.WORKING_HOUR: _working_hours, Unit.DAY: _days}
