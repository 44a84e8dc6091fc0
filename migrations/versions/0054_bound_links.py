"""A link that was asked for signs in the browser that asked; elsewhere it shows a code. Links of before are as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in_link", sa.Column("asked_hash", sa.String(), nullable=True))
    op.add_column("sign_in_link", sa.Column("code_shown_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in_link", sa.Column("code_tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_sign_in_link_asked_hash"), "sign_in_link", ["asked_hash"], unique=True)


def downgrade() -> None:
    op.drop_index(op.f("ix_sign_in_link_asked_hash"), "sign_in_link")
    for name in ("code_tries", "code_shown_at", "asked_hash"):
        op.drop_column("sign_in_link", name)
