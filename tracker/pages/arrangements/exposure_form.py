"""How much there was to go wrong as a lead types it: a table of a year's months and the organisations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from pydantic import Field

from tracker.exchange.charter.values import Line
from tracker.exchange.exposure_file import MOST, amount_of
from tracker.measures.period_words import month_words
from tracker.measures.periods import Period, month_number, period
from tracker.pages.forms import Form, Shape, number_in
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.reporting import Exposures

FIRST_YEAR = 1990


class NamingForm(Shape):
    """What is counted, and per how many of it rates are said."""

    what: Line
    per: float = Field(default=100, gt=0, le=MOST)


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount: the field it is typed into, whose it is, and what stands there ("" for not known)."""

    field: str
    organisation: Organisation
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A month with a cell for each organisation."""

    name: str
    cells: tuple[Cell, ...]


def year_of(text: str | None, today: date) -> int:
    """The year asked for, else this one."""
    year = number_in(text or "")
    return year if year and FIRST_YEAR <= year <= today.year + 1 else today.year


def rows_of(agreed: Arrangement, year: int, typed: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The months of a year; `typed`: what stands in the fields instead of what is known."""
    for month in period(str(year)).months():
        yield Row(month_words(month), tuple(_cells(agreed, month, typed)))


def typed_amounts(
    form: Form, agreed: Arrangement, year: int
) -> tuple[dict[tuple[int, int], float | None], dict[str, str]]:
    """(amounts by month and organisation, None where a field was emptied; what is wrong, by field)."""
    found: dict[tuple[int, int], float | None] = {}
    wrong: dict[str, str] = {}
    for month in period(str(year)).months():
        for cell in _cells(agreed, month, None):
            text = form.get(cell.field)
            if not isinstance(text, str):
                continue
            try:
                found[month_number(month.start), cell.organisation.id] = amount_of(text) if text.strip() else None
            except ValueError:
                place = f"{month_words(month)}, {cell.organisation.name}"
                wrong[cell.field] = f"{place}: give a number, 0 or more, not “{text.strip()}”."
    return found, wrong


def fingerprint(exposures: Exposures, year: int) -> str:
    """What is known of a year, in short: the same as long as nobody has changed it."""
    numbers = period(str(year)).numbers
    said = sorted((place, amount) for place, amount in exposures.amounts.items() if place[0] in numbers)
    return sha256(repr(said).encode()).hexdigest()[:16]


def _cells(agreed: Arrangement, month: Period, typed: Mapping[str, str] | None) -> Iterator[Cell]:
    for each in agreed.active_organisations():
        field = f"{month.name}.{each.key}"
        amount = agreed.report.exposures.amounts.get((month_number(month.start), each.id))
        known = "" if amount is None else f"{amount:.15g}"
        yield Cell(field, each, known if typed is None else typed.get(field, known))
