"""Frozen limits: a lead freezes those of a theme for a reason, moves them, and lets them go."""

from dataclasses import replace

from litestar import Response, post
from litestar.di import NamedDependency

from tracker.actions.freeze_baseline import BaselineScope, freeze_baseline, unfreeze_baseline
from tracker.pages.arrangements.baseline_form import FreezingForm, LettingGoForm
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.report_terms import draw_terms
from tracker.pages.web.forms import Form, read, refused
from tracker.pages.web.request import see_other
from tracker.queries.arrangements import arrangement
from tracker.rules.refusals import WrongInput


@post("/arrangements/{key:str}/report/baselines", sync_to_thread=True)
def freeze(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Freezes the limits of a theme, or moves them; every lead is told why."""
    actor = asked.actor()
    typed, state = read(FreezingForm, form)
    try:
        if typed:
            whose = typed.whose(asked.agreed)
            with asked.db.write() as session:
                agreed = arrangement(session, asked.agreed.id)
                freeze_baseline(
                    session, agreed, whose, months=typed.months, reason=typed.reason, actor=actor, now=asked.now
                )
            return see_other(asked.address("report#frozen"))
    except WrongInput as wrong:
        state = refused(state, wrong)
    return draw_terms(asked, freezing=state, status=422)


@post("/arrangements/{key:str}/report/baselines/unfreezing", sync_to_thread=True)
def unfreeze(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """Lets limits come from the first months again; every lead is told why."""
    actor = asked.actor()
    typed, state = read(LettingGoForm, form)
    if typed is None:
        whose = BaselineScope(str(form.get("theme", "")), tuple(filter(None, str(form.get("pair") or "").split(","))))
        return draw_terms(asked, whose=whose, unfreezing=replace(state, open=True), status=422)
    with asked.db.write() as session:
        agreed = arrangement(session, asked.agreed.id)
        unfreeze_baseline(session, agreed, typed.whose(asked.agreed), reason=typed.reason, actor=actor, now=asked.now)
    return see_other(asked.address("report#frozen"))


routes = [freeze, unfreeze]
