"""Bodies: where issues go when they are not settled between opposite numbers, and each one's agenda."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import Row
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.agenda_views import AgendaItem, AgendaView, BodyLine, BodySide
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.frames import side_class
from tracker.pages.rows import draw_rows
from tracker.pages.visitor import Visitor
from tracker.queries.agendas import agenda_rows, in_brief, left_lately, waiting
from tracker.queries.concerned import meetings
from tracker.queries.issue_lines import PAGE, IssueRow
from tracker.records.event import read_event
from tracker.rules.arrangement import Arrangement, Body, Seat
from tracker.rules.refusals import NotThere
from tracker.rules.wording import say_count, say_day

_NEXT = 3


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
    return _list(request, visitor, db, now, (_arrangement(visitor, key),))


@get("/bodies/{key:str}/{body_key:str}", sync_to_thread=True)
def show_agenda(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    key: FromPath[str], body_key: FromPath[str],
) -> Response[bytes]:  # fmt: skip
    """A body's agenda: what this person may see of the issues that reached it."""
    arrangement = _arrangement(visitor, key)
    found = arrangement.bodies.get(body_key)
    if found is None:
        raise NotThere(f"There is no body {body_key} in {arrangement.name}.")
    with db.read() as session:
        view = _draw(session, visitor, arrangement, found, now)
    return page(request, "bodies/agenda.html", agenda=view)


def _list(
    request: Asking, visitor: Visitor, db: Database, now: datetime, where: tuple[Arrangement, ...]
) -> Response[bytes]:
    with db.read() as session:
        counts = waiting(session, visitor.viewer)
    bodies = tuple(
        _line(body, each, visitor, counts.get(body.id, 0), now)
        for each in where
        for body in each.bodies.values()
        if not body.retired
    )
    return page(request, "bodies/list.html", bodies=bodies)


def _arrangement(visitor: Visitor, key: str) -> Arrangement:
    found = next((each for each in visitor.arrangements.values() if each.key == key), None)
    if found is None:
        raise NotThere(f"There is no partnership {key}.")
    return found


def _line(body: Body, arrangement: Arrangement, visitor: Visitor, count: int, now: datetime) -> BodyLine:
    return BodyLine(
        name=body.name, href=f"/bodies/{arrangement.key}/{body.key}", partnership=arrangement.name, waiting=count,
        next_meeting=next(iter(meetings(body, now)), None), mine=body.id in visitor.viewer.bodies,
        tier_words=_tier_words(body, arrangement),
    )  # fmt: skip


def _draw(session: Session, visitor: Visitor, arrangement: Arrangement, body: Body, now: datetime) -> AgendaView:
    rows = agenda_rows(session, visitor.viewer, body.id)
    brief = in_brief(session, [row.id for row in rows[:PAGE]])
    return AgendaView(
        name=body.name, partnership=arrangement.name, tier_words=_tier_words(body, arrangement),
        sides=tuple(_sides(body, arrangement)), items=tuple(_items(rows[:PAGE], brief, visitor, now)),
        meetings=tuple(meetings(body, now))[:_NEXT],
        decided=draw_rows(left_lately(session, visitor.viewer, body.id), visitor, now),
        mine=body.id in visitor.viewer.bodies, more=_more(rows, arrangement),
    )  # fmt: skip


def _more(rows: tuple[IssueRow, ...], arrangement: Arrangement) -> str:
    if len(rows) <= PAGE:
        return ""
    return f"/issues?partnership={arrangement.key}&tier={rows[0].tier}&state=unresolved"


def _tier_words(body: Body, arrangement: Arrangement) -> str:
    """“tier 2 of the Operational ladder”, for each ladder in force that climbs over this body."""
    in_force = {each.key: arrangement.ladder_in_force(each.key) for each in arrangement.ladders.values()}
    places = [
        f"tier {tier.number} of the {ladder.name} ladder"
        for ladder in in_force.values()
        if ladder
        for tier in ladder.tiers
        if tier.body == body.key
    ]
    return ", ".join(places)


def _sides(body: Body, arrangement: Arrangement) -> Iterable[BodySide]:
    for organisation in arrangement.active_organisations():
        seats = [seat for seat in body.seats if seat.organisation == organisation.key]
        people = tuple(_seated(seat, arrangement) for seat in seats)
        yield BodySide(organisation.name, side_class(organisation.position), people)


def _seated(seat: Seat, arrangement: Arrangement) -> str:
    deputy = arrangement.people.get(seat.deputy_id or 0)
    what = [words for words, is_so in (("holds", seat.holds), ("chair", seat.chair)) if is_so]
    what += [f"deputy {deputy.name}"] if deputy else []
    name = arrangement.people[seat.person_id].name
    return f"{name}, {', '.join(what)}" if what else name


def _items(
    rows: tuple[IssueRow, ...],
    brief: dict[int, list[Row[Any]]],
    visitor: Visitor,
    now: datetime,
) -> Iterable[AgendaItem]:
    for row, view in zip(rows, draw_rows(rows, visitor, now), strict=True):
        since = row.entered_at or row.raised_at
        days = (now - since).days
        yield AgendaItem(
            row=view, since=since, since_words=f"{say_count(days, 'day')} ago" if days > 0 else "today",
            brief=tuple(_sentence(event, row, visitor) for event in brief.get(row.id, ())),
        )  # fmt: skip


def _sentence(event: Row[Any], row: IssueRow, visitor: Visitor) -> str:
    words = {name: word["value"] for name, word in event.words.items()}
    hidden = row.hide_reporter and event.person_id == row.raised_by_id
    known = not hidden or row.raised_for_id in visitor.viewer.organisation_ids
    who = words.get("actor", "") if known else f"Somebody at {words.get('actor_organisation', '')}"
    kind = read_event(event.kind, event.details, event.words, event.hashes)
    return f"{say_day(event.at, None)}: {kind.sentence(who)}"


routes = [list_bodies, list_bodies_of, show_agenda]
