"""The holder of an issue is the person agreed for the place: deputies written down for an absence give it back.

Given back where it can be known: the issue is not over, and the deputy is one of exactly one seat that holds on its body
now, has none of their own there, and is no lead of the first tier. Deputies of several seats, seats that changed hands
since, and tiers that an issue has left, stay as they were written.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LEADING = ("routing_rule", "service_area")
HOLDER = sa.table(
    "holder",
    *(sa.column(name, sa.Integer) for name in ("id", "issue_id", "organisation_id", "tier", "person_id")),
    *(sa.column(name, sa.Boolean) for name in ("first", "active", "acted")),
)
DEPUTIES = sa.text("""
    SELECT holder.id, holder.issue_id, holder.organisation_id, holder.tier, holder.person_id, holder.first,
        seat.person_id AS agreed_id, issue.partnership_id
    FROM holder
    JOIN issue ON issue.id = holder.issue_id AND issue.resolved_at IS NULL
    JOIN seat ON seat.body_id = issue.body_id AND seat.organisation_id = holder.organisation_id
        AND seat.deputy_id = holder.person_id AND seat.holds AND seat.retired_at IS NULL
    JOIN membership ON membership.person_id = seat.person_id
        AND membership.organisation_id = seat.organisation_id AND membership.retired_at IS NULL
    WHERE holder.active AND NOT EXISTS (
        SELECT 1 FROM seat AS own WHERE own.body_id = issue.body_id AND own.organisation_id = holder.organisation_id
            AND own.person_id = holder.person_id AND own.holds AND own.retired_at IS NULL)
    ORDER BY holder.id, seat.position, seat.id
""")


def upgrade() -> None:
    op.add_column("holder", sa.Column("acted", sa.Boolean(), nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    found: dict[int, list[Any]] = {}
    for row in connection.execute(DEPUTIES):
        found.setdefault(row.id, []).append(row)
    known = [rows[0] for rows in found.values() if len({row.agreed_id for row in rows}) == 1]
    leads = leads_of_first_tiers(connection) if known else set()
    for row in known:
        if row.tier > 1 or (row.partnership_id, row.person_id) not in leads:
            give_back(connection, row)


def downgrade() -> None:
    op.execute("DELETE FROM holder WHERE acted")
    op.drop_column("holder", "acted")


def give_back(connection: sa.Connection, deputy: Any) -> None:
    """The deputy keeps sight of the issue."""
    place = {"issue_id": deputy.issue_id, "organisation_id": deputy.organisation_id, "tier": deputy.tier}
    agreed = {**place, "person_id": deputy.agreed_id}
    again = sa.update(HOLDER).where(*(HOLDER.c[name] == value for name, value in agreed.items()))
    if not connection.execute(again.values(active=True)).rowcount:
        connection.execute(sa.insert(HOLDER).values(**agreed, first=deputy.first, active=True, acted=False))
    stood_in = sa.update(HOLDER).where(HOLDER.c.id == deputy.id)
    connection.execute(stood_in.values(first=False, active=False, acted=True))


def leads_of_first_tiers(connection: sa.Connection) -> set[tuple[int, int]]:
    """(partnership, person) of every lead of a route or service area."""
    tables = [sa.table(name, sa.column("partnership_id"), sa.column("leads", sa.JSON)) for name in LEADING]
    rows = [row for table in tables for row in connection.execute(sa.select(table.c.partnership_id, table.c.leads))]
    return {(row.partnership_id, person) for row in rows for person in row.leads.values()}
