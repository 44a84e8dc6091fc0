"""Days are told by the partnership's clock, no longer in UTC: every month that was counted is counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        sa.text(
            "INSERT INTO uncounted (partnership_id, month, marked_at)"
            " SELECT partnership_id, month, CURRENT_TIMESTAMP FROM tally"
            " UNION SELECT partnership_id, month, CURRENT_TIMESTAMP FROM fix"
        )
    )


def downgrade() -> None:
    """What is counted by the one clock is not wrong by the other for long: the next change counts it anew."""
