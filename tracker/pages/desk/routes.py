"""My desk: what is new to me, what waits for me, what I wait for; and what is done to several at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlmodel import Session, col

from tracker.actions.people.look import look_at_several
from tracker.database import Database
from tracker.pages.desk.view import DeskContents, draw_desk
from tracker.pages.issues.lines import soon_until
from tracker.pages.issues.several import MOST, fields_for_several, marked
from tracker.pages.web.forms import TheForm
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.parts import FormState
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, local_address
from tracker.pages.web.step_done import NOBODY_TOLD, StepDone, see_done
from tracker.pages.web.visitor import Visitor
from tracker.queries.accounts import asks_of, invitations_of
from tracker.queries.administration.proposals import unanswered
from tracker.queries.agendas import waiting
from tracker.queries.decisions import owned_decisions
from tracker.queries.desk import Desk, Pile, asks_for, desk
from tracker.queries.issue_lines import rows_with_ids
from tracker.queries.issue_list import sees_any
from tracker.queries.redactable import hidden_to_settle
from tracker.queries.story import news
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Role, Viewer

_SHOWN, _SHOWN_ALONE = 10, 200  # rows of a pile, among others and by itself


@get("/", sync_to_thread=True)
def show_desk(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    partnership: FromQuery[str] = "",
    pile: FromQuery[str] = "",
    order: FromQuery[str] = "",
) -> Response[bytes]:
    """What this person has to do with now, over all their partnerships or the one asked for; all of it or one pile.
    `order`: "new" for what is new since they looked before the rest."""
    return _draw(request, visitor, db, now, partnership, pile=pile, by_news=order == "new")


def draw_my_desk(
    request: Asking,
    visitor: Visitor,
    db: Database,
    now: datetime,
    query: Mapping[str, str],
    *,
    unsent: FormState,
    status: int,
) -> Response[bytes]:
    """The desk of an address that asks for this `query`, with the form of several as it was filled in."""
    pile, by_news = query.get("pile", ""), query.get("order") == "new"
    partnership = query.get("partnership", "")
    return _draw(request, visitor, db, now, partnership, pile=pile, by_news=by_news, unsent=unsent, status=status)


@post("/looks", sync_to_thread=True)
def look_at_all(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """What happened to these issues before the page was drawn is seen; where none are said, to those on the desk."""
    refs = str(form.get("refs", "")).split()[:MOST] or marked(form)
    with db.write() as session:
        mine = () if refs else _desk(session, visitor, visitor.arrangements, now).issue_ids
        which = col(Issue.ref).in_(refs) if refs else col(Issue.id).in_(mine)
        look_at_several(session, which, visitor.viewer, until=min(now, _moment_in(str(form.get("until", "")), now)))
    back = local_address(str(form.get("back", "/")))
    return see_done(request, back, StepDone("What was new to you is marked as seen", NOBODY_TOLD))


def _moment_in(text: str, otherwise: datetime) -> datetime:
    """When the page was drawn, as its form says."""
    try:
        drawn = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return drawn if drawn.tzinfo else otherwise


def _draw(
    request: Asking,
    visitor: Visitor,
    db: Database,
    now: datetime,
    partnership: str,
    *,
    pile: str = "",
    by_news: bool = False,
    unsent: FormState | None = None,
    status: int = 200,
) -> Response[bytes]:
    here = _here(visitor, partnership)
    chosen = Pile(pile) if pile in set(Pile) else None
    with db.read() as session:
        contents = _contents(session, visitor, here, now, chosen, by_news=by_news)
    zone = side_here(request, visitor).calendar.zone
    drawn = draw_desk(contents, visitor, now, zone=zone, pile=chosen)
    unsent = unsent or FormState()
    drawn |= {"several": fields_for_several(visitor, here.values(), unsent), "unsent": unsent}
    return page(request, "desk/show.html", status=status, **drawn)


def _here(visitor: Visitor, key: str) -> dict[int, Arrangement]:
    chosen = {each: one for each, one in visitor.arrangements.items() if one.key == key}
    return chosen or dict(visitor.arrangements)


def _contents(
    session: Session,
    visitor: Visitor,
    here: dict[int, Arrangement],
    now: datetime,
    pile: Pile | None,
    *,
    by_news: bool,
) -> DeskContents:
    viewer = visitor.viewer
    found = _desk(session, visitor, here, now)
    new = news(session, viewer, found.issue_ids, now)
    found = found.sorted_by(new) if by_news else found
    rows = rows_with_ids(session, viewer, _shown(found, pile))
    bodies = [body.id for one in here.values() for body in one.bodies.values() if body.meets and not body.retired]
    mine = [each for each in bodies if each in viewer.bodies]
    owned = () if pile else owned_decisions(session, viewer, here)
    return DeskContents(
        desk=found,
        partnerships=here,
        rows=rows,
        waiting=dict.fromkeys(mine, 0) | waiting(session, viewer, mine),
        news=new,
        by_news=by_news,
        anything=any((*found.piles.values(), owned)) or sees_any(session, viewer),
        decisions=owned,
        invitations=invitations_of(session, visitor.person_id) if _shows_invitations(visitor, pile) else (),
        asks=asks_of(session, visitor.person_id, now=now) if visitor.is_asked and not pile else (),
        proposals=() if pile else unanswered(session, viewer, here.values()),
        open_asks=() if pile else asks_for(session, viewer, found),
        hidden=() if pile else _hidden(session, viewer, here),
    )


def _shows_invitations(visitor: Visitor, pile: Pile | None) -> bool:
    """Not where an organisation alone says who they are: it is not told which others invite them."""
    return visitor.is_invited and visitor.is_own and not pile


def _desk(session: Session, visitor: Visitor, here: Mapping[int, Arrangement], now: datetime) -> Desk:
    near = {each: soon_until(visitor, each, now) for each in here}
    return desk(session, visitor.viewer, here, now=now, soon=near)


def _hidden(session: Session, viewer: Viewer, here: Iterable[int]) -> Sequence[str]:
    """Where words wait to be settled by this person as a lead, by reference."""
    led = [each.organisation_id for key in here for each in viewer.in_partnership(key) if Role.LEAD in each.roles]
    return hidden_to_settle(session, viewer, led) if led else ()


def _shown(found: Desk, pile: Pile | None) -> list[int]:
    """The ids of the issues that are drawn."""
    most = _SHOWN_ALONE if pile else _SHOWN
    return [each for name, ids in found.piles.items() if pile in (None, name) for each in ids[:most]]


routes = [show_desk, look_at_all]
