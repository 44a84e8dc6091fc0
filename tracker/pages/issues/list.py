"""The list of issues: filters in the address, pages by key, and search."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Response, get
from sqlmodel import Session

from tracker.pages.issues.filters import COUNTED, Filters
from tracker.pages.issues.lines import draw_rows
from tracker.pages.web.cursors import read_cursors
from tracker.pages.web.header import side_here
from tracker.pages.web.page import page
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.issue_list import IssuePage, issue_list, reference, search_list, sees_any
from tracker.rules import addresses
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.wording import say_count

_REFERENCE = re.compile(r"[^\s0-9]*+[0-9]\S*+")  # ours, or that of the register an issue came from


@get("/issues", sync_to_thread=True)
def list_issues(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime) -> Response[bytes]:
    """A page of the list. A reference typed into the search leads straight to its issue, and what asks as the numbers
    of the theme report do leads on to the issues that those count."""
    query = dict(request.query_params.items())
    filters = Filters.read(query, visitor)
    with db.read() as session:
        if _REFERENCE.fullmatch(filters.text) and (ref := reference(session, visitor.viewer, filters.text)):
            return see_other(addresses.issue(ref))
        if any(query.get(name) for name in COUNTED):
            return see_other(addresses.counted({**query, "partnership": _partnership(query, visitor)}))
        shown = issue_page(session, visitor, filters, query, now)
        anything = bool(shown.rows) or sees_any(session, visitor.viewer)
    view = listing(request, shown, visitor, filters, now) | {"filters": filters, "anything": anything}
    view |= {"form": filters.form(visitor), "unseen": filters.unseen(visitor), "chips": [*filters.chips()]}
    return page(request, "issues/list.html", **view)


def issue_page(
    session: Session, visitor: Visitor, filters: Filters, query: Mapping[str, str], now: datetime
) -> IssuePage:
    asked, (after, before) = filters.query(visitor, now), read_cursors(session, visitor.viewer, query)
    if filters.searched:
        return search_list(session, visitor.viewer, asked, filters.searched, after=after)
    return issue_list(session, visitor.viewer, asked, after=after, before=before)


def listing(request: Asking, shown: IssuePage, visitor: Visitor, filters: Filters, now: datetime) -> dict[str, Any]:
    """What a template of a list takes."""
    bounded = " Of the many notes that match, only the newest were looked through." if shown.bounded else ""
    rows = shown.rows
    return {
        "rows": draw_rows(rows, visitor, now, zone=side_here(request, visitor).calendar.zone),
        "words": f"{filters.sentences()}{bounded or _how_many_text(shown)}",
        "next_href": filters.address(after=rows[-1].ref) if rows and shown.older else "",
        "previous_href": _previous(shown, filters),
    }


def _how_many_text(shown: IssuePage) -> str:
    """Of a list that is all on this page its count, of another which part of it this is: nothing is counted for it."""
    many = len(shown.rows)
    if not many:
        return ""
    if shown.newer:
        return f" {many} more." if shown.older else f" The oldest {many}."
    return f" The newest {many}." if shown.older else f" {say_count(many, 'issue')}."


def _previous(shown: IssuePage, filters: Filters) -> str:
    if not shown.newer or not shown.rows:
        return ""
    return filters.address() if filters.searched else filters.address(before=shown.rows[0].ref)


def _partnership(query: Mapping[str, str], visitor: Visitor) -> str:
    """That of an old address; where it names none, the only one. Refuses: NotThere, WrongInput."""
    every = list(visitor.arrangements.values())
    if not query.get("partnership") and len(every) > 1:
        keys = ", ".join(each.key for each in every)
        raise WrongInput(FieldError("partnership", f"Say of which partnership: {keys}."))
    return visitor.arrangement(query.get("partnership") or every[0].key).key


routes = [list_issues]
