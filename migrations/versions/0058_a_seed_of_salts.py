"""The salts of an event's words may follow from a seed.

Events of before keep each, which are read as well; whoever goes back finds each of all.
"""

import hmac
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Row
from sqlalchemy.dialects import postgresql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

SALT_BYTES = 16
SOME = 1000  # events
LONG = {"@": "actor", "@@": "actor_organisation"}

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_EVENT = sa.table("event", sa.column("id", sa.Integer), sa.column("words", JSON), sa.column("salts", sa.LargeBinary))


def upgrade() -> None:
    pass


def downgrade() -> None:
    connection, last = op.get_bind(), 0
    event, number = _EVENT.c, sa.bindparam("number")
    change = sa.update(_EVENT).where(event.id == number).values(salts=sa.bindparam("each"))
    seeded = sa.select(_EVENT).where(event.id > sa.bindparam("last"), sa.func.length(event.salts) == SALT_BYTES)
    following = seeded.order_by(event.id).limit(SOME)
    while rows := connection.execute(following, {"last": last}).all():
        last = rows[-1].id
        changed = [{"number": row.id, "each": _salts(row)} for row in rows if len(row.words) > 1]
        if changed:
            connection.execute(change, changed)


def _salts(row: Row[Any]) -> bytes:
    names = sorted(LONG.get(name, name) for name in row.words)
    return b"".join(hmac.digest(bytes(row.salts), name.encode(), "sha256")[:SALT_BYTES] for name in names)
