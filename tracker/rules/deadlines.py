"""When a limit passes, and why then; what a warning and a pause make of it (product.md, Time)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import islice, takewhile

from tracker.rules.refusals import Refused
from tracker.rules.spans import ONE_DAY, Spans, in_utc, start_of
from tracker.rules.wording import listed, say_close, say_count, say_day, say_end, say_moment
from tracker.rules.working_time import Calendar, WorkingTime

WORKING_DAY_HOURS = 8
"""What a limit in working hours takes a working day to be, where it is only compared with one."""

_WRITTEN = re.compile(r"([0-9]{1,4}) (working day|working hour|day)s?|next meeting")


class UnknownLength(Refused):
    """A text that is no length of time, or not one that is allowed here."""


class Unit(StrEnum):
    """What a length counts."""

    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"
    DAY = "day"
    MEETING = "next meeting"


@dataclass(frozen=True, slots=True)
class Length:
    """So many of a unit; the next meeting is one."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return self.unit if self.unit is Unit.MEETING else say_count(self.count, self.unit)


def read_length(text: str, meeting: bool = True) -> Length:
    """The length that a text says, in any case and spacing, from 1 to 9999; `meeting`: whether “next meeting”
    is allowed. Refuses: UnknownLength, with what was found and what is allowed."""
    found = _WRITTEN.fullmatch(" ".join(text.lower().split()))
    if found and found[2] and int(found[1]) > 0:
        return Length(int(found[1]), Unit(found[2]))
    if found and not found[2] and meeting:
        return Length(1, Unit.MEETING)
    allowed = "“3 working days”, “4 working hours”, “10 days”" + (", “next meeting”" if meeting else "")
    raise UnknownLength(f"“{text}” is no length of time that is allowed here; allowed are {allowed}.")


def expedited(text: str) -> str:
    """The length in the expedited twin of a ladder: half, rounded up, at least one working day (product.md, The
    agreement is data), but never longer than it was: “4 working hours” is less than a working day and stays.
    “next meeting” stays; its `or_at_most` is expedited by itself. Refuses: UnknownLength."""
    length = read_length(text)
    least = WORKING_DAY_HOURS if length.unit is Unit.WORKING_HOUR else 1
    half = max((length.count + 1) // 2, least)
    return str(replace(length, count=min(length.count, half)))


def receipt(at: datetime, calendar: WorkingTime) -> str:
    """“received Mon 27 Apr 16:40”."""
    return f"received {say_moment(at.astimezone(calendar.tz))}"


def receipt_on_a_day(at: datetime, counted_from: date, calendar: WorkingTime) -> str:
    """How a moment became a working day: “received Mon 27 Apr 16:40, after joint close 16:30, so counted from
    Tue 28 Apr”."""
    day = calendar.date_of(at)
    if not calendar.is_working_day(day):
        reason = f"not a {_joint(calendar)}working day"
    else:
        close = calendar.close_of(day)
        order = "before" if at < close else "after" if at > close else "at"
        reason = f"{order} {_joint(calendar)}close {say_close(close.astimezone(calendar.tz))}"
    return f"{receipt(at, calendar)}, {reason}, so counted from {say_day(counted_from, day.year)}"


def receipt_at_a_moment(at: datetime, counted_from: datetime, calendar: WorkingTime) -> str:
    """How a moment became working time: “received Sat 2 May 11:00, outside joint working time, so counted
    from Tue 5 May 09:00”."""
    if at == counted_from:
        return f"{receipt(at, calendar)}, in {_joint(calendar)}working time, so counted from then"
    start = say_moment(counted_from.astimezone(calendar.tz), calendar.date_of(at).year)
    return f"{receipt(at, calendar)}, outside {_joint(calendar)}working time, so counted from {start}"


def unlike_other_days(first: date, last: date, calendar: WorkingTime) -> Iterator[str]:
    """The dates, both ends included, on which working time is not as on that weekday otherwise: “Mon 4 May is
    a holiday for B”, “Sun 27 Dec is an extra working day”."""
    for day in (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)):
        if calendar.is_working_day(day) == calendar.usual.is_working_day(day):
            continue
        if calendar.is_working_day(day):
            yield f"{say_day(day, first.year)} is an extra working day"
        else:
            yield f"{say_day(day, first.year)} {_why_shut(day, calendar)}"


def passing(at: datetime, received_at: datetime, calendar: WorkingTime) -> str:
    """“limit Tue 12 May 16:30”, with its year when that is not the year of the receipt."""
    return f"limit {say_end(at.astimezone(calendar.tz), calendar.date_of(received_at).year)}"


def _why_shut(day: date, calendar: WorkingTime) -> str:
    usual = calendar.usual.spans_on(day)
    shut = [one for one in calendar.separately() if _has_holiday(one, usual)]
    if not shut:
        return f"has no {_joint(calendar)}working time"
    names = listed(one.name for one in shut)
    return f"is a holiday for {names}" if names else "is a holiday"


def _has_holiday(calendar: Calendar, usual: Spans) -> bool:
    dates = {calendar.date_of(opens) for opens, _ in usual}
    return not calendar.closed.isdisjoint(dates - calendar.open.keys())


def _joint(calendar: WorkingTime) -> str:
    return "joint " if len(calendar.separately()) > 1 else ""


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


_ONE_HOUR = timedelta(hours=1)
_ONE_MINUTE = timedelta(minutes=1)


def working_days_left(now: datetime, at: datetime, calendar: WorkingTime) -> int:
    """How many working days a limit is away, counted as limits are: none on its last day and once passed."""
    if at <= now:
        return 0
    first, last = counted_from(now, calendar) + ONE_DAY, last_date(at, calendar)
    return sum(1 for _ in takewhile(lambda day: day <= last, calendar.working_days(first)))


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
    whole = limit(cap, since, calendar).at
    return max(in_utc(since), calendar.subtract(whole, used)) if used else whole
