"""Events that belong to no issue: of decisions and packs to who may read those, of the arrangement to leads."""

from functools import lru_cache

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlmodel import col

from tracker.queries.decisions import visible_decisions
from tracker.queries.issues import READERS
from tracker.queries.packs import visible_packs
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.pack import Pack
from tracker.rules.rings import Ring, Role, Viewer


@lru_cache(maxsize=READERS)
def administrative(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Event` under which this person may, as a lead, read what was done to the arrangement itself or
    by the people who run the server; what is one organisation's own, only its leads."""
    led = [each for each in viewer.memberships if Role.LEAD in each.roles]
    own = and_(
        col(Event.ring) == Ring.ORGANISATION, col(Event.organisation_id).in_({each.organisation_id for each in led})
    )
    return and_(
        *(col(column).is_(None) for column in (Event.issue_id, Event.decision_id, Event.pack_id)),
        col(Event.partnership_id).in_({each.partnership_id for each in led}),
        or_(col(Event.ring) == Ring.SHARED, own),
    )


@lru_cache(maxsize=READERS)
def readable_apart(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Event` under which this person may read one that belongs to no issue."""
    return or_(
        administrative(viewer),
        exists().where(col(Decision.id) == col(Event.decision_id), visible_decisions(viewer)),
        exists().where(col(Pack.id) == col(Event.pack_id), visible_packs(viewer)),
    )
