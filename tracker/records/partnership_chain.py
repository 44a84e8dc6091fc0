"""The chain of what happens in a partnership and to no issue: to its arrangement, its decisions and its packs."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from tracker.records.event import Event, event_row, keep_recorded
from tracker.records.partnership import Partnership
from tracker.rules.digest import CLOSED, FIRST, LEADS, Head
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
    readers: str = LEADS,
) -> Event:
    """The event, after the last one of the partnership; two who record at once wait for each other. `ring`: whether it
    is for all who read of such, or for the organisation of its actor alone; `readers`: in whose chain it is."""
    lock(session, partnership_id)
    chain = readers if ring is Ring.SHARED else f"{readers} {actor.organisation_id}"
    position, on = _newest(session, partnership_id, chain)
    columns = event_row(
        kind,
        actor,
        now,
        readers=chain,
        on=on,
        sealed={},
        partnership_id=partnership_id,
        position=position + 1,
        decision_id=decision_id,
        pack_id=pack_id,
        once=once,
        ring=ring,
    )
    event = Event(**columns)
    session.add(event)
    session.flush()
    keep_recorded(session, event)
    return event


def _newest(session: Session, partnership_id: int, readers: str) -> tuple[int, Head]:
    """The position of the newest event of a partnership, and what the next for these readers stands on: the newest of
    their chain, or where it begins, of the closed one."""
    apart = (Event.partnership_id == partnership_id, col(Event.issue_id).is_(None))
    last = select(func.max(Event.position)).where(*apart).scalar_subquery()
    ends = ((Event.place, readers), (Event.digest, readers), (Event.digest, f"{CLOSED}{LEADS}"))
    place, digest, closed = (
        select(column).where(*apart, Event.readers == chain).order_by(col(Event.place).desc()).limit(1)
        for column, chain in ends
    )
    position, place_of_last, head, before = session.exec(
        select(last, *(each.scalar_subquery() for each in (place, digest, closed)))
    ).one()
    return position or 0, Head(place_of_last or 0, head or before or FIRST)


def lock(session: Session, partnership_id: int) -> None:
    """Until the transaction ends nobody else adds to what the partnership counts: its chain, its numbers."""
    session.exec(select(Partnership.id).where(Partnership.id == partnership_id).with_for_update()).one()
