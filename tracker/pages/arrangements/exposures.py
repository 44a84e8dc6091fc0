"""How much there was to go wrong, month by month and organisation: read by everybody, entered by leads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Self

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromQuery
from pydantic import Field

from tracker.actions.set_report_terms import Amounts, enter_exposure, name_exposure
from tracker.exchange.charter.fields import Line
from tracker.exchange.exposure import HOW_TO_WRITE, MOST, amount_of
from tracker.exchange.exposure import read as read_file
from tracker.measures.periods import Period, in_words, is_month, month_number, month_numbered, month_words, period
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.web.forms import Form, Shape, number_in, read, typed
from tracker.pages.web.parts import FormState
from tracker.pages.web.step_done import done_by, see_done
from tracker.queries.arrangements import arrangement
from tracker.reports.themes.request import thresholds_of
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.refusals import WrongFile
from tracker.rules.reporting import Exposures
from tracker.rules.spans import YEARS, day_in
from tracker.rules.wording import listed


class NamingForm(Shape):
    """What is counted, and per how many of it rates are said."""

    what: Line
    per: float = Field(default=100, gt=0, le=MOST)


@dataclass(frozen=True, slots=True)
class YearRequest:
    """A request for a year of the amounts. A lead may change those of organisations that they lead (`whose`: ids; none
    for who leads nothing), of months up to `until` (its number)."""

    asked: ArrangementRequest
    year: int
    today: date
    whose: frozenset[int]
    until: int

    @classmethod
    def of(cls, asked: ArrangementRequest, year: str | None) -> Self:
        today = day_in(asked.agreed.zone, asked.now)
        whose = frozenset(asked.agreed.organisation(key).id for key in asked.led)
        return cls(asked, year_of(year, today), today, whose, month_number(today))

    @property
    def agreed(self) -> Arrangement:
        return self.asked.agreed

    @property
    def numbers(self) -> range:
        return period(str(self.year)).numbers

    def address(self, year: int) -> str:
        return f"{self.asked.address('report', 'exposure')}?year={year}"

    def draw(
        self,
        *,
        grid: FormState | None = None,
        naming: FormState | None = None,
        file: FormState | None = None,
        status: int = 200,
    ) -> Response[bytes]:
        """The page; a form that goes back stands as it was typed."""
        known = self.agreed.report.exposures
        return self.asked.draw(
            "exposure",
            status=status,
            address=self.asked.address("report", "exposure"),
            known=known,
            year=self.year,
            earlier=self.address(self.year - 1) if self.year > YEARS[0] else "",
            later=self.address(self.year + 1) if self.year < self.today.year else "",
            heads=self.agreed.active_organisations(),
            led=[each for each in self.agreed.active_organisations() if each.id in self.whose],
            rows=tuple(rows_of(self, grid.values if grid else None)),
            charted=thresholds_of(self.agreed),
            version=fingerprint(known, self),
            grid=grid or FormState(),
            naming=naming or FormState(values={"what": known.what, "per": f"{known.per:g}"}),
            file=file or FormState(),
        )


@dataclass(frozen=True, slots=True)
class AmountCell:
    """One amount: the field it is typed into, whose it is, what stands there ("" for not known), and whether the
    reader may type there."""

    field: str
    organisation: Organisation
    text: str
    open: bool


def year_of(text: str | None, today: date) -> int:
    """The year asked for, else this one; none to come."""
    year = number_in(text or "")
    return year if year and YEARS[0] <= year <= today.year else today.year


def rows_of(
    wanted: YearRequest, typed: Mapping[str, str] | None = None
) -> Iterator[tuple[str, tuple[AmountCell, ...]]]:
    """(name, a cell for each organisation) of the months of a year that have begun, the newest last, and of others with
    something known or typed; `typed`: what stands in the fields instead of what is known."""
    for month in period(str(wanted.year)).months():
        cells = tuple(_cells(wanted, month, typed))
        if month_number(month.start) <= wanted.until or any(each.text for each in cells):
            yield month_words(month), cells


def typed_amounts(form: Form, wanted: YearRequest) -> tuple[dict[tuple[int, int], float | None], dict[str, str]]:
    """(amounts by month and organisation, None where a field was emptied; what is wrong, by field). Only of
    organisations that they lead: see `others_named`."""
    found: dict[tuple[int, int], float | None] = {}
    wrong: dict[str, str] = {}
    for field, (month, organisation) in _fields(form, wanted.agreed).items():
        number, text = month_number(month.start), str(form.get(field)).strip()
        problem = _problem(number, text, wanted) if text else ""
        if problem:
            wrong[field] = f"{month_words(month)}, {organisation.name}: {problem}"
        elif number in wanted.numbers:
            found[number, organisation.id] = amount_of(text) if text else None
    return found, wrong


def others_named(form: Form, wanted: YearRequest) -> Iterator[str]:
    """The keys of the organisations that a form names an amount of, and that are not led by who sends it."""
    for _, organisation in _fields(form, wanted.agreed).values():
        if organisation.id not in wanted.whose:
            yield organisation.key


def fingerprint(exposures: Exposures, wanted: YearRequest) -> str:
    """What is known of a year of theirs, in short: the same as long as nobody has changed it."""
    said = sorted(
        (place, amount)
        for place, amount in exposures.amounts.items()
        if place[0] in wanted.numbers and place[1] in wanted.whose
    )
    return sha256(repr(said).encode()).hexdigest()[:16]


def _problem(number: int, text: str, wanted: YearRequest) -> str:
    """What is wrong with a field; empty where nothing is."""
    if number > wanted.until:
        return "this month is still to come; leave it empty."
    if number not in wanted.numbers:
        return f"this page is of {wanted.year}; go to the year of that month."
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


def _cells(wanted: YearRequest, month: Period, typed: Mapping[str, str] | None) -> Iterator[AmountCell]:
    number = month_number(month.start)
    for each in wanted.agreed.active_organisations():
        field, mine = f"{month.name}.{each.key}", each.id in wanted.whose
        amount = wanted.agreed.report.exposures.amounts.get((number, each.id))
        known = "" if amount is None else f"{amount:.15g}"
        text = typed.get(field, known) if typed and mine else known
        yield AmountCell(field, each, text, mine and (number <= wanted.until or text != known))


def saved_text(numbers: Collection[int], what: str) -> str:
    """“Saved: joint cases of December 2025 to March 2026”, of months by their numbers; empty of none."""
    spans = [in_words(month_numbered(last).ending(last - first + 1)) for first, last in _runs(sorted(numbers))]
    return f"Saved: {what} of {listed(spans)}" if spans else ""


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of those that follow each other."""
    ends = [number for number in numbers if number + 1 not in numbers]
    starts = [number for number in numbers if number - 1 not in numbers]
    yield from zip(starts, ends, strict=True)


@get("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def show_exposure(asked: NamedDependency[ArrangementRequest], year: FromQuery[str | None] = None) -> Response[bytes]:
    """A year of it."""
    return YearRequest.of(asked, year).draw()


@post("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def enter_amounts(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """The amounts of a year, of organisations that one leads; a field that was emptied is not known any more. Refuses
    with MayNot, all of it, where another organisation's is named."""
    wanted = YearRequest.of(asked, str(form.get("year", "")))
    asked.require_lead()
    for other in others_named(form, wanted):
        asked.require_lead(other)
    amounts, wrong = typed_amounts(form, wanted)
    state = FormState(values=typed(form), errors=wrong, open=True)
    if wrong:
        return wanted.draw(grid=state, status=422)
    if fingerprint(asked.agreed.report.exposures, wanted) != form.get("version"):
        problem = "Since you opened this page these amounts were changed. What you typed is below; keep it again."
        return wanted.draw(grid=replace(state, problem=problem), status=409)
    return _enter(wanted, amounts, wanted.year)


@post("/arrangements/{key:str}/report/exposure/file", sync_to_thread=True)
def take_file(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Lines of a CSV about organisations that one leads, sent as a file or pasted: all of them or none."""
    wanted = YearRequest.of(asked, str(form.get("year", "")))
    asked.require_lead()
    try:
        amounts = read_file(_content(form), asked.agreed, whose=wanted.whose, until=wanted.until)
    except WrongFile as wrong:
        state = FormState(values=typed(form), errors={f"lines.{n}": each for n, each in enumerate(wrong.places)})
        return wanted.draw(file=replace(state, problem="Nothing was taken in", open=True), status=422)
    return _enter(wanted, dict(amounts), max(number for number, _ in amounts) // 12)


@post("/arrangements/{key:str}/report/exposure/name", sync_to_thread=True)
def change_name(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """What is counted."""
    wanted, actor = YearRequest.of(asked, str(form.get("year", ""))), asked.actor()
    named, state = read(NamingForm, form)
    if named is None:
        return wanted.draw(naming=state, status=422)
    with asked.db.write() as session:
        agreed = arrangement(session, asked.agreed.id)
        name_exposure(session, agreed, named.what, named.per, actor=actor, now=asked.now)
        done = asked.done_by(session)
    return see_done(asked.request, wanted.address(wanted.year), done)


def _enter(wanted: YearRequest, amounts: Amounts, year: int) -> Response[bytes]:
    """Enters them, and leads to the year, which says what was saved."""
    asked, known = wanted.asked, wanted.agreed.report.exposures
    changed = {place[0] for place, amount in amounts.items() if known.amounts.get(place) != amount}
    with asked.db.write() as session:
        agreed = arrangement(session, asked.agreed.id)
        enter_exposure(session, agreed, amounts, actor=asked.actor(), now=asked.now)
        done = done_by(session, asked.visitor.viewer, asked.now, said=saved_text(changed, known.what))
    return see_done(asked.request, wanted.address(year), done)


def _content(form: Form) -> bytes:
    sent = form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        return sent.file.read()
    return str(form.get("lines") or "").encode()


routes = [show_exposure, enter_amounts, take_file, change_name]
