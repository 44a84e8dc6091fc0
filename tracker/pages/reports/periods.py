"""Periods on report pages: as they are asked for, and the ways from one to another."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from tracker.measures.periods import ALL_TIME, Period, in_words, period, quarter_of
from tracker.pages.web.parts import Link
from tracker.rules.refusals import FieldError, WrongInput

QUARTERS_BACK = 4


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """The ways on: to other periods, to the same report as a file, to the reports that stand beside it."""

    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    beside: tuple[Link, ...]


def asked(text: str | None, today: date, first: date | None) -> Period | None:
    """The period of an address: as named, `all` (None), else the last whole quarter, or this one where nothing was
    recorded before it began (`first`). Refuses: WrongInput."""
    if text == ALL_TIME:
        return None
    this = quarter_of(today)
    try:
        return period(text) if text else this if first and first >= this.start else this.previous()
    except ValueError as wrong:
        raise WrongInput(FieldError("period", f"Choose another period: {wrong}.")) from wrong


def ways(path: str, shown: Period | None, today: date, first: date | None) -> tuple[Link, ...]:
    """Links to this quarter and those before it, to this year and the last, and to all time; none before `first`."""
    this = quarter_of(today)
    quarters = [this]
    while len(quarters) <= QUARTERS_BACK:
        quarters.append(quarters[-1].previous())
    years = [period(str(year)) for year in (today.year - 1, today.year)]
    within = [each for each in (*years, *reversed(quarters)) if first is None or each.end > first]
    return (*(_link(path, each, _short(each, this), shown) for each in within), _link(path, None, "all time", shown))


def address(path: str, shown: Period | None) -> str:
    """A report, or another face of it, of the same period."""
    return f"{path}?{urlencode({'period': name_of(shown)})}"


def name_of(shown: Period | None) -> str:
    return shown.name if shown else ALL_TIME


def _link(path: str, each: Period | None, words: str, shown: Period | None) -> Link:
    return Link(words, address(path, each), each == shown)


def _short(each: Period, this: Period) -> str:
    return "this quarter" if each == this else in_words(each)
