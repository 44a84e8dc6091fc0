"""Which issues were merged into one, for its page."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MERGED = sa.text("same_as_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_issue_same_as", "issue", ["same_as_id"], sqlite_where=MERGED, postgresql_where=MERGED)


def downgrade() -> None:
    op.drop_index("ix_issue_same_as", "issue")
