"""From when a side that took a proposal back may propose again."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue_side", sa.Column("proposes_from", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("issue_side", "proposes_from")
