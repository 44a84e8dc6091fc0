"""The tables of the product, and which migrations a database has seen: nothing here needs Alembic."""

import importlib
import pkgutil
from functools import cache

from sqlalchemy import Connection, MetaData, inspect
from sqlmodel import SQLModel

from tracker import records
from tracker.settings import packaged

_VERSIONS = "alembic_version"


def metadata() -> MetaData:
    """Every table of `tracker.records`."""
    for room in pkgutil.walk_packages(records.__path__, f"{records.__name__}."):
        importlib.import_module(room.name)
    return SQLModel.metadata


@cache
def known() -> frozenset[str]:
    """Every migration, by the number in its name: to load them took a quarter of what it takes to begin to serve."""
    return frozenset(each.name.partition("_")[0] for each in (packaged("migrations") / "versions").glob("[0-9]*.py"))


@cache
def newest() -> frozenset[str]:
    """The migration on which no other stands."""
    return frozenset({max(known())})


def current(connection: Connection) -> set[str]:
    """The newest migration that has run; none where none has."""
    if not inspect(connection).has_table(_VERSIONS):
        return set()
    return set(connection.exec_driver_sql(f"SELECT version_num FROM {_VERSIONS}").scalars())  # noqa: S608


def is_newer(connection: Connection) -> bool:
    """Whether a migration has run that this program does not know."""
    return not current(connection) <= known()
