"""A side that has acknowledged is to acknowledge by no moment any more."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE issue_side SET acknowledge_by = NULL WHERE acknowledged_at IS NOT NULL")


def downgrade() -> None:
    """What was awaited of who had acknowledged was never shown."""
