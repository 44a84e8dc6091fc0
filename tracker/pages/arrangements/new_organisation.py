"""An organisation more, or one fewer: what all leads agree."""

from dataclasses import replace

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.fields import Email, Key, Line
from tracker.exchange.charter.revisions import Change, fingerprint, with_entry, with_newcomer, without_organisation
from tracker.exchange.charter.shapes import OrganisationShape
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.arrangements.organisations import DAY_NAMES, NO_HOURS, CalendarForm, active
from tracker.pages.web.forms import UNDELIVERABLE, Form, read
from tracker.pages.web.parts import FormState
from tracker.rules.rings import Role

USUAL = {**dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-17:00")}


class NewOrganisationForm(CalendarForm):
    """An organisation with its calendar and its first lead."""

    sentences = {
        **CalendarForm.sentences,
        "key": "Give a short name without spaces, like north.",
        "lead_email.undeliverable": UNDELIVERABLE,
        "lead_email": "Give an address, like lena@north.example.",
    }
    key: Key
    lead_email: Email
    lead_name: Line

    def change(self, charter: Charter) -> Change | None:
        """None when it is open on no weekday."""
        calendar = self.calendar()
        if calendar is None:
            return None
        organisation = OrganisationShape(key=self.key, name=self.name, calendar=calendar)
        lead = with_newcomer(self.lead_email, self.lead_name, self.key, [Role.LEAD])
        return lambda before: lead(with_entry("organisation", organisation)(before))


@get("/arrangements/{key:str}/organisations", sync_to_thread=True)
def show_new_organisation(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The form for an organisation more."""
    asked.require_lead()
    return _draw(asked, FormState(values={"zone": asked.agreed.zone, **USUAL}))


@post("/arrangements/{key:str}/organisations", sync_to_thread=True)
def add_organisation(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """It waits for the leads of those that are there; its own first lead accepts by coming in."""
    asked.require_lead()
    typed, state = read(NewOrganisationForm, form)
    charter, status = asked.charter(), 422
    change = typed.change(charter) if typed else None
    if typed and change is None:
        state = replace(state, errors=NO_HOURS, open=True)
    elif typed and typed.key in {each.key for each in asked.agreed.organisations.values()}:
        taken = "There is an organisation with this short name, or there was one."
        state = replace(state, errors={"key": taken}, open=True)
    elif typed and change:
        speaks = asked.speaking(form)
        status, state = asked.keep(change, "organisation", typed.key, "", state, organisation=speaks)
    return asked.sent(state) if status == 303 else _draw(asked, state, status)


@post("/arrangements/{key:str}/organisations/{side_key:str}/retirement", sync_to_thread=True)
def retire_organisation(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], side_key: FromPath[str]
) -> Response[bytes]:
    """One fewer, with its people, seats and leads. Refused while it is a side of open issues."""
    asked.require_lead()
    active(asked.agreed, side_key)
    speaks, change = asked.speaking(form), without_organisation(side_key)
    status, state = asked.keep(change, "organisation", side_key, version_in(form), FormState(), organisation=speaks)
    return asked.sent(state) if status == 303 else _draw_leaving(asked, side_key, state, status)


@get("/arrangements/{key:str}/organisations/{side_key:str}/retirement", sync_to_thread=True)
def show_retirement(asked: NamedDependency[ArrangementRequest], side_key: FromPath[str]) -> Response[bytes]:
    """What goes with it, before it is proposed."""
    asked.require_lead()
    return _draw_leaving(asked, active(asked.agreed, side_key), FormState())


def _draw_leaving(asked: ArrangementRequest, side_key: str, form: FormState, status: int = 200) -> Response[bytes]:
    return asked.draw(
        "retire_organisation",
        status=status,
        side=asked.agreed.organisation(side_key),
        form=form,
        version=fingerprint(asked.charter(), "organisation", side_key),
    )


def _draw(asked: ArrangementRequest, form: FormState, status: int = 200) -> Response[bytes]:
    return asked.draw("new_organisation", status=status, form=form, day_names=DAY_NAMES)


routes = [show_new_organisation, add_organisation, show_retirement, retire_organisation]
