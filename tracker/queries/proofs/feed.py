"""What an organisation reads of a partnership, event by event: what happened after a place in the order of writing."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, case, null, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, readable_events, visible_issues
from tracker.queries.proofs.heads import newest_event
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.digest import CLOSED
from tracker.rules.events.merging import SideRemoved
from tracker.rules.rings import Viewer

LOOKED_THROUGH = 20_000  # events for a page: of most of them this reader may have none


@dataclass(frozen=True, slots=True)
class FeedRows:
    """Some of what happened: `events` in the order of writing; `left`: (after which event, the reference) of issues
    that are this reader's no longer; `until`: the number of the last event that was looked at; `more`: there are
    others."""

    events: Sequence[Row[Any]]
    left: Sequence[tuple[int, str]]
    until: int
    more: bool


def rows_after(session: Session, viewer: Viewer, partnership_id: int, after: int, most: int) -> FeedRows:
    """Everything that this reader may read."""
    newest, end = newest_event(session), after + LOOKED_THROUGH
    given = {"partnership": partnership_id, "after": after, "until": end, "most": most + 1}
    found = straight(session).execute(_in_order(viewer), given).all()
    events, more = found[:most], len(found) > most
    until = events[-1].id if more else min(end, max(newest, after))
    left = _left(session, viewer, {**given, "until": until})
    return FeedRows(events, left, until, more or newest > end)


def rows_of(session: Session, viewer: Viewer, partnership_id: int, ref: str, after: int, most: int) -> FeedRows:
    """Everything of one issue. Nothing where this reader may not read it."""
    given = {"partnership": partnership_id, "after": after, "ref": ref, "most": most + 1}
    found = straight(session).execute(_of_one(viewer), given).all()
    events = found[:most]
    return FeedRows(events, (), events[-1].id if events else after, len(found) > most)


_Closed, _Before = aliased(Event, name="closed"), aliased(Event, name="before")
# What an event stands on, where the event that it stands on may be somebody else's: in a chain of the time when there
# was one for all, and at the first place of one that began then.
_on_closed = (
    select(col(_Closed.digest))
    .where(col(_Closed.issue_id) == col(Event.issue_id), col(_Closed.readers).startswith(CLOSED))
    .order_by(col(_Closed.place).desc())
    .limit(1)
    .correlate(Event)
    .scalar_subquery()
)
_on_before = (
    select(col(_Before.digest))
    .where(col(_Before.issue_id) == col(Event.issue_id), col(_Before.readers) == col(Event.readers))
    .where(col(_Before.place) == col(Event.place) - 1)
    .correlate(Event)
    .scalar_subquery()
)
_stands_on = case(
    (col(Event.readers).startswith(CLOSED), _on_before),
    (col(Event.place) == 1, _on_closed),
    else_=null(),
)
_NAMES = (
    "id", "readers", "place", "digest", "kind", "at", "person_id", "organisation_id", "ring", "tier", "ball_with_id",
    "state", "details", "words", "salts", "hashes",
)  # fmt: skip
_COLUMNS: tuple[Any, ...] = (
    *(col(getattr(Event, name)) for name in _NAMES),
    _stands_on.label("stands_on"),
    *(col(getattr(Issue, name)) for name in ("ref", "hide_reporter", "raised_by_id", "raised_for_id")),
    col(Note.text).label("note_text"),
    col(Note.salt).label("note_salt"),
)


@lru_cache(maxsize=READERS)
def _events(viewer: Viewer) -> Select[Any]:
    note_of = and_(col(Note.issue_id) == col(Event.issue_id), col(Note.event_position) == col(Event.position))
    return (
        select(*_COLUMNS)
        .join(Issue, col(Issue.id) == col(Event.issue_id))
        .outerjoin(Note, note_of)
        .where(col(Event.partnership_id) == bindparam("partnership"), col(Event.id) > bindparam("after"))
        .where(visible_issues(viewer), readable_events(viewer))
        .order_by(col(Event.id))
        .limit(bindparam("most"))
    )


@lru_cache(maxsize=READERS)
def _in_order(viewer: Viewer) -> Select[Any]:
    return _events(viewer).where(col(Event.id) <= bindparam("until"))


@lru_cache(maxsize=READERS)
def _of_one(viewer: Viewer) -> Select[Any]:
    return _events(viewer).where(col(Issue.ref) == bindparam("ref"))


def _left(session: Session, viewer: Viewer, given: dict[str, Any]) -> list[tuple[int, str]]:
    """Issues of which this reader was taken out, as they were made a side by mistake."""
    asked = (
        select(col(Event.id), col(Issue.ref), col(Event.details))
        .join(Issue, col(Issue.id) == col(Event.issue_id))
        .where(col(Event.partnership_id) == bindparam("partnership"), col(Event.kind) == SideRemoved.name)
        .where(col(Event.id) > bindparam("after"), col(Event.id) <= bindparam("until"), ~visible_issues(viewer))
    )
    mine = {each.organisation_key for each in viewer.memberships}
    found = straight(session).execute(asked.order_by(col(Event.id)), given)
    return [(row.id, row.ref) for row in found if row.details.get("side") in mine]
