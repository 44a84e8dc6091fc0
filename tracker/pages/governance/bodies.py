"""The bodies both sides agreed: what waits for each, when it meets, who sits on it; and the agenda of one."""

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.governance.agenda import AgendaView, draw_agenda, draw_line, read_cursor
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking
from tracker.pages.web.visitor import Visitor
from tracker.queries.agendas import AgendaCursor, agenda_rows, decided_about, in_brief, left_lately, waiting
from tracker.queries.decisions import open_on_body
from tracker.queries.issue_lines import PAGE
from tracker.rules.arrangement import Arrangement, Body
from tracker.rules.deciding import deciding_places
from tracker.rules.refusals import NotThere
from tracker.rules.spans import day_in


@get("/bodies", sync_to_thread=True)
def list_bodies(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime]
) -> Response[bytes]:
    """The bodies of all of this person's partnerships."""
    return _list(request, visitor, db, now, tuple(visitor.arrangements.values()))


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
    cursor = read_cursor(after)
    zone = side_here(request, visitor).calendar.zone
    with db.read() as session:
        view = _draw(session, visitor, arrangement, body, now, cursor, zone)
    return page(request, "governance/agenda.html", agenda=view)


def _list(
    request: Asking, visitor: Visitor, db: Database, now: datetime, where: tuple[Arrangement, ...]
) -> Response[bytes]:
    standing = [(body, each) for each in where for body in each.bodies.values() if not body.retired]
    with db.read() as session:
        counts = waiting(session, visitor.viewer, [body.id for body, _ in standing])
    lines = tuple(draw_line(body, each, visitor, counts.get(body.id, 0), now) for body, each in standing)
    return page(request, "governance/bodies.html", bodies=lines)


def _draw(
    session: Session, visitor: Visitor, arrangement: Arrangement, body: Body, now: datetime,
    cursor: AgendaCursor | None, zone: str,
) -> AgendaView:  # fmt: skip
    rows = agenda_rows(session, visitor.viewer, body.id, cursor)
    shown = [row.id for row in rows[:PAGE]]
    brief, decided = in_brief(session, visitor.viewer, shown), decided_about(session, visitor.viewer, shown)
    left = left_lately(session, visitor.viewer, body.id)
    return draw_agenda(
        body, arrangement, visitor, now, rows=rows, brief=brief, decided=decided, left=left, zone=zone,
        decisions=open_on_body(session, visitor.viewer, body.id),
        may_decide=bool(deciding_places(visitor.viewer, body, arrangement, day_in(arrangement.zone, now))),
    )  # fmt: skip


routes = [list_bodies, list_bodies_of, show_agenda]
