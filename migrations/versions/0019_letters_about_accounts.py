"""Letters about an account beside sign-in links: an address to be confirmed, an invitation, what was changed or asked."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sign_in_link", sa.Column("purpose", sa.String(length=40), nullable=False, server_default="sign_in"))
    for name in ("to_address", "to_name", "about"):
        op.add_column("sign_in_link", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("about", "to_name", "to_address", "purpose"):
        op.drop_column("sign_in_link", name)
