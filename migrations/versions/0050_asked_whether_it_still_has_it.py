"""Since when a side is asked whether it still has an issue: its acknowledgement lapsed, and nothing came since."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

_LAPSED = """
UPDATE issue_side SET lapsed_at = (
    SELECT max(event.at) FROM event JOIN organisation ON organisation.id = issue_side.organisation_id
    WHERE event.issue_id = issue_side.issue_id AND event.kind = 'acknowledgement_lapsed' AND {side} = organisation.key
    AND event.at >= coalesce((SELECT entered_at FROM issue WHERE issue.id = issue_side.issue_id), event.at)
)
WHERE acknowledged_at IS NULL AND acknowledge_by IS NULL
    AND issue_id IN (SELECT id FROM issue WHERE resolved_at IS NULL AND tier > 0)
"""


def upgrade() -> None:
    with op.batch_alter_table("issue_side") as table:
        table.add_column(sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    side = "json_extract(event.details, '$.side')" if is_sqlite else "event.details ->> 'side'"
    op.execute(_LAPSED.format(side=side))


def downgrade() -> None:
    with op.batch_alter_table("issue_side") as table:
        table.drop_column("lapsed_at")
