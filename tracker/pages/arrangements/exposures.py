"""How much there was to go wrong, month by month and organisation: read by everybody, entered by leads."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.actions.set_report_terms import Amounts, enter_exposure, name_exposure
from tracker.database import Database
from tracker.exchange.exposure import read as read_file
from tracker.measures.periods import month_number
from tracker.pages.answers import see_other
from tracker.pages.arrangements.door import actor_for, agreed_in, led_by, may_arrange, require_lead
from tracker.pages.arrangements.exposure_form import (
    FIRST_YEAR,
    Grid,
    NamingForm,
    fingerprint,
    others_named,
    rows_of,
    typed_amounts,
    year_of,
)
from tracker.pages.arrangements.exposure_saved import carried, saved_words
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.forms import Form, read, typed
from tracker.pages.part_views import FormState
from tracker.pages.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.reports.themes.request import thresholds_of
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongFile


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which year of which partnership."""

    request: Asking
    visitor: Visitor
    agreed: Arrangement
    year: int
    today: date

    @property
    def grid(self) -> Grid:
        """What they may change: a lead the amounts of the organisations that they lead."""
        led = led_by(self.visitor.viewer, self.agreed)
        whose = frozenset(self.agreed.organisation(key).id for key in led)
        return Grid(self.agreed, self.year, whose, month_number(self.today))

    @property
    def path(self) -> str:
        return f"/arrangements/{self.agreed.key}/report/exposure"

    def address(self, year: int) -> str:
        return f"{self.path}?year={year}"

    def draw(
        self, *, grid: FormState | None = None, naming: FormState | None = None, file: FormState | None = None,
        saved: str = "", status: int = 200,
    ) -> Response[bytes]:  # fmt: skip
        """The page; a form that goes back stands as it was typed. `saved`: what is said of what was just entered."""
        known, mine = self.agreed.report.exposures, self.grid
        return page(
            self.request,
            "arrangements/exposure.html",
            status=status,
            agreed=self.agreed,
            address=self.path,
            known=known,
            year=self.year,
            earlier=self.address(self.year - 1) if self.year > FIRST_YEAR else "",
            later=self.address(self.year + 1) if self.year < self.today.year else "",
            heads=self.agreed.active_organisations(),
            led=[each for each in self.agreed.active_organisations() if each.id in mine.whose],
            rows=tuple(rows_of(mine, grid.values if grid else None)),
            charted=thresholds_of(self.agreed),
            saved=saved,
            version=fingerprint(known, mine),
            grid=grid or FormState(),
            naming=naming or FormState(values={"what": known.what, "per": f"{known.per:g}"}),
            file=file or FormState(),
            may_change=may_arrange(self.visitor.viewer, self.agreed),
        )


@get("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def show_exposure(
    request: Asking, visitor: NamedDependency[Visitor], now: NamedDependency[datetime],
    key: FromPath[str], year: FromQuery[str | None] = None, saved: FromQuery[str | None] = None,
) -> Response[bytes]:  # fmt: skip
    """A year of it."""
    asked = _asked(request, visitor, key, year, now)
    return asked.draw(saved=saved_words(saved or "", asked.agreed.report.exposures.what))


@post("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def enter_amounts(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """The amounts of a year, of organisations that one leads; a field that was emptied is not known any more. Refuses
    with MayNot, all of it, where another organisation's is named."""
    asked = _asked(request, visitor, key, str(form.get("year", "")), now)
    actor_for(visitor, asked.agreed)
    for other in others_named(form, asked.grid):
        require_lead(visitor.viewer, asked.agreed, other)
    amounts, wrong = typed_amounts(form, asked.grid)
    state = FormState(values=typed(form), errors=wrong, open=True)
    if wrong:
        return asked.draw(grid=state, status=422)
    if fingerprint(asked.agreed.report.exposures, asked.grid) != form.get("version"):
        problem = "Since you opened this page these amounts were changed. What you typed is below; keep it again."
        return asked.draw(grid=replace(state, problem=problem), status=409)
    return _enter(asked, db, amounts, asked.year, now)


@post("/arrangements/{key:str}/report/exposure/file", sync_to_thread=True)
def take_file(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Lines of a CSV about organisations that one leads, sent as a file or pasted: all of them or none."""
    asked = _asked(request, visitor, key, str(form.get("year", "")), now)
    actor_for(visitor, asked.agreed)
    try:
        amounts = read_file(_content(form), asked.agreed, whose=asked.grid.whose, until=asked.grid.until)
    except WrongFile as wrong:
        state = FormState(values=typed(form), errors={f"lines.{n}": each for n, each in enumerate(wrong.places)})
        return asked.draw(file=replace(state, problem="Nothing was taken in", open=True), status=422)
    return _enter(asked, db, dict(amounts), max(number for number, _ in amounts) // 12, now)


@post("/arrangements/{key:str}/report/exposure/name", sync_to_thread=True)
def change_name(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """What is counted."""
    asked = _asked(request, visitor, key, str(form.get("year", "")), now)
    actor = actor_for(visitor, asked.agreed)
    named, state = read(NamingForm, form)
    if named is None:
        return asked.draw(naming=state, status=422)
    with db.write() as session:
        name_exposure(session, arrangement(session, asked.agreed.id), named.what, named.per, actor=actor, now=now)
    return see_other(asked.address(asked.year))


def _asked(request: Asking, visitor: Visitor, key: str, year: str | None, now: datetime) -> Asked:
    agreed = agreed_in(visitor, key)
    today = now.astimezone(ZoneInfo(agreed.zone)).date()
    return Asked(request, visitor, agreed, year_of(year, today), today)


def _enter(asked: Asked, db: Database, amounts: Amounts, year: int, now: datetime) -> Response[bytes]:
    """Enters them, and leads to the year, which says what was saved."""
    actor, before = actor_for(asked.visitor, asked.agreed), asked.agreed.report.exposures.amounts
    with db.write() as session:
        enter_exposure(session, arrangement(session, asked.agreed.id), amounts, actor=actor, now=now)
    changed = {place[0] for place, amount in amounts.items() if before.get(place) != amount}
    return see_other(f"{asked.address(year)}&saved={carried(changed)}")


def _content(form: Form) -> bytes:
    sent = form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        return sent.file.read()
    return str(form.get("lines") or "").encode()


routes = [show_exposure, enter_amounts, take_file, change_name]
