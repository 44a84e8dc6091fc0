"""Indexes by which the issues of a person are found, where their name is searched for."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_issue_raised_by", "issue", ["raised_by_id"]),
    ("ix_holder_held_by", "holder", ["person_id", "issue_id"]),
    ("ix_note_written_by", "note", ["person_id", "issue_id"]),
)


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
