"""The order of an issue's story holds its chains together, too: an index apart for them goes."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

OF_ISSUES = sa.text("issue_id IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_event_chain", "event")


def downgrade() -> None:
    op.create_index(
        "ix_event_chain",
        "event",
        ["issue_id", "readers", "place"],
        unique=True,
        sqlite_where=OF_ISSUES,
        postgresql_where=OF_ISSUES,
    )
