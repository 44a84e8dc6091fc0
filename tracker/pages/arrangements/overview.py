"""What was agreed, at a glance; the name and the clock; the charter as a file; and, for leads, what was done to it."""

from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from pydantic import AfterValidator, StringConstraints, TypeAdapter

from tracker.exchange.charter.current import kept, newest_versions
from tracker.exchange.charter.fields import Country, Line, NeverNamed, Zone
from tracker.exchange.charter.loading import export
from tracker.exchange.charter.revisions import HEAD, Change, fingerprint, with_head
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import Choice, FormState
from tracker.queries.administration.events import PAGE, administrative_events
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members
from tracker.rules.arrangement import PaperSize
from tracker.rules.opening_hours import week_words

_PAPERS = (Choice(PaperSize.A4.value, "A4"), Choice(PaperSize.US_LETTER.value, "US Letter"))


def _countries(text: str) -> str:
    """Refuses what the charter does not take: ValueError."""
    TypeAdapter(tuple[Country, ...]).validate_python(_split(text))
    return text


def _split(text: str) -> list[str]:
    return [each.strip().upper() for each in text.split(",") if each.strip()]


class PartnershipForm(Shape):
    """Its name and what issues never say are one lead's to change, its clock all leads'."""

    sentences = {
        "zone": "Give a time zone by its name, like Europe/London.",
        "identifiers": "Give countries by two letters, with commas between, like GB, IE.",
        "paper": "Choose a size of paper.",
    }
    name: Line
    zone: Zone
    never_name: NeverNamed = ""
    identifiers: Annotated[str, StringConstraints(max_length=200), AfterValidator(_countries)] = ""
    paper: PaperSize = PaperSize.A4

    def change(self) -> Change:
        countries = tuple(_split(self.identifiers))
        return with_head({**self.model_dump(), "identifiers": countries})


@get("/arrangements/{key:str}", sync_to_thread=True)
def show_arrangement(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """Everything that was agreed, each thing with the way to it."""
    with asked.db.read() as session:
        agreed, charter = arrangement(session, asked.agreed.id), kept(session, asked.agreed.id)
        waiting = len(waiting_proposals(session, agreed.id))
    sides = agreed.active_organisations()
    return asked.draw(
        "show",
        agreed=agreed,
        proposals=waiting,
        sides=sides,
        weeks={each.key: week_words(charter.organisation[each.key].calendar.weekly) for each in sides},
        people={each.key: members(agreed, each.key) for each in sides},
        bodies=tuple(body for body in agreed.bodies.values() if not body.retired),
        ladders=tuple(each for each in newest_versions(agreed).values() if not each.retired),
        counts={name: len(charter.table(name)) for name in ("clause", "service_area", "route", "theme")},
        remarks=asked.remarks(charter),
        led=tuple(agreed.organisation(each).name for each in asked.led),
    )


@get("/arrangements/{key:str}/charter", sync_to_thread=True)
def give_charter(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The charter file, to be kept, compared and loaded again."""
    with asked.db.read() as session:
        text = export(session, asked.agreed.key)
    named = {"Content-Disposition": f'attachment; filename="{asked.agreed.key}.toml"'}
    return Response(text.encode(), media_type="application/toml", headers=named)


@get("/arrangements/{key:str}/events", sync_to_thread=True)
def show_events(asked: NamedDependency[ArrangementRequest], before: FromQuery[int | None] = None) -> Response[bytes]:
    """What was done to the arrangement and by the people who run the server: for leads."""
    asked.require_lead()
    with asked.db.read() as session:
        events = administrative_events(session, asked.visitor.viewer, asked.agreed.id, before=before)
    address = asked.address("events")
    more = f"{address}?before={events[-1].place}" if len(events) == PAGE else ""
    return asked.draw("events", events=events, next_href=more, previous_href=address if before is not None else "")


@get("/arrangements/{key:str}/partnership", sync_to_thread=True)
def show_partnership(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The form for it."""
    asked.require_lead()
    return _draw_head(asked)


@post("/arrangements/{key:str}/partnership", sync_to_thread=True)
def change_partnership(asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form]) -> Response[bytes]:
    """By another clock, limits that are still to come are worked out anew, and months counted anew."""
    asked.require_lead()
    typed, state = read(PartnershipForm, form)
    if typed is None:
        return _draw_head(asked, state, 422)
    change, speaks = typed.change(), asked.speaking(form)
    status, state = asked.keep(change, HEAD, asked.agreed.key, version_in(form), state, organisation=speaks)
    return asked.sent(state) if status == 303 else _draw_head(asked, state, status)


def _draw_head(asked: ArrangementRequest, form: FormState | None = None, status: int = 200) -> Response[bytes]:
    charter = asked.charter()
    head = charter.partnership
    said = {"name": head.name, "zone": head.zone, "never_name": head.never_name, "paper": head.paper.value}
    form = form or FormState(values={**said, "identifiers": ", ".join(head.identifiers)})
    return asked.draw(
        "partnership", status=status, form=form, papers=_PAPERS, version=fingerprint(charter, HEAD, head.key)
    )


routes = [show_arrangement, show_partnership, change_partnership, give_charter, show_events]
