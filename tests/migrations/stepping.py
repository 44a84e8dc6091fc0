"""A database taken back to an older migration, filled as it was then, and brought up to date again."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from sqlalchemy import Connection

from tracker.database import Database
from tracker.database.migrating import alembic_config


@contextmanager
def as_it_was(db: Database, revision: str) -> Iterator[Connection]:
    """The tables as they were at a revision; when the block ends they are migrated to the newest."""
    with db._migrating() as connection:
        command.downgrade(alembic_config(connection), revision)
    try:
        with db._migrating() as connection:
            yield connection
    finally:
        db.migrate()
