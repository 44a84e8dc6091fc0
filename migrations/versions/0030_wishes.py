"""Which word of an issue each person wants: followed, muted, or what is theirs to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WISHED = sa.text("wish IS NOT NULL")


def upgrade() -> None:
    op.add_column("attention", sa.Column("wish", sa.String(length=40), nullable=True))
    op.create_index("ix_attention_wish", "attention", ["issue_id"], sqlite_where=WISHED, postgresql_where=WISHED)


def downgrade() -> None:
    op.drop_index("ix_attention_wish", "attention")
    op.drop_column("attention", "wish")
