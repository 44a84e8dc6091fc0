"""Which tier handed an issue down."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("issue", sa.Column("deciding_tier", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("issue", "deciding_tier")
