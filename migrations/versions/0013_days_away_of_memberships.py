"""Days away belong to a membership: those of a person are kept for every organisation they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DAYS = ("away_from", "away_until")
TO_MEMBERSHIPS = """UPDATE membership SET
    away_from = (SELECT person.away_from FROM person WHERE person.id = membership.person_id),
    away_until = (SELECT person.away_until FROM person WHERE person.id = membership.person_id)
    WHERE retired_at IS NULL"""
# Away from some of their organisations only: of the days, those that began first.
TO_PERSONS = """UPDATE person SET away_from = first.away_from, away_until = first.away_until
    FROM membership AS first WHERE first.id = (
        SELECT membership.id FROM membership
        WHERE membership.person_id = person.id AND membership.away_from IS NOT NULL
        ORDER BY membership.away_from, membership.id LIMIT 1)"""


def upgrade() -> None:
    move("person", "membership", TO_MEMBERSHIPS)


def downgrade() -> None:
    move("membership", "person", TO_PERSONS)


def move(old: str, new: str, copy: str) -> None:
    for day in DAYS:
        op.add_column(new, sa.Column(day, sa.Date(), nullable=True))
    op.execute(copy)
    for day in DAYS:
        op.drop_column(old, day)
