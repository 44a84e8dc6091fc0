"""Invitations: who was added and has not come in yet, under the name that was typed, and whether they are to accept."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("came_in_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE person SET came_in_at = created_at"))  # not known: who may have, keeps their name
    op.add_column("membership", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("membership", sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("membership", sa.Column("pending", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("pending", "invited_at", "name"):
        op.drop_column("membership", name)
    op.drop_column("person", "came_in_at")
