"""What an occurrence is called in its events: in those that there are the number of its row, in others one by lot."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("occurrence") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
    op.execute("UPDATE occurrence SET number = id")
    with op.batch_alter_table("occurrence") as table:
        table.alter_column("number", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("occurrence") as table:
        table.drop_column("number")
