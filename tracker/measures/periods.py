"""Periods that people ask for: a month, a quarter, a year, in dates and months."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

ALL_TIME = "all"  # as reports are asked for it, without a period
ALLOWED = "a year (2026), a quarter (2026-Q1), a month (2026-03) or months (2025-12..2026-11)"
YEAR = 12  # months
_MONTHS = re.compile(r"(?P<first>[12]\d{3}-(?:0[1-9]|1[0-2]))\.\.(?P<last>[12]\d{3}-(?:0[1-9]|1[0-2]))")
_FISCAL = re.compile(r"FY(?P<ends>[12]\d{3})|(?P<begins>[12]\d{3})/(?P<short>\d{2})")
_MOST_MONTHS = 600
_SHAPE = re.compile(r"(?P<year>[12]\d{3})(?:-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months: from `start` up to, not including, `end`. `name` as it was asked for."""

    start: date
    end: date
    name: str

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def length(self) -> int:
        """How many months."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month

    def months(self) -> "tuple[Period, ...]":
        """Each month of it, in order."""
        return tuple(month_of(_moved(self.start, months)) for months in range(self.length))

    @property
    def numbers(self) -> range:
        """The numbers of its months (`month_number`)."""
        return range(month_number(self.start), month_number(self.end))

    def previous(self) -> "Period":
        """The period of the same length that ends where this one starts."""
        start = _moved(self.start, -self.length)
        return Period(start, self.start, _name(start, self.length))

    def ending(self, months: int) -> "Period":
        """The period of so many months that ends where this one ends."""
        return _months(_moved(self.end, -months), months)

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Its first moment, and the first one after it, in a zone."""
        return (
            datetime.combine(self.start, time.min, tzinfo=zone),
            datetime.combine(self.end, time.min, tzinfo=zone),
        )


def period(text: str, year_starts: int = 1) -> Period:
    """A period from `2026`, `2026-Q1`, `2026-03` or `2025-12..2026-11`; where a year starts in another month than
    January, also from `2026/27` or `FY2027`, the year it ends in. Refuses anything else with a ValueError that says so.
    """
    said = text.strip()
    if (months := _MONTHS.fullmatch(said)) and (found := _from_to(months["first"], months["last"])):
        return found
    if year_starts != 1 and (fiscal := _fiscal(said, year_starts)):
        return fiscal
    shape = _SHAPE.fullmatch(said)
    if shape is None:
        own = f", a year from {date(2000, year_starts, 1):%B} on (2026/27)" if year_starts != 1 else ""
        raise ValueError(f"a period is {ALLOWED}{own}, not “{text}”")
    year = int(shape["year"])
    if shape["quarter"]:
        return _months(date(year, int(shape["quarter"]) * 3 - 2, 1), 3)
    return _months(date(year, int(shape["month"]), 1), 1) if shape["month"] else _months(date(year, 1, 1), 12)


def _from_to(first: str, last: str) -> Period | None:
    """None where the last is before the first, or longer after it than anybody asks."""
    start, end = (month_of(date(int(each[:4]), int(each[5:]), 1)) for each in (first, last))
    length = month_number(end.start) - month_number(start.start) + 1
    return _months(start.start, length) if 0 < length <= _MOST_MONTHS else None


def _fiscal(text: str, year_starts: int) -> Period | None:
    found = _FISCAL.fullmatch(text)
    if found is None:
        return None
    begins = int(found["begins"] or int(found["ends"]) - 1)
    if found["short"] and int(found["short"]) != (begins + 1) % 100:
        return None
    return fiscal_year(begins, year_starts)


def fiscal_year(begins: int, year_starts: int) -> Period:
    """The twelve months from this month of the year it begins in, “2026/27”; from January the calendar year."""
    year = _months(date(begins, year_starts, 1), YEAR)
    return year if year_starts == 1 else Period(year.start, year.end, f"{begins}/{(begins + 1) % 100:02}")


@lru_cache(maxsize=64)  # each number of a report asks
def twelve_months_to(today: date) -> Period:
    """The twelve whole months up to the last one: on its last day a month is not whole yet."""
    return month_of(today).previous().ending(YEAR)


def quarter_of(day: date) -> Period:
    return period(f"{day.year}-Q{(day.month + 2) // 3}")


def is_period(text: str) -> bool:
    """Whether it has the shape of a period."""
    return any(shape.fullmatch(text) for shape in (_SHAPE, _MONTHS, _FISCAL))


def is_month(text: str) -> bool:
    """Whether it is a month as `period` takes it: `2026-03`."""
    shape = _SHAPE.fullmatch(text)
    return bool(shape and shape["month"])


def month_of(day: date) -> Period:
    """The calendar month that a day is in."""
    return _months(day.replace(day=1), 1)


def month_number(day: date) -> int:
    """The months from the year 0 to the one a day is in: months as numbers, for keeping and for counting on."""
    return day.year * 12 + day.month - 1


def month_numbered(number: int) -> Period:
    """The month of `month_number`."""
    return month_of(date(number // 12, number % 12 + 1, 1))


def spanning(first: date, last: date) -> Period:
    """The whole months from the first day's to the last day's: for “all time”. Named `2025-11..2026-02`."""
    start, end = month_of(first), month_of(last)
    return Period(start.start, end.end, start.name if start == end else f"{start.name}..{end.name}")


def _months(start: date, length: int) -> Period:
    return Period(start, _moved(start, length), _name(start, length))


def _moved(start: date, months: int) -> date:
    """The first of the month so many months on."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def _name(start: date, length: int) -> str:
    if length == 12 and start.month == 1:
        return f"{start.year}"
    if length == 3 and start.month % 3 == 1:
        return f"{start.year}-Q{start.month // 3 + 1}"
    if length == 1:
        return f"{start:%Y-%m}"
    return f"{start:%Y-%m}..{_moved(start, length - 1):%Y-%m}"


def in_words(within: Period) -> str:
    """“March 2026”, “2026”, “January to March 2026”, “November 2025 to February 2026”."""
    first, last = within.start, within.months()[-1].start
    if within.name == str(first.year) or "/" in within.name:
        return within.name
    if first == last:
        return f"{first:%B %Y}"
    return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"


def month_words(month: Period) -> str:
    """“Mar 26”."""
    return f"{month.start:%b %y}"
