"""Dates, moments and lists in plain British English, as reasons and refusals say them."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date, told_in: int | None = None) -> str:
    """“Mon 4 May”; with its year, “Mon 4 Jan 2027”, unless it is told in that year or no year is given."""
    year = "" if told_in in (None, day.year) else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def say_kept_day(iso: str) -> str:
    """A day as it was kept, with its year: what happened is read for long."""
    return say_day(date.fromisoformat(iso), 0) if iso else "some day"


def say_moment(at: datetime, told_in: int | None = None) -> str:
    """“Mon 27 Apr 16:40”, by the clock of the datetime's own zone."""
    return f"{say_day(at, told_in)} {at:%H:%M}"


def say_close(at: datetime) -> str:
    """The time of day of an end: “16:30”, and midnight is “24:00”."""
    return "24:00" if at.time() == time.min else f"{at:%H:%M}"


def say_end(at: datetime, told_in: int | None = None) -> str:
    """As say_moment, but midnight belongs to the date that ends: “Thu 7 May 24:00”."""
    return f"{say_day((at - timedelta.resolution).date(), told_in)} {say_close(at)}"


def say_count(count: int, unit: str, *, most: int | None = None) -> str:
    """“1 working day”, “2 working days”; “more than 300 working days” where it was counted no further."""
    if most is not None and count > most:
        return f"more than {most} {unit}s"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def say_people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def say_hours(minutes: int) -> str:
    """“2.5”, “1,250”: hours as a number."""
    return f"{minutes / 60:,.2f}".rstrip("0").rstrip(".")


def say_hours_lost(minutes: int) -> str:
    """“about 2.5 working hours lost”."""
    return f"about {say_hours(minutes)} working {'hour' if minutes == 60 else 'hours'} lost"


def city_of(zone: str) -> str:
    """The city that a time zone is named for: “London”, “Buenos Aires”; “UTC” is none."""
    return zone.rpartition("/")[2].replace("_", " ")


def say_duration(length: timedelta) -> str:
    """The two largest units of a length: “3 days, 4 hours”, “1 hour, 5 minutes”, “less than a minute”."""
    minutes = int(length.total_seconds()) // 60
    counts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    said = [say_count(count, unit) for count, unit in counts if count][:2]
    return ", ".join(said) or "less than a minute"


def begun(words: str) -> str:
    """As a sentence begins; names in it stay as they are."""
    return f"{words[:1].upper()}{words[1:]}"


def ended(words: str) -> str:
    """As a sentence ends: with a full stop, unless it has a sign of its own."""
    return words if words.endswith((".", "?", "!", "…")) else f"{words}."


def listed(names: Iterable[str], conjunction: str = "and") -> str:
    """“A”, “A and B”, “A, B and C”; names that are empty are left out."""
    *most, last = [name for name in names if name] or [""]
    return f"{', '.join(most)} {conjunction} {last}" if most else last
