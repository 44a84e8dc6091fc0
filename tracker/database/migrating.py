"""How the tables are brought up to date, by the migrations beside the product."""

import importlib
import pkgutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlmodel import SQLModel

from tracker import records
from tracker.settings import packaged

Transaction = Callable[[], AbstractContextManager[Connection]]
Progress = Callable[[int, int], None]  # how many rows are moved, and of how many


def migrate(transaction: Transaction, progress: Progress) -> bool:
    """To the newest migration; whether rows were moved.

    A migration that has a `batch(connection)` is followed by as many of these, each in a transaction of its own, as
    there are rows that it still has to move (`rest(connection)`); the next migration runs when none is left.
    """
    moved = False
    for stop in _stops():
        with transaction() as connection:
            if not _has_run(stop, connection):
                command.upgrade(alembic_config(connection), stop.revision)
        moved = _move_rows(stop, transaction, progress) or moved
    with transaction() as connection:
        command.upgrade(alembic_config(connection), "head")
    return moved


@cache
def newest() -> frozenset[str]:
    """The migration on which no other stands, by the number in its name: to load them all took a quarter of what it
    takes to begin to serve."""
    versions = (packaged("migrations") / "versions").glob("[0-9]*.py")
    return frozenset({max(each.name.partition("_")[0] for each in versions)})


def metadata() -> MetaData:
    """Every table of `tracker.records`."""
    for room in pkgutil.walk_packages(records.__path__, f"{records.__name__}."):
        importlib.import_module(room.name)
    return SQLModel.metadata


def alembic_config(connection: Connection | None) -> Config:
    """Alembic's settings. Migrations never import the product: what they need is handed to them here."""
    config = Config(attributes={"connection": connection, "target_metadata": metadata()})
    config.set_main_option("script_location", str(packaged("migrations")).replace("%", "%%"))
    return config


def _move_rows(stop: Script, transaction: Transaction, progress: Progress) -> bool:
    """Whether there were some. Nothing is left to be moved where later migrations have run."""
    done = total = 0
    while True:
        with transaction() as connection:
            if _current(connection) != {stop.revision}:
                return done > 0
            total = total or stop.module.rest(connection)
            count = stop.module.batch(connection)
        if not count:
            return done > 0
        done += count
        progress(done, max(done, total))


def _stops() -> list[Script]:
    """The migrations that move rows, the first at first."""
    return [each for each in _script().walk_revisions() if hasattr(each.module, "batch")][::-1]


def _has_run(migration: Script, connection: Connection) -> bool:
    """It, or one that stands on it."""
    return any(
        each.revision == migration.revision
        for head in _current(connection)
        for each in _script().iterate_revisions(head, "base")
    )


def _current(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(None))
