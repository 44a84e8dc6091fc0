"""Draws a desk for whoever sits at it: the day in words first, then the piles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_urlsafe
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tracker.pages.decision_page import draw_decision_line
from tracker.pages.decision_views import DecisionLine
from tracker.pages.desk_views import DeskGroup, DeskView
from tracker.pages.desk_words import greeting, sentences
from tracker.pages.list_views import RowView
from tracker.pages.part_views import Link
from tracker.pages.rows import draw_rows
from tracker.queries.decisions import DecisionRow
from tracker.queries.desk import Desk, Pile
from tracker.queries.issue_lines import IssueRow
from tracker.queries.visitors import Visitor
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Role

# The heading of each pile and what to do with it, in the order in which they press.
PILES = {
    Pile.ANSWER: ("Waiting for your answer", "The other side proposed how these end. Agree, or return them."),
    Pile.NEW: ("New to you", "Your side has not said yet that it has seen these, or has been silent on them since."),
    Pile.SOON: ("Due soon or late", "The limit passes within a working day, or has passed."),
    Pile.TOP: ("At the top, past the limit", "Nobody is above. These stay on the agenda until they are decided."),
    Pile.MINE: ("With you", "The ball is with your organisation."),
    Pile.FIXED: ("Did it stay fixed?", "You raised these; they were resolved four weeks ago. Did it hold?"),
    Pile.RAISED: ("Raised by you", "Others have these in hand; the row says who, and by when."),
    Pile.EARLY: ("Early warnings", "Nothing went wrong yet: no clock runs, and there is nothing to acknowledge."),
    Pile.THEIRS: ("With them", "You hold these too, and the other side has the ball."),
}


@dataclass(frozen=True, slots=True)
class Laid:
    """A desk with the rows that are drawn, by id; `waiting`: how many issues wait for the bodies this person sits on
    that meet; `here`: the partnerships it is about; `decisions`: what this person owns and has not seen done."""

    desk: Desk
    here: Mapping[int, Arrangement]
    rows: Mapping[int, IssueRow]
    waiting: Mapping[int, int]
    anything: bool
    decisions: tuple[DecisionRow, ...] = ()


def draw_desk(
    laid: Laid, visitor: Visitor, now: datetime, *, zone: str, pile: Pile | None = None, refused: tuple[str, ...] = ()
) -> DeskView:
    """The whole desk, or one pile of it. `refused`: what was asked for a moment ago and could not be done."""
    drawn = {row.id: view for row, view in zip(laid.rows.values(), _views(laid, visitor, now, zone), strict=True)}
    piles = {each: ids for each, ids in laid.desk.piles.items() if ids and pile in (None, each)}
    groups = tuple(
        DeskGroup(
            key=each.value, heading=PILES[each][0], sentence=PILES[each][1], count=len(piles[each]),
            rows=tuple(drawn[number] for number in piles[each] if number in drawn),
            more="" if pile else _more(laid, visitor, each, len(piles[each])),
        )
        for each in PILES
        if each in piles
    )  # fmt: skip
    owned = tuple(_owned(laid, now))
    told = sentences(laid.desk, laid.here, laid.waiting, owned, visitor, now, zone)
    return DeskView(
        greeting=greeting(visitor.name, now.astimezone(ZoneInfo(zone))),
        sentences=(*refused, *(each.words if pile and isinstance(each, Link) else each for each in told)),
        groups=groups, decisions=owned, once=token_urlsafe(12), anything=laid.anything,
        first_steps=tuple(_first_steps(visitor)),
        href=_address(laid, visitor, pile), links=tuple(_links(laid, visitor, pile)),
    )  # fmt: skip


def _owned(laid: Laid, now: datetime) -> Iterable[DecisionLine]:
    """Each by the clock of the partnership it belongs to."""
    bodies = {body.id: where for where in laid.here.values() for body in where.bodies.values()}
    for row in laid.decisions:
        where = bodies[row.body_id]
        yield draw_decision_line(row, where, now.astimezone(ZoneInfo(where.zone)).date())


def _views(laid: Laid, visitor: Visitor, now: datetime, zone: str) -> tuple[RowView, ...]:
    people = {each: one for where in laid.here.values() for each, one in where.people.items()}
    also = {issue: f"for {people[absent].name}" for issue, absent in laid.desk.stands_for.items() if absent in people}
    return draw_rows(laid.rows.values(), visitor, now, zone=zone, also=also)


def _more(laid: Laid, visitor: Visitor, pile: Pile, count: int) -> str:
    shown = sum(1 for each in laid.desk.piles[pile] if each in laid.rows)
    return _address(laid, visitor, pile) if count > shown else ""


def _address(laid: Laid, visitor: Visitor, pile: Pile | None) -> str:
    """The desk as it is shown: of one partnership where they have several, of one pile."""
    only = next(iter(laid.here.values())).key if len(laid.here) < len(visitor.arrangements) else ""
    query = {"partnership": only, "pile": pile.value if pile else ""}
    kept = {name: value for name, value in query.items() if value}
    return f"/?{urlencode(kept)}" if kept else "/"


def _links(laid: Laid, visitor: Visitor, pile: Pile | None) -> Iterable[Link]:
    if pile:
        yield Link("The whole desk", _address(laid, visitor, None))
    if laid.decisions:
        yield Link("Your decisions", "#decisions")
    if len(visitor.arrangements) > 1:
        yield Link("All partnerships", "/", current=len(laid.here) > 1)
        for each in visitor.arrangements.values():
            yield Link(each.name, f"/?partnership={each.key}", current=list(laid.here) == [each.id])
    for where in laid.here.values():
        for body in where.bodies.values():
            if body.id in laid.waiting:
                yield Link(f"Agenda of {body.name}", f"/bodies/{where.key}/{body.key}")


def _first_steps(visitor: Visitor) -> Iterable[Link]:
    yield Link("Raise an issue", "/issues/new")
    for each in visitor.arrangements.values():
        if visitor.viewer.has_role(Role.STEERING, partnership_id=each.id):
            yield Link(f"What keeps rubbing in {each.name}", f"/reports/{each.key}/themes")
        if visitor.viewer.has_role(Role.LEAD, partnership_id=each.id):
            yield Link(f"The arrangements of {each.name}", f"/arrangements/{each.key}")
