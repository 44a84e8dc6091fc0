"""How much there was to go wrong as a lead types it: a table of a year's months and the organisations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from pydantic import Field

from tracker.exchange.charter.values import Line
from tracker.exchange.exposure import HOW_TO_WRITE, MOST, amount_of
from tracker.measures.periods import Period, is_month, month_number, month_words, period
from tracker.pages.forms import Form, Shape, number_in
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.reporting import Exposures

FIRST_YEAR = 1990


class NamingForm(Shape):
    """What is counted, and per how many of it rates are said."""

    what: Line
    per: float = Field(default=100, gt=0, le=MOST)


@dataclass(frozen=True, slots=True)
class Grid:
    """A year of the amounts as somebody may change it: those of organisations that they lead (`whose`: ids; none for
    who leads nothing), of months up to `until` (its number)."""

    agreed: Arrangement
    year: int
    whose: frozenset[int]
    until: int

    @property
    def numbers(self) -> range:
        return period(str(self.year)).numbers


@dataclass(frozen=True, slots=True)
class Cell:
    """One amount: the field it is typed into, whose it is, what stands there ("" for not known), and whether the
    reader may type there."""

    field: str
    organisation: Organisation
    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A month with a cell for each organisation."""

    name: str
    cells: tuple[Cell, ...]


def year_of(text: str | None, today: date) -> int:
    """The year asked for, else this one; none to come."""
    year = number_in(text or "")
    return year if year and FIRST_YEAR <= year <= today.year else today.year


def rows_of(grid: Grid, typed: Mapping[str, str] | None = None) -> Iterator[Row]:
    """The months of a year that have begun, the newest last, and what is known or typed of others; `typed`: what
    stands in the fields instead of what is known."""
    for month in period(str(grid.year)).months():
        cells = tuple(_cells(grid, month, typed))
        if month_number(month.start) <= grid.until or any(each.text for each in cells):
            yield Row(month_words(month), cells)


def typed_amounts(form: Form, grid: Grid) -> tuple[dict[tuple[int, int], float | None], dict[str, str]]:
    """(amounts by month and organisation, None where a field was emptied; what is wrong, by field). Only of
    organisations that they lead: see `others_named`."""
    found: dict[tuple[int, int], float | None] = {}
    wrong: dict[str, str] = {}
    for field, (month, organisation) in _fields(form, grid.agreed).items():
        number, text = month_number(month.start), str(form.get(field)).strip()
        problem = _problem(number, text, grid) if text else ""
        if problem:
            wrong[field] = f"{month_words(month)}, {organisation.name}: {problem}"
        elif number in grid.numbers:
            found[number, organisation.id] = amount_of(text) if text else None
    return found, wrong


def others_named(form: Form, grid: Grid) -> Iterator[str]:
    """The keys of the organisations that a form names an amount of, and that are not led by who sends it."""
    for _, organisation in _fields(form, grid.agreed).values():
        if organisation.id not in grid.whose:
            yield organisation.key


def fingerprint(exposures: Exposures, grid: Grid) -> str:
    """What is known of a year of theirs, in short: the same as long as nobody has changed it."""
    said = sorted(
        (place, amount)
        for place, amount in exposures.amounts.items()
        if place[0] in grid.numbers and place[1] in grid.whose
    )
    return sha256(repr(said).encode()).hexdigest()[:16]


def _problem(number: int, text: str, grid: Grid) -> str:
    """What is wrong with a field; empty where nothing is."""
    if number > grid.until:
        return "this month is still to come; leave it empty."
    if number not in grid.numbers:
        return f"this page is of {grid.year}; go to the year of that month."
    try:
        amount_of(text)
    except ValueError:
        return f"give a number, 0 or more, not “{text}”; {HOW_TO_WRITE}."
    return ""


def _fields(form: Form, agreed: Arrangement) -> dict[str, tuple[Period, Organisation]]:
    """The fields of a form that are amounts: of which month, and whose."""
    known = {each.key: each for each in agreed.active_organisations()}
    parts = {field: field.partition(".") for field in form if isinstance(form.get(field), str)}
    return {
        field: (period(month), known[key])
        for field, (month, _, key) in parts.items()
        if is_month(month) and key in known
    }


def _cells(grid: Grid, month: Period, typed: Mapping[str, str] | None) -> Iterator[Cell]:
    number = month_number(month.start)
    for each in grid.agreed.active_organisations():
        field, mine = f"{month.name}.{each.key}", each.id in grid.whose
        amount = grid.agreed.report.exposures.amounts.get((number, each.id))
        known = "" if amount is None else f"{amount:.15g}"
        text = typed.get(field, known) if typed and mine else known
        yield Cell(field, each, text, mine and (number <= grid.until or text != known))
