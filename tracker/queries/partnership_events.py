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
from tracker.rules.rings import Role, Viewer


def administrative() -> ColumnElement[bool]:
    """The condition on `Event`: of the arrangement itself, or of the people who run the server."""
    return and_(col(Event.issue_id).is_(None), col(Event.decision_id).is_(None), col(Event.pack_id).is_(None))


@lru_cache(maxsize=READERS)
def readable_apart(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Event` under which this person may read one that belongs to no issue."""
    led = {each.partnership_id for each in viewer.memberships if Role.LEAD in each.roles}
    return or_(
        and_(administrative(), col(Event.partnership_id).in_(led)),
        exists().where(col(Decision.id) == col(Event.decision_id), visible_decisions(viewer)),
        exists().where(col(Pack.id) == col(Event.pack_id), visible_packs(viewer)),
    )
