"""What the report of themes goes by: the numbers of its rule, read by everybody and changed by any lead."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.freeze_baseline import BaselineScope
from tracker.database import Database
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.report_shape import USUAL, ReportNumbers, ReportShape
from tracker.exchange.charter.revisions import REPORT, fingerprint, with_report
from tracker.pages.arrangements.baseline_form import frozen_views, pair_choices, theme_choices, usual_months
from tracker.pages.arrangements.door import actor_for, may_arrange
from tracker.pages.arrangements.revising import EditedEntry, keep
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.rules import addresses
from tracker.rules.spans import day_in


class NumbersForm(ReportNumbers, Shape):
    """The numbers as a lead types them; what is left empty is the usual number."""


@dataclass(frozen=True, slots=True)
class TermLine:
    """One number of the rule, in words; `value` as it is set, `usual` as it comes."""

    name: str
    title: str
    means: str
    value: str
    usual: str

    @property
    def is_usual(self) -> bool:
        return self.value == self.usual


@dataclass(frozen=True, slots=True)
class SentForms:
    """Forms that go back as they were typed; `of`: whose limits were to be let go."""

    numbers: FormState | None = None
    freezing: FormState | None = None
    unfreezing: FormState | None = None
    of: BaselineScope | None = None


@get("/arrangements/{key:str}/report", sync_to_thread=True)
def show_terms(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Every number with its meaning, and what stands beside them."""
    return draw_terms(request, visitor, db, key, now)


@post("/arrangements/{key:str}/report", sync_to_thread=True)
def change_numbers(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Other numbers; every lead is told which, old and new."""
    agreed = visitor.arrangement(key)
    actor = actor_for(visitor, agreed)
    typed, state = read(NumbersForm, form)
    if typed is None:
        return draw_terms(request, visitor, db, key, now, SentForms(numbers=state), status=422)
    edited = EditedEntry(REPORT, REPORT, str(form.get("version", "")))
    change = with_report(ReportShape(**typed.model_dump()))
    done = keep(db, agreed, change, edited, state, actor=actor, now=now)
    if done.state is None:
        return see_other(addresses.arrangements(key, "report"))
    return draw_terms(request, visitor, db, key, now, SentForms(numbers=done.state), status=done.status)


def draw_terms(
    request: Asking, visitor: Visitor, db: Database, key: str, now: datetime, going: SentForms | None = None,
    *, status: int = 200,
) -> Response[bytes]:  # fmt: skip
    """The page, with the forms that go back."""
    back = going or SentForms()
    with db.read() as session:
        agreed = arrangement(session, visitor.arrangement(key).id)
        charter = kept(session, agreed.id)
    rows = tuple(_numbers(charter.report))
    return page(
        request,
        "arrangements/report.html",
        status=status,
        agreed=agreed,
        rows=rows,
        numbers=back.numbers or FormState(values={row.name: row.value for row in rows}),
        version=fingerprint(charter, REPORT, REPORT),
        exposures=agreed.report.exposures,
        frozen=tuple(frozen_views(agreed, visitor.viewer, back.of, back.unfreezing or FormState())),
        freezing=back.freezing or FormState(values=usual_months(day_in(agreed.zone, now))),
        theme_choices=theme_choices(agreed),
        pair_choices=pair_choices(agreed),
        may_change=may_arrange(visitor.viewer, agreed),
    )


def _numbers(report: ReportShape) -> Iterator[TermLine]:
    for name, field in ReportNumbers.model_fields.items():
        value, usual = getattr(report, name), getattr(USUAL, name)
        yield TermLine(name, field.title or name, field.description or "", f"{value:g}", f"{usual:g}")


routes = [show_terms, change_numbers]
