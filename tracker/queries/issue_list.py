"""The list of issues: filters, pages by key, and search, always within what the person may see."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.queries.search import search
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.lifecycle import UNRESOLVED, Outcome, State
from tracker.rules.rings import Viewer

_ALL = 2**62  # below this is every id


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows, by ids and keys. `sides`: each group holds one organisation in each partnership asked about;
    an issue has one of every group. `due_before`: unresolved with a limit before it."""

    partnership_ids: frozenset[int]
    sides: tuple[frozenset[int], ...] = ()
    ball: frozenset[int] | None = None
    tier: int | None = None
    states: frozenset[State] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    theme: str | None = None
    topic: str | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    occurred_from: date | None = None
    occurred_until: date | None = None
    resolved_from: datetime | None = None
    resolved_until: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: the row it stands at, newest first. `at` None: by id alone, as in a search."""

    at: datetime | None
    id: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list. `more`: there are rows beyond its end. `bounded`: see `search.Found`."""

    rows: tuple[IssueRow, ...]
    more: bool
    bounded: bool = False
    conditions: tuple[ColumnElement[bool], ...] = field(default=(), repr=False)


def issue_list(
    session: Session, viewer: Viewer, wanted: Wanted, *, after: Place | None = None, before: Place | None = None
) -> Listed:
    """A page of at most 50 issues, newest first, beyond `after` or just in front of `before`."""
    conditions = _conditions(viewer, wanted)
    if wanted.words:
        return _searched(session, viewer, wanted, conditions, after)
    statement = select(*COLUMNS).where(*conditions).limit(PAGE + 1)
    raised, number = col(Issue.raised_at), col(Issue.id)
    if before and before.at:
        beyond = or_(raised > before.at, and_(raised == before.at, number > before.id))
        rows = issue_rows(session, statement.where(beyond).order_by(raised, number))
        return Listed(tuple(reversed(rows[:PAGE])), more=True)
    if after and after.at:
        statement = statement.where(or_(raised < after.at, and_(raised == after.at, number < after.id)))
    rows = issue_rows(session, statement.order_by(raised.desc(), number.desc()))
    return Listed(rows[:PAGE], more=len(rows) > PAGE)


def sees_any(session: Session, viewer: Viewer) -> bool:
    """Whether there is any issue this person may see."""
    mine = col(Issue.partnership_id).in_(viewer.partnership_ids)
    return session.execute(select(col(Issue.id)).where(mine, visible_issues(viewer)).limit(1)).first() is not None


def _searched(
    session: Session, viewer: Viewer, wanted: Wanted, conditions: list[ColumnElement[bool]], after: Place | None
) -> Listed:
    below = after.id if after else _ALL
    found = search(session, wanted.words, viewer, conditions, below=below, most=PAGE + 1)
    ids = found.ids[:PAGE]
    rows = issue_rows(session, select(*COLUMNS).where(col(Issue.id).in_(ids)).order_by(col(Issue.id).desc()))
    return Listed(rows, more=len(found.ids) > PAGE, bounded=found.bounded)


def _conditions(viewer: Viewer, wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_in(col(Issue.partnership_id), wanted.partnership_ids), visible_issues(viewer)]
    conditions += [_has_side(group) for group in wanted.sides]
    if wanted.ball is not None:
        conditions += [_in(col(Issue.ball_with_id), wanted.ball), _unresolved()]
    if wanted.states:
        conditions.append(_in_states(wanted.states))
    if wanted.outcomes:
        conditions.append(col(Issue.outcome).in_(wanted.outcomes))
    return conditions + _words_of(wanted) + _dates(wanted)


def _words_of(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen = ((col(Issue.tier), wanted.tier), (col(Issue.topic), wanted.topic))
    equal = [column == value for column, value in chosen if value is not None]
    return equal if wanted.theme is None else [*equal, _theme(wanted.theme)]


def _dates(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.due_before is not None:
        conditions += [col(Issue.due_at) < wanted.due_before, _unresolved()]
    if wanted.due_after is not None:
        conditions.append(col(Issue.due_at) >= wanted.due_after)
    if wanted.occurred_from is not None:
        conditions.append(_occurred(wanted))
    if wanted.resolved_from is not None:
        conditions.append(_resolved(wanted))
    return conditions


def _in(column: Mapped[int], ids: frozenset[int] | None) -> ColumnElement[bool]:
    """One id is compared with, so that an index that goes on with the order of the list can be walked."""
    return column == next(iter(ids)) if ids and len(ids) == 1 else column.in_(ids or ())


def _in_states(states: frozenset[State]) -> ColumnElement[bool]:
    return and_(col(Issue.state).in_(states), _unresolved()) if states <= UNRESOLVED else col(Issue.state).in_(states)


def _unresolved() -> ColumnElement[bool]:
    return col(Issue.resolved_at).is_(None)


def _has_side(organisation_ids: frozenset[int]) -> ColumnElement[bool]:
    return exists().where(
        col(IssueSide.issue_id) == col(Issue.id), _in(col(IssueSide.organisation_id), organisation_ids)
    )


def _theme(key: str) -> ColumnElement[bool]:
    return col(Issue.theme).is_(None) if key == "untagged" else col(Issue.theme) == key


def _occurred(wanted: Wanted) -> ColumnElement[bool]:
    until = wanted.occurred_until or date.max
    return col(Issue.id).in_(
        select(col(Occurrence.issue_id)).where(col(Occurrence.occurred_on).between(wanted.occurred_from, until))
    )


def _resolved(wanted: Wanted) -> ColumnElement[bool]:
    since = col(Issue.resolved_at) >= wanted.resolved_from
    return and_(since, col(Issue.resolved_at) < wanted.resolved_until) if wanted.resolved_until else since
