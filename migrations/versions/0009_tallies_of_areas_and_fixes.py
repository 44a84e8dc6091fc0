"""Tallies also of views, of days, of service areas and of what was solved; all months are counted anew."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Every month in which something happened or was resolved waits to be counted.
MARK = """INSERT INTO uncounted (partnership_id, month, marked_at)
    SELECT issue.partnership_id, {happened}, max(issue.raised_at)
    FROM occurrence JOIN issue ON issue.id = occurrence.issue_id GROUP BY issue.partnership_id, {happened}
    UNION ALL SELECT partnership_id, {resolved}, max(raised_at)
    FROM issue WHERE resolved_at IS NOT NULL GROUP BY partnership_id, {resolved}"""
MONTH = {
    "sqlite": "CAST(strftime('%Y', {day}) * 12 + strftime('%m', {day}) - 1 AS INTEGER)",
    "postgresql": "CAST(EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day}) - 1 AS INTEGER)",
}
RESOLVED = {"sqlite": "resolved_at", "postgresql": "(resolved_at AT TIME ZONE 'UTC')"}

AGAIN = sa.text("again_of_id IS NOT NULL")
KEY = (("theme", sa.String, True), ("sides", sa.String, False))
PROMISE = (("theme", sa.String, True), ("topic", sa.String, True), ("clause", sa.String, True))
SUMS = ("occurrences", "issues", "open", "solved", "not_solved", "solved_first")
ANSWERS = ("fixed", "not_fixed", "asked")
WITHIN = tuple(f"within_{days}" for days in (0, 1, 2, 7, 28))


def upgrade() -> None:
    for table in ("reported", "tally"):
        op.drop_table(table)
    counts = [(name, sa.Integer, False) for name in (*SUMS, *WITHIN, *ANSWERS)]
    before = (("sides", sa.String, False), ("before", sa.Integer, True), ("views", sa.String, True))
    create("tally", *PROMISE, *before, *counts)
    people, days = (("people", sa.String, False), ("days", sa.String, False))
    by = [(name, sa.Integer, False) for name in ("organisation_id", "occurrences", "again")]
    create("reported", *KEY, *by, people, days)
    create("reported_area", ("service_area", sa.String, True), ("occurrences", sa.Integer, False), people)
    after = (("again_after", sa.Integer, True), ("alike_after", sa.Integer, True))
    create("fix", *KEY, ("on_day", sa.Integer, False), *after)
    linked = ["partnership_id", "raised_at", "id"]
    op.create_index(op.f("ix_issue_linked"), "issue", linked, sqlite_where=AGAIN, postgresql_where=AGAIN)
    mark()


def downgrade() -> None:
    op.drop_index(op.f("ix_issue_linked"), "issue")
    for table in ("fix", "reported_area", "reported", "tally"):
        op.drop_table(table)
    counts = [(name, sa.Integer, False) for name in (*SUMS, "prompt", *ANSWERS)]
    create("tally", *PROMISE, ("sides", sa.String, False), ("before", sa.Integer, True), *counts)
    by = [(name, sa.Integer, False) for name in ("organisation_id", "person_id", "occurrences")]
    create("reported", *KEY, *by)
    mark()


def create(table: str, *columns: tuple[str, type[sa.types.TypeEngine[object]], bool]) -> None:
    """A table of counts by partnership and month, with an index on both."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False),
        *(sa.Column(name, kind(), nullable=nullable) for name, kind, nullable in columns),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnership.id"], name=op.f(f"fk_{table}_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_month"), table, ["partnership_id", "month"])


def mark() -> None:
    op.execute("DELETE FROM uncounted")
    dialect = op.get_bind().dialect.name
    happened = MONTH[dialect].format(day="occurrence.occurred_on")
    op.execute(MARK.format(happened=happened, resolved=MONTH[dialect].format(day=RESOLVED[dialect])))
