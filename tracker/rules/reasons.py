"""The steps by which a deadline was found, in words: what was received when, which days were unlike others."""

from collections.abc import Iterator
from datetime import date, datetime

from tracker.rules.open_time import WorkingTime
from tracker.rules.spans import Spans
from tracker.rules.wording import listed, say_close, say_day, say_end, say_moment
from tracker.rules.working_time import Calendar


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
