"""My desk: what is new to me, what waits for me, what I wait for; and acknowledging several at once."""

from collections.abc import Iterable
from datetime import date, datetime
from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlmodel import Session

from tracker.actions.opening import Doer
from tracker.actions.take_part import acknowledge
from tracker.database import Database
from tracker.pages.answers import see_other
from tracker.pages.asking import Asking
from tracker.pages.desk_views import DeskGroup, DeskView
from tracker.pages.drawing import page
from tracker.pages.forms import Form
from tracker.pages.part_views import Link
from tracker.pages.rows import draw_rows
from tracker.pages.visitor import Visitor
from tracker.queries.desk import desk_rows
from tracker.queries.issue_lines import IssueRow
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import limit
from tracker.rules.lifecycle import State
from tracker.rules.refusals import DoneAlready, MoveNotAllowed
from tracker.rules.rings import Role
from tracker.rules.wording import say_count

_SHOWN = 10  # rows of a pile; the list has the rest
PILES = {
    "top": ("The top limit has passed", "Nobody is above: these stay on the agenda until decided."),
    "answer": (
        "Waiting for your answer",
        "The other side proposed how these end: agree, or return them.",
    ),
    "new": ("New to you", "Your side has not said yet that it has seen these."),
    "soon": ("Due soon", "Their limit passes within a working day, or has passed."),
    "mine": ("With you", "The ball is with your organisation."),
    "theirs": ("With them", "You hold these too; the other side has the ball."),
    "raised": ("Raised by you", "Others have these in hand."),
    "fixed": ("Did it stay fixed?", "These were resolved four weeks ago. Only you can say whether it held."),
}


@get("/", sync_to_thread=True)
def show_desk(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime]
) -> Response[bytes]:
    """What this person has to do with now, over all their partnerships or the one asked for."""
    with db.read() as session:
        rows = _rows(session, visitor, now, request.query_params.get("partnership", ""))
    return page(request, "desk/show.html", desk=_draw(rows, visitor, now))


@post("/acknowledgements", sync_to_thread=True)
def acknowledge_several(
    visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form],
) -> Response[bytes]:  # fmt: skip
    """Each marked issue acknowledged, or left when somebody was quicker; what may not be seen or done is refused."""
    refs = dict.fromkeys(str(ref) for ref in form.getall("ref", []))
    with db.write() as session:
        for ref in refs:
            _acknowledge(session, ref, visitor, now, f"{form.get('once', '')}-{ref}")
    return see_other("/")


def _acknowledge(session: Session, ref: str, visitor: Visitor, now: datetime, once: str) -> None:
    try:
        acknowledge(session, ref, Doer(visitor.viewer, now, once=once))
    except (DoneAlready, MoveNotAllowed):
        return  # somebody was quicker: the desk shows what became of it


def _rows(session: Session, visitor: Visitor, now: datetime, partnership: str) -> tuple[IssueRow, ...]:
    rows = desk_rows(session, visitor.viewer, _acts_for(visitor, now))
    wanted = {each.id for each in visitor.arrangements.values() if each.key == partnership}
    return tuple(row for row in rows if not wanted or row.partnership_id in wanted)


def _acts_for(visitor: Visitor, now: datetime) -> set[int]:
    """Whose holdings lie on this desk: their own, and those of people they stand in for today."""
    me = visitor.person_id
    stands_in = {
        seat.person_id
        for arrangement in visitor.arrangements.values()
        for body in arrangement.bodies.values()
        for seat in body.seats
        if seat.deputy_id == me and arrangement.acting(seat, _today(arrangement, now)) == me
    }
    return {me, *stands_in}


def _today(arrangement: Arrangement, now: datetime) -> date:
    return now.astimezone(ZoneInfo(arrangement.zone)).date()


def _draw(rows: tuple[IssueRow, ...], visitor: Visitor, now: datetime) -> DeskView:
    acts_for = _acts_for(visitor, now)
    piles: dict[str, list[IssueRow]] = {key: [] for key in PILES}
    for row in rows:
        piles[_pile(row, visitor, acts_for, now)].append(row)
    groups = tuple(_group(key, piles[key], visitor, now) for key in PILES if piles[key])
    return DeskView(
        greeting="My desk", sentences=tuple(_sentences(piles)), groups=groups, once=token_urlsafe(12),
        anything=bool(rows), first_steps=tuple(_first_steps(visitor)),
    )  # fmt: skip


def _pile(row: IssueRow, visitor: Visitor, acts_for: set[int], now: datetime) -> str:
    """The one pile a row lies on, most pressing first."""
    mine = visitor.viewer.organisation_ids & set(row.side_ids)
    holds = bool(acts_for & row.holders)
    if row.state is State.RESOLVED:
        return "fixed"
    if not holds:
        return "raised"
    if row.state is State.PROPOSED:
        waits = any(not side.agreed for side in row.sides if side.organisation_id in mine)
        return "answer" if waits else "theirs"
    if _is_at_top(row, visitor) and row.due_at is not None and row.due_at <= now:
        return "top"
    if not any(side.acknowledged for side in row.sides if side.organisation_id in mine):
        return "new"
    if row.due_at is not None and row.due_at <= _soon(row, visitor, now):
        return "soon"
    return "mine" if row.ball_with_id in mine else "theirs"


def _is_at_top(row: IssueRow, visitor: Visitor) -> bool:
    ladder = visitor.arrangements[row.partnership_id].ladders.get(row.ladder_version_id or 0)
    return ladder is not None and row.tier == len(ladder.tiers)


def _soon(row: IssueRow, visitor: Visitor, now: datetime) -> datetime:
    """The end of the next joint working day."""
    return limit("1 working day", now, visitor.arrangements[row.partnership_id].joint_calendar(row.side_ids)).at


def _group(key: str, rows: list[IssueRow], visitor: Visitor, now: datetime) -> DeskGroup:
    heading, sentence = PILES[key]
    return DeskGroup(
        key=key, heading=heading, sentence=sentence, count=len(rows),
        rows=draw_rows(rows[:_SHOWN], visitor, now), more="/issues?state=unresolved" if len(rows) > _SHOWN else "",
    )  # fmt: skip


def _sentences(piles: dict[str, list[IssueRow]]) -> Iterable[str]:
    words = {
        "top": ("has passed its limit at the top", "have passed their limit at the top"),
        "answer": ("waits for your answer", "wait for your answer"),
        "new": ("is new to you", "are new to you"),
        "soon": ("is due within a working day or late", "are due within a working day or late"),
    }
    for key, (one, several) in words.items():
        if count := len(piles[key]):
            yield f"{say_count(count, 'issue')} {one if count == 1 else several}."
    if not any(piles[key] for key in words) and any(piles.values()):
        yield "Nothing presses today."


def _first_steps(visitor: Visitor) -> Iterable[Link]:
    yield Link("Raise an issue", "/issues/new")
    for each in visitor.arrangements.values():
        if visitor.viewer.has_role(Role.STEERING, partnership_id=each.id):
            yield Link(f"What keeps rubbing in {each.name}", f"/reports/{each.key}/themes")
        if visitor.viewer.has_role(Role.LEAD, partnership_id=each.id):
            yield Link(f"The arrangements of {each.name}", f"/arrangements/{each.key}")


routes = [show_desk, acknowledge_several]
