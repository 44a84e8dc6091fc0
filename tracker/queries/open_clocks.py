"""The clocks that are set: what gave each, of a batch of issues and decisions that are not over, without entities."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, exists, select
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col

from tracker.queries.issues import with_parts
from tracker.records.columns import among
from tracker.records.decision import Decision
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.timer import Timer
from tracker.rules.deadlines import Origin
from tracker.rules.deciding import DecisionState

BATCH = 500


class OpenClocks(NamedTuple):
    """Of one issue: its ladder version, tier and sides in order, its limit, and what gave that and its timers."""

    id: int
    ladder_version_id: int
    tier: int
    due_at: datetime | None
    sides: tuple[int, ...]
    origins: tuple[Origin, ...]


def open_clocks(session: Session, partnership_id: int) -> Iterator[list[OpenClocks]]:
    """Of every issue on a ladder that is not over, batch by batch; three statements each."""
    last = 0
    while rows := session.execute(_ISSUES, {"home": partnership_id, "last": last, "most": BATCH}).all():
        ids, last = [row.id for row in rows], rows[-1].id
        sides, origins = defaultdict[int, list[int]](list), defaultdict[int, list[Origin]](list)
        for issue_id, side in session.execute(_SIDES, {"ids": ids}):
            sides[issue_id].append(side)
        for issue_id, kept in session.execute(_ORIGINS, {"ids": ids}):
            origins[issue_id].append(Origin.read(kept))
        yield [_clocks(row, sides[row.id], origins[row.id]) for row in rows]


def issues_to_move(session: Session, ids: Collection[int]) -> list[Issue]:
    """These issues with their parts, locked in one order, as they are under the lock."""
    asked = select(Issue).where(col(Issue.id).in_(ids), col(Issue.resolved_at).is_(None)).order_by(col(Issue.id))
    locked = asked.with_for_update(of=Issue).execution_options(populate_existing=True)
    return with_parts(session, session.scalars(locked).all())


def decisions_to_move(session: Session, partnership_id: int) -> Iterator[list[Decision]]:
    """Every decision that still stands and whose owners are still to be reminded, locked, with its parts, by batch."""
    last = 0
    while found := list(session.scalars(_DECISIONS, {"home": partnership_id, "last": last, "most": BATCH})):
        last = found[-1].id
        yield found


def _clocks(row: Row[Any], sides: Sequence[int], origins: Sequence[Origin]) -> OpenClocks:
    limit = (Origin.read(row.due_origin),) if row.due_origin else ()
    return OpenClocks(row.id, row.ladder_version_id, row.tier, row.due_at, tuple(sides), (*limit, *origins))


_COLUMNS: tuple[Any, ...] = (
    *(col(Issue.id), col(Issue.ladder_version_id), col(Issue.tier)),
    *(col(Issue.due_at), col(Issue.due_origin)),
)
_ISSUES: Select[Any] = (
    select(*_COLUMNS)
    .where(col(Issue.partnership_id) == bindparam("home"), col(Issue.id) > bindparam("last"))
    .where(col(Issue.resolved_at).is_(None), col(Issue.tier) > 0, col(Issue.ladder_version_id).is_not(None))
    .order_by(col(Issue.id))
    .limit(bindparam("most"))
)
_SIDES: Any = (
    select(col(IssueSide.issue_id), col(IssueSide.organisation_id))
    .where(among(col(IssueSide.issue_id)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position), col(IssueSide.organisation_id))
)
_ORIGINS: Select[Any] = select(col(Timer.issue_id), col(Timer.origin)).where(
    among(col(Timer.issue_id)), col(Timer.origin).is_not(None)
)
_DECISIONS: Select[Any] = (
    select(Decision)
    .where(col(Decision.partnership_id) == bindparam("home"), col(Decision.id) > bindparam("last"))
    .where(col(Decision.state) == DecisionState.OPEN, exists().where(col(Timer.decision_id) == col(Decision.id)))
    .order_by(col(Decision.id))
    .limit(bindparam("most"))
    .options(selectinload(Decision.sides), selectinload(Decision.timers))  # type: ignore[arg-type]
    .with_for_update(of=Decision)
    .execution_options(populate_existing=True)
)
