"""What was agreed, at a glance; the charter as a file; and, for leads, what was done to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.database import Database
from tracker.exchange.charter.current import kept, newest_versions
from tracker.exchange.charter.loading import export
from tracker.pages.arrangements.door import led_by, may_arrange, require_lead
from tracker.pages.arrangements.organisations import week_words
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking
from tracker.pages.web.visitor import Visitor
from tracker.queries.administration import PAGE, administrative_events
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members
from tracker.queries.theme_suggestions import suggestion_hits
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Ladder, Organisation, Person
from tracker.rules.meetings import meeting_words


@dataclass(frozen=True, slots=True)
class OrganisationSummary:
    """An organisation at a glance."""

    organisation: Organisation
    week: tuple[tuple[str, str], ...]
    people: int
    leads: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class LadderSummary:
    """A ladder at a glance: what is in force, what waits, and whose agreement is missing."""

    ladder: Ladder
    in_force: Ladder | None
    waits: bool
    missing: tuple[Organisation, ...]


@get("/arrangements/{key:str}", sync_to_thread=True)
def show_arrangement(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], key: FromPath[str]
) -> Response[bytes]:
    """Everything that was agreed, each thing with the way to it."""
    with db.read() as session:
        agreed = arrangement(session, visitor.arrangement(key).id)
        charter = kept(session, agreed.id)
    sides = tuple(
        OrganisationSummary(each, week_words(charter.organisation[each.key].calendar), len(members(agreed, each.key)),
             agreed.leads_of(each.key))
        for each in agreed.active_organisations()
    )  # fmt: skip
    return page(
        request,
        "arrangements/show.html",
        agreed=agreed,
        sides=sides,
        bodies=tuple((body, meeting_words(body.meets)) for body in agreed.bodies.values() if not body.retired),
        ladders=tuple(_standings(agreed)),
        counts={name: len(charter.table(name)) for name in ("clause", "service_area", "route", "theme")},
        led=tuple(agreed.organisation(each).name for each in led_by(visitor.viewer, agreed)),
        may_change=may_arrange(visitor.viewer, agreed),
    )


@get("/arrangements/{key:str}/themes", sync_to_thread=True)
def show_themes(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], key: FromPath[str]
) -> Response[bytes]:
    """The themes of friction with their phrases; for leads, how well they were suggested."""
    with db.read() as session:
        agreed = arrangement(session, visitor.arrangement(key).id)
        hits = suggestion_hits(session, agreed.id) if may_arrange(visitor.viewer, agreed) else None
    themes = [theme for theme in agreed.themes.values() if not theme.retired]
    return page(request, "arrangements/themes.html", agreed=agreed, themes=themes, hits=hits)


@get("/arrangements/{key:str}/charter", sync_to_thread=True)
def give_charter(
    visitor: NamedDependency[Visitor], db: NamedDependency[Database], key: FromPath[str]
) -> Response[bytes]:
    """The charter file, to be kept, compared and loaded again."""
    agreed = visitor.arrangement(key)
    with db.read() as session:
        text = export(session, agreed.key)
    named = {"Content-Disposition": f'attachment; filename="{agreed.key}.toml"'}
    return Response(text.encode(), media_type="application/toml", headers=named)


@get("/arrangements/{key:str}/events", sync_to_thread=True)
def show_events(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database],
    key: FromPath[str], before: FromQuery[int | None] = None,
) -> Response[bytes]:  # fmt: skip
    """What was done to the arrangement and by the people who run the server: for leads."""
    agreed = visitor.arrangement(key)
    require_lead(visitor.viewer, agreed)
    with db.read() as session:
        events = administrative_events(session, agreed.id, before=before)
    address = addresses.arrangements(key, "events")
    more = f"{address}?before={events[-1].position}" if len(events) == PAGE else ""
    newer = address if before is not None else ""
    return page(request, "arrangements/events.html", agreed=agreed, events=events, next_href=more, previous_href=newer)


def _standings(agreed: Arrangement) -> Iterator[LadderSummary]:
    for newest in newest_versions(agreed).values():
        if not newest.retired:
            missing = tuple(side for side in agreed.active_organisations() if side.key not in newest.agreed_by)
            yield LadderSummary(newest, agreed.ladder_in_force(newest.key), not newest.in_force, missing)


routes = [show_arrangement, show_themes, give_charter, show_events]
