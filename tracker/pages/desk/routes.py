"""My desk: what is new to me, what waits for me, what I wait for; and acknowledging several at once."""

from collections.abc import Iterable
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlmodel import Session

from tracker.actions.acknowledge import acknowledge
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.pages.desk.view import DeskContents, draw_desk
from tracker.pages.issues.lines import soon_until
from tracker.pages.web.forms import TheForm
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.accounts import invitations_of
from tracker.queries.administration.proposals import unanswered
from tracker.queries.agendas import waiting
from tracker.queries.decisions import owned_decisions
from tracker.queries.desk import Desk, Pile, desk, desk_rows
from tracker.queries.issue_list import sees_any
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import DoneAlready, Refused

_SHOWN, _SHOWN_ALONE = 10, 200  # rows of a pile, among others and by itself
_MOST_AT_ONCE = 200


@get("/", sync_to_thread=True)
def show_desk(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    partnership: FromQuery[str] = "",
    pile: FromQuery[str] = "",
) -> Response[bytes]:
    """What this person has to do with now, over all their partnerships or the one asked for; all of it or one pile."""
    return _draw(request, visitor, db, now, partnership, pile=pile)


@post("/acknowledgements", sync_to_thread=True)
def acknowledge_several(
    request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm
) -> Response[bytes]:
    """Each marked issue acknowledged; of what could not be, the desk says why (409)."""
    refs = list(dict.fromkeys(str(ref) for ref in form.getall("ref", [])))[:_MOST_AT_ONCE]
    once = str(form.get("once", ""))
    with db.write() as session:
        refused = [said for ref in refs if (said := _acknowledge(session, ref, visitor, now, once and f"{once}-{ref}"))]
    if not refused:
        return see_other("/")
    return _draw(request, visitor, db, now, "", refused=refused, status=409)


def _acknowledge(session: Session, ref: str, visitor: Visitor, now: datetime, once: str) -> str:
    """Why it could not be done, "" if it was; either way the others of the same form are not touched."""
    try:
        with session.begin_nested():
            acknowledge(session, ref, StepRequest(visitor.viewer, now, once=once or None))
    except DoneAlready:
        return ""
    except Refused as refusal:
        return f"{ref} was not acknowledged. {refusal}"
    return ""


def _draw(
    request: Asking,
    visitor: Visitor,
    db: Database,
    now: datetime,
    partnership: str,
    *,
    pile: str = "",
    refused: Iterable[str] = (),
    status: int = 200,
) -> Response[bytes]:
    here = _here(visitor, partnership)
    chosen = Pile(pile) if pile in set(Pile) else None
    with db.read() as session:
        contents = _contents(session, visitor, here, now, chosen)
    zone = side_here(request, visitor).calendar.zone
    drawn = draw_desk(contents, visitor, now, zone=zone, pile=chosen, refused=refused)
    return page(request, "desk/show.html", status=status, **drawn)


def _here(visitor: Visitor, key: str) -> dict[int, Arrangement]:
    chosen = {each: one for each, one in visitor.arrangements.items() if one.key == key}
    return chosen or dict(visitor.arrangements)


def _contents(
    session: Session, visitor: Visitor, here: dict[int, Arrangement], now: datetime, pile: Pile | None
) -> DeskContents:
    viewer = visitor.viewer
    found = desk(session, viewer, here, now=now, soon={each: soon_until(visitor, each, now) for each in here})
    rows = desk_rows(session, viewer, _shown(found, pile))
    bodies = [body.id for one in here.values() for body in one.bodies.values() if body.meets and not body.retired]
    mine = [each for each in bodies if each in viewer.bodies]
    owned = () if pile else owned_decisions(session, viewer, here)
    return DeskContents(
        desk=found,
        partnerships=here,
        rows=rows,
        waiting=dict.fromkeys(mine, 0) | waiting(session, viewer, mine),
        anything=any((*found.piles.values(), owned)) or sees_any(session, viewer),
        decisions=owned,
        invitations=invitations_of(session, visitor.person_id) if visitor.is_invited and not pile else (),
        proposals=() if pile else unanswered(session, viewer, here.values()),
    )


def _shown(found: Desk, pile: Pile | None) -> list[int]:
    """The ids of the issues that are drawn."""
    most = _SHOWN_ALONE if pile else _SHOWN
    return [each for name, ids in found.piles.items() if pile in (None, name) for each in ids[:most]]


routes = [show_desk, acknowledge_several]
