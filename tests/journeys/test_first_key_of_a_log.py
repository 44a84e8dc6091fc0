"""Clocks that start at one moment on a new database agree on its first key."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlmodel import Session, select

from tracker.actions.proving import settle_log_key as settling
from tracker.actions.proving.settle_log_key import settle_log_key
from tracker.database import Database
from tracker.queries.proofs.checkpoints import newest_log_key
from tracker.records.proofs.log import LogKey
from tracker.records.proofs.signing import SigningKey

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
KEY = SigningKey(b"s" * 32)


@pytest.mark.both_databases
def test_who_found_no_key_while_another_wrote_it_signs_with_the_same(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = Event()

    def look(session: Session) -> LogKey | None:
        key = newest_log_key(session)
        looked.set()
        return key

    def settle() -> SigningKey:
        with db.write() as session:
            return settle_log_key(session, KEY, NOW)

    with ThreadPoolExecutor(1) as other, db.write() as session:
        settle_log_key(session, KEY, NOW)
        monkeypatch.setattr(settling, "newest_log_key", look)
        second = other.submit(settle)
        if not db.is_sqlite:  # there one writer waits for the other before it looks
            assert looked.wait(600)
        session.commit()
        assert second.result(600).public == KEY.public
    with db.read() as session:
        assert [each.public for each in session.exec(select(LogKey)).all()] == [KEY.public.hex()]
