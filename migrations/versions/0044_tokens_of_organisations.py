"""Tokens by which programs of an organisation read what it may read."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("scope", sa.Enum("read", name="tokenscope", native_enum=False, length=40), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_organisation_token_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_token_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_token")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_organisation_token_organisation_id_number")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_organisation_token_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("organisation_token")
