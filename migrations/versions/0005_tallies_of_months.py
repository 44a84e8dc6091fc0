"""Tallies of months: what reports add up, and which months have changed since they were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Every month of an issue that is there already waits to be counted.
MARK = """INSERT INTO uncounted (partnership_id, month, marked_at)
    SELECT issue.partnership_id, {month}, max(issue.raised_at)
    FROM occurrence AS happened JOIN issue ON issue.id = happened.issue_id GROUP BY issue.partnership_id, {month}"""
MONTH = {
    "sqlite": "strftime('%Y', happened.occurred_on) * 12 + strftime('%m', happened.occurred_on) - 1",
    "postgresql": """CAST(EXTRACT(YEAR FROM happened.occurred_on) * 12 + EXTRACT(MONTH FROM happened.occurred_on) - 1
        AS INTEGER)""",
}

OVER = sa.text("resolved_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("clause", sa.String(), nullable=True),
        sa.Column("sides", sa.String(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=True),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.Column("issues", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("not_solved", sa.Integer(), nullable=False),
        sa.Column("solved_first", sa.Integer(), nullable=False),
        sa.Column("prompt", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Integer(), nullable=False),
        sa.Column("not_fixed", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_tally_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_month"), "tally", ["partnership_id", "month"])
    op.create_table(
        "reported",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("theme", sa.String(), nullable=True),
        sa.Column("sides", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("occurrences", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_reported_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported")),
    )
    op.create_index(op.f("ix_reported_month"), "reported", ["partnership_id", "month"])
    op.create_table(
        "uncounted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f("fk_uncounted_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted")),
    )
    op.create_index(op.f("ix_uncounted_month"), "uncounted", ["partnership_id", "month"])
    op.create_index(
        op.f("ix_issue_resolved"), "issue", ["partnership_id", "resolved_at"], sqlite_where=OVER, postgresql_where=OVER
    )
    op.execute(MARK.format(month=MONTH[op.get_bind().dialect.name]))


def downgrade() -> None:
    op.drop_index(op.f("ix_issue_resolved"), "issue")
    for table in ("uncounted", "reported", "tally"):
        op.drop_table(table)
