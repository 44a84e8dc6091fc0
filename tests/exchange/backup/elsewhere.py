"""Another server: an empty home, with a database that nothing was put into yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from tests.makers import MONDAY
from tracker.database import Database, metadata
from tracker.exchange.backup.archive import Manifest
from tracker.exchange.backup.restoring import restore_backup
from tracker.exchange.backup.taking import take_backup
from tracker.exchange.backup.values import plain
from tracker.records.timer import RestoredCopy
from tracker.settings import Settings

ONE_ALONE = str(RestoredCopy.__tablename__)


@dataclass(frozen=True)
class Elsewhere:
    """A home, and its database."""

    home: Path
    db: Database

    def restore(self, file: Path) -> Manifest:
        return restore_backup(self.db, self.home, file, MONDAY, lambda done, total: None)

    @property
    def is_empty(self) -> bool:
        """Nothing of a backup is here, nor half a file of it."""
        files = {each.name for each in self.home.rglob("*")} - {
            "tracker.sqlite3",
            "tracker.sqlite3-wal",
            "tracker.sqlite3-shm",
        }
        return not files and (not self.db.is_current() or not any(everything(self.db).values()))


@contextmanager
def empty_server(kind: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """`kind`: of its database, `sqlite` or `postgresql`."""
    home.mkdir()
    if kind == "sqlite":
        database = Database(f"sqlite:///{home}/tracker.sqlite3")
        yield Elsewhere(home, database)
        database.dispose()
        return
    server = Database(request.getfixturevalue("postgresql_server"))
    name = f"tracker_test_{uuid4().hex}"
    with server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        database = Database(server.url.set(database=name).render_as_string(hide_password=False))
        yield Elsewhere(home, database)
        database.dispose()
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


def backed_up(db: Database, home: Path, **settings: str) -> Path:
    """A backup beside the home."""
    file = home.with_name("a.backup")
    given = Settings.from_environment({"TRACKER_HOME": str(home), **settings})
    take_backup(db, given, file, MONDAY, lambda done, total: None)
    return file


def everything(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, as it stands, in the order of keys."""
    found = {}
    with db.snapshot() as session:
        for table in metadata().sorted_tables:
            if table.name != ONE_ALONE:
                keys = [place for place, each in enumerate(table.columns) if each.primary_key]
                rows = [tuple(row) for row in session.execute(select(plain(table)))]
                found[table.name] = sorted(rows, key=lambda row, keys=keys: [row[each] for each in keys])  # type: ignore[misc]
    return found
