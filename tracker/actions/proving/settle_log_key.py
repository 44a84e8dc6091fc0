"""One key signs the checkpoints of a database: which it is, is settled once, and another is refused."""

from datetime import UTC, datetime

from sqlmodel import Session, col, select

from tracker.database import Database
from tracker.records.proofs.log import LogKey
from tracker.records.proofs.signing import SigningKey
from tracker.rules.refusals import Refused
from tracker.settings import Settings

_REMEDY = "Put the one back that it was begun with: as log.key in TRACKER_HOME, or as TRACKER_LOG_KEY."


class AnotherLogKey(Refused):
    """The key that was given, or stands at home, is not the one of this database."""


def settle_log_key(session: Session, key: SigningKey | None, now: datetime) -> SigningKey:
    """The key, if it is the one of this database; the first one becomes it. Refuses with AnotherLogKey."""
    newest = session.exec(select(LogKey).order_by(col(LogKey.number).desc()).limit(1)).first()
    if key is not None and newest is None:
        newest = LogKey(number=1, public=key.public.hex(), since=now)
        session.add(newest)
    if key is None or newest is None:
        raise AnotherLogKey(f"The key that signs the record of this database is not here. {_REMEDY}")
    if key.public.hex() != newest.public:
        raise AnotherLogKey(f"The record of this database is signed with another key. {_REMEDY}")
    return key


def log_key_of(settings: Settings, db: Database) -> SigningKey:
    """What checkpoints of this database are signed with; the first one is made where none was given. Refuses with
    AnotherLogKey."""
    with db.read() as session:
        is_first = session.exec(select(LogKey.number).limit(1)).first() is None
    seed = settings.log_key(may_make=is_first)
    with db.write() as session:
        return settle_log_key(session, SigningKey(seed) if seed else None, datetime.now(UTC))
