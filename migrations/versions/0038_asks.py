"""What one side asks of the others, and pauses that every side agreed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "ask",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("terms", JSON, nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_ask_issue_id_issue")),
        sa.ForeignKeyConstraint(["by_id"], ["organisation.id"], name=op.f("fk_ask_by_id_organisation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("issue_id", "number", name=op.f("uq_ask_issue_id_number")),
    )
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_ask_open", "ask", ["issue_id", "kind"], unique=True, sqlite_where=is_open, postgresql_where=is_open
    )
    op.add_column("issue", sa.Column("asking", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("issue", sa.Column("pause", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("issue", "pause")
    op.drop_column("issue", "asking")
    op.drop_index("ix_ask_open", "ask")
    op.drop_table("ask")
