"""An index of what is asked about on a body, for the desks of those who have a seat there."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    where = sa.text("asking > 0")
    op.create_index("ix_issue_asked", "issue", ["body_id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_issue_asked", table_name="issue")
