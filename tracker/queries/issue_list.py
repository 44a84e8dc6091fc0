"""The list of issues: filters and pages by key, always within what the person may see."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, select, tuple_, union_all
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.queries.search import search
from tracker.queries.tallies.issues_counted import Behind, behind, happening
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.lifecycle import LIVE, UNRESOLVED, Kind, Outcome, State
from tracker.rules.rings import Viewer

UNTAGGED, TAGGED = "untagged", "tagged"
NONE = "none"  # of a clause or a service area: none was named
ANY = "any"  # of sides that have named it: whichever, and of answers: whatever


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows, by ids and keys. `sides`: each group holds one organisation in each partnership asked about;
    an issue has one of every group. `due_before`: the clock runs, and its limit is before that."""

    partnership_ids: frozenset[int]
    sides: tuple[frozenset[int], ...] = ()
    ball: frozenset[int] | None = None
    tier: int | None = None
    kind: Kind | None = None
    states: frozenset[State] = frozenset()
    outcomes: frozenset[Outcome] = frozenset()
    theme: str | None = None
    topic: str | None = None
    clause: str | None = None
    service_area: str | None = None
    due_before: datetime | None = None
    due_after: datetime | None = None
    occurred_from: date | None = None
    occurred_until: date | None = None
    raised_from: datetime | None = None
    raised_until: datetime | None = None
    resolved_from: datetime | None = None
    resolved_until: datetime | None = None
    behind: Behind = field(default_factory=Behind)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list, newest first: of the issue that stands there. In a search, where the id alone settles the
    order, `at` is None."""

    at: datetime | None
    id: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list. `newer`, `older`: there are more in front of it, beyond it. `bounded`: see `search.Found`."""

    rows: tuple[IssueRow, ...]
    newer: bool
    older: bool
    bounded: bool = False


def issue_list(
    session: Session, viewer: Viewer, wanted: Wanted, *, after: Place | None = None, before: Place | None = None
) -> Listed:
    """A page of at most 50 issues, newest first: beyond `after`, or just in front of `before`."""
    at = before or after
    direction = "before" if before else "after" if after else ""
    place = {"at": at.at, "id": at.id} if at else {}
    rows = issue_rows(session, _page(viewer, wanted, direction), place)
    if before:
        return Listed(tuple(reversed(rows[:PAGE])), newer=len(rows) > PAGE, older=True)
    return Listed(rows[:PAGE], newer=after is not None, older=len(rows) > PAGE)


def search_list(
    session: Session, viewer: Viewer, wanted: Wanted, words: tuple[str, ...], *, after: Place | None = None
) -> Listed:
    """A page of at most 50 issues that hold these words and fit the filters, newest first."""
    conditions = (*_conditions(wanted, viewer), visible_issues(viewer))
    found = search(session, words, viewer, conditions, below=after.id if after else None, most=PAGE + 1)
    those = select(*COLUMNS).where(col(Issue.id).in_(found.ids[:PAGE]), visible_issues(viewer))
    rows = issue_rows(session, those.order_by(col(Issue.id).desc()))
    return Listed(rows, newer=after is not None, older=len(found.ids) > PAGE, bounded=found.bounded)


def reference(session: Session, viewer: Viewer, text: str) -> str | None:
    """The reference of the issue that is called just so, here or where it came from, if this person may see it."""
    here = col(Issue.partnership_id).in_(viewer.partnership_ids)
    for named in (col(Issue.ref) == text.upper(), and_(here, col(Issue.outside_ref) == text)):
        found = session.execute(select(col(Issue.ref)).where(named, visible_issues(viewer)).limit(1)).first()
        if found is not None:
            return str(found.ref)
    return None


def sees_any(session: Session, viewer: Viewer) -> bool:
    """Whether their organisations have any issue this person may see."""
    mine = col(IssueSide.organisation_id).in_(viewer.organisation_ids)
    joined = select(col(IssueSide.issue_id)).join(Issue, col(Issue.id) == col(IssueSide.issue_id))
    return session.execute(joined.where(mine, visible_issues(viewer)).limit(1)).first() is not None


@lru_cache(maxsize=512)
def _page(viewer: Viewer, wanted: Wanted, direction: str) -> Select[Any]:
    """The statement, kept: making it anew costs more than its answer.

    Each partnership's newest are found by themselves, because only so an index gives them in order.
    """
    pages = [_page_of(each, viewer, wanted, direction) for each in sorted(wanted.partnership_ids)]
    if len(pages) == 1:
        return pages[0].with_only_columns(*COLUMNS)
    ids = union_all(*(select(page.subquery().c.id) for page in pages)).subquery()
    whole = select(*COLUMNS).where(col(Issue.id).in_(select(ids.c.id)))
    return whole.order_by(*_order(direction)).limit(PAGE + 1)


def _page_of(partnership_id: int, viewer: Viewer, wanted: Wanted, direction: str) -> Select[Any]:
    here = (col(Issue.partnership_id) == partnership_id, visible_issues(viewer), *_filters(wanted, viewer))
    page = select(col(Issue.id)).where(*here, *_beyond(direction))
    return page.order_by(*_order(direction)).limit(PAGE + 1)


def _order(direction: str) -> tuple[ColumnElement[Any], ...]:
    keys = (col(Issue.raised_at), col(Issue.id))
    return tuple(key.asc() if direction == "before" else key.desc() for key in keys)


def _beyond(direction: str) -> tuple[ColumnElement[bool], ...]:
    here = tuple_(col(Issue.raised_at), col(Issue.id))
    there = tuple_(bindparam("at", type_=moment()), bindparam("id"))
    return {"": (), "after": (here < there,), "before": (here > there,)}[direction]


def _conditions(wanted: Wanted, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    return (col(Issue.partnership_id).in_(wanted.partnership_ids), *_filters(wanted, viewer))


def _filters(wanted: Wanted, viewer: Viewer) -> tuple[ColumnElement[bool], ...]:
    of_sides = (_has_side(group) for group in wanted.sides)
    happened = happening(wanted.occurred_from, wanted.occurred_until, wanted.behind)
    figure = behind(wanted.behind, wanted.partnership_ids, viewer)
    return (*_standing(wanted), *_about(wanted), *_dates(wanted), *of_sides, *happened, *figure)


def _standing(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.ball is not None:
        conditions += [col(Issue.ball_with_id).in_(wanted.ball), _unresolved()]
    if wanted.states:
        conditions.append(col(Issue.state).in_(wanted.states))
    if wanted.states and wanted.states <= UNRESOLVED:
        conditions.append(_unresolved())
    if wanted.outcomes:
        conditions.append(col(Issue.outcome).in_(wanted.outcomes))
    return conditions


def _about(wanted: Wanted) -> list[ColumnElement[bool]]:
    chosen: tuple[tuple[Any, Any, Any], ...] = (
        (col(Issue.tier), wanted.tier, None),
        (col(Issue.kind), wanted.kind, None),
        (col(Issue.topic), wanted.topic, None),
        (col(Issue.theme), wanted.theme if wanted.theme != TAGGED else None, UNTAGGED),
        (col(Issue.clause), wanted.clause, NONE),
        (col(Issue.service_area), wanted.service_area, NONE),
    )
    known = [each for each in chosen if each[1] is not None]
    conditions = [column.is_(None) if value == nothing else column == value for column, value, nothing in known]
    return [*conditions, col(Issue.theme).is_not(None)] if wanted.theme == TAGGED else conditions


def _dates(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.due_before is not None:
        conditions += [col(Issue.due_at) < wanted.due_before, col(Issue.state).in_(LIVE), _unresolved()]
    if wanted.due_after is not None:
        conditions.append(col(Issue.due_at) >= wanted.due_after)
    if wanted.raised_from is not None:
        conditions.append(col(Issue.raised_at) >= wanted.raised_from)
    if wanted.raised_until is not None:
        conditions.append(col(Issue.raised_at) < wanted.raised_until)
    if wanted.resolved_from is not None:
        conditions.append(col(Issue.resolved_at) >= wanted.resolved_from)
    if wanted.resolved_until is not None:
        conditions.append(col(Issue.resolved_at) < wanted.resolved_until)
    return conditions


def _unresolved() -> ColumnElement[bool]:
    return col(Issue.resolved_at).is_(None)


def _has_side(organisation_ids: frozenset[int]) -> ColumnElement[bool]:
    mine = col(IssueSide.organisation_id).in_(organisation_ids)
    return exists().where(col(IssueSide.issue_id) == col(Issue.id), mine)
