"""A database filled from outside, in one transaction: rows come in any order, and numbers go on after the highest."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Table

_REFERENCES = """SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"""


class BrokenReference(Exception):
    """A row refers to one that is not there."""


@contextmanager
def references_last(connection: Connection) -> Iterator[None]:
    """What rows refer to is looked for when the block ends. Refuses with BrokenReference on SQLite, where the
    transaction has to have begun without references, and with IntegrityError on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        yield
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise BrokenReference(f"{broken[0]} refers to {broken[2]}")
        return
    references = connection.exec_driver_sql(_REFERENCES).all()
    for table, name, _ in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    yield
    for table, name, definition in references:
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def go_on_numbering(connection: Connection, table: Table) -> None:
    """The next row gets a number higher than all: SQLite looks for it itself, a sequence has to be told."""
    if connection.dialect.name != "sqlite" and "id" in table.primary_key.columns:
        sequence = f"pg_get_serial_sequence('\"{table.name}\"', 'id')"
        highest = f'(SELECT max(id) FROM "{table.name}")'  # noqa: S608
        connection.exec_driver_sql(f"SELECT setval({sequence}, {highest}) WHERE {highest} IS NOT NULL")
