"""Databases of released versions, as their own programs wrote them (`keep.py`), and what one schema takes from another.

The files are of SQLite. On PostgreSQL the tables are made by the migrations of that time, and have the same rows.
"""

import json
import lzma
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import JSON, Boolean, Column, Connection, Date, DateTime, MetaData, Table, UniqueConstraint, insert
from sqlalchemy.types import TypeEngine

from tests.exchange.backup.elsewhere import Elsewhere, empty_server
from tests.migrations.keep import RELEASED
from tracker.database.migrating import alembic_config
from tracker.database.refilling import go_on_numbering

VERSIONS = sorted(each.name.partition(".")[0] for each in RELEASED.glob("*.sqlite3.xz"))
FIRST, LAST = VERSIONS[0], VERSIONS[-1]
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def released(version: str, kind: str, home: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """A server as that version left it. `kind`: of its database, `sqlite` or `postgresql`."""
    with empty_server(kind, home, request) as server:
        if kind == "sqlite":
            (home / "tracker.sqlite3").write_bytes(_kept(version))
        else:
            with server.db._migrating() as connection:
                command.upgrade(alembic_config(connection), version)
            with server.db.refill() as connection:
                put_rows(connection, rows_of(version))
        yield server


def rows_of(version: str) -> Rows:
    """Every row, as SQLite keeps it, by table; without those that a database makes for itself."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(_kept(version))
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%'")
        tables = [name for (name,) in names if name not in {"alembic_version", "sqlite_sequence"}]
        return {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in tables}


def put_rows(connection: Connection, rows: Rows) -> int:
    """Into tables that are there, naming the columns that the rows have and no other; how many."""
    there = MetaData()
    there.reflect(connection, only=[name for name in rows if rows[name]])
    for table in there.tables.values():
        _put(connection, table, rows[table.name])
        go_on_numbering(connection, table)
    return sum(map(len, rows.values()))


def taken_away(before: MetaData, after: MetaData, *, leaving: Iterable[str] = ()) -> list[str]:
    """What a program that knows the tables of before would miss, or be refused, in those of after. `leaving`: tables,
    and columns as `table.column`, that the program of before no longer uses."""
    missed = list[str]()
    for name, table in before.tables.items():
        if name in leaving:
            continue
        if name not in after.tables:
            missed.append(f"{name} is gone")
            continue
        now = after.tables[name]
        missed += [each for old in table.columns if f"{name}.{old.name}" not in leaving for each in _missed(old, now)]
        known = set(table.columns.keys())
        missed += [
            f"{now}.{each.name} has to be given" for each in now.columns if each.name not in known and _asks(each)
        ]
        missed += [
            f"{now}: no two may share {', '.join(each)}" for each in _unique(now) - _unique(table) if each <= known
        ]
    return missed


def _missed(old: Column[Any], table: Table) -> Iterator[str]:
    if old.name not in table.columns:
        yield f"{table}.{old.name} is gone"
        return
    new = table.columns[old.name]
    if str(new.type) != str(old.type):
        yield f"{table}.{old.name} is {new.type}, it was {old.type}"
    if (old.nullable or old.server_default is not None) and _asks(new):
        yield f"{table}.{old.name} has to be given"


def _asks(column: Column[Any]) -> bool:
    """Whether a row without it is refused."""
    return not column.nullable and column.server_default is None and column.autoincrement is not True


def _unique(table: Table) -> set[frozenset[str]]:
    """The columns of which no two rows may have the same, also where that holds for some rows alone."""
    keys = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    return {frozenset(each.name for each in some) for some in (*keys, *(i.columns for i in table.indexes if i.unique))}


def _kept(version: str) -> bytes:
    return lzma.decompress((RELEASED / f"{version}.sqlite3.xz").read_bytes())


def _put(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "sqlite":  # as they were kept
        names, places = ", ".join(f'"{each}"' for each in rows[0]), ", ".join("?" * len(rows[0]))
        put = f'INSERT INTO "{table.name}" ({names}) VALUES ({places})'
        connection.exec_driver_sql(put, [tuple(row.values()) for row in rows])
        return
    kinds = {name: table.columns[name].type.as_generic() for name in rows[0]}
    values = [{name: _value(row[name], kind) for name, kind in kinds.items()} for row in rows]
    connection.execute(insert(table).inline(), values)


def _value(kept: Any, kind: TypeEngine[Any]) -> Any:
    if kept is None:
        return None
    if isinstance(kind, DateTime):
        moment = _BEGAN + timedelta(microseconds=kept) if isinstance(kept, int) else datetime.fromisoformat(kept)
        return moment.replace(tzinfo=UTC)
    if isinstance(kind, Date):
        return date.fromisoformat(kept)
    if isinstance(kind, JSON):
        return json.loads(kept)
    return bool(kept) if isinstance(kind, Boolean) else kept
