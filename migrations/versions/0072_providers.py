"""Organisations' own sign-in: providers, domains, who is who there, and who is awaited back."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

CONFIRMED = sa.text("confirmed_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "sign_in_provider",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("arrive_as", sa.String(), nullable=False),
        sa.Column("trusts_addresses", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_provider_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_provider")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_sign_in_provider_organisation_id")),
    )
    op.create_table(
        "mail_domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_mail_domain_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_domain")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_mail_domain_organisation_id_name")),
    )
    op.create_index(
        "ix_mail_domain_name",
        "mail_domain",
        ["name"],
        unique=True,
        sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_identity_issuer_subject")),
    )
    op.create_index(op.f("ix_provider_identity_person_id"), "provider_identity", ["person_id"])
    op.create_table(
        "sign_in_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("back", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sign_in_request_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_request")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_sign_in_request_state_hash")),
    )
    op.create_index(op.f("ix_sign_in_request_expires_at"), "sign_in_request", ["expires_at"])
    op.add_column("session", sa.Column("anew_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("session", "anew_at")
    op.drop_table("sign_in_request")
    op.drop_table("provider_identity")
    op.drop_table("mail_domain")
    op.drop_table("sign_in_provider")
