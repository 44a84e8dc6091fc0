"""Writes the next migration from the difference of records and migrations: python deploy/draft_migration.py NAME."""

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from tracker.database import Database
from tracker.database.migrating import alembic_config

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"


def draft(name: str) -> None:
    """Writes migrations/versions/NNNN_name.py, to be read over: search machinery is added by hand."""
    number = f"{len(list(VERSIONS.glob('[0-9]*.py'))) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/draft.sqlite3")
        database.migrate()
        with database.engine.connect() as connection:
            config = alembic_config(connection)
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message=name.replace("_", " "), rev_id=number, autogenerate=True)
        database.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch("[a-z_]+", sys.argv[1]):
        sys.exit("usage: python deploy/draft_migration.py NAME (small letters and _)")
    draft(sys.argv[1])
