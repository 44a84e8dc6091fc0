"""The list of issues by what is new to its reader: what is critical first, then what is new since they looked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, literal_column, not_, select, tuple_, union_all
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issue_lines import COLUMNS, IS_PRESSING, PAGE, PRESSING_FIRST, is_pressing_in, rows_with_sides
from tracker.queries.issue_list import IssuePage, IssueQuery, KeptLists, conditions_of
from tracker.queries.issues import visible_issues
from tracker.queries.story import has_news
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.rules.rings import Viewer

# In the order of the list: whether what stands there presses, and whether something about it is new.
_RUNS = ((True, True), (True, False), (False, True), (False, False))


@dataclass(frozen=True, slots=True)
class NewsCursor:
    """The place of an issue in the list: when it was raised, its id, whether it presses, and whether it stood among
    what is new, which it may not be any more."""

    at: datetime
    id: int
    pressing: bool
    new: bool


def list_by_news(
    session: Session, viewer: Viewer, query: IssueQuery, since: datetime, *, after: NewsCursor | None = None
) -> IssuePage:
    """A page of at most 50 issues, what is critical first, then what is new, each the newest first. `since`: as in
    `has_news`."""
    run = (after.pressing, after.new) if after else None
    parameters = {"at": after.at, "id": after.id} if after else {}
    found = straight(session).execute(_page(viewer, query, since, run), parameters).all()
    (rows,) = rows_with_sides(session, [row[:-1] for row in found[:PAGE]])
    ends_new = bool(rows) and _RUNS[found[len(rows) - 1].rank][1]
    return IssuePage(rows, newer=after is not None, older=len(found) > PAGE, ends_new=ends_new)


def by_news(viewer: Viewer, since: datetime) -> tuple[ColumnElement[Any], ...]:
    """The same order, for all of a list."""
    new_first = case((has_news(viewer, since), 0), else_=1)
    return (PRESSING_FIRST, new_first, col(Issue.raised_at).desc(), col(Issue.id).desc())


@KeptLists
def _page(viewer: Viewer, query: IssueQuery, since: datetime, run: tuple[bool, bool] | None) -> Select[Any]:
    """Each run of each partnership by itself, as in `issue_list`, because only so an index gives it in order."""
    begin = _RUNS.index(run) if run else 0
    pages = [
        _page_of(partnership, viewer, query, since, rank, beyond=run is not None and rank == begin).subquery()
        for partnership in sorted(query.partnership_ids)
        for rank in range(begin, len(_RUNS))
    ]
    ids = union_all(*(select(each.c.id, each.c.rank) for each in pages)).subquery()
    whole = select(*COLUMNS, ids.c.rank).join_from(Issue, ids, ids.c.id == col(Issue.id))
    return whole.order_by(ids.c.rank, col(Issue.raised_at).desc(), col(Issue.id).desc()).limit(PAGE + 1)


def _page_of(
    partnership_id: int, viewer: Viewer, query: IssueQuery, since: datetime, rank: int, *, beyond: bool
) -> Select[Any]:
    is_pressing, is_new = _RUNS[rank]
    new, others = has_news(viewer, since), (col(Issue.partnership_id) == partnership_id, not_(IS_PRESSING))
    place, cursor = (
        tuple_(col(Issue.raised_at), col(Issue.id)),
        tuple_(bindparam("at", type_=moment()), bindparam("id")),
    )
    shown: tuple[Any, ...] = (col(Issue.id), literal_column(f"{rank}").label("rank"))
    page = select(*shown).where(
        *((is_pressing_in(partnership_id),) if is_pressing else others),
        visible_issues(viewer),
        *conditions_of(query, viewer),
        new if is_new else not_(new),
        *((place < cursor,) if beyond else ()),
    )
    return page.order_by(col(Issue.raised_at).desc(), col(Issue.id).desc()).limit(PAGE + 1)
