"""When events happened is kept otherwise and is the same, to the microsecond; broken off, it goes on where it was."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import text, update
from sqlalchemy.exc import DataError
from sqlmodel import Session, col, select

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tests.migrations.stepping import as_it_was
from tests.records.chains import broken_links
from tracker.database import Database
from tracker.database.migrating import _script, alembic_config
from tracker.records.event import Event

BEFORE, MOVED = "0062", "0063"
ODD = (
    datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC),
)


def test_moments_are_the_same_and_prove_the_same_after_going_back_and_up_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        before = moments(session)
    with as_it_was(db, BEFORE) as connection:
        kept = connection.execute(text("SELECT at FROM event ORDER BY id LIMIT 1")).scalar_one()
        assert str(kept).startswith("20")
    with db.read() as session:
        assert moments(session) == before
        assert broken_links(session) == []


def test_no_microsecond_is_lost_either_way(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        make_issue(session, cast)
        ids = [number for number, _ in moments(session)][: len(ODD)]
        assert len(ids) == len(ODD)
        for number, at in zip(ids, ODD, strict=True):
            session.execute(update(Event).where(col(Event.id) == number).values(at=at))
        before = moments(session)
        assert {at for _, at in before} >= set(ODD)
    with as_it_was(db, BEFORE):
        pass
    with db.read() as session:
        assert moments(session) == before
        assert len(session.exec(select(Event.id).where(col(Event.at) < MONDAY - timedelta(days=1))).all()) == 3
        if db.is_sqlite:
            kept = session.connection().execute(text("SELECT DISTINCT typeof(at) FROM event")).scalars().all()
            assert kept == ["integer"]


def test_broken_off_it_goes_on_where_it_was(db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.write() as session:
        make_issue(session, cast)
        before = moments(session)
    module = _script().get_revision(MOVED).module
    monkeypatch.setattr(module, "SOME", 1)
    with as_it_was(db, BEFORE) as connection:
        command.upgrade(alembic_config(connection), MOVED)
        left = len(before) if db.is_sqlite else 0
        assert module.rest(connection) == left
        assert module.batch(connection) == min(left, 1)
        assert module.rest(connection) == max(0, left - 1)
    with db.read() as session:
        assert moments(session) == before


def test_what_is_damaged_and_no_moment_stops_no_other(db: Database, cast: Cast) -> None:
    if not db.is_sqlite:
        with pytest.raises(DataError), db.write() as session:
            session.execute(text("UPDATE event SET at = 'lately'"))
        return
    with db.write() as session:
        make_issue(session, cast)
        before = moments(session)
    damaged, *others = (number for number, _ in before)
    with as_it_was(db, BEFORE) as connection:
        connection.execute(text(f"UPDATE event SET at = 'lately' WHERE id = {damaged}"))
    with db.read() as session:
        kept = session.connection().execute(text("SELECT id, at FROM event ORDER BY id")).all()
    assert kept[0] == (damaged, "lately")
    assert [number for number, at in kept if isinstance(at, int)] == others


def moments(session: Session) -> list[tuple[int, datetime]]:
    return [tuple(row) for row in session.execute(select(Event.id, Event.at).order_by(col(Event.id)))]
