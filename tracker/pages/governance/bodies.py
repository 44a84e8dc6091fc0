"""The bodies both sides agreed: what waits for each, when it meets, who sits on it; and the agenda of one."""

from collections.abc import Iterable
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from tracker.database import Database
from tracker.pages.governance.agenda import draw_agenda, tier_words
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking
from tracker.pages.web.visitor import Visitor
from tracker.queries.agendas import waiting
from tracker.records.relations import meetings
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NotThere


@get("/bodies", sync_to_thread=True)
def list_bodies(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime]
) -> Response[bytes]:
    """The bodies of all of this person's partnerships."""
    return _list(request, visitor, db, now, visitor.arrangements.values())


@get("/bodies/{key:str}", sync_to_thread=True)
def list_bodies_of(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """The bodies of one partnership."""
    return _list(request, visitor, db, now, (visitor.arrangement(key),))


@get("/bodies/{key:str}/{body_key:str}", sync_to_thread=True)
def show_agenda(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], body_key: FromPath[str], after: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    """A body's agenda: what this person may see of the issues that reached it."""
    arrangement = visitor.arrangement(key)
    body = arrangement.bodies.get(body_key)
    if body is None:
        raise NotThere(f"There is no body {body_key} in {arrangement.name}.")
    zone = side_here(request, visitor).calendar.zone
    with db.read() as session:
        agenda = draw_agenda(session, visitor, arrangement, body, now, after, zone)
    return page(request, "governance/agenda.html", **agenda)


def _list(
    request: Asking, visitor: Visitor, db: Database, now: datetime, arrangements: Iterable[Arrangement]
) -> Response[bytes]:
    standing = [(one, body) for one in arrangements for body in one.bodies.values() if not body.retired]
    with db.read() as session:
        counts = waiting(session, visitor.viewer, [body.id for _, body in standing])
    bodies = [(one, body, tier_words(body, one), next(iter(meetings(body, now)), None)) for one, body in standing]
    return page(request, "governance/bodies.html", bodies=bodies, waiting=counts, seats=visitor.viewer.bodies)


routes = [list_bodies, list_bodies_of, show_agenda]
