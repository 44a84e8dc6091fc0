"""My desk: every issue somebody has to do with now, on the pile where it presses most.

What it costs follows what lies on the desk, not the table: holders, raisers and bodies have indexes of what is not
over alone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, or_, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issue_lines import PRESSING_FIRST, SILENCE
from tracker.queries.issues import acts_for, one_of, visible_issues
from tracker.queries.related_issues import ASK_COLUMNS, LAPSES, OpenAsk, lapses_with
from tracker.records.columns import among
from tracker.records.event import Event, read_event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Ask, Holder, IssueSide, StayedFixedQuestion
from tracker.records.timer import Timer
from tracker.rules import names
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import EventKind
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Role, Viewer

MOST = 500  # issues that somebody holds, or has raised, that are shown: of the last twice as many, what is due first


class Pile(StrEnum):
    """Where an issue lies on a desk."""

    ANSWER = "answer"
    NEW = "new"
    SOON = "soon"
    TOP = "top"
    MINE = "mine"
    FIXED = "fixed"
    EARLY = "early"
    RAISED = "raised"
    THEIRS = "theirs"


Seated = tuple[int, int]  # on a body, for an organisation


@dataclass(frozen=True, slots=True)
class Desk:
    """Issue ids by pile, what is critical at the head, then what is due first for this person. `with_me`: those whose
    ball is with the organisation for which they act; `acts_for`: of those about which something is asked, that
    organisation; `asked_at_seat`: others about which something is asked, that are where this person has one of their
    `seats` (body and organisation); `stands_for`: whom this person stands in for, by issue id."""

    piles: Mapping[Pile, tuple[int, ...]]
    with_me: frozenset[int] = frozenset()
    acts_for: Mapping[int, int] = field(default_factory=dict)
    asked_at_seat: frozenset[int] = frozenset()
    seats: frozenset[Seated] = frozenset()
    stands_for: Mapping[int, int] = field(default_factory=dict)
    bounded: bool = False

    @property
    def issue_ids(self) -> tuple[int, ...]:
        return tuple(issue for ids in self.piles.values() for issue in ids)

    def sorted_by(self, news: Collection[int]) -> "Desk":
        """The same with what is in `news` at the head of each pile."""
        return replace(self, piles={pile: _in_front(ids, news) for pile, ids in self.piles.items()})


def _in_front(ids: tuple[int, ...], news: Collection[int]) -> tuple[int, ...]:
    return tuple(sorted(ids, key=lambda issue: issue not in news))


def desk(
    session: Session,
    viewer: Viewer,
    arrangements: Mapping[int, Arrangement],
    *,
    now: datetime,
    soon: Mapping[int, datetime],
) -> Desk:
    """What this person acts on, raised, or is asked about, in these partnerships. `soon`: by partnership id, the moment
    up to which a limit counts as near."""
    here = frozenset(arrangements)
    most = {"most": MOST, "last": 2 * MOST}
    seats = frozenset(seat for each in arrangements.values() for seat in _seats(viewer, each))
    bodies = frozenset(body for body, _ in seats)
    held = straight(session).execute(_held(viewer, here), most).all()
    raised = straight(session).execute(_raised(viewer, here, bodies), most).all()
    piles: dict[Pile, dict[int, None]] = {pile: {} for pile in Pile}
    for row in held:
        piles[_pile(row, arrangements[row.partnership_id], now, soon[row.partnership_id])][row.id] = None
    known = {row.id for row in held}
    for row in raised:
        if row.id not in known and _is_for_me(row, viewer):
            piles[_pile_of_raised(row)][row.id] = None
    return Desk(
        piles={pile: tuple(ids) for pile, ids in piles.items()},
        with_me=frozenset(row.id for row in held if _is_with_me(row)),
        acts_for={row.id: row.organisation_id for row in held if row.asking},
        asked_at_seat=frozenset(
            row.id for row in raised if row.asking and row.body_id in bodies and row.id not in known
        ),
        seats=seats,
        stands_for=_stands_for(held, viewer.person_id),
        bounded=MOST in (len(held), len(raised)),
    )


def _pile(row: Any, arrangement: Arrangement, now: datetime, soon: datetime) -> Pile:
    if row.state is State.PROPOSED:
        return Pile.THEIRS if row.agreed_at else Pile.ANSWER
    if row.kind is Kind.EARLY_WARNING:
        return Pile.EARLY
    runs = row.state in LIVE
    if runs and row.acknowledged_at is None:
        return Pile.NEW
    if runs and row.due_at is not None and row.due_at <= now and _is_at_top(row, arrangement):
        return Pile.TOP
    if runs and row.due_at is not None and row.due_at <= soon:
        return Pile.SOON
    if row.ball_with_id == row.organisation_id:
        return Pile.MINE
    return Pile.THEIRS if row.raised_by_id != row.person_id else Pile.RAISED


def _is_with_me(row: Any) -> bool:
    """As its row says; an early warning's says nobody's."""
    return row.ball_with_id == row.organisation_id and row.kind is Kind.ISSUE


def _is_for_me(row: Any, viewer: Viewer) -> bool:
    """Raised by them, or they are asked whether it stayed fixed: not there for what is asked about it alone."""
    return row.raised_by_id == viewer.person_id or row.state is State.RESOLVED


def _pile_of_raised(row: Any) -> Pile:
    if row.state is State.RESOLVED:
        return Pile.FIXED
    return Pile.EARLY if row.kind is Kind.EARLY_WARNING else Pile.RAISED


def _is_at_top(row: Any, arrangement: Arrangement) -> bool:
    ladder = arrangement.ladder_version(row.ladder_version_id)
    return ladder is not None and row.tier == len(ladder.tiers)


def _stands_for(held: Iterable[Any], me: int) -> dict[int, int]:
    own = {row.id for row in held if row.person_id == me}
    return {row.id: row.person_id for row in held if row.id not in own}


_FACTS: tuple[Any, ...] = tuple(
    getattr(Issue, name)
    for name in (
        "id",
        "partnership_id",
        "kind",
        "state",
        "tier",
        "ladder_version_id",
        "due_at",
        "ball_with_id",
        "raised_by_id",
        "asking",
        "body_id",
    )
)
_OF_SIDE = and_(
    col(IssueSide.issue_id) == col(Holder.issue_id), col(IssueSide.organisation_id) == col(Holder.organisation_id)
)
_DUE = case((col(Issue.state) == State.PROPOSED, SILENCE), else_=col(Issue.due_at))
# What is due first for whoever holds it: to acknowledge, and to answer what is proposed, come before the limit.
_DUE_FOR_ME = case(
    (
        and_(one_of(Issue.state, LIVE), col(IssueSide.acknowledged_at).is_(None)),
        func.coalesce(col(IssueSide.acknowledge_by), col(Issue.due_at)),
    ),
    else_=_DUE,
)


@lru_cache(maxsize=512)
def _held(viewer: Viewer, partnership_ids: frozenset[int]) -> Select[Any]:
    """Of the last that was given to them or to whom they act for: what they hold where they are not away, and what they
    act on for those who are."""
    duty = viewer.duty
    here = [col(Holder.organisation_id).not_in(sorted(duty.away))] if duty.away else []
    mine = and_(col(Holder.person_id) == viewer.person_id, *here)
    people = {viewer.person_id, *(each.person_id for each in duty.stands_in)}
    people = people.union(*(each.absent for each in duty.reserves))
    last = select(col(_Last.id)).where(one_of(_Last.person_id, people), text("last_held.active"))
    last = last.order_by(col(_Last.id).desc()).limit(bindparam("last"))
    return (
        select(*_FACTS, *_PARTS)
        .select_from(Holder)
        .join(Issue, col(Issue.id) == col(Holder.issue_id))
        .join(IssueSide, _OF_SIDE)
        .where(col(Holder.id).in_(last), text("holder.active"), or_(mine, *acts_for(viewer, Holder, Issue)))
        .where(col(Issue.resolved_at).is_(None), one_of(Issue.partnership_id, partnership_ids), visible_issues(viewer))
        .order_by(PRESSING_FIRST, _DUE_FOR_ME.nulls_last(), col(Issue.id))
        .limit(bindparam("most"))
    )


_Last = aliased(Holder, name="last_held")
_PARTS: tuple[Any, ...] = (
    col(Holder.person_id),
    col(Holder.organisation_id),
    col(IssueSide.acknowledged_at),
    col(IssueSide.agreed_at),
)


@lru_cache(maxsize=512)
def _raised(viewer: Viewer, partnership_ids: frozenset[int], seats: frozenset[int]) -> Select[Any]:
    """Two indexes of what somebody raised: the last that is not over, and what they are asked about; and a third of
    what sides are asked about on the bodies on which they have seats."""
    mine = (col(Issue.raised_by_id) == viewer.person_id, one_of(Issue.partnership_id, partnership_ids))
    waits = select(col(Issue.id)).where(*mine, text("issue.resolved_at IS NULL"))
    last = waits.order_by(col(Issue.id).desc()).limit(bindparam("last")).subquery()
    me = col(StayedFixedQuestion.person_id) == viewer.person_id
    asked = (
        select(col(Issue.id))
        .join(StayedFixedQuestion, col(StayedFixedQuestion.issue_id) == col(Issue.id))
        .where(me, text("stayed_fixed_question.answer IS NULL"), one_of(Issue.partnership_id, partnership_ids))
    )
    at_seats = [select(col(Issue.id)).where(one_of(Issue.body_id, seats), text("issue.asking > 0"))] if seats else []
    ids = select(last.c.id).union_all(asked, *at_seats).subquery()
    those = select(*_FACTS).where(col(Issue.id).in_(select(ids.c.id)), visible_issues(viewer))
    return those.order_by(PRESSING_FIRST, _DUE.nulls_last(), col(Issue.id)).limit(bindparam("most"))


class DeskAsk(NamedTuple):
    """An ask about an issue, as it lies on a desk. `for_id`: the organisation for which its reader has it there; `who`
    asked, as they may know them; `is_named`: by name."""

    issue_id: int
    partnership_id: int
    ref: str
    title: str
    ask: OpenAsk
    event: EventKind
    for_id: int
    who: str
    is_named: bool


def asks_for(session: Session, viewer: Viewer, found: Desk) -> tuple[DeskAsk, ...]:
    """What is asked and not answered by all about what lies on a desk, or is where its owner has a seat as a manager;
    as this person reads it, what lapses first first."""
    ids = [*found.acts_for, *found.asked_at_seat]
    if not ids:
        return ()
    rows = straight(session).execute(_asks(viewer, found.seats), {"ids": ids})
    asks = [_desk_ask(row, viewer, for_id) for row in rows if (for_id := found.acts_for.get(row.id, row.seated_for))]
    return tuple(sorted(asks, key=lambda each: (each.ask.lapses_at is None, each.ask.lapses_at, each.issue_id)))


def _seats(viewer: Viewer, arrangement: Arrangement) -> Iterator[Seated]:
    """The seats of a manager that holds what comes to its body, where they are not away: body and organisation."""
    manages = {
        each.organisation_key: each.organisation_id
        for each in viewer.in_partnership(arrangement.id)
        if Role.MANAGER in each.roles and each.organisation_id not in viewer.duty.away
    }
    for body in arrangement.bodies.values():
        for seat in body.seats:
            if seat.holds and seat.person_id == viewer.person_id and seat.organisation in manages:
                yield body.id, manages[seat.organisation]


def _desk_ask(row: Any, viewer: Viewer, for_id: int) -> DeskAsk:
    lapses_at = row.lapses_at or lapses_with(row.state, row.due_at)
    who = names.doer_name(row.event_kind, row.person_id, row.words, row, viewer)
    is_named = bool(names.name_in(row.words, "actor")) and names.may_know(row.person_id, row, viewer)
    ask = OpenAsk(row.number, row.kind, row.by_id, row.answers, lapses_at)
    event = read_event(row.event_kind, row.details, row.words, row.hashes)
    return DeskAsk(row.id, row.partnership_id, row.ref, row.title, ask, event, for_id, who, is_named)


@lru_cache(maxsize=512)
def _asks(viewer: Viewer, seats: frozenset[Seated]) -> Select[Any]:
    of_issue = (getattr(Issue, name) for name in _OF_ISSUE)
    told = and_(col(Event.issue_id) == col(Ask.issue_id), col(Event.position) == col(Ask.position))
    of_event = (getattr(Event, name) for name in ("person_id", "details", "words", "hashes"))
    at_seat = or_(false(), *(_is_at(body, organisation) for body, organisation in sorted(seats)))
    return (
        select(*of_issue, *ASK_COLUMNS, col(Event.kind).label("event_kind"), *of_event)
        .add_columns(col(IssueSide.organisation_id).label("seated_for"))
        .select_from(Ask)
        .join(Issue, col(Issue.id) == col(Ask.issue_id))
        .join(Event, told)
        .outerjoin(IssueSide, and_(col(IssueSide.issue_id) == col(Issue.id), at_seat))
        .outerjoin(Timer, LAPSES)
        .where(among(col(Ask.issue_id)), text("ask.state = 'open'"))
        .where(visible_issues(viewer))
    )


def _is_at(body: int, organisation: int) -> ColumnElement[bool]:
    return and_(col(Issue.body_id) == body, col(IssueSide.organisation_id) == organisation)


_OF_ISSUE = (
    *("id", "partnership_id", "ref", "title", "state", "due_at"),
    *("hide_reporter", "raised_by_id", "raised_for_id"),  # what may be known of who raised it
)
