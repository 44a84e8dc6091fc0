"""What is resolved and not solved leaves out duplicates and what was withdrawn: every month is counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _mark_every_month()


def downgrade() -> None:
    _mark_every_month()


def _mark_every_month() -> None:
    op.execute(
        sa.text(
            "INSERT INTO uncounted (partnership_id, month, marked_at)"
            " SELECT DISTINCT partnership_id, month, CURRENT_TIMESTAMP FROM tally"
        )
    )
