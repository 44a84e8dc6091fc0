"""When the clock last swept: for the health check, and for leads who wonder whether it runs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, func, select

from tracker.records.timer import Sweep


def last_sweep(session: Session) -> datetime | None:
    """When the sweep that was longest ago ended; None when the clock never ran. See rules/sweeps: is_late."""
    ended_at: datetime | None = session.exec(select(func.min(Sweep.ended_at))).one()
    return ended_at


def note_sweeps(session: Session, did: Mapping[str, int], now: datetime) -> None:
    """Every sweep of `did` ended now, whichever clock notes it; `did` is kept where it found something to do."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    new = insert(Sweep).values([{"name": name, "ended_at": now, "did": count} for name, count in sorted(did.items())])
    counted = case((new.excluded.did > 0, new.excluded.did), else_=Sweep.did)
    changed = {"ended_at": new.excluded.ended_at, "did": counted}
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_=changed))
