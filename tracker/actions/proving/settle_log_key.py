"""One key signs the checkpoints of a database: another is refused, unless the one in force hands over to it."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from tracker.database import Database
from tracker.queries.proofs.checkpoints import newest_log_key
from tracker.records.partnership_chain import record
from tracker.records.proofs.log import Log, LogKey, LogKeyChange
from tracker.records.proofs.signing import SigningKey
from tracker.rules.events.kinds import SERVER
from tracker.rules.events.proving import LogKeyChanged
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.proofs.succession import KeyChange
from tracker.rules.refusals import MoveNotAllowed, Refused
from tracker.settings import Settings

_REMEDY = "Put the one back that it was begun with: as log.key in TRACKER_HOME, or as TRACKER_LOG_KEY."


class AnotherLogKey(Refused):
    """The key that was given, or stands at home, is not the one of this database."""


def settle_log_key(session: Session, key: SigningKey | None, now: datetime) -> SigningKey:
    """The key, if it is the one of this database; the first one becomes it. Refuses with AnotherLogKey."""
    newest = newest_log_key(session)
    if key is not None and newest is None:
        newest = _first_of_all(session, key, now)
    if key is None or newest is None:
        raise AnotherLogKey(f"The key that signs the record of this database is not here. {_REMEDY}")
    if key.public.hex() != newest.public:
        raise AnotherLogKey(f"The record of this database is signed with another key. {_REMEDY}")
    return key


def _first_of_all(session: Session, key: SigningKey, now: datetime) -> LogKey | None:
    """The first key there is: this one, or that of whoever came at the same moment and was before us."""
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert(LogKey).values(number=1, public=key.public.hex(), since=now)
    session.execute(first.on_conflict_do_nothing())
    return newest_log_key(session)


def rotate_log_key(session: Session, old: SigningKey, new: SigningKey, *, now: datetime) -> LogKey:
    """From now on checkpoints are signed with another key; of each log both sign that it follows. Refuses with
    AnotherLogKey, where the old one is not the one in force, and with MoveNotAllowed a key that was in force before."""
    logs = session.exec(select(Log).order_by(col(Log.partnership_id)).with_for_update()).all()  # no clock is at one
    settle_log_key(session, old, now)
    session.flush()
    known = session.exec(select(LogKey).order_by(col(LogKey.number))).all()
    if new.public.hex() in {each.public for each in known}:
        raise MoveNotAllowed("This key signs, or signed, the record of this database. Make another one.")
    key = LogKey(number=known[-1].number + 1, public=new.public.hex(), since=now)
    session.add(key)
    session.flush()
    for log in logs:
        _hand_over(session, log, old, new, key.number, now)
    return key


def _hand_over(session: Session, log: Log, old: SigningKey, new: SigningKey, number: int, now: datetime) -> None:
    text = KeyChange(log.size, old.verifier(log.origin), new.verifier(log.origin)).text
    note = str(SignedNote(text, tuple(key.sign(log.origin, text) for key in (old, new))))
    session.add(LogKeyChange(partnership_id=log.partnership_id, number=number, size=log.size, note=note))
    kind = LogKeyChanged(number=number, note=note)
    record(session, partnership_id=log.partnership_id, kind=kind, actor=SERVER, now=now)


def log_key_of(settings: Settings, db: Database) -> SigningKey:
    """What checkpoints of this database are signed with; the first one is made where none was given. Refuses with
    AnotherLogKey."""
    with db.read() as session:
        is_first = newest_log_key(session) is None
    seed = settings.log_key(may_make=is_first)
    with db.write() as session:
        return settle_log_key(session, SigningKey(seed) if seed else None, datetime.now(UTC))
