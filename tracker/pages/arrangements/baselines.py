"""Frozen limits: a lead freezes those of a theme for a reason, moves them, and lets them go."""

from dataclasses import replace
from datetime import datetime

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.actions.freeze_baseline import BaselineScope, freeze_baseline, unfreeze_baseline
from tracker.database import Database
from tracker.pages.arrangements.baseline_form import FreezingForm, LettingGoForm
from tracker.pages.arrangements.door import actor_for
from tracker.pages.arrangements.report_terms import SentForms, draw_terms
from tracker.pages.web.forms import Form, read, refused
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.arrangements import arrangement
from tracker.rules import addresses
from tracker.rules.refusals import WrongInput


@post("/arrangements/{key:str}/report/baselines", sync_to_thread=True)
def freeze(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Freezes the limits of a theme, or moves them; every lead is told why."""
    agreed = visitor.arrangement(key)
    actor = actor_for(visitor, agreed)
    typed, state = read(FreezingForm, form)
    try:
        if typed:
            whose = typed.whose(agreed)
            with db.write() as session:
                here = arrangement(session, agreed.id)
                freeze_baseline(session, here, whose, months=typed.months, reason=typed.reason, actor=actor, now=now)
            return see_other(addresses.arrangements(key, "report#frozen"))
    except WrongInput as wrong:
        state = refused(state, wrong)
    return draw_terms(request, visitor, db, key, now, SentForms(freezing=state), status=422)


@post("/arrangements/{key:str}/report/baselines/unfreezing", sync_to_thread=True)
def unfreeze(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form], key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """Lets limits come from the first months again; every lead is told why."""
    agreed = visitor.arrangement(key)
    actor = actor_for(visitor, agreed)
    typed, state = read(LettingGoForm, form)
    if typed is None:
        whose = BaselineScope(str(form.get("theme", "")), tuple(filter(None, str(form.get("pair") or "").split(","))))
        going = SentForms(of=whose, unfreezing=replace(state, open=True))
        return draw_terms(request, visitor, db, key, now, going, status=422)
    with db.write() as session:
        here = arrangement(session, agreed.id)
        unfreeze_baseline(session, here, typed.whose(agreed), reason=typed.reason, actor=actor, now=now)
    return see_other(addresses.arrangements(key, "report#frozen"))


routes = [freeze, unfreeze]
