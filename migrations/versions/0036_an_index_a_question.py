"""Lists by one filter, by limit and of what is late, and agendas, each in the order of an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NEWEST = ("raised_at", "id")
OPEN = "resolved_at IS NULL"
NEW = (
    ("ix_issue_of_tier", ("partnership_id", "tier", *NEWEST), None),
    ("ix_issue_of_theme", ("partnership_id", "theme", *NEWEST, "tier", "service_area", "outcome"), None),
    ("ix_issue_of_area", ("partnership_id", "service_area", *NEWEST, "tier"), None),
    ("ix_issue_of_outcome", ("partnership_id", "outcome", *NEWEST, "theme", "tier"), "outcome IS NOT NULL"),
    ("ix_issue_of_topic", ("partnership_id", "topic", *NEWEST), "topic IS NOT NULL"),
    ("ix_issue_of_clause", ("partnership_id", "clause", *NEWEST), "clause IS NOT NULL"),
    ("ix_issue_early_warning", ("partnership_id", *NEWEST), "kind = 'early_warning'"),
    ("ix_issue_of_no_theme", ("partnership_id", *NEWEST), "theme IS NULL"),
    ("ix_issue_of_no_area", ("partnership_id", *NEWEST), "service_area IS NULL"),
    ("ix_issue_limit", ("partnership_id", "due_at", "id"), None),
    ("ix_issue_due", ("partnership_id", "due_at", "id", "state"), OPEN),
)
# By name: of which table, its columns and condition before, and now.
CHANGED = (
    (
        "ix_issue_unresolved", "issue", OPEN, ("partnership_id", *NEWEST),
        ("partnership_id", *NEWEST, "due_at", "state", "tier", "ball_with_id"),
    ),
    ("ix_issue_agenda", "issue", OPEN, ("body_id", "due_at"), ("body_id", "due_at", "id", "severity")),
    ("ix_issue_raised_by", "issue", None, ("raised_by_id",), ("raised_by_id", "resolved_at", "id")),
    ("ix_holder_desk", "holder", "active", ("person_id",), ("person_id", "id")),
)  # fmt: skip


def upgrade() -> None:
    for name, table, where, _, columns in CHANGED:
        op.drop_index(name, table)
        _create(name, table, columns, where)
    op.drop_index("ix_issue_raiser", "issue")
    for name, columns, where in NEW:
        _create(name, "issue", columns, where)
    _create("ix_note_at", "note", ("at",), None)
    _create("ix_timer_aside", "timer", ("set_aside_at",), "set_aside_at IS NOT NULL")


def downgrade() -> None:
    op.drop_index("ix_timer_aside", "timer")
    op.drop_index("ix_note_at", "note")
    for name, _, _ in reversed(NEW):
        op.drop_index(name, "issue")
    _create("ix_issue_raiser", "issue", ("raised_by_id",), OPEN)
    for name, table, where, columns, _ in CHANGED:
        op.drop_index(name, table)
        _create(name, table, columns, where)


def _create(name: str, table: str, columns: tuple[str, ...], where: str | None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)
