"""How much there was to go wrong, month by month and organisation: read by everybody, entered by leads."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.actions.set_report_terms import Amounts, enter_exposure, name_exposure
from tracker.database import Database
from tracker.exchange.exposure_file import read as read_file
from tracker.pages.answers import see_other
from tracker.pages.arrangements.door import actor_for, agreed_in, may_arrange
from tracker.pages.arrangements.exposure_form import (
    FIRST_YEAR,
    NamingForm,
    fingerprint,
    rows_of,
    typed_amounts,
    year_of,
)
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.forms import Form, read, typed
from tracker.pages.part_views import FormState
from tracker.pages.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongFile


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for which year of which partnership."""

    request: Asking
    visitor: Visitor
    agreed: Arrangement
    year: int
    this_year: int

    @property
    def path(self) -> str:
        return f"/arrangements/{self.agreed.key}/report/exposure"

    def address(self, year: int) -> str:
        return f"{self.path}?year={year}"

    def draw(
        self, *, grid: FormState | None = None, naming: FormState | None = None, file: FormState | None = None,
        status: int = 200,
    ) -> Response[bytes]:  # fmt: skip
        """The page; a form that goes back stands as it was typed."""
        known = self.agreed.report.exposures
        return page(
            self.request,
            "arrangements/exposure.html",
            status=status,
            agreed=self.agreed,
            address=self.path,
            known=known,
            year=self.year,
            earlier=self.address(self.year - 1) if self.year > FIRST_YEAR else "",
            later=self.address(self.year + 1) if self.year <= self.this_year else "",
            rows=tuple(rows_of(self.agreed, self.year, grid.values if grid else None)),
            version=fingerprint(known, self.year),
            grid=grid or FormState(),
            naming=naming or FormState(values={"what": known.what, "per": f"{known.per:g}"}),
            file=file or FormState(),
            may_change=may_arrange(self.visitor.viewer, self.agreed),
        )


@get("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def show_exposure(
    request: Asking, visitor: NamedDependency[Visitor], now: NamedDependency[datetime],
    key: FromPath[str], year: FromQuery[str | None] = None,
) -> Response[bytes]:  # fmt: skip
    """A year of it."""
    return _asked(request, visitor, key, year, now).draw()


@post("/arrangements/{key:str}/report/exposure", sync_to_thread=True)
def enter_amounts(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """The amounts of a year; a field that was emptied is not known any more."""
    asked = _asked(request, visitor, key, str(form.get("year", "")), now)
    actor_for(visitor, asked.agreed)
    amounts, wrong = typed_amounts(form, asked.agreed, asked.year)
    state = FormState(values=typed(form), errors=wrong, open=True)
    if wrong:
        return asked.draw(grid=state, status=422)
    if fingerprint(asked.agreed.report.exposures, asked.year) != form.get("version"):
        problem = "Since you opened this page somebody else changed this year. What you typed is below; keep it again."
        return asked.draw(grid=replace(state, problem=problem), status=409)
    _enter(asked, db, amounts, now)
    return see_other(asked.address(asked.year))


@post("/arrangements/{key:str}/report/exposure/file", sync_to_thread=True)
def take_file(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Lines of a CSV, sent as a file or pasted: all of them or none."""
    asked = _asked(request, visitor, key, str(form.get("year", "")), now)
    actor_for(visitor, asked.agreed)
    try:
        amounts = read_file(_content(form), asked.agreed)
    except WrongFile as wrong:
        state = FormState(values=typed(form), errors={f"lines.{n}": each for n, each in enumerate(wrong.places)})
        return asked.draw(file=replace(state, problem="Nothing was taken in", open=True), status=422)
    _enter(asked, db, dict(amounts), now)
    return see_other(asked.address(max(number for number, _ in amounts) // 12))


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
    return Asked(request, visitor, agreed, year_of(year, today), today.year)


def _enter(asked: Asked, db: Database, amounts: Amounts, now: datetime) -> None:
    actor = actor_for(asked.visitor, asked.agreed)
    with db.write() as session:
        enter_exposure(session, arrangement(session, asked.agreed.id), amounts, actor=actor, now=now)


def _content(form: Form) -> bytes:
    sent = form.get("file")
    if isinstance(sent, UploadFile) and sent.filename:
        return sent.file.read()
    return str(form.get("lines") or "").encode()


routes = [show_exposure, enter_amounts, take_file, change_name]
