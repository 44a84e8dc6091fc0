"""All events have followed that can: the index by which those were found that had not goes."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

_STILL = sa.text("typeof(at) = 'text'")
_LEFT = "SELECT count(*) FROM event WHERE typeof(at) = 'text' AND strftime('%s', substr(at, 1, 19)) IS NOT NULL"


def upgrade() -> None:
    if not _is_sqlite():
        return
    if op.get_bind().execute(sa.text(_LEFT)).scalar_one():
        raise SystemExit("Events are still to be changed. Run: tracker migrate")
    op.drop_index("ix_event_still", "event")


def downgrade() -> None:
    if _is_sqlite():
        op.create_index("ix_event_still", "event", ["id"], sqlite_where=_STILL)


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
