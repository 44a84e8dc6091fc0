"""A month that cannot be counted is set aside with the reason; urgent notices have an index of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

URGENT = sa.text("state IN ('waiting', 'held') AND urgent")


def upgrade() -> None:
    op.add_column("uncounted", sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("uncounted", sa.Column("set_aside_why", sa.String(), nullable=True))
    op.create_index("ix_notice_urgent", "notice", ["due_at"], sqlite_where=URGENT, postgresql_where=URGENT)


def downgrade() -> None:
    op.drop_index("ix_notice_urgent", "notice")
    op.drop_column("uncounted", "set_aside_why")
    op.drop_column("uncounted", "set_aside_at")
