"""Issues as rows for lists, desks and agendas: columns, never entities, with their sides and who holds them there."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, select
from sqlmodel import Session, col

from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.timer import Timer, TimerKind
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.rings import Ring

PAGE = 50


class SideRow(NamedTuple):
    """One side of an issue. `holders`: the ids of who has it where the issue is, the opposite number first. By when it
    acknowledges, and when it did: at the tier the issue is on."""

    organisation_id: int
    holders: tuple[int, ...]
    acknowledged_at: datetime | None = None
    acknowledge_by: datetime | None = None


class IssueRow(NamedTuple):
    """What a list shows of an issue, in the order of COLUMNS.

    `silence_at`: while a proposal stands, when silence counts as agreement to it.
    """

    id: int
    partnership_id: int
    ref: str
    title: str
    kind: Kind
    ring: Ring
    severity: Severity
    state: State
    outcome: Outcome | None
    tier: int
    body_id: int | None
    ladder_version_id: int | None
    entered_at: datetime | None
    due_at: datetime | None
    raised_at: datetime
    raised_by_id: int | None
    raised_for_id: int
    ball_with_id: int
    occurrences: int
    theme: str | None
    theme_confirmed: bool
    hide_reporter: bool
    silence_at: datetime | None
    sides: tuple[SideRow, ...]

    @property
    def side_ids(self) -> tuple[int, ...]:
        return tuple([side.organisation_id for side in self.sides])

    @property
    def holders_with_ball(self) -> tuple[int, ...]:
        """Who has it for the organisation that has the ball."""
        return next((side.holders for side in self.sides if side.organisation_id == self.ball_with_id), ())


SILENCE = (
    select(col(Timer.due_at))
    .where(col(Timer.issue_id) == col(Issue.id), col(Timer.kind) == TimerKind.SILENCE, col(Timer.side) == "")
    .scalar_subquery()
)
_NAMES = [name for name in IssueRow._fields if name not in ("silence_at", "sides")]
COLUMNS: tuple[Any, ...] = (*(getattr(Issue, name) for name in _NAMES), SILENCE.label("silence_at"))


def issue_rows(
    session: Session, statement: Select[Any], parameters: Mapping[str, Any] | None = None
) -> tuple[IssueRow, ...]:
    """The rows of a statement over `COLUMNS`, in its order, with their sides: two statements in all.

    The statement carries the viewer's condition (`queries/issues.visible_issues`).
    """
    session.flush()
    rows = session.connection().execute(statement, parameters or {}).all()  # no entities: straight to the rows
    sides = sides_of(session, [row.id for row in rows])
    return tuple([IssueRow._make((*row, tuple(sides.get(row[0], ())))) for row in rows])


def sides_of(session: Session, issue_ids: list[int]) -> Mapping[int, list[SideRow]]:
    """The sides of issues that the caller may show, by issue id, the side spoken for first."""
    found: dict[int, dict[int, SideRow]] = defaultdict(dict)
    if issue_ids:
        for issue, side, person, *acknowledging in session.connection().execute(_SIDES, {"ids": issue_ids}):
            before = found[issue][side].holders if side in found[issue] else ()
            found[issue][side] = SideRow(side, (*before, person) if person else before, *acknowledging)
    return {issue: list(sides.values()) for issue, sides in found.items()}


_HELD = and_(
    col(Holder.issue_id) == col(IssueSide.issue_id),
    col(Holder.organisation_id) == col(IssueSide.organisation_id),
    col(Holder.active),
)
_SIDE_COLUMNS: tuple[Any, ...] = (
    *(col(IssueSide.issue_id), col(IssueSide.organisation_id), col(Holder.person_id)),
    *(col(IssueSide.acknowledged_at), col(IssueSide.acknowledge_by)),
)
_SIDES = (
    select(*_SIDE_COLUMNS)
    .outerjoin(Holder, _HELD)
    .where(col(IssueSide.issue_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position), col(IssueSide.organisation_id))
    .order_by(col(Holder.first).desc(), col(Holder.id))
)
