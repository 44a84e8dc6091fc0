"""The steps by which a limit was found, in words: moments by a reader's clock, counted days by the partnership's.

A clock is a zone; where it shows what the partnership's shows, nothing is said of either.
"""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from tracker.rules.deadlines.lengths import Length
from tracker.rules.spans import Spans
from tracker.rules.wording import city_of, listed, say_close, say_day, say_end, say_moment
from tracker.rules.working_time import Calendar, WorkingTime

Steps = tuple[str, ...]


def of_days(length: Length, received_at: datetime, at: datetime, calendar: WorkingTime, clock: tzinfo) -> Steps:
    """Calendar days: “received Mon 27 Apr 16:40”, “10 days after that date, every date counted”."""
    counted = f"{length} after that date, every date counted"
    days = by_whose_days(calendar, clock, received_at, at)
    return (receipt(received_at, clock), *days, counted, passing(at, received_at, clock))


def of_working_days(
    length: Length, received_at: datetime, counted_from: date, at: datetime, calendar: WorkingTime, clock: tzinfo
) -> Steps:
    """Working days, with each date on the way that is not as that weekday otherwise is."""
    start = _receipt_on_a_day(received_at, counted_from, calendar, clock)
    days = by_whose_days(calendar, clock, received_at, at)
    unlike = _unlike_other_days(received_at, at, calendar)
    return (start, *days, f"{length} after that day", *unlike, passing(at, received_at, clock))


def of_working_hours(
    length: Length, received_at: datetime, counted_from: datetime, at: datetime, calendar: WorkingTime, clock: tzinfo
) -> Steps:
    """Working hours, likewise."""
    start = _receipt_at_a_moment(received_at, counted_from, calendar, clock)
    unlike = tuple(_unlike_other_days(received_at, at, calendar))
    days = by_whose_days(calendar, clock, received_at, at) if unlike else ()
    return (start, f"{length} after that", *days, *unlike, passing(at, received_at, clock))


def of_a_meeting(received_at: datetime, at: datetime, clock: tzinfo) -> Steps:
    """The start of a meeting."""
    start = say_moment(at.astimezone(clock), received_at.astimezone(clock).year)
    return (
        receipt(received_at, clock),
        f"the first meeting after that starts {start}",
        passing(at, received_at, clock),
    )


def receipt(at: datetime, clock: tzinfo) -> str:
    """“received Mon 27 Apr 16:40”."""
    return f"received {say_moment(at.astimezone(clock))}"


def passing(at: datetime, received_at: datetime, clock: tzinfo) -> str:
    """“limit Tue 12 May 16:30”, with its year when that is not the year of the receipt."""
    return f"limit {say_end(at.astimezone(clock), received_at.astimezone(clock).year)}"


def by_whose_days(calendar: WorkingTime, clock: tzinfo, *moments: datetime) -> Steps:
    """By whose clock days are counted, where the reader's shows something else at one of the moments."""
    if all(_shows_the_same(at, calendar, clock) for at in moments):
        return ()
    return (f"days are counted by the partnership's clock, in {city_of(calendar.zone)}",)


def _receipt_on_a_day(at: datetime, counted_from: date, calendar: WorkingTime, clock: tzinfo) -> str:
    """How a moment became a working day: “received Mon 27 Apr 16:40, after joint close 16:30, so counted from
    Tue 28 Apr”."""
    day = calendar.date_of(at)
    if not calendar.is_working_day(day):
        reason = f"not a {_joint(calendar)}working day"
    else:
        close = calendar.close_of(day)
        order = "before" if at < close else "after" if at > close else "at"
        local = close.astimezone(clock)
        when = say_close(local) if _shows_the_same(close, calendar, clock) else say_end(local)
        reason = f"{order} {_joint(calendar)}close {when}"
    return f"{receipt(at, clock)}, {reason}, so counted from {say_day(counted_from, day.year)}"


def _receipt_at_a_moment(at: datetime, counted_from: datetime, calendar: WorkingTime, clock: tzinfo) -> str:
    """How a moment became working time: “received Sat 2 May 11:00, outside joint working time, so counted
    from Tue 5 May 09:00”."""
    if at == counted_from:
        return f"{receipt(at, clock)}, in {_joint(calendar)}working time, so counted from then"
    start = say_moment(counted_from.astimezone(clock), at.astimezone(clock).year)
    return f"{receipt(at, clock)}, outside {_joint(calendar)}working time, so counted from {start}"


def _unlike_other_days(received_at: datetime, at: datetime, calendar: WorkingTime) -> Iterator[str]:
    """The dates, both ends included, on which working time is not as on that weekday otherwise: “Mon 4 May is
    a holiday for B”, “Sun 27 Dec is an extra working day”."""
    first, last = calendar.date_of(received_at), calendar.date_of(at - datetime.resolution)
    for day in (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1)):
        if calendar.is_working_day(day) == calendar.usual.is_working_day(day):
            continue
        if calendar.is_working_day(day):
            yield f"{say_day(day, first.year)} is an extra working day"
        else:
            yield f"{say_day(day, first.year)} {_why_shut(day, calendar)}"


def _shows_the_same(at: datetime, calendar: WorkingTime, clock: tzinfo) -> bool:
    return at.astimezone(clock).utcoffset() == at.astimezone(calendar.tz).utcoffset()


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
