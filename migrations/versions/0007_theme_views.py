"""How each side sees why an issue rubs, and an index for what was confirmed of themes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CONFIRMED = sa.text("kind = 'theme_confirmed'")


def upgrade() -> None:
    op.add_column("issue_side", sa.Column("theme", sa.String(), nullable=True))
    op.create_index(
        op.f("ix_event_theme_confirmed"), "event", ["partnership_id", "id"],
        sqlite_where=CONFIRMED, postgresql_where=CONFIRMED,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index(op.f("ix_event_theme_confirmed"), "event")
    op.drop_column("issue_side", "theme")
