"""The list of issues: filters in the address, pages by key, and search."""

import re
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from sqlmodel import Session

from tracker.database import Database
from tracker.pages.answers import see_other
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.filters import Filters
from tracker.pages.list_views import ListView
from tracker.pages.rows import draw_rows
from tracker.pages.visitor import Visitor
from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list import Listed, Place, issue_list, sees_any
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.wording import say_count

_REFERENCE = re.compile(r"[A-Z]{2,5}-[0-9]+", re.IGNORECASE)


@get("/issues", sync_to_thread=True)
def list_issues(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime]
) -> Response[bytes]:
    """A page of the list. A reference typed into the search leads straight to its issue."""
    query = dict(request.query_params.items())
    filters = Filters.read(query, visitor)
    if _REFERENCE.fullmatch(filters.words):
        return see_other(f"/issues/{filters.words.upper()}")
    after, before = _place(query.get("after"), "after"), _place(query.get("before"), "before")
    with db.read() as session:
        view = _draw(session, visitor, filters, now, after, before)
    return page(request, "issues/list.html", listing=view)


def _draw(
    session: Session, visitor: Visitor, filters: Filters, now: datetime, after: Place | None, before: Place | None
) -> ListView:
    listed = issue_list(session, visitor.viewer, filters.wanted(visitor, now), after=after, before=before)
    rows = listed.rows
    return ListView(
        rows=draw_rows(rows, visitor, now), words=_words(listed), filters=filters.views(visitor), q=filters.words,
        active=filters.active(visitor),
        next_href=filters.address(after=_key(rows[-1], filters)) if rows and listed.more else "",
        previous_href=filters.address(before=_key(rows[0], filters)) if rows and after and not filters.words else "",
        anything=bool(rows) or sees_any(session, visitor.viewer),
    )  # fmt: skip


def _words(listed: Listed) -> str:
    count = say_count(len(listed.rows), "issue")
    words = f"{count} on this page, newest first" if listed.more else f"{count}, newest first"
    return f"{words}; of the many notes that match only the newest were searched" if listed.bounded else words


def _key(row: IssueRow, filters: Filters) -> str:
    return str(row.id) if filters.words else f"{row.raised_at.isoformat()}_{row.id}"


def _place(key: str | None, name: str) -> Place | None:
    """Where a page begins. Refuses a key that no list gave out."""
    if not key:
        return None
    at, _, number = key.rpartition("_")
    try:
        return Place(datetime.fromisoformat(at.replace(" ", "+")) if at else None, int(number))
    except ValueError:
        raise WrongInput(FieldError(name, "This page of the list cannot be found: begin at its first.")) from None


routes = [list_issues]
