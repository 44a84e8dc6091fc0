"""Changes of an arrangement that touch others wait for a lead of each organisation that they touch."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    listed = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "change_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_table", sa.String(), nullable=False),
        sa.Column("entry_key", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("parts", listed, nullable=False),
        sa.Column("touches", listed, nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_change_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_change_proposal_partnership_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_proposal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_proposal")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_change_proposal_partnership_id_number")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_change_proposal_waiting",
        "change_proposal",
        ["partnership_id", "entry_table", "entry_key"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_table(
        "change_agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_change_agreement_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_change_agreement_person_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["change_proposal.id"], name=op.f("fk_change_agreement_proposal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_agreement")),
        sa.UniqueConstraint(
            "proposal_id", "organisation_id", name=op.f("uq_change_agreement_proposal_id_organisation_id")
        ),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_change_agreement_proposal_id_person_id")),
    )


def downgrade() -> None:
    op.drop_table("change_agreement")
    op.drop_table("change_proposal")
