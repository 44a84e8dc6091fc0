"""The bodies both sides agreed: what waits for each, when it meets, who sits on it; and the agenda of one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from sqlalchemy import Row
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.governance.decision import DecisionLine
from tracker.pages.issues.lines import RowView, draw_rows
from tracker.pages.web.cursors import limit_cursor
from tracker.pages.web.header import clock_here
from tracker.pages.web.moments import day_text
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor
from tracker.queries.agendas import MOST_COUNTED, agenda_and_last, decided_about, in_brief, waiting
from tracker.queries.decisions import open_on_body
from tracker.queries.issue_lines import PAGE, IssueRow
from tracker.queries.story import news
from tracker.queries.visitors import Visitor
from tracker.records.event import read_event
from tracker.records.governance import no_meeting_text
from tracker.records.ladder_context import meetings
from tracker.rules import addresses, names
from tracker.rules.arrangement import Arrangement, Body, Organisation, Seat
from tracker.rules.deadlines import working_days_left
from tracker.rules.deciding import deciding_places
from tracker.rules.events.resolution import unlinked
from tracker.rules.lifecycle import State
from tracker.rules.refusals import NotThere
from tracker.rules.spans import day_in
from tracker.rules.wording import say_count

Brief = Mapping[int, list[Row[Any]]]

_NEXT = 3  # meetings that are named


@get("/bodies", sync_to_thread=True)
def list_bodies(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """The bodies of all of this person's partnerships."""
    return _list(request, visitor, db, now, visitor.arrangements.values())


@get("/bodies/{key:str}", sync_to_thread=True)
def list_bodies_of(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, key: FromPath[str]
) -> Response[bytes]:
    """The bodies of one partnership."""
    return _list(request, visitor, db, now, (visitor.arrangement(key),))


@get("/bodies/{key:str}/{body_key:str}", sync_to_thread=True)
def show_agenda(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    key: FromPath[str],
    body_key: FromPath[str],
    after: FromQuery[str] = "",
) -> Response[bytes]:
    """A body's agenda: what this person may see of the issues that reached it."""
    arrangement = visitor.arrangement(key)
    body = body_in(arrangement, body_key, even_retired=True)
    clock = clock_here(request, visitor)
    with db.read() as session:
        agenda = _draw(session, visitor, arrangement, body, now, after, clock)
    return page(request, "governance/agenda.html", **agenda)


def body_in(arrangement: Arrangement, key: str, *, even_retired: bool = False) -> Body:
    """Refuses: NotThere."""
    body = arrangement.bodies.get(key)
    if body is None or (body.retired and not even_retired):
        raise NotThere(f"There is no body {key} in {arrangement.name}.")
    return body


def _list(
    request: Asking, visitor: Visitor, db: Database, now: datetime, arrangements: Iterable[Arrangement]
) -> Response[bytes]:
    standing = [(one, body) for one in arrangements for body in one.bodies.values() if not body.retired]
    with db.read() as session:
        counts = waiting(session, visitor.viewer, [body.id for _, body in standing])
    bodies = [(one, body, _tier_words(body, one), next(iter(meetings(body, now)), None)) for one, body in standing]
    no_meeting = {body.id: no_meeting_text(body.meets) for _, body in standing}
    waits = {
        body: f"{say_count(count, 'issue', most=MOST_COUNTED)} {'waits' if count == 1 else 'wait'} here"
        for body, count in counts.items()
    }
    seats = visitor.viewer.bodies
    return page(request, "governance/bodies.html", bodies=bodies, no_meeting=no_meeting, waits=waits, seats=seats)


def _draw(
    session: Session, visitor: Visitor, arrangement: Arrangement, body: Body, now: datetime, after: str, clock: ZoneInfo
) -> dict[str, Any]:
    """What the template of an agenda takes: of the issues that reached this body what this person may see."""
    viewer, today = visitor.viewer, day_in(arrangement.zone, now)
    rows, last = agenda_and_last(session, viewer, body.id, limit_cursor(session, viewer, after))
    shown = rows[:PAGE]  # there is one more, where there is more
    ids = [row.id for row in shown]
    new = news(session, viewer, [*ids, *(row.id for row in last)], now)
    brief, decided = in_brief(session, viewer, ids), decided_about(session, viewer, ids)
    key, decisions = arrangement.key, open_on_body(session, viewer, body.id)
    may_decide = deciding_places(viewer, body, arrangement, today)
    return {
        "arrangement": arrangement,
        "body": body,
        "tier_words": _tier_words(body, arrangement),
        "mine": body.id in viewer.bodies,
        "sides": tuple(_sides(body, arrangement, now)),
        "meetings": tuple(meetings(body, now))[:_NEXT],
        "no_meeting": no_meeting_text(body.meets),
        "agenda": [*_items(shown, visitor, arrangement, now, clock, brief, new)],
        "decided": decided,
        "more": addresses.body(key, body.key, after=shown[-1].ref) if len(rows) > PAGE else "",
        "left": draw_rows(last, visitor, now, zone=clock.key, news=new),
        "open": tuple(DecisionLine(row, arrangement, today) for row in decisions),
        "report": addresses.report(key, "themes", **({"body": body.key} if body.id in viewer.bodies else {})),
        "decide": addresses.deciding(key, body.key) if may_decide else "",
    }


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


def _sides(body: Body, arrangement: Arrangement, now: datetime) -> Iterable[tuple[Organisation, tuple[str, ...]]]:
    for organisation in arrangement.active_organisations():
        seats = [seat for seat in body.seats if seat.organisation == organisation.key]
        yield organisation, tuple(_seated(seat, arrangement, now) for seat in seats)


def _seated(seat: Seat, arrangement: Arrangement, now: datetime) -> str:
    """“Jo Bell, chair, holds”; while away, who stands in."""
    person, acting = arrangement.people[seat.person_id], arrangement.acting(seat, now)
    deputy = arrangement.people.get(seat.deputy_id or 0)
    what = [words for words, is_so in (("chair", seat.chair), ("holds", seat.holds)) if is_so]
    if seat.organisation in person.invited:
        what.append("invited")
    elif acting is None:
        what.append("away")
    elif acting != seat.person_id:
        what.append(f"away: {arrangement.people[acting].name} stands in")
    elif deputy:
        what.append(f"deputy {deputy.name}")
    return ", ".join((person.called_in(seat.organisation), *what))


def _items(
    rows: tuple[IssueRow, ...],
    visitor: Visitor,
    arrangement: Arrangement,
    now: datetime,
    clock: ZoneInfo,
    brief: Brief,
    new: Mapping[int, int],
) -> Iterable[dict[str, Any]]:
    """Each with its story in brief: a few sentences, oldest first. `since`: when it reached this body."""
    for row, view in zip(rows, draw_rows(rows, visitor, now, zone=clock.key, news=new), strict=True):
        since = row.entered_at or row.raised_at
        yield {
            "id": row.id,
            "row": view,
            "since": since,
            "since_words": _for_how_long(since, row, arrangement, now),
            "brief": [_sentence(event, row, visitor, clock) for event in brief.get(row.id, ())],
            "asks": _asks(row, view),
        }


def _for_how_long(since: datetime, row: IssueRow, arrangement: Arrangement, now: datetime) -> str:
    days = working_days_left(since, now, arrangement.joint_calendar(row.side_ids))
    return f"for {say_count(days, 'working day')}" if days else ""


def _asks(row: IssueRow, view: RowView) -> str:
    if row.state is State.PROPOSED:
        return "whether it ends as proposed; agree, or return it with a reason."
    if view.tone == "late":
        return "what becomes of it; its limit here has passed."
    return ""


def _sentence(event: Row[Any], row: IssueRow, visitor: Visitor, clock: ZoneInfo) -> str:
    who = names.doer_name(event.kind, event.person_id, event.words, row, visitor.viewer)
    kind = unlinked(read_event(event.kind, event.details, event.words, event.hashes))
    return f"{day_text(event.at, clock)}: {kind.sentence(who)}"


routes = [list_bodies, list_bodies_of, show_agenda]
