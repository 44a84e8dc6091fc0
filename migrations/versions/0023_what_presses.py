"""An index of what is critical and not over, which stands before the others in every list."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

PRESSING = sa.text("severity = 'critical' AND resolved_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_issue_pressing",
        "issue",
        ["partnership_id", "raised_at", "id"],
        sqlite_where=PRESSING,
        postgresql_where=PRESSING,
    )


def downgrade() -> None:
    op.drop_index("ix_issue_pressing", "issue")
