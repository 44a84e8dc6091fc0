"""Working time lost with an issue; tallies also of what is serious or critical and of that time: counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

SUMS = (("severe", sa.Integer), ("lost_said", sa.Integer), ("lost_minutes", sa.BigInteger))


def upgrade() -> None:
    op.add_column("issue", sa.Column("lost_minutes", sa.Integer(), nullable=True))
    for name, kind in SUMS:
        op.add_column("tally", sa.Column(name, kind(), nullable=False, server_default="0"))
    op.execute(
        sa.text(
            "INSERT INTO uncounted (partnership_id, month, marked_at)"
            " SELECT DISTINCT partnership_id, month, CURRENT_TIMESTAMP FROM tally"
        )
    )


def downgrade() -> None:
    for name, _ in reversed(SUMS):
        op.drop_column("tally", name)
    op.drop_column("issue", "lost_minutes")
