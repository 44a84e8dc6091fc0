"""The list of issues: filters and pages by key, always within what the person may see."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Concatenate, Generic, ParamSpec

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    TextClause,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    text,
    tuple_,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issue_lines import (
    COLUMNS,
    IS_PRESSING,
    PAGE,
    PRESSING_FIRST,
    IssueRow,
    is_pressing_in,
    issue_rows,
    rows_with_ids,
)
from tracker.queries.issue_list.by_limit import AgendaCursor, cursor_parts, page_by_limit
from tracker.queries.issues import READERS, one_of, visible_issues
from tracker.queries.search import search
from tracker.queries.search.people import SearchText
from tracker.queries.story import has_news
from tracker.queries.tallies.issues_counted import began_with, fared_so, is_again, is_called, is_prompt, two_have_said
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.lifecycle import LIVE, UNRESOLVED
from tracker.rules.rings import Ring, Viewer

UNTAGGED, TAGGED = "untagged", "tagged"
NONE = "none"  # of a clause or a service area: none was named
NEWEST_FIRST = (PRESSING_FIRST, col(Issue.raised_at).desc(), col(Issue.id).desc())
MOST_LISTS = 128  # statements that a process keeps of a kind of list
ANY = "any"  # of sides that have named it: whichever, and of answers: whatever

Rest = ParamSpec("Rest")


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

    @property
    def lasts(self) -> bool:
        """Whether the same is asked for by who asks a moment later; not what is late by now."""
        return self.asked("due") is None


class KeptLists(Generic[Rest]):
    """What makes the statement of a list, and keeps it: making one anew costs more than its answer. Each takes a tenth
    of a megabyte, so they are few, and of what no other request asks for none is."""

    def __init__(self, build: Callable[Concatenate[Viewer, IssueQuery, Rest], Select[Any]]) -> None:
        self.__wrapped__, self._kept = build, lru_cache(maxsize=MOST_LISTS)(build)
        self.cache_clear, self.cache_info = self._kept.cache_clear, self._kept.cache_info

    def __call__(self, viewer: Viewer, query: IssueQuery, *rest: Rest.args, **named: Rest.kwargs) -> Select[Any]:
        return (self._kept if query.lasts else self.__wrapped__)(viewer, query, *rest, **named)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page of a list, newest first, begins or ends: at the issue that stands there. `pressing`: it stands among
    those that are critical and not over, which come before the others, but in a search."""

    at: datetime
    id: int
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class IssuePage:
    """`newer`, `older`: there are more in front of it, beyond it; `bounded` as in `SearchHits`; `ends_new`: of a list
    by news, whether its last issue stood among what is new."""

    rows: tuple[IssueRow, ...]
    newer: bool
    older: bool
    bounded: bool = False
    ends_new: bool = False


def issue_list(
    session: Session, viewer: Viewer, query: IssueQuery, *, after: Cursor | None = None, before: Cursor | None = None
) -> IssuePage:
    """A page of at most 50 issues, what is critical first, then the newest: beyond `after`, or just in front of
    `before`."""
    cursor = before or after
    direction = ("before" if before else "after") + (" pressing" if cursor.pressing else "") if cursor else ""
    parameters = {"at": cursor.at, "id": cursor.id} if cursor else {}
    rows = issue_rows(session, _page(viewer, query, direction), parameters)
    if before:
        return IssuePage(tuple(reversed(rows[:PAGE])), newer=len(rows) > PAGE, older=True)
    return IssuePage(rows[:PAGE], newer=after is not None, older=len(rows) > PAGE)


def search_list(
    session: Session, viewer: Viewer, query: IssueQuery, sought: SearchText, *, after: Cursor | None = None
) -> IssuePage:
    """A page of at most 50 issues that are searched for and fit the filters, newest first."""
    conditions, place = tuple(conditions_of(query, viewer)), (after.at, after.id) if after else None
    hits = search(session, sought, viewer, query.partnership_ids, conditions, after=place, most=PAGE + 1)
    order = {issue_id: position for position, issue_id in enumerate(hits.ids[:PAGE])}
    found = rows_with_ids(session, viewer, order)
    rows = tuple(sorted(found.values(), key=lambda row: order[row.id]))
    return IssuePage(rows, newer=after is not None, older=len(hits.ids) > PAGE, bounded=hits.bounded)


def list_by_limit(
    session: Session, viewer: Viewer, query: IssueQuery, *, after: AgendaCursor | None = None
) -> IssuePage:
    """A page of at most 50 issues, what is critical first, then by their limits."""
    kind, pressing, parameters = cursor_parts(after)
    rows = issue_rows(session, _page_by_limit(viewer, query, kind, pressing=pressing), parameters)
    return IssuePage(rows[:PAGE], newer=after is not None, older=len(rows) > PAGE)


def whole_list(
    session: Session,
    viewer: Viewer,
    query: IssueQuery,
    sought: SearchText | None,
    *,
    most: int,
    order: tuple[ColumnElement[Any], ...] = NEWEST_FIRST,
) -> tuple[IssueRow, ...]:
    """Everything in a list, as its pages have it; at most so many."""
    every = _whole(viewer, query)
    if sought:
        conditions = tuple(conditions_of(query, viewer))
        hits = search(session, sought, viewer, query.partnership_ids, conditions, after=None, most=most)
        every = every.where(col(Issue.id).in_(hits.ids))
    return issue_rows(session, every.order_by(*order).limit(most))


def count_list(session: Session, viewer: Viewer, query: IssueQuery) -> int:
    """How many there are in all; by itself, because on a page it would cost more than the page."""
    count: int = straight(session).execute(_whole(viewer, query).with_only_columns(func.count())).scalar_one()
    return count


def _whole(viewer: Viewer, query: IssueQuery) -> Select[Any]:
    of_these = col(Issue.partnership_id).in_(sorted(query.partnership_ids))
    return select(*COLUMNS).where(of_these, visible_issues(viewer), *conditions_of(query, viewer))


def place_of(session: Session, viewer: Viewer, ref: str) -> Row[Any] | None:
    """What settles where an issue stands in lists (`id`, `raised_at`, `due_at`, `pressing`), if they may see it."""
    return straight(session).execute(_place(viewer), {"ref": ref}).one_or_none()


def reference(session: Session, viewer: Viewer, text: str) -> str | None:
    """The reference of the issue that is called just so, here (riv143, #RIV-143, RIV 143) or where it came from, if
    this person may see it. A number alone is none: it may stand in any text."""
    named = [ref for each in viewer.memberships for ref in _references(text, each.partnership_key)]
    if not named and (_NUMBER.fullmatch(text) or not _OUTSIDE.fullmatch(text)):
        return None
    of_theirs = and_(col(Issue.partnership_id).in_(viewer.partnership_ids), col(Issue.outside_ref) == text)
    asked = select(col(Issue.ref)).where(or_(col(Issue.ref).in_(named), of_theirs), visible_issues(viewer))
    found = {str(ref) for ref in straight(session).execute(asked.limit(_MOST_CALLED_SO)).scalars()}
    return next((ref for ref in named if ref in found), min(found, default=None))


def _references(text: str, key: str) -> Iterator[str]:
    """That of an issue of the partnership, if it is typed as one in any way."""
    typed = text.removeprefix("#").lower()
    rest = _OWN.fullmatch(typed.removeprefix(key.lower()))
    if typed.startswith(key.lower()) and rest:
        yield f"{key}-{rest[1]}"


_OWN = re.compile(r"[\s#_.:/‐‑–—-]{0,3}([0-9a-f]{1,12})")
_NUMBER = re.compile(r"#?[0-9]+")
_OUTSIDE = re.compile(r"[^\s0-9]*+[0-9]\S*+")
_MOST_CALLED_SO = 10


def sees_any(session: Session, viewer: Viewer) -> bool:
    """Whether their organisations have any issue this person may see."""
    mine = one_of(IssueSide.organisation_id, viewer.organisation_ids)
    joined = select(col(IssueSide.issue_id)).join(Issue, col(Issue.id) == col(IssueSide.issue_id))
    return straight(session).execute(joined.where(mine, visible_issues(viewer)).limit(1)).first() is not None


@lru_cache(maxsize=READERS)
def _place(viewer: Viewer) -> Select[Any]:
    settling: tuple[Any, ...] = (col(Issue.id), col(Issue.raised_at), col(Issue.due_at), IS_PRESSING.label("pressing"))
    return select(*settling).where(col(Issue.ref) == bindparam("ref"), visible_issues(viewer))


@KeptLists
def _page(viewer: Viewer, query: IssueQuery, direction: str) -> Select[Any]:
    """Each partnership's newest are found by themselves, those of each outcome, and those that press apart from the
    others, because only so an index gives them in order.
    """
    where, _, among = direction.partition(" ")
    # with which of the two a page can begin, and whether it begins beyond a cursor there
    runs = {
        "": ((True, ""), (False, "")),
        "after": ((True, "after"), (False, "")) if among else ((False, "after"),),
        "before": ((True, "before"),) if among else ((True, ""), (False, "before")),
    }[where]
    pages = [
        _page_of(each, viewer, part, pressing=pressing, where=where, beyond=beyond)
        for each in sorted(query.partnership_ids)
        for part in _parts(query)
        for pressing, beyond in runs
    ]
    ids = union_all(*(select(page.subquery().c.id) for page in pages)).subquery()
    whole = select(*COLUMNS).where(col(Issue.id).in_(select(ids.c.id)))
    return whole.order_by(*_order(where)).limit(PAGE + 1)


def _parts(query: IssueQuery) -> Iterator[IssueQuery]:
    """The same in parts of one outcome each, where several are asked for."""
    outcomes = query.asked("outcome") or frozenset()
    for each in sorted(outcomes) if len(outcomes) > 1 else ():
        yield replace(
            query,
            filters=tuple((name, frozenset({each}) if name == "outcome" else asked) for name, asked in query.filters),
        )
    if len(outcomes) < 2:
        yield query


@KeptLists
def _page_by_limit(viewer: Viewer, query: IssueQuery, kind: str, *, pressing: bool) -> Select[Any]:
    places = [(col(Issue.partnership_id) == each, is_pressing_in(each)) for each in sorted(query.partnership_ids)]
    return page_by_limit(places, (visible_issues(viewer), *conditions_of(query, viewer)), kind, pressing=pressing)


def _page_of(
    partnership_id: int, viewer: Viewer, query: IssueQuery, *, pressing: bool, where: str, beyond: str
) -> Select[Any]:
    others = (col(Issue.partnership_id) == partnership_id, not_(IS_PRESSING))
    among = (is_pressing_in(partnership_id),) if pressing else others
    page = select(col(Issue.id)).where(*among, visible_issues(viewer), *conditions_of(query, viewer), *_beyond(beyond))
    newest_first = (each.asc() if where == "before" else each.desc() for each in (col(Issue.raised_at), col(Issue.id)))
    return page.order_by(*newest_first).limit(PAGE + 1)


def _order(where: str) -> tuple[ColumnElement[Any], ...]:
    newest = (col(Issue.raised_at), col(Issue.id))
    if where == "before":
        return (PRESSING_FIRST.desc(), *(each.asc() for each in newest))
    return (PRESSING_FIRST.asc(), *(each.desc() for each in newest))


def _beyond(direction: str) -> tuple[ColumnElement[bool], ...]:
    place = tuple_(col(Issue.raised_at), col(Issue.id))
    cursor = tuple_(bindparam("at", type_=moment()), bindparam("id"))
    return {"": (), "after": (place < cursor,), "before": (place > cursor,)}[direction]


def conditions_of(query: IssueQuery, viewer: Viewer) -> Iterator[ColumnElement[bool]]:
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
    is_one = one_of(Issue.state, states)
    return and_(is_one, _unresolved()) if states <= UNRESOLVED else is_one


def _is_due(limits: tuple[Any, Any], *_: Any) -> ColumnElement[bool]:
    """That its clock runs, up to a limit from the first of these moments (None: whenever) to before the last."""
    first, last = limits
    due_at = _Beside(col(Issue.due_at))
    running = and_(due_at < last, one_of(Issue.state, LIVE), _unresolved())
    return running if first is None else and_(running, due_at >= first)


class _Beside(FunctionElement[Any]):
    """A column that is asked for beside an index in order: SQLite, without statistics, would take any other in which it
    comes first, and put in order all that it finds there."""

    inherit_cache = True
    type = moment()


@compiles(_Beside)
def _plain(beside: Any, compiler: Any, **how: Any) -> str:
    named: str = compiler.process(beside.clauses, **how)
    return f"+{named}" if compiler.dialect.name == "sqlite" else named  # https://www.sqlite.org/optoverview.html#uplus


def _unresolved() -> TextClause:
    return text("issue.resolved_at IS NULL")


def _has_side(organisation_ids: frozenset[int], *_: Any) -> ColumnElement[bool]:
    mine = one_of(IssueSide.organisation_id, organisation_ids)
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
    "new": lambda since, _, viewer: has_news(viewer, since),
    "outcome": lambda outcomes, *_: col(Issue.outcome).in_(outcomes),
    "kind": lambda kind, *_: and_(text(f"issue.kind = '{kind.value}'")),  # as its partial index has it
    "raised_from": lambda at, *_: col(Issue.raised_at) >= at,
    "raised_until": lambda at, *_: col(Issue.raised_at) < at,
    "resolved_from": lambda at, *_: col(Issue.resolved_at) >= at,
    "resolved_until": lambda at, *_: col(Issue.resolved_at) < at,
    "crossed": lambda *_: col(Issue.ring) != Ring.ORGANISATION,
    "severity": lambda severities, *_: col(Issue.severity).in_(sorted(severities)),
    "lost": lambda *_: col(Issue.lost_minutes).is_not(None),
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
