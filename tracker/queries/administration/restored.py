"""Is this database a restored copy that is held, and what is said of it then."""

from sqlmodel import Session, col, select

from tracker.database import Database
from tracker.records.timer import RestoredCopy
from tracker.rules.refusals import Refused
from tracker.rules.wording import say_moment

IS_HELD = select(col(RestoredCopy.id)).exists()
_COPY = select(RestoredCopy).order_by(col(RestoredCopy.id)).limit(1)
_HELD = select(IS_HELD)


class HeldCopy(Refused):
    """A restored copy does nothing by itself until whoever keeps the server says that it is live."""

    def __init__(self, copy: RestoredCopy) -> None:
        super().__init__(
            f"This was restored from a backup of {say_moment(copy.taken_at, 0)} UTC, and it is held: no clock, "
            "no letters, no signing. Once it is to take the place of the other one, run: tracker restore --live"
        )


def is_held_copy(db: Database) -> bool:
    with db.read() as session:
        return bool(session.scalar(_HELD))


def held_copy(session: Session) -> RestoredCopy | None:
    return session.exec(_COPY).first()


def refuse_if_held(session: Session) -> None:
    """Refuses with HeldCopy."""
    if copy := held_copy(session):
        raise HeldCopy(copy)
