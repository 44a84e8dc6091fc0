"""Periods on report pages: as they are asked for, and the ways from one to another."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from tracker.measures.periods import (
    ALL_TIME,
    YEAR,
    Period,
    fiscal_year,
    in_words,
    month_of,
    period,
    quarter_of,
    twelve_months_to,
)
from tracker.pages.web.parts import Link
from tracker.rules.refusals import FieldError, WrongInput

QUARTERS_BACK = 4


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """The ways on: to other periods, to the same report as a file, to the reports that stand beside it."""

    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    beside: tuple[Link, ...]


def asked(text: str | None, today: date, first: date | None, year_starts: int = 1) -> Period | None:
    """The period of an address: as named, `all` (None), else the twelve whole months up to the last one, or this month
    where nothing was recorded before it began (`first`). Refuses: WrongInput."""
    if text == ALL_TIME:
        return None
    this = month_of(today)
    try:
        if text:
            return period(text, year_starts)
        return this if first and first >= this.start else twelve_months_to(today)
    except ValueError as wrong:
        raise WrongInput(FieldError("period", f"Choose another period: {wrong}.")) from wrong


def ways(
    path: str, shown: Period | None, today: date, first: date | None, year_starts: int = 1, body: str = ""
) -> tuple[Link, ...]:
    """Links to the last twelve months, to this year and the last, to this quarter and those before it, and to all time;
    none before `first`. `body`: as `address` takes it."""
    this, begun = quarter_of(today), today.year - (today.month < year_starts)
    quarters = [this]
    while len(quarters) <= QUARTERS_BACK:
        quarters.append(quarters[-1].previous())
    years = [fiscal_year(year, year_starts) for year in (begun - 1, begun)]
    each_of = (twelve_months_to(today), *years, *reversed(quarters))
    within = [each for each in each_of if first is None or each.end > first]
    named = [*((each, _short(each, this)) for each in within), (None, "all time")]
    return tuple(Link(words, address(path, each, body), each == shown) for each, words in named)


def address(path: str, shown: Period | None, body: str = "") -> str:
    """A report, or another face of it, of the same period, read for the same body; "": for the one that is not asked
    for."""
    return f"{path}?{urlencode({'period': name_of(shown)} | ({'body': body} if body else {}))}"


def name_of(shown: Period | None) -> str:
    return shown.name if shown else ALL_TIME


def _short(each: Period, this: Period) -> str:
    if each.length == YEAR and each.name.count("-") > 1:
        return f"twelve months to {in_words(each.months()[-1])}"
    return "this quarter" if each == this else in_words(each)
