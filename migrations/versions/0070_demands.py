"""What an organisation asks of a session before a membership of it counts there."""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None


def upgrade() -> None:
    demand = sa.Enum("second_factor", "sso", name="demand", native_enum=False, length=40)
    op.add_column("organisation", sa.Column("demand", demand, nullable=True))


def downgrade() -> None:
    op.drop_column("organisation", "demand")
