"""What an organisation asks of who signs in: set by its own leads, who have shown it themselves."""

from dataclasses import replace
from typing import Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.exchange.charter.revisions import fingerprint, with_demand
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.organisations import active
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.second_factors import second_factors
from tracker.rules.rings.doors import Demand, is_passed

_LINK = "link"
_CHOICES = (
    Choice(_LINK, "A link is enough", "Each sets up more for themselves, or leaves it."),
    Choice(Demand.SECOND_FACTOR.value, "A second factor", "A passkey, or a code of an app after the link."),
)
NOT_PASSED = "Show a second factor yourself first, so that you are not shut out."


class DemandForm(Shape):
    """What is asked for."""

    sentences = {"require": "Choose one of the two."}
    require: Literal["link", "second_factor"]

    @property
    def demand(self) -> Demand | None:
        return None if self.require == _LINK else Demand(self.require)


@get("/arrangements/{key:str}/organisations/{side_key:str}/sign-in", sync_to_thread=True)
def show_demand(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """What is asked for, and how many people have it by now, for leads of the organisation."""
    asked.require_lead(active(asked.agreed, side_key))
    return _draw(asked, side_key)


@post("/arrangements/{key:str}/organisations/{side_key:str}/sign-in", sync_to_thread=True, opt=ANEW)
def keep_demand(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """In force at once, in the sessions that are open, too."""
    asked.require_lead(active(asked.agreed, side_key))
    typed, state = read(DemandForm, form)
    if typed is None:
        return _draw(asked, side_key, state=state, status=422)
    if not _shown(asked, side_key, typed.demand):
        return _draw(asked, side_key, state=replace(state, problem=NOT_PASSED), status=409)
    change, version = with_demand(side_key, typed.demand), version_in(form)
    status, state = asked.keep(change, "organisation", side_key, version, state, organisation=side_key)
    if status == 303:
        return asked.sent(state, "organisations", side_key, "sign-in")
    return _draw(asked, side_key, state=state, status=status)


def _shown(asked: ArrangementRequest, side_key: str, demand: Demand | None) -> bool:
    session = asked.visitor.session
    return is_passed(demand, asked.agreed.organisation(side_key).id, session.doors if session else ())


def _draw(
    asked: ArrangementRequest, side_key: str, *, state: FormState | None = None, status: int = 200
) -> Response[bytes]:
    charter = asked.charter()
    demand = charter.organisation[side_key].sign_in.require
    with asked.db.read() as session:
        counted = second_factors(session, asked.agreed.organisation(side_key).id)
    return asked.draw(
        "sign_in/demand",
        status=status,
        organisation=asked.agreed.organisation(side_key),
        demand=demand,
        choices=_CHOICES,
        counted=counted,
        is_shown=_shown(asked, side_key, Demand.SECOND_FACTOR),
        version=fingerprint(charter, "organisation", side_key),
        state=state or FormState(values={"require": demand.value if demand else _LINK}),
    )


routes = [show_demand, keep_demand]
