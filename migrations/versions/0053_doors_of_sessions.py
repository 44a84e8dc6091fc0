"""Through which doors a session came: those that there are, through a link. When somebody last proved who they are."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("doors", sa.String(), nullable=False, server_default="link"))
    op.add_column("session", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "confirmed_at")
    op.drop_column("session", "doors")
