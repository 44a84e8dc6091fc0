"""Issues by their limits, what is critical first: how agendas and the list by limit stand in order, page by page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, TextClause, bindparam, not_, select, tuple_, union_all
from sqlmodel import col

from tracker.queries.issue_lines import COLUMNS, IS_PRESSING, PAGE, PRESSING_FIRST
from tracker.records.columns import moment
from tracker.records.issue import Issue

Place = tuple[ColumnElement[bool], ColumnElement[bool]]
"""That an issue is there; and that it is there and presses."""
_ORDER = (col(Issue.due_at).nulls_last(), col(Issue.id))
BY_LIMIT = (PRESSING_FIRST, *_ORDER)


@dataclass(frozen=True, slots=True)
class AgendaCursor:
    """The place of an issue on an agenda: its limit (None: none, which comes last), its id, and whether it presses."""

    due_at: datetime | None
    id: int
    pressing: bool = False


def cursor_parts(after: AgendaCursor | None) -> tuple[str, bool, dict[str, Any]]:
    """What `page_by_limit` takes, and the parameters of its statement."""
    if after is None:
        return "", False, {}
    return "due" if after.due_at else "without", after.pressing, {"due_at": after.due_at, "id": after.id}


def page_by_limit(
    places: Iterable[Place], among: Iterable[ColumnElement[bool] | TextClause], after: str, *, pressing: bool
) -> Select[Any]:
    """A page of COLUMNS and one more row, beyond the cursor `due_at` and `id`. `places`: partnerships, or a body, each
    by itself. `after`: "due", or "without" for a cursor that has no limit; "" for none. `pressing`: the cursor
    stands among what presses.

    What presses, each place, and what has no limit are found by themselves, because only so an index gives them in
    order."""
    conditions = tuple(among)
    pages = [
        select(col(Issue.id)).where(*run, *conditions).order_by(*_ORDER).limit(PAGE + 1)
        for place in places
        for run in _runs(place, after, pressing=pressing)
    ]
    ids = union_all(*(select(page.subquery().c.id) for page in pages)).subquery()
    return select(*COLUMNS).where(col(Issue.id).in_(select(ids.c.id))).order_by(*BY_LIMIT).limit(PAGE + 1)


def _runs(place: Place, after: str, *, pressing: bool) -> Iterator[tuple[ColumnElement[bool], ...]]:
    """What comes after a cursor, in the order of `BY_LIMIT`."""
    among, presses = place
    others = (among, not_(IS_PRESSING))
    kinds = [(presses,), others] if pressing or not after else [others]
    if after:
        first = kinds.pop(0)
        yield from ((*first, *beyond) for beyond in _BEYOND[after])
    yield from kinds


_PLACE = tuple_(col(Issue.due_at), col(Issue.id))
_WITHOUT = col(Issue.due_at).is_(None)
_BEYOND: dict[str, tuple[tuple[ColumnElement[bool], ...], ...]] = {
    "due": ((tuple_(bindparam("due_at", type_=moment()), bindparam("id")) < _PLACE,), (_WITHOUT,)),
    "without": ((_WITHOUT, col(Issue.id) > bindparam("id")),),
}
