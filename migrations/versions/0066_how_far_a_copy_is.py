"""How far the program of a token has come in the feed, and where words were taken out for good."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

REDACTED = sa.text("kind = 'redacted'")


def upgrade() -> None:
    op.add_column("organisation_token", sa.Column("gone_on_from", sa.Integer(), nullable=True))
    op.create_index(
        "ix_event_redacted", "event", ["partnership_id", "id"], sqlite_where=REDACTED, postgresql_where=REDACTED
    )


def downgrade() -> None:
    op.drop_index("ix_event_redacted", "event")
    op.drop_column("organisation_token", "gone_on_from")
