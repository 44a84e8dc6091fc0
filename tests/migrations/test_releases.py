"""Databases of every released version reach this one: whole, whatever breaks off, and beside the program of before."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import MetaData, text
from sqlmodel import Session

from tests.commands.running import run
from tests.exchange.backup.elsewhere import Elsewhere
from tests.migrations.releases import FIRST, LAST, VERSIONS, put_rows, released, rows_of, taken_away
from tracker.database import Database
from tracker.database.migrating import alembic_config

DATABASES = ("sqlite", "postgresql")
JSON = {True: "JSON", False: "JSONB"}
KEYS = ("RIV", "ELS")
REPORTS = (("themes", "--format", "json"), ("ladder", "--format", "csv"))
LEAVING: frozenset[str] = frozenset()
"""Tables and `table.column`s that the program of the last release no longer uses, so that they may go in the next."""
REACHED = [*((each, "sqlite") for each in VERSIONS), (FIRST, "postgresql"), (LAST, "postgresql")]
KILLED_IN = (
    ("alembic.op.add_column", 5),
    ("alembic.op.create_index", 20),
    ("sqlalchemy.delete", 1),
    ("tracker.database.migrating._move_rows", 2),
)


@pytest.fixture
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Elsewhere]:
    """A home as a release left it, of which commands are; `request.param`: the version and the kind of database."""
    version, kind = request.param
    with released(version, kind, tmp_path / "home", request) as server:
        monkeypatch.setenv("TRACKER_HOME", str(server.home))
        monkeypatch.setenv("TRACKER_DATABASE_URL", server.db.url.render_as_string(hide_password=False))
        yield server


@pytest.mark.parametrize("server", REACHED, indirect=True, ids=str)
def test_a_released_database_is_brought_up_to_date_and_its_reports_are_those_of_a_recount(server: Elsewhere) -> None:
    with server.db.read() as session:
        before = digests(session)
    assert "up to date" in run("migrate").output
    server.db.check()
    with server.db.read() as session:
        assert before <= digests(session)
    told = reports()
    for key in KEYS:
        run("verify", "--partnership", key)
        run("recount", "--partnership", key)
    assert reports() == told


@pytest.mark.parametrize("function, call", KILLED_IN, ids=[f"{name} {call}" for name, call in KILLED_IN])
@pytest.mark.parametrize("server", [(FIRST, kind) for kind in DATABASES], indirect=True, ids=str)
def test_a_migration_that_is_killed_leaves_what_was_or_goes_on(server: Elsewhere, function: str, call: int) -> None:
    dying = [sys.executable, "-m", "tests.journeys.dying_clock", function, str(call), "migrate"]
    killed = subprocess.run(dying, env=os.environ, capture_output=True, timeout=600, check=False)
    assert killed.returncode == -9, killed.stderr
    assert "tracker migrate" in run("serve", ends=1).stderr
    assert "up to date now" in run("migrate").output
    server.db.check()
    told = reports()
    run("recount", "--partnership", "RIV")
    assert reports() == told


@pytest.mark.parametrize("server", [(LAST, kind) for kind in DATABASES], indirect=True, ids=str)
def test_every_migration_since_the_last_release_only_adds(server: Elsewhere) -> None:
    before = schema_of(server.db)
    server.db.migrate()
    assert taken_away(before, schema_of(server.db), leaving=LEAVING) == [], "see Rolling upgrade in deploy/runbook.md"


@pytest.mark.parametrize("server", [(LAST, kind) for kind in DATABASES], indirect=True, ids=str)
def test_what_the_program_of_the_last_release_writes_is_taken_by_the_tables_of_today(server: Elsewhere) -> None:
    rows = rows_of(LAST)
    server.db.migrate()
    with server.db.refill() as connection:
        for name in rows:
            connection.execute(text(f'DELETE FROM "{name}"'))
        assert put_rows(connection, rows) > 300
    run("verify", "--partnership", "RIV")


def test_what_a_program_of_before_would_miss_is_said(db: Database) -> None:
    try:
        with db._migrating() as connection:
            command.downgrade(alembic_config(connection), "0059")
        before = schema_of(db)
        with db._migrating() as connection:
            command.upgrade(alembic_config(connection), "0060")
            connection.execute(text("CREATE UNIQUE INDEX one_title ON issue (title)"))
        missed = taken_away(before, schema_of(db))
    finally:
        with db._migrating() as connection:
            connection.execute(text("DROP INDEX one_title"))
        db.migrate()
    assert {"climb_tally.deflated is gone", "issue: no two may share title"} <= set(missed)
    assert [each.split(", it was")[1] for each in missed if "counts is" in each] == 2 * [f" {JSON[db.is_sqlite]}"]


def digests(session: Session) -> set[str]:
    """Of all events, as both schemas have them: once as text, now as bytes."""
    kept = session.connection().execute(text("SELECT digest FROM event")).scalars()
    return {each if isinstance(each, str) else bytes(each).hex() for each in kept}


def reports() -> list[str]:
    """Every report of either partnership."""
    return [run("report", *each, "--partnership", key).output for each in REPORTS for key in KEYS]


def schema_of(db: Database) -> MetaData:
    """Tables as they are, without those of the search."""
    there = MetaData()
    there.reflect(db.engine, only=lambda name, _: "_fts" not in name)
    return there
