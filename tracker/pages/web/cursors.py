"""Cursors of a list, as addresses have them: the reference of the issue beyond which a page begins.

Or before which it ends. The number of a row would count what others keep to themselves.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from tracker.queries.issue_list import Cursor, place_of
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.rings import Viewer

_REFERENCE = re.compile(r"[0-9A-Za-z-]{1,40}")


def read_cursors(session: Session, viewer: Viewer, query: Mapping[str, str]) -> tuple[Cursor | None, Cursor | None]:
    """After which issue a page begins, or before which it ends. Refuses: WrongInput."""
    after, before = (asked_place(session, viewer, query.get(name, ""), name) for name in ("after", "before"))
    return _cursor(after), _cursor(before)


def asked_place(session: Session, viewer: Viewer, ref: str, name: str = "after") -> Row[Any] | None:
    """Where the issue with this reference stands in lists (`queries.issue_list.place_of`); None where none is named.
    Refuses what this person may not see as what is not there: WrongInput."""
    if not ref:
        return None
    place = place_of(session, viewer, ref) if _REFERENCE.fullmatch(ref) else None
    if place is None:
        raise WrongInput(FieldError(name, "This page of the list cannot be found: begin at its first."))
    return place


def _cursor(place: Row[Any] | None) -> Cursor | None:
    return Cursor(place.raised_at, place.id) if place else None
