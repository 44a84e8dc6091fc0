"""The month in which somebody was last here, for the leads of their organisation."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("membership", sa.Column("here_in", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("membership", "here_in")
