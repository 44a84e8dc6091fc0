"""What was deflated takes the place of what it was made from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
NOTHING = {"sqlite": "x''", "postgresql": "'\\x'::bytea"}


TABLES = {"issue_climb": "issue_id", "climb_tally": "id"}


def upgrade() -> None:
    still = sa.text(f"deflated = {NOTHING[op.get_bind().dialect.name]}")
    for name in TABLES:
        left = sa.select(sa.func.count()).select_from(sa.table(name)).where(still)
        if op.get_bind().execute(left).scalar_one():
            raise SystemExit("Counts are still to be deflated. Run: tracker migrate")
        op.drop_index(f"ix_{name}_still", name)
        op.drop_column(name, "counts")
        op.execute(f"ALTER TABLE {name} RENAME COLUMN deflated TO counts")
        if not _is_sqlite():
            op.execute(f"ALTER TABLE {name} ALTER COLUMN counts DROP DEFAULT")


def downgrade() -> None:
    nothing = sa.text(NOTHING[op.get_bind().dialect.name])
    still = sa.text(f"deflated = {nothing}")
    for name, key in TABLES.items():
        op.execute(f"ALTER TABLE {name} RENAME COLUMN counts TO deflated")
        if not _is_sqlite():
            op.alter_column(name, "deflated", server_default=nothing)
        op.add_column(name, sa.Column("counts", JSON, nullable=False, server_default="{}"))
        op.create_index(f"ix_{name}_still", name, [key], sqlite_where=still, postgresql_where=still)


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
