"""A calendar as a lead types it: a line for each weekday, a line for each date."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from tracker.exchange.charter.calendar_shape import CalendarShape, OpenDay
from tracker.exchange.charter.values import Holidays, Line, Zone
from tracker.pages.forms import Shape
from tracker.rules.opening_hours import WEEKDAYS, WrongHours, read_hours, read_weekly, write_hours

DAY_NAMES = dict(
    zip(WEEKDAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


def _spans(text: str) -> str:
    """“09:00-12:30, 13:00-17:00”, said in one way."""
    try:
        return ", ".join(write_hours(read_hours(_parts(text))))
    except WrongHours as wrong:
        raise ValueError(f"{wrong}.") from None


def _dates(text: str) -> str:
    for line in _lines(text):
        _date(line)
    return text


def _open_days(text: str) -> str:
    for line in _lines(text):
        day, _, hours = line.partition(" ")
        _date(day)
        if not _spans(hours):
            raise ValueError(f"{day} has no hours; give them behind it, as in 2026-12-27 10:00-14:00.")
    return text


Hours = Annotated[str, StringConstraints(max_length=200), AfterValidator(_spans)]
Dates = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_dates)]
OpenDays = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_open_days)]


class CalendarForm(Shape):
    """An organisation's name and when it is open."""

    sentences = {
        "zone": "Give a time zone by its name, like Europe/London.",
        "holidays": "Give a country or a part of one, like GB or GB-ENG.",
    }
    name: Line
    zone: Zone
    mon: Hours = ""
    tue: Hours = ""
    wed: Hours = ""
    thu: Hours = ""
    fri: Hours = ""
    sat: Hours = ""
    sun: Hours = ""
    holidays: Holidays | None = None
    closed: Dates = ""
    open: OpenDays = ""

    def calendar(self) -> CalendarShape | None:
        """None when it is open on no weekday."""
        weekly = {day: _parts(getattr(self, day)) for day in WEEKDAYS if getattr(self, day)}
        if not weekly:
            return None
        closed = tuple(_date(line) for line in _lines(self.closed))
        return CalendarShape(
            zone=self.zone, weekly=weekly, holidays=self.holidays, closed=closed, open=tuple(_days(self.open))
        )


def typed_calendar(name: str, calendar: CalendarShape) -> Mapping[str, str]:
    """What stands in the form before anything is changed."""
    weekly = read_weekly(calendar.weekly)
    hours = {day: ", ".join(write_hours(weekly.get(at, ()))) for at, day in enumerate(WEEKDAYS)}
    return {
        "name": name,
        "zone": calendar.zone,
        **hours,
        "holidays": calendar.holidays or "",
        "closed": "\n".join(day.isoformat() for day in calendar.closed),
        "open": "\n".join(f"{each.day.isoformat()} {', '.join(each.hours)}" for each in calendar.open),
    }


def week_words(calendar: CalendarShape) -> tuple[tuple[str, str], ...]:
    """The week in words: (“Mon to Fri”, “09:00-12:30 and 13:00-17:00”)."""
    return tuple(
        (days.replace("-", " to ").title().replace(" To ", " to "), " and ".join(hours))
        for days, hours in calendar.weekly.items()
    )


def _days(text: str) -> Iterable[OpenDay]:
    """One for each date; a date given twice counts as it was given last."""
    given = dict(line.split(" ", 1) for line in _lines(text))
    for day, hours in given.items():
        yield OpenDay(day=_date(day), hours=_parts(hours))


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[,;]|\band\b", text) if part.strip()]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text}” is no date; give one as in 2026-12-24.") from None
