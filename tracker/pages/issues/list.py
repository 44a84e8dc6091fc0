"""The list of issues: filters in the address, pages by key, and search."""

import re
from collections.abc import Mapping
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.issues.counted import way_back
from tracker.pages.issues.filters import Filters
from tracker.pages.issues.lines import ListView, draw_rows
from tracker.pages.web.cursors import key_of, place_of
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list import Listed, issue_list, reference, search_list, sees_any
from tracker.rules import addresses
from tracker.rules.wording import say_count

_REFERENCE = re.compile(r"[^\s]*[0-9][^\s]*")  # ours, or that of the register an issue came from


@get("/issues", sync_to_thread=True)
def list_issues(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime]
) -> Response[bytes]:
    """A page of the list. A reference typed into the search leads straight to its issue."""
    query = dict(request.query_params.items())
    filters = Filters.read(query, visitor)
    with db.read() as session:
        if _REFERENCE.fullmatch(filters.text) and (found := reference(session, visitor.viewer, filters.text)):
            return see_other(addresses.issue(found))
        listed = _listed(session, visitor, filters, now, query)
        anything = bool(listed.rows) or sees_any(session, visitor.viewer)
    view = _draw(listed, visitor, filters, now, side_here(request, visitor).calendar.zone, anything)
    return page(request, "issues/list.html", listing=view)


def _listed(session: Session, visitor: Visitor, filters: Filters, now: datetime, query: Mapping[str, str]) -> Listed:
    wanted = filters.wanted(visitor, now)
    after, before = (place_of(query.get(name, ""), name) for name in ("after", "before"))
    if filters.searched:
        return search_list(session, visitor.viewer, wanted, filters.searched, after=after)
    after, before = (each if each and each.at else None for each in (after, before))
    return issue_list(session, visitor.viewer, wanted, after=after, before=before)


def _draw(listed: Listed, visitor: Visitor, filters: Filters, now: datetime, zone: str, anything: bool) -> ListView:
    rows, searched = listed.rows, bool(filters.searched)
    bounded = " Of the many notes that match, only the newest were looked through." if listed.bounded else ""
    return ListView(
        rows=draw_rows(rows, visitor, now, zone=zone), words=f"{filters.words()}{bounded or _how_many(listed)}",
        filters=filters.views(visitor), q=filters.text, active=filters.active(), kept=filters.kept(visitor),
        next_href=filters.address(after=_key(rows[-1], searched)) if rows and listed.older else "",
        previous_href=_previous(listed, filters, searched), anything=anything,
        report=way_back(filters.values, filters.choices),
    )  # fmt: skip


def _how_many(listed: Listed) -> str:
    """Of a list that is all on this page its count, of another which part of it this is: nothing is counted for it."""
    many = len(listed.rows)
    if not many:
        return ""
    if listed.newer:
        return f" {many} more." if listed.older else f" The oldest {many}."
    return f" The newest {many}." if listed.older else f" {say_count(many, 'issue')}."


def _previous(listed: Listed, filters: Filters, searched: bool) -> str:
    if not listed.newer or not listed.rows:
        return ""
    return filters.address() if searched else filters.address(before=_key(listed.rows[0], searched))


def _key(row: IssueRow, searched: bool) -> str:
    """Among what was searched for the id alone settles the order."""
    return str(row.id) if searched else key_of(row)


routes = [list_issues]
