"""What was agreed, at a glance; the charter as a file; and, for leads, what was done to it."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from tracker.exchange.charter.current import kept, newest_versions
from tracker.exchange.charter.loading import export
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.arrangements.organisations import week_words
from tracker.queries.administration.events import PAGE, administrative_events
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.arrangements import arrangement
from tracker.queries.people import members
from tracker.queries.theme_suggestions import suggestion_hits


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
        weeks={each.key: week_words(charter.organisation[each.key].calendar) for each in sides},
        people={each.key: members(agreed, each.key) for each in sides},
        bodies=tuple(body for body in agreed.bodies.values() if not body.retired),
        ladders=tuple(each for each in newest_versions(agreed).values() if not each.retired),
        counts={name: len(charter.table(name)) for name in ("clause", "service_area", "route", "theme")},
        led=tuple(agreed.organisation(each).name for each in asked.led),
    )


@get("/arrangements/{key:str}/themes", sync_to_thread=True)
def show_themes(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """The themes of friction with their phrases; for leads, how well they were suggested."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
        hits = suggestion_hits(session, agreed.id) if asked.may_change() else None
    themes = [theme for theme in agreed.themes.values() if not theme.retired]
    return asked.draw("themes", agreed=agreed, themes=themes, hits=hits)


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


routes = [show_arrangement, show_themes, give_charter, show_events]
