"""The keys that a log was signed with before, and the names it had."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "log_key_change",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["log_key.number"], name=op.f("fk_log_key_change_number")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_log_key_change_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", "number", name=op.f("pk_log_key_change")),
    )
    op.create_table(
        "ended_epoch",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("lost", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_ended_epoch_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", "number", name=op.f("pk_ended_epoch")),
        sa.UniqueConstraint("origin", name=op.f("uq_ended_epoch_origin")),
    )


def downgrade() -> None:
    for table in ("ended_epoch", "log_key_change"):
        op.drop_table(table)
