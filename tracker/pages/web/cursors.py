"""Cursors of a list, as addresses have them: the reference of the issue beyond which a page begins.

Or before which it ends. The number of a row would count what others keep to themselves.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from tracker.queries.issue_list import Cursor, place_of
from tracker.queries.issue_list.by_limit import AgendaCursor
from tracker.queries.issue_list.news import NewsCursor
from tracker.rules.rings import Viewer

_NEW = "~"
_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,40}")


def read_cursors(session: Session, viewer: Viewer, query: Mapping[str, str]) -> tuple[Cursor | None, Cursor | None]:
    """After which issue a page begins, or before which it ends."""
    after, before = (asked_place(session, viewer, query.get(name, "")) for name in ("after", "before"))
    return _cursor(after), _cursor(before)


def limit_cursor(session: Session, viewer: Viewer, ref: str) -> AgendaCursor | None:
    """After which issue a page begins where a list goes by limits."""
    place = asked_place(session, viewer, ref)
    return AgendaCursor(place.due_at, place.id, place.pressing) if place else None


def news_cursor(session: Session, viewer: Viewer, text: str) -> NewsCursor | None:
    """After which issue a page begins where a list goes by news: as `news_place` names it."""
    place = asked_place(session, viewer, text.removesuffix(_NEW))
    return NewsCursor(place.raised_at, place.id, place.pressing, text.endswith(_NEW)) if place else None


def news_place(ref: str, *, new: bool) -> str:
    """An issue as a cursor: whether it stood among what is new, since whoever looks at it changes that."""
    return f"{ref}{_NEW}" if new else ref


def asked_place(session: Session, viewer: Viewer, ref: str) -> Row[Any] | None:
    """Where the issue with this reference stands in lists (`queries.issue_list.place_of`). None, so that a list begins
    at its first, where no issue is named that this person may see: an address of before had numbers."""
    return place_of(session, viewer, ref) if _REFERENCE.fullmatch(ref) else None


def _cursor(place: Row[Any] | None) -> Cursor | None:
    return Cursor(place.raised_at, place.id, place.pressing) if place else None
