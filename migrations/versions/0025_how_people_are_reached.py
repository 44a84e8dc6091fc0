"""How a person wants to be reached: a telephone number, and a way in their own words."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("phone", "reach"):
        op.add_column("person", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("reach", "phone"):
        op.execute(f"ALTER TABLE person DROP COLUMN {name}")
