"""The witnesses of organisations, and what they cosigned."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "witness",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("verifier", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_size", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(length=40), nullable=True),
        sa.Column("troubled_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_witness_organisation_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_witness_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_witness")),
    )
    in_force = sa.text("retired_at IS NULL")
    op.create_index(
        "ix_witness_organisation_id",
        "witness",
        ["organisation_id"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_index("ix_witness_partnership_id", "witness", ["partnership_id"])
    op.create_index("ix_witness_due_at", "witness", ["due_at"])
    op.create_table(
        "cosignature",
        sa.Column("checkpoint_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("witness_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["checkpoint_id"], ["checkpoint.id"], name=op.f("fk_cosignature_checkpoint_id")),
        sa.ForeignKeyConstraint(["witness_id"], ["witness.id"], name=op.f("fk_cosignature_witness_id")),
        sa.PrimaryKeyConstraint("checkpoint_id", "witness_id", name=op.f("pk_cosignature")),
    )
    op.create_index("ix_cosignature_witness_id", "cosignature", ["witness_id"])


def downgrade() -> None:
    for table in ("cosignature", "witness"):
        op.drop_table(table)
