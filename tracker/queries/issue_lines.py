"""Issues as rows for lists, desks and agendas: columns, never entities, with their sides and who holds them there."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, literal_column, select, text
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, visible_issues
from tracker.records.columns import among
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.timer import Timer, TimerKind
from tracker.rules.events.moving import Paused
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.names import name_in
from tracker.rules.rings import Ring, Viewer

PAGE = 50


class SideRow(NamedTuple):
    """One side of an issue, and by when it is to acknowledge at the tier that the issue is on, or since when it is
    asked whether it still has it; None once it has."""

    organisation_id: int
    acknowledge_by: datetime | None = None
    lapsed_at: datetime | None = None


class IssueRow(NamedTuple):
    """What a list shows of an issue, in the order of COLUMNS.

    `silence_at`: while a proposal stands, when silence counts as agreement to it; `pause_ends_at`, `pause`: while it is
    paused, when that ends by itself, and its words; `holders`: the ids of who has it for the organisation that has the
    ball, the opposite number first.
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
    pause_ends_at: datetime | None
    pause: Mapping[str, str] | None
    sides: tuple[SideRow, ...]
    holders: tuple[int, ...]

    @property
    def is_pressing(self) -> bool:
        """Critical and not over: first in every list."""
        return self.severity is Severity.CRITICAL and self.state is not State.RESOLVED

    @property
    def waits_for(self) -> str:
        """The name of who is waited for while it is paused; "" where it is not, or that was taken out."""
        return name_in(self.pause or {}, "waits_for")

    @property
    def side_ids(self) -> tuple[int, ...]:
        return tuple([side.organisation_id for side in self.sides])


def _written(word: str) -> ColumnElement[str]:
    """A word of the house in the text of a statement: each that goes with it as a parameter costs every list more than
    looking for what it names."""
    return literal_column(f"'{word}'")


def _rings(kind: TimerKind) -> ScalarSelect[Any]:
    of_issue = (
        col(Timer.issue_id) == col(Issue.id),
        col(Timer.kind) == _written(kind),
        col(Timer.side) == _written(""),
    )
    return select(col(Timer.due_at)).where(*of_issue).scalar_subquery()


_LAST_PAUSE = (
    select(col(Event.words))
    .where(col(Event.issue_id) == col(Issue.id), col(Event.kind) == _written(Paused.name))
    .order_by(col(Event.position).desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
_IS_PAUSED = col(Issue.state) == _written(State.PAUSED)
# Looked for where there is one.
SILENCE = case((col(Issue.state) == _written(State.PROPOSED), _rings(TimerKind.SILENCE)))
_PAUSE_ENDS = case((_IS_PAUSED, _rings(TimerKind.PAUSE)))
_PAUSE = case((_IS_PAUSED, _LAST_PAUSE))
IS_PRESSING: ColumnElement[bool] = and_(col(Issue.severity) == Severity.CRITICAL, col(Issue.resolved_at).is_(None))
# As its partial index has it: a database that gets such a condition with parameters does not see that it fits.
PRESSING = text("issue.severity = 'critical' AND issue.resolved_at IS NULL")
_Pressing = aliased(Issue, name="pressing")
_IS_SO = text("pressing.severity = 'critical' AND pressing.resolved_at IS NULL")
PRESSING_FIRST = case((IS_PRESSING, 0), else_=1)  # as `IssueRow.is_pressing` has it
_NAMES = IssueRow._fields[: IssueRow._fields.index("silence_at")]
_AT_TIMES = (SILENCE.label("silence_at"), _PAUSE_ENDS.label("pause_ends_at"), _PAUSE.label("pause"))
COLUMNS: tuple[Any, ...] = (*(getattr(Issue, name) for name in _NAMES), *_AT_TIMES)


def is_pressing_in(partnership_id: int) -> ColumnElement[bool]:
    """Whether it is one of a partnership that presses. Nothing else may say of which partnership it is: SQLite would
    walk through all of that for these few."""
    return col(Issue.id).in_(select(col(_Pressing.id)).where(col(_Pressing.partnership_id) == partnership_id, _IS_SO))


def issue_rows(
    session: Session, statement: Select[Any], parameters: Mapping[str, Any] | None = None
) -> tuple[IssueRow, ...]:
    """The rows of a statement over `COLUMNS`, in its order, with their sides: two statements in all.

    The statement carries the viewer's condition (`queries/issues.visible_issues`).
    """
    return issue_row_lists(session, (statement, parameters or {}))[0]


def issue_row_lists(
    session: Session, *asked: tuple[Select[Any], Mapping[str, Any]]
) -> tuple[tuple[IssueRow, ...], ...]:
    """The same of several statements with their parameters: one statement more for all their sides."""
    return rows_with_sides(session, *(straight(session).execute(*each).all() for each in asked))


def rows_with_sides(session: Session, *found: Sequence[Sequence[Any]]) -> tuple[tuple[IssueRow, ...], ...]:
    """Lists of rows of `COLUMNS`, made whole by one statement."""
    sides = _sides_of(session, [row[0] for rows in found for row in rows])
    return tuple(tuple([IssueRow._make((*row, *sides.get(row[0], ((), ())))) for row in rows]) for rows in found)


def rows_with_ids(session: Session, viewer: Viewer, issue_ids: Collection[int]) -> dict[int, IssueRow]:
    """Those of these issues that this person may see, by id."""
    if not issue_ids:
        return {}
    return {row.id: row for row in issue_rows(session, _with_ids(viewer), {"ids": list(issue_ids)})}


@lru_cache(maxsize=READERS)
def _with_ids(viewer: Viewer) -> Select[Any]:
    those = among(col(Issue.id))
    return select(*COLUMNS).where(those, visible_issues(viewer))


def _sides_of(session: Session, issue_ids: list[int]) -> Mapping[int, tuple[tuple[SideRow, ...], tuple[int, ...]]]:
    """The sides of issues that the caller may show, by issue id, the side spoken for first; and who has them."""
    sides: dict[int, dict[int, SideRow]] = defaultdict(dict)
    holders: dict[int, list[int]] = defaultdict(list)
    if issue_ids:
        for issue, *side, person in straight(session).execute(_SIDES, {"ids": issue_ids}).all():
            sides[issue][side[0]] = SideRow(*side)
            if person:
                holders[issue].append(person)
    return {issue: (tuple(each.values()), tuple(holders[issue])) for issue, each in sides.items()}


_HELD = and_(
    col(Holder.issue_id) == col(Issue.id),
    col(Holder.organisation_id) == col(Issue.ball_with_id),
    col(Holder.organisation_id) == col(IssueSide.organisation_id),
    col(Holder.active),
)
_SIDE_COLUMNS: tuple[Any, ...] = (
    *(col(getattr(IssueSide, name)) for name in ("issue_id", "organisation_id", "acknowledge_by", "lapsed_at")),
    col(Holder.person_id),
)
_SIDES = (
    select(*_SIDE_COLUMNS)
    .join(Issue, col(Issue.id) == col(IssueSide.issue_id))
    .outerjoin(Holder, _HELD)
    .where(among(col(IssueSide.issue_id)))
    .order_by(col(IssueSide.issue_id), col(IssueSide.position), col(IssueSide.organisation_id))
    .order_by(col(Holder.first).desc(), col(Holder.id))
)
