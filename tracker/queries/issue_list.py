"""The list of issues: filters and pages by key, always within what the person may see."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, select, tuple_, union_all
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issues import READERS, visible_issues
from tracker.queries.search import search
from tracker.queries.tallies.issues_counted import began_with, fared_so, is_again, is_called, is_prompt, two_have_said
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.lifecycle import LIVE, UNRESOLVED
from tracker.rules.rings import Ring, Viewer

UNTAGGED, TAGGED = "untagged", "tagged"
NONE = "none"  # of a clause or a service area: none was named
ANY = "any"  # of sides that have named it: whichever, and of answers: whatever


@dataclass(frozen=True, slots=True)
class IssueQuery:
    """What a list shows. `filters`: what is asked for by each (CONDITIONS, OF_ONE_OCCURRENCE), keys of organisations as
    the ids that they have in the partnerships asked about. `zone`: by whose clock days are told."""

    partnership_ids: frozenset[int]
    filters: tuple[tuple[str, Any], ...] = ()
    zone: str = "UTC"

    def asked(self, name: str) -> Any:
        """None where it is not asked for."""
        return dict(self.filters).get(name)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list, newest first, begins or ends: at the issue that stands there. In a search the id alone
    settles the order."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class IssuePage:
    """`newer`, `older`: there are more in front of it, beyond it; `bounded` as in `SearchHits`."""

    rows: tuple[IssueRow, ...]
    newer: bool
    older: bool
    bounded: bool = False


def issue_list(
    session: Session, viewer: Viewer, query: IssueQuery, *, after: Cursor | None = None, before: Cursor | None = None
) -> IssuePage:
    """A page of at most 50 issues, newest first: beyond `after`, or just in front of `before`."""
    cursor = before or after
    direction = "before" if before else "after" if after else ""
    parameters = {"at": cursor.at, "id": cursor.id} if cursor else {}
    rows = issue_rows(session, _page(viewer, query, direction), parameters)
    if before:
        return IssuePage(tuple(reversed(rows[:PAGE])), newer=len(rows) > PAGE, older=True)
    return IssuePage(rows[:PAGE], newer=after is not None, older=len(rows) > PAGE)


def search_list(
    session: Session, viewer: Viewer, query: IssueQuery, words: tuple[str, ...], *, after: Cursor | None = None
) -> IssuePage:
    """A page of at most 50 issues that hold these words and fit the filters, newest first."""
    of_these = col(Issue.partnership_id).in_(query.partnership_ids)
    conditions = (of_these, *_filters(query, viewer), visible_issues(viewer))
    hits = search(session, words, viewer, conditions, below=after.id if after else None, most=PAGE + 1)
    those = select(*COLUMNS).where(col(Issue.id).in_(hits.ids[:PAGE]), visible_issues(viewer))
    rows = issue_rows(session, those.order_by(col(Issue.id).desc()))
    return IssuePage(rows, newer=after is not None, older=len(hits.ids) > PAGE, bounded=hits.bounded)


def place_of(session: Session, viewer: Viewer, ref: str) -> Row[Any] | None:
    """What settles where an issue stands in lists (`id`, `raised_at`, `due_at`), if this person may see it."""
    return session.execute(_place(viewer), {"ref": ref}).one_or_none()


def reference(session: Session, viewer: Viewer, text: str) -> str | None:
    """The reference of the issue that is called just so, here or where it came from, if this person may see it."""
    of_theirs = and_(col(Issue.partnership_id).in_(viewer.partnership_ids), col(Issue.outside_ref) == text)
    for is_called_so in (col(Issue.ref) == text.upper(), of_theirs):
        asked = select(col(Issue.ref)).where(is_called_so, visible_issues(viewer)).limit(1)
        if (ref := session.execute(asked).scalar()) is not None:
            return str(ref)
    return None


def sees_any(session: Session, viewer: Viewer) -> bool:
    """Whether their organisations have any issue this person may see."""
    mine = col(IssueSide.organisation_id).in_(viewer.organisation_ids)
    joined = select(col(IssueSide.issue_id)).join(Issue, col(Issue.id) == col(IssueSide.issue_id))
    return session.execute(joined.where(mine, visible_issues(viewer)).limit(1)).first() is not None


@lru_cache(maxsize=READERS)
def _place(viewer: Viewer) -> Select[Any]:
    settling: tuple[Any, ...] = (col(Issue.id), col(Issue.raised_at), col(Issue.due_at))
    return select(*settling).where(col(Issue.ref) == bindparam("ref"), visible_issues(viewer))


@lru_cache(maxsize=512)
def _page(viewer: Viewer, query: IssueQuery, direction: str) -> Select[Any]:
    """The statement, kept: making it anew costs more than its answer.

    Each partnership's newest are found by themselves, because only so an index gives them in order.
    """
    pages = [_page_of(each, viewer, query, direction) for each in sorted(query.partnership_ids)]
    if len(pages) == 1:
        return pages[0].with_only_columns(*COLUMNS)
    ids = union_all(*(select(page.subquery().c.id) for page in pages)).subquery()
    whole = select(*COLUMNS).where(col(Issue.id).in_(select(ids.c.id)))
    return whole.order_by(*_order(direction)).limit(PAGE + 1)


def _page_of(partnership_id: int, viewer: Viewer, query: IssueQuery, direction: str) -> Select[Any]:
    asked = (col(Issue.partnership_id) == partnership_id, visible_issues(viewer), *_filters(query, viewer))
    page = select(col(Issue.id)).where(*asked, *_beyond(direction))
    return page.order_by(*_order(direction)).limit(PAGE + 1)


def _order(direction: str) -> tuple[ColumnElement[Any], ...]:
    keys = (col(Issue.raised_at), col(Issue.id))
    return tuple(key.asc() if direction == "before" else key.desc() for key in keys)


def _beyond(direction: str) -> tuple[ColumnElement[bool], ...]:
    place = tuple_(col(Issue.raised_at), col(Issue.id))
    cursor = tuple_(bindparam("at", type_=moment()), bindparam("id"))
    return {"": (), "after": (place < cursor,), "before": (place > cursor,)}[direction]


def _filters(query: IssueQuery, viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    yield from (CONDITIONS[name](asked, query, viewer) for name, asked in query.filters if name in CONDITIONS)
    of_one = [OF_ONE_OCCURRENCE[name](asked, query) for name, asked in query.filters if name in OF_ONE_OCCURRENCE]
    if of_one:
        yield col(Issue.id).in_(select(col(Occurrence.issue_id)).where(*of_one))


def _equals(column: Any, nothing: str = "") -> "Condition":
    """`nothing`: as which it is asked for that there is none."""
    return lambda asked, *_: column.is_(None) if asked == nothing else column == asked


def _has_theme(key: str, *_: Any) -> ColumnElement[bool]:
    themes = {UNTAGGED: col(Issue.theme).is_(None), TAGGED: col(Issue.theme).is_not(None)}
    return themes[key] if key in themes else col(Issue.theme) == key


def _is_in_state(states: frozenset[Any], *_: Any) -> ColumnElement[bool]:
    is_one = col(Issue.state).in_(states)
    return and_(is_one, _unresolved()) if states <= UNRESOLVED else is_one


def _is_due(limits: tuple[Any, Any], *_: Any) -> ColumnElement[bool]:
    """That its clock runs, up to a limit from the first of these moments (None: whenever) to before the last."""
    first, last = limits
    running = and_(col(Issue.due_at) < last, col(Issue.state).in_(LIVE), _unresolved())
    return running if first is None else and_(running, col(Issue.due_at) >= first)


def _unresolved() -> ColumnElement[bool]:
    return col(Issue.resolved_at).is_(None)


def _has_side(organisation_ids: frozenset[int], *_: Any) -> ColumnElement[bool]:
    mine = col(IssueSide.organisation_id).in_(organisation_ids)
    return exists().where(col(IssueSide.issue_id) == col(Issue.id), mine)


Condition = Callable[[Any, IssueQuery, Viewer], ColumnElement[bool]]

# By the names that filters have in addresses; what can stand there, and in words: `pages/issues/filters.FILTERS`.
CONDITIONS: Mapping[str, Condition] = {
    "side": _has_side,
    "pair": lambda sides, *_: and_(*(_has_side(ids) for ids in sides)),
    "tier": _equals(col(Issue.tier)),
    "state": _is_in_state,
    "theme": _has_theme,
    "topic": _equals(col(Issue.topic)),
    "clause": _equals(col(Issue.clause), NONE),
    "area": _equals(col(Issue.service_area), NONE),
    "ball": lambda ids, *_: and_(col(Issue.ball_with_id).in_(ids), _unresolved()),
    "due": _is_due,
    "outcome": lambda outcomes, *_: col(Issue.outcome).in_(outcomes),
    "kind": _equals(col(Issue.kind)),
    "raised_from": lambda at, *_: col(Issue.raised_at) >= at,
    "raised_until": lambda at, *_: col(Issue.raised_at) < at,
    "resolved_from": lambda at, *_: col(Issue.resolved_at) >= at,
    "resolved_until": lambda at, *_: col(Issue.resolved_at) < at,
    "crossed": lambda *_: col(Issue.ring) != Ring.ORGANISATION,
    "again": lambda _, query, viewer: is_again(viewer),
    "stayed": lambda answers, *_: col(Issue.stayed_fixed).in_(answers),
    "named": lambda sides, query, _: two_have_said(sides, query.asked("alike")),
    "view": lambda view, *_: is_called(*view),
    "fix": lambda fix, query, viewer: fared_so(fix, query.partnership_ids, query.zone, viewer),
}
# Of an `Occurrence`: one and the same fits all of these that are asked for.
OF_ONE_OCCURRENCE: Mapping[str, Callable[[Any, IssueQuery], ColumnElement[bool]]] = {
    "from": lambda day, _: col(Occurrence.occurred_on) >= day,
    "until": lambda day, _: col(Occurrence.occurred_on) <= day,
    "by": lambda ids, _: col(Occurrence.organisation_id).in_(ids),
    "entered": lambda _, query: is_prompt(query.zone, query.asked("from"), query.asked("until")),
    "again": lambda *_: began_with(),
}
