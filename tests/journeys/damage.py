"""Rows damaged by raw SQL, as a newer version, a careless hand or a bad disk leaves them; and mended again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, Connection, Date, DateTime, Enum, Float, Integer, String
from sqlalchemy.exc import SQLAlchemyError

from tracker.database import Database, metadata


@dataclass(frozen=True)
class Hurt:
    """A column of the first row of a table, and what it holds; None: what its type cannot read."""

    table: str
    column: str
    worst: Any = None

    @property
    def of(self) -> Column[Any]:
        return metadata().tables[self.table].columns[self.column]

    def value(self, db: Database) -> Any:
        return worst_for(self.of, sqlite=db.is_sqlite) if self.worst is None else self.worst


KINDS = {
    "a-state": Hurt("issue", "state"),
    "a-severity": Hurt("issue", "severity"),
    "a-ring": Hurt("issue", "ring"),
    "a-list-of-an-issue": Hurt("issue", "other_themes"),
    "when-it-was-raised": Hurt("issue", "raised_at"),
    "a-tier-that-is-none": Hurt("issue", "tier", 99),
    "a-ladder-that-is-none": Hurt("issue", "ladder_version_id", 99999),
    "a-kind-of-timer": Hurt("timer", "kind"),
    "when-a-timer-is-due": Hurt("timer", "due_at"),
    "when-a-side-acknowledged": Hurt("issue_side", "acknowledged_at"),
    "a-side-that-is-none": Hurt("issue_side", "organisation_id", 99999),
    "a-kind-of-event": Hurt("event", "kind"),
    "details-of-an-event": Hurt("event", "details"),
    "when-something-happened": Hurt("event", "at"),
    "when-a-notice-was-made": Hurt("notice", "made_at"),
    "until-when-a-link-is-good": Hurt("sign_in_link", "expires_at"),
    "a-month-that-is-none": Hurt("uncounted", "month", -50),
    "a-holder-who-is-nobody": Hurt("holder", "person_id", 99999),
}


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


def bad_values(column: Column[Any], *, sqlite: bool) -> list[Any]:
    """What a column may hold that nobody meant: what its type cannot read, what it can and makes no sense, nothing."""
    kind = getattr(column.type, "impl", column.type)
    found = [worst_for(column, sqlite=sqlite)]
    if column.foreign_keys:
        found += [99999]
    elif isinstance(kind, JSON):
        found += ["[]", '{"of a newer version": null}']
    elif isinstance(kind, DateTime | Date):
        found += ["9999-12-31 23:59:59" if sqlite else "infinity"]
    elif isinstance(kind, Integer | Float):
        found += [-1]
    elif isinstance(kind, String) and not isinstance(kind, Enum):
        found += ["of a newer version"]
    return [*dict.fromkeys(found), *([None] if column.nullable else [])]


@contextmanager
def damaged(db: Database, column: Column[Any], worst: Any, *, where: str = "1 = 1") -> Iterator[str]:
    """The first row of the table has this value while the block runs. Yields "", or why not: there is no row, or the
    database does not take the value. `where` says of which rows it is the first."""
    keys = [each.name for each in column.table.primary_key.columns]
    key, table = ", ".join(keys), column.table.name
    first = f"SELECT {_read(db, column)} AS kept, {key} FROM {table} WHERE {where} ORDER BY {key} LIMIT 1"
    with _unchecked(db) as connection:
        before = connection.exec_driver_sql(first).first()
    which = " AND ".join(f"{key} = ?" for key in keys)
    problem = _put(db, column, worst, which, before[1:]) if before else "no row"
    yield problem
    if before and not problem:
        named = [worst if key == column.name else kept for key, kept in zip(keys, before[1:], strict=True)]
        _put(db, column, before[0], which, named)


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
