"""What the report of themes goes by: the numbers of its rule and frozen limits, read by all, changed by all leads."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency

from tracker.actions.freeze_baseline import BaselineScope, usual_in
from tracker.exchange.charter.report_shape import BaselineShape, ReportNumbers, ReportShape, baseline_key
from tracker.exchange.charter.revisions import REPORT, fingerprint, with_baseline, with_report
from tracker.pages.arrangements.baseline_form import (
    FreezingForm,
    LettingGoForm,
    frozen_views,
    pair_choices,
    theme_choices,
    usual_months,
)
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.arrangements import arrangement
from tracker.rules.refusals import WrongInput
from tracker.rules.reporting import ASKS_HOURS, Baseline
from tracker.rules.spans import day_in

ASKS = (Choice(ASKS_HOURS, "working hours lost"),)


class NumbersForm(ReportNumbers, Shape):
    """The numbers as a lead types them; what is left empty is the usual number."""


@get("/arrangements/{key:str}/report", sync_to_thread=True)
def show_terms(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """Every number with its meaning, and what stands beside them."""
    return _draw(asked)


@post("/arrangements/{key:str}/report", sync_to_thread=True)
def change_numbers(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Other numbers; every lead is told which, old and new."""
    asked.require_lead()
    status = 422
    typed, state = read(NumbersForm, form)
    if typed:
        change = with_report(ReportShape(**typed.model_dump()))
        speaks = asked.speaking(form)
        status, state = asked.keep(change, REPORT, REPORT, version_in(form), state, organisation=speaks)
    if status == 303:
        return asked.sent(state, "report")
    return _draw(asked, numbers=state, status=status)


@post("/arrangements/{key:str}/report/baselines", sync_to_thread=True)
def freeze(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Freezes the limits of a theme, or moves them, once every organisation agrees; everybody reads why."""
    actor, status = asked.actor(), 422
    typed, state = read(FreezingForm, form)
    try:
        if typed:
            whose = typed.whose(asked.agreed)
            with asked.db.read() as session:
                agreed = arrangement(session, asked.agreed.id)
                frozen = usual_in(
                    session, agreed, whose, months=typed.months, reason=typed.reason, by=actor.name, now=asked.now
                )
            status, state = _keep_limits(asked, form, state, whose, frozen, typed.reason)
    except WrongInput as wrong:
        state = refused(state, wrong)
    return asked.sent(state, "report") if status == 303 else _draw(asked, freezing=state, status=status)


@post("/arrangements/{key:str}/report/baselines/unfreezing", sync_to_thread=True)
def unfreeze(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Lets limits come from the first months again, once every organisation agrees; every lead is told why."""
    asked.require_lead()
    typed, state = read(LettingGoForm, form)
    whose = BaselineScope(str(form.get("theme", "")), tuple(filter(None, str(form.get("pair") or "").split(","))))
    status, state = 422, replace(state, open=True)
    if typed:
        whose = typed.whose(asked.agreed)
        status, state = _keep_limits(asked, form, state, whose, None, typed.reason)
    return asked.sent(state, "report") if status == 303 else _draw(asked, whose=whose, unfreezing=state, status=status)


def _keep_limits(
    asked: ArrangementRequest,
    form: Form,
    state: FormState,
    whose: BaselineScope,
    frozen: Baseline | None,
    why: str,
) -> tuple[int, FormState]:
    key = baseline_key(whose.theme, whose.pair)
    change = with_baseline(key, BaselineShape.of(frozen) if frozen else None)
    return asked.keep(change, "baseline", key, "", state, organisation=asked.speaking(form), why=why)


def _draw(
    asked: ArrangementRequest,
    *,
    numbers: FormState | None = None,
    freezing: FormState | None = None,
    unfreezing: FormState | None = None,
    whose: BaselineScope | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The page, with the form that goes back as it was typed. `whose`: limits that were to be let go."""
    asked, charter = asked.anew()
    agreed = asked.agreed
    as_set = {name: _term_text(value) for name, value in charter.report}
    return asked.draw(
        "report",
        status=status,
        terms=ReportNumbers.model_fields,
        report=as_set,
        usual={name: _term_text(each.default) for name, each in ReportNumbers.model_fields.items()},
        asks=ASKS,
        numbers=numbers or FormState(values=as_set),
        version=fingerprint(charter, REPORT, REPORT),
        exposures=agreed.report.exposures,
        frozen=tuple(frozen_views(agreed, asked.visitor.viewer, whose, unfreezing or FormState())),
        freezing=freezing or FormState(values=usual_months(day_in(agreed.zone, asked.now))),
        theme_choices=theme_choices(agreed),
        pair_choices=pair_choices(agreed),
    )


def _term_text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


routes = [show_terms, change_numbers, freeze, unfreeze]
