"""The chain of what happens in a partnership and to no issue: to its arrangement, its decisions and its packs."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.records.event import Event, event_row, keep_recorded
from tracker.records.partnership import Partnership
from tracker.rules.digest import FIRST
from tracker.rules.events.kinds import Actor, EventKind
from tracker.rules.rings import Ring


def record(
    session: Session,
    *,
    partnership_id: int,
    kind: EventKind,
    actor: Actor,
    now: datetime,
    decision_id: int | None = None,
    pack_id: int | None = None,
    once: str | None = None,
    ring: Ring = Ring.SHARED,
) -> Event:
    """The event, after the last one of the partnership; two who record at once wait for each other. `ring`: whether it
    is for all who read of such, or for the organisation of its actor alone."""
    lock(session, partnership_id)
    mine = (Event.partnership_id == partnership_id, col(Event.issue_id).is_(None))
    newest = select(Event.position, Event.digest).where(*mine).order_by(col(Event.position).desc()).limit(1)
    position, head = session.exec(newest).first() or (0, FIRST)
    own: dict[str, Any] = {} if ring is Ring.SHARED else {"ring": ring}
    columns = event_row(
        kind,
        actor,
        now,
        previous=head,
        sealed={},
        partnership_id=partnership_id,
        position=position + 1,
        decision_id=decision_id,
        pack_id=pack_id,
        once=once,
        **own,
    )
    event = Event(**columns)
    session.add(event)
    session.flush()
    keep_recorded(session, event)
    return event


def lock(session: Session, partnership_id: int) -> None:
    """Until the transaction ends nobody else adds to what the partnership counts: its chain, its numbers."""
    session.exec(select(Partnership.id).where(Partnership.id == partnership_id).with_for_update()).one()
