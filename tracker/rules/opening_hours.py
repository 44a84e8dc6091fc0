"""Opening hours as people write them: `mon-fri = ["09:00-12:30", "13:00-17:00"]`, and back again."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from itertools import groupby, pairwise

from tracker.rules.refusals import Refused
from tracker.rules.spans import Hours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)")


class WrongHours(Refused):
    """Hours or days that cannot be read; the message says what was found and what is allowed."""


def weekdays_of(text: str) -> tuple[int, ...]:
    """The weekdays (0 is Monday) that `mon` or `mon-fri` names; `sat-mon` goes over the end of the week."""
    first, to, last = text.partition("-")
    if first not in WEEKDAYS or (last if to else first) not in WEEKDAYS:
        raise WrongHours(f"“{text}” names no weekdays; allowed are mon, tue, wed, thu, fri, sat, sun and mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return tuple(day % 7 for day in range(start, end + 1 if end >= start else end + 8))


def read_hours(texts: Iterable[str]) -> Hours:
    """One day's opening spans in order; `24:00` at the end is the end of the day. Spans that overlap are refused."""
    spans = sorted(_span(text) for text in texts)
    for before, after in pairwise(spans):
        if after[0] < before[1]:
            raise WrongHours(f"“{_written(before)}” and “{_written(after)}” overlap; allowed are spans that do not")
    return tuple(spans)


def read_weekly(given: Mapping[str, Iterable[str]]) -> dict[int, Hours]:
    """The hours of each weekday (0 is Monday). A weekday named twice is refused."""
    weekly: dict[int, Hours] = {}
    for name, texts in given.items():
        for day in weekdays_of(name):
            if day in weekly:
                raise WrongHours(f"{WEEKDAYS[day]} stands there twice; allowed is each weekday once")
            weekly[day] = read_hours(texts)
    return weekly


def write_hours(hours: Hours) -> list[str]:
    """The spans of a day as they are written."""
    return [_written(span) for span in hours]


def write_weekly(weekly: Mapping[int, Hours]) -> dict[str, list[str]]:
    """The week as it is written, with weekdays of the same hours that follow each other taken together."""
    return {name: write_hours(hours) for name, hours in _runs(weekly) if hours}


def week_words(weekly: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """The week in words: (“Mon to Fri”, “09:00-12:30 and 13:00-17:00”)."""
    return tuple(
        (days.replace("-", " to ").title().replace(" To ", " to "), " and ".join(hours))
        for days, hours in weekly.items()
    )


def _span(text: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text.strip())
    opens, closes = (_time(found[1], found[2]), _time(found[3], found[4])) if found else (None, None)
    if opens is None or closes is None or opens >= closes:
        raise WrongHours(f"“{text}” is no opening span; allowed is “09:00-17:00”, at the latest until 24:00")
    return opens, closes


def _time(hour: str, minute: str) -> time | None:
    if int(hour) == 24:
        return time.max if minute == "00" else None
    return time(int(hour), int(minute))


def _written(span: tuple[time, time]) -> str:
    opens, closes = span
    return f"{opens:%H:%M}-{'24:00' if closes == time.max else format(closes, '%H:%M')}"


def _runs(weekly: Mapping[int, Hours]) -> Iterator[tuple[str, Hours]]:
    for hours, days in groupby(range(7), key=lambda day: weekly.get(day, ())):
        run = [WEEKDAYS[day] for day in days]
        yield (run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}"), hours
