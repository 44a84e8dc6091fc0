"""What a session costs on PostgreSQL in round trips, what it sees, and what it does after its server was away."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlmodel import col, select

from tests.makers import Cast
from tracker import database
from tracker.database import Database
from tracker.records.partnership import Partnership

pytestmark = pytest.mark.parametrize("db", ["postgresql"], indirect=True)

NAME = select(Partnership.name).where(Partnership.key == "RIV")


class RoundTrips:
    """How many there were on a connection, once they were counted."""

    count = 0


@contextmanager
def round_trips(db: Database, to: Path) -> Iterator[RoundTrips]:
    """Counts those of the one connection that `db` has, while the block runs."""
    made = RoundTrips()
    with db.engine.connect() as connection:
        watched: Any = connection.connection.driver_connection
    with to.open("w+b") as file:
        watched.pgconn.trace(file.fileno())
        yield made
        watched.pgconn.untrace()
        file.seek(0)
        made.count = file.read().count(b"\tReadyForQuery")  # what ends each answer


@pytest.fixture
def alone(db: Database) -> Iterator[Database]:
    """The database by one connection."""
    one = db.apart(1, database.FOR_PAGES)
    yield one
    one.dispose()


def test_a_page_that_reads_three_times_makes_three_round_trips(alone: Database, cast: Cast, tmp_path: Path) -> None:
    with round_trips(alone, tmp_path / "trace") as made, alone.read() as session:
        for _ in range(3):
            session.exec(NAME).one()
    assert made.count == 3


def test_as_of_one_moment_it_makes_two_more(alone: Database, cast: Cast, tmp_path: Path) -> None:
    with round_trips(alone, tmp_path / "trace") as made, alone.snapshot() as session:
        for _ in range(3):
            session.exec(NAME).one()
    assert made.count == 5


def test_what_is_read_as_of_one_moment_does_not_change_meanwhile(db: Database, cast: Cast) -> None:
    with db.snapshot() as report, db.read() as page:
        before = report.exec(NAME).one()
        with db.write() as session:
            session.execute(update(Partnership).where(col(Partnership.key) == "RIV").values(name="Another"))
        assert report.exec(NAME).one() == before
        assert page.exec(NAME).one() == "Another"


@pytest.mark.parametrize("sessions", [Database.read, Database.snapshot])
def test_what_only_reads_changes_nothing_by_a_statement_either(db: Database, cast: Cast, sessions: Any) -> None:
    with sessions(db) as session, pytest.raises(RuntimeError, match="only reads"):
        session.execute(update(Partnership).values(name="Another"))
    with db.read() as session:
        assert session.exec(NAME).one() == "Riverside Integrated Discharge"


def test_a_connection_that_idled_is_asked_for_before_it_is_used(
    alone: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with round_trips(alone, tmp_path / "trace") as made:
        monkeypatch.setattr(database, "PINGED_AFTER", 0.0)
        with alone.read() as session:
            session.exec(NAME).one()
    assert made.count == 2


def test_one_that_the_server_ended_while_it_idled_is_replaced(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    several = db.apart(2, database.FOR_PAGES)
    with several.read() as one, several.read() as other:
        ended = [session.execute(text("SELECT pg_backend_pid()")).scalar_one() for session in (one, other)]
    with db.write() as session:
        for each in ended:
            session.execute(text(f"SELECT pg_terminate_backend({each})"))
    time.sleep(0.2)
    monkeypatch.setattr(database, "PINGED_AFTER", 0.1)
    with several.read() as one, several.read() as other:
        assert one.exec(NAME).one() == other.exec(NAME).one()
    several.dispose()
