"""Decisions with their owners and clocks, packs, and the events of both in the partnership's chain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OF_DECISION = sa.text("decision_id IS NOT NULL")
NOT_SET_ASIDE = sa.text("set_aside_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("changes_agreement", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_decision_body_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_decision_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_decision_partnership_id_number")),
    )
    op.create_index("ix_decision_body", "decision", ["body_id", "decided_on"])
    op.create_table(
        "decision_side",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("owner_name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_side_decision_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_decision_side_organisation_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_decision_side_owner_id")),
        sa.PrimaryKeyConstraint("decision_id", "organisation_id", name=op.f("pk_decision_side")),
    )
    op.create_index("ix_decision_side_reader", "decision_side", ["organisation_id", "decision_id"])
    op.create_table(
        "decision_subject",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_subject_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "kind", "key", name=op.f("pk_decision_subject")),
    )
    op.create_index("ix_decision_subject_key", "decision_subject", ["kind", "key"])
    op.create_table(
        "decision_issue",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_issue_decision_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_decision_issue_issue_id")),
        sa.PrimaryKeyConstraint("decision_id", "issue_id", name=op.f("pk_decision_issue")),
    )
    op.create_index(op.f("ix_decision_issue_issue_id"), "decision_issue", ["issue_id"])
    _make_packs()
    _tie_events()
    _tie_timers()


def _make_packs() -> None:
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("meets_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("decided_from", sa.Date(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(), nullable=False),
        sa.Column("content", JSON, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_pack_body_id")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_pack_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_pack_partnership_id_number")),
    )
    op.create_index("ix_pack_body", "pack", ["body_id", "meets_at"])


def _tie_events() -> None:
    """Said in SQL that both databases read: SQLite would build the whole table anew to add a reference otherwise."""
    for of in ("decision", "pack"):
        op.execute(f"ALTER TABLE event ADD COLUMN {of}_id INTEGER CONSTRAINT fk_event_{of}_id REFERENCES {of} (id)")
    op.create_index(
        "ix_event_decision", "event", ["decision_id", "position"],
        sqlite_where=OF_DECISION, postgresql_where=OF_DECISION,
    )  # fmt: skip


def _tie_timers() -> None:
    op.drop_index("ix_timer_due", "timer")
    with op.batch_alter_table("timer") as timer:
        timer.alter_column("issue_id", existing_type=sa.Integer(), nullable=True)
        timer.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        timer.create_foreign_key(op.f("fk_timer_decision_id"), "decision", ["decision_id"], ["id"])
        timer.create_unique_constraint(op.f("uq_timer_decision_id_kind"), ["decision_id", "kind"])
        timer.create_check_constraint(op.f("ck_timer_of_one"), "(issue_id IS NULL) <> (decision_id IS NULL)")
    op.create_index("ix_timer_due", "timer", ["due_at"], sqlite_where=NOT_SET_ASIDE, postgresql_where=NOT_SET_ASIDE)


def downgrade() -> None:
    op.execute("DELETE FROM timer WHERE issue_id IS NULL")
    op.drop_index("ix_timer_due", "timer")
    with op.batch_alter_table("timer") as timer:
        timer.drop_constraint(op.f("ck_timer_of_one"), type_="check")
        timer.drop_constraint(op.f("uq_timer_decision_id_kind"), type_="unique")
        timer.drop_constraint(op.f("fk_timer_decision_id"), type_="foreignkey")
        timer.drop_column("decision_id")
        timer.alter_column("issue_id", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_timer_due", "timer", ["due_at"], sqlite_where=NOT_SET_ASIDE, postgresql_where=NOT_SET_ASIDE)
    op.drop_index("ix_event_decision", "event")
    with op.batch_alter_table("event") as event:
        for of in ("decision", "pack"):
            event.drop_column(f"{of}_id")  # and its reference with it
    for table in ("pack", "decision_issue", "decision_subject", "decision_side", "decision"):
        op.drop_table(table)
