"""Which letter invites somebody, the last one alone. Those that are on their way go out."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

ON_THEIR_WAY = """
UPDATE membership SET letter = coalesce((
    SELECT max(token_hash) FROM sign_in_link
    WHERE sign_in_link.person_id = membership.person_id AND purpose = 'invitation'
      AND mail_wanted_at IS NOT NULL AND mail_sent_at IS NULL AND mail_failed IS NULL), '')
WHERE invited_at IS NOT NULL AND retired_at IS NULL
"""


def upgrade() -> None:
    op.add_column("membership", sa.Column("letter", sa.String(), nullable=False, server_default=""))
    op.execute(sa.text(ON_THEIR_WAY))


def downgrade() -> None:
    op.drop_column("membership", "letter")
