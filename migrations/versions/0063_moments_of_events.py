"""SQLite keeps when an event happened as microseconds since 1970, in eight bytes, not 26; rows follow some at a time.

What is damaged and no moment stays as it is, and stops no other.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

SOME = 5000  # rows in one transaction
_STILL = "typeof(at) = 'text'"


def upgrade() -> None:
    if _is_sqlite(op.get_bind()):
        op.create_index("ix_event_still", "event", ["id"], sqlite_where=sa.text(_STILL))


def batch(connection: Connection) -> int:
    """Changes some rows; how many, 0 where none is left."""
    if not _is_sqlite(connection):
        return 0
    change = """
        UPDATE event SET at = CAST(strftime('%s', substr(at, 1, 19)) AS INTEGER) * 1000000
                            + CAST(substr(at, 21, 6) AS INTEGER)
        WHERE id IN (
            SELECT id FROM event WHERE typeof(at) = 'text' AND strftime('%s', substr(at, 1, 19)) IS NOT NULL
            ORDER BY id LIMIT :some
        )
    """
    return connection.execute(sa.text(change), {"some": SOME}).rowcount


def rest(connection: Connection) -> int:
    """How many are still to be changed."""
    if not _is_sqlite(connection):
        return 0
    counted = sa.text("""
        SELECT count(*) FROM event WHERE typeof(at) = 'text' AND strftime('%s', substr(at, 1, 19)) IS NOT NULL
    """)
    return int(connection.execute(counted).scalar_one())


def downgrade() -> None:
    if not _is_sqlite(op.get_bind()):
        return
    op.drop_index("ix_event_still", "event")
    op.execute("""
        UPDATE event SET at = strftime('%Y-%m-%d %H:%M:%S', (at - (at % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch')
                           || printf('.%06d', (at % 1000000 + 1000000) % 1000000)
        WHERE typeof(at) = 'integer'
    """)


def _is_sqlite(connection: Connection) -> bool:
    return bool(connection.dialect.name == "sqlite")
