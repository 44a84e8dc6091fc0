"""Rows damaged by raw SQL, as a newer version, a careless hand or a bad disk leaves them; and mended again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, DateTime, Enum, Float, Integer
from sqlalchemy.exc import SQLAlchemyError

from tracker.database import Database


def worst_for(column: Column[Any], *, sqlite: bool) -> Any:
    """A value that the column's type cannot read, or cannot mean, as far as the database takes one."""
    kind = getattr(column.type, "impl", column.type)
    if isinstance(kind, Enum):
        return "of a newer version"
    if isinstance(kind, DateTime | Date):
        return "0000-99-99 99:99:99" if sqlite else "-infinity"
    if isinstance(kind, JSON):
        return "{" if sqlite else '"a word"'
    if isinstance(kind, Integer | Float):
        return "many" if sqlite else "-1"
    return b"\xff\xfe" if sqlite else "of a newer version"


@contextmanager
def damaged(db: Database, column: Column[Any], worst: Any) -> Iterator[str]:
    """The first row of the table has this value while the block runs. Yields "", or why not: there is no row, or the
    database does not take the value."""
    keys = [each.name for each in column.table.primary_key.columns]
    key = ", ".join(keys)
    first = f"SELECT {_read(db, column)} AS kept, {key} FROM {column.table.name} ORDER BY {key} LIMIT 1"
    with _unchecked(db) as connection:
        before = connection.exec_driver_sql(first).first()
    which = " AND ".join(f"{key} = ?" for key in keys)
    problem = _put(db, column, worst, which, before[1:]) if before else "no row"
    yield problem
    if before and not problem and column.name not in keys:
        _put(db, column, before[0], which, before[1:])


def _put(db: Database, column: Column[Any], value: Any, which: str, key: Sequence[Any]) -> str:
    kind = column.type.compile(db.engine.dialect)
    new = "CAST(? AS TEXT)" if isinstance(value, bytes) else "?" if db.is_sqlite else f"CAST(? AS {kind})"
    statement = f'UPDATE {column.table.name} SET "{column.name}" = {new} WHERE {which}'
    try:
        with _unchecked(db) as connection:
            connection.exec_driver_sql(_marks(db, statement), (value, *key))
    except SQLAlchemyError as refused:
        return str(refused)
    return ""


def _read(db: Database, column: Column[Any]) -> str:
    """As it is kept."""
    name = f'"{column.name}"'
    return name if db.is_sqlite else f"CAST({name} AS text)"


def _marks(db: Database, statement: str) -> str:
    return statement if db.is_sqlite else statement.replace("?", "%s")


@contextmanager
def _unchecked(db: Database) -> Iterator[Connection]:
    """Nothing is checked that the tables themselves would refuse."""
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if db.is_sqlite:  # before a transaction begins
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("PRAGMA ignore_check_constraints=ON")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        try:
            yield connection
            connection.commit()
        finally:
            connection.rollback()
            if db.is_sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
                driver.execute("PRAGMA ignore_check_constraints=OFF")
