"""What the events of each issue say of its climb, and sums of that by month; every issue waits to be counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

UNCOUNTED = sa.text("uncounted_at IS NOT NULL")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "climb_scope",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("sides", sa.String(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_climb_scope_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climb_scope")),
        sa.UniqueConstraint(
            "partnership_id",
            "sides",
            "named",
            "body_id",
            name=op.f("uq_climb_scope_partnership_id_sides_named_body_id"),
        ),
    )
    op.create_table(
        "climb_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("longest", JSON, nullable=False),
        sa.ForeignKeyConstraint(["scope_id"], ["climb_scope.id"], name=op.f("fk_climb_tally_scope_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climb_tally")),
        sa.UniqueConstraint("scope_id", "month", name=op.f("uq_climb_tally_scope_id_month")),
    )
    op.create_table(
        "issue_climb",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("hand_overs", sa.Integer(), nullable=False),
        sa.Column("elapsed_seconds", sa.BigInteger(), nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("followed_from", sa.Integer(), nullable=True),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_climb_issue_id")),
        sa.ForeignKeyConstraint(["scope_id"], ["climb_scope.id"], name=op.f("fk_issue_climb_scope_id")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_issue_climb")),
    )
    longest = ["steps", "hand_overs", "elapsed_seconds"]
    op.create_index(op.f("ix_issue_climb_longest"), "issue_climb", ["scope_id", "month", *longest])
    op.create_index(op.f("ix_issue_climb_longest_ever"), "issue_climb", ["scope_id", *longest])
    op.add_column("issue", sa.Column("uncounted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(sa.text("UPDATE issue SET uncounted_at = raised_at WHERE ring <> 'organisation'"))
    op.create_index(
        op.f("ix_issue_uncounted"),
        "issue",
        ["partnership_id", "uncounted_at"],
        sqlite_where=UNCOUNTED,
        postgresql_where=UNCOUNTED,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_issue_uncounted"), "issue")
    op.drop_column("issue", "uncounted_at")
    for table in ("issue_climb", "climb_tally", "climb_scope"):
        op.drop_table(table)
