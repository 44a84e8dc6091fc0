"""Issues as rows for lists, desks and agendas: columns, never entities, with their sides and their holder."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import Session, col

from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.rings import Ring

PAGE = 50

COLUMNS: tuple[Any, ...] = tuple(
    getattr(Issue, name)
    for name in (
        "id", "partnership_id", "ref", "title", "kind", "ring", "severity", "state", "outcome", "tier", "body_id",
        "ladder_version_id", "entered_at", "due_at", "raised_at", "raised_by_id", "raised_for_id", "ball_with_id",
        "occurrences", "theme", "theme_confirmed", "stayed_fixed", "hide_reporter",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SideRow:
    """One side of an issue: whether it has acknowledged at this tier, and agreed to the proposal that stands."""

    organisation_id: int
    acknowledged: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class IssueRow:
    """What a list shows of an issue. `holders`: who holds it now; `holder_id`: the opposite number with the ball."""

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
    stayed_fixed: str | None
    hide_reporter: bool
    sides: tuple[SideRow, ...]
    holders: frozenset[int]
    holder_id: int | None

    @property
    def side_ids(self) -> tuple[int, ...]:
        return tuple(side.organisation_id for side in self.sides)


def issue_rows(session: Session, statement: Select[Any]) -> tuple[IssueRow, ...]:
    """The rows of a statement over `COLUMNS`, in its order, with their sides and holders: three statements in all.

    The statement carries the viewer's condition (`queries/issues.visible_issues`).
    """
    found = session.execute(statement).all()
    ids = {"ids": [row.id for row in found]}
    sides = _by_issue(session.execute(_SIDES, ids).all()) if found else {}
    holders = _by_issue(session.execute(_HOLDERS, ids).all()) if found else {}
    return tuple(_row(row, sides.get(row.id, []), holders.get(row.id, [])) for row in found)


def _columns(record: type[IssueSide] | type[Holder], *names: str) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)


_SIDES = (
    select(*_columns(IssueSide, "issue_id", "organisation_id", "acknowledged_at", "agreed_at"))
    .where(col(IssueSide.issue_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position))
)
_HOLDERS = (
    select(*_columns(Holder, "issue_id", "organisation_id", "person_id", "first"))
    .where(col(Holder.issue_id).in_(bindparam("ids", expanding=True)), col(Holder.active))
    .order_by(col(Holder.id))
)


def _by_issue(rows: Any) -> dict[int, list[Row[Any]]]:
    grouped: dict[int, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.issue_id, []).append(row)
    return grouped


def _row(row: Row[Any], sides: list[Row[Any]], holders: list[Row[Any]]) -> IssueRow:
    with_ball = (each.person_id for each in holders if each.first and each.organisation_id == row.ball_with_id)
    acknowledged = (SideRow(side.organisation_id, bool(side.acknowledged_at), bool(side.agreed_at)) for side in sides)
    held_by = frozenset(each.person_id for each in holders)
    values: tuple[Any, ...] = (*row, tuple(acknowledged), held_by, next(with_ball, None))
    return IssueRow(*values)
