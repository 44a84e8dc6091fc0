"""My desk: every issue somebody has to do with now, on the pile where it presses most.

What it costs follows what lies on the desk, not the table: holders, raisers and bodies have indexes of what is not
over alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, text
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, SILENCE, IssueRow, issue_rows
from tracker.queries.issues import acts_for, visible_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide, StayedFixedQuestion
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import LIVE, Kind, State
from tracker.rules.rings import Viewer

MOST = 1000  # issues that somebody holds, or has raised, that are looked at: what is due first


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


@dataclass(frozen=True, slots=True)
class Desk:
    """Issue ids by pile, what is due first for this person at the head. `stands_for`: whom this person stands in for,
    by issue id."""

    piles: Mapping[Pile, tuple[int, ...]]
    stands_for: Mapping[int, int] = field(default_factory=dict)
    bounded: bool = False


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
    held = session.execute(_held(viewer, here)).all()
    raised = session.execute(_raised(viewer, here)).all()
    piles: dict[Pile, dict[int, None]] = {pile: {} for pile in Pile}
    for row in held:
        piles[_pile(row, arrangements[row.partnership_id], now, soon[row.partnership_id])][row.id] = None
    known = {row.id for row in held}
    for row in raised:
        if row.id not in known:
            piles[_pile_of_raised(row)][row.id] = None
    return Desk(
        piles={pile: tuple(ids) for pile, ids in piles.items()},
        stands_for=_stands_for(held, viewer.person_id),
        bounded=MOST in (len(held), len(raised)),
    )


def desk_rows(session: Session, viewer: Viewer, issue_ids: Collection[int]) -> dict[int, IssueRow]:
    """The rows of issues on a desk, by id."""
    if not issue_ids:
        return {}
    those = select(*COLUMNS).where(col(Issue.id).in_(issue_ids), visible_issues(viewer))
    return {row.id: row for row in issue_rows(session, those)}


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


def _pile_of_raised(row: Any) -> Pile:
    if row.state is State.RESOLVED:
        return Pile.FIXED
    return Pile.EARLY if row.kind is Kind.EARLY_WARNING else Pile.RAISED


def _is_at_top(row: Any, arrangement: Arrangement) -> bool:
    ladder = arrangement.ladders.get(row.ladder_version_id or 0)
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
    )
)
_OF_SIDE = and_(
    col(IssueSide.issue_id) == col(Holder.issue_id), col(IssueSide.organisation_id) == col(Holder.organisation_id)
)
_DUE = case((col(Issue.state) == State.PROPOSED, SILENCE), else_=col(Issue.due_at))
# What is due first for whoever holds it: to acknowledge, and to answer what is proposed, come before the limit.
_DUE_FOR_ME = case(
    (
        and_(col(Issue.state).in_(LIVE), col(IssueSide.acknowledged_at).is_(None)),
        func.coalesce(col(IssueSide.acknowledge_by), col(Issue.due_at)),
    ),
    else_=_DUE,
)


@lru_cache(maxsize=512)
def _held(viewer: Viewer, partnership_ids: frozenset[int]) -> Select[Any]:
    """What they hold where they are not away, and what they act on for those who are."""
    duty = viewer.duty
    here = [col(Holder.organisation_id).not_in(sorted(duty.away))] if duty.away else []
    mine = and_(col(Holder.person_id) == viewer.person_id, *here)
    people = {viewer.person_id, *(each.person_id for each in duty.stands_in)}
    people = people.union(*(each.absent for each in duty.reserves))
    return (
        select(*_FACTS, *_PARTS)
        .select_from(Holder)
        .join(Issue, col(Issue.id) == col(Holder.issue_id))
        .join(IssueSide, _OF_SIDE)
        .where(col(Holder.person_id).in_(people), text("holder.active"), or_(mine, *acts_for(viewer, Holder, Issue)))
        .where(col(Issue.resolved_at).is_(None), col(Issue.partnership_id).in_(partnership_ids), visible_issues(viewer))
        .order_by(_DUE_FOR_ME.nulls_last(), col(Issue.id))
        .limit(MOST)
    )


_PARTS: tuple[Any, ...] = (
    col(Holder.person_id),
    col(Holder.organisation_id),
    col(IssueSide.acknowledged_at),
    col(IssueSide.agreed_at),
)


@lru_cache(maxsize=512)
def _raised(viewer: Viewer, partnership_ids: frozenset[int]) -> Select[Any]:
    """Two indexes of what somebody raised: what is not over, and what they are asked about."""
    mine = (col(Issue.raised_by_id) == viewer.person_id, col(Issue.partnership_id).in_(partnership_ids))
    waits = select(col(Issue.id)).where(*mine, text("issue.resolved_at IS NULL"))
    me = col(StayedFixedQuestion.person_id) == viewer.person_id
    asked = (
        select(col(Issue.id))
        .join(StayedFixedQuestion, col(StayedFixedQuestion.issue_id) == col(Issue.id))
        .where(me, text("stayed_fixed_question.answer IS NULL"), col(Issue.partnership_id).in_(partnership_ids))
    )
    ids = waits.union_all(asked).subquery()
    those = select(*_FACTS).where(col(Issue.id).in_(select(ids.c.id)), visible_issues(viewer))
    return those.order_by(_DUE.nulls_last(), col(Issue.id)).limit(MOST)
