"""The decisions that somebody owns and has not seen done: for their desk."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlmodel import Session, col

from tracker.queries.decisions import COLUMNS, DecisionRow, visible_decisions
from tracker.queries.issues import READERS
from tracker.records.decision import Decision, DecisionSide
from tracker.rules.deciding import DecisionState
from tracker.rules.rings import Viewer


def owned_decisions(session: Session, viewer: Viewer, partnership_ids: Iterable[int]) -> tuple[DecisionRow, ...]:
    """What this person owns in these partnerships and has not seen done, the one due first at the head; one statement,
    without the owners.

    It looks through what the person's organisations decided, by the index of who may read: few, next to issues.
    """
    here = {"person": viewer.person_id, "partnerships": sorted(partnership_ids)}
    return tuple(DecisionRow(*row) for row in session.execute(_owned(viewer), here))


@lru_cache(maxsize=READERS)
def _owned(viewer: Viewer) -> Select[Any]:
    mine = exists().where(
        col(DecisionSide.decision_id) == col(Decision.id),
        col(DecisionSide.organisation_id).in_(viewer.organisation_ids),
        col(DecisionSide.owner_id) == bindparam("person"),
    )
    here = col(Decision.partnership_id).in_(bindparam("partnerships", expanding=True))
    asked = select(*COLUMNS).where(visible_decisions(viewer), mine, here, col(Decision.state) == DecisionState.OPEN)
    return asked.order_by(col(Decision.due_on), col(Decision.number), col(Decision.id))
