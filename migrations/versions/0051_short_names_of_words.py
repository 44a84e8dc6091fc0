"""Who did something, and for whom, stands under short names among the words of an event.

Events of before keep the long ones, which are read as well; whoever goes back finds all under these.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

LONG = {"@": "actor", "@@": "actor_organisation"}
SOME = 1000  # events

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_EVENT = sa.table("event", sa.column("id", sa.Integer), sa.column("words", JSON))


def upgrade() -> None:
    pass


def downgrade() -> None:
    connection, last = op.get_bind(), 0
    event, number = _EVENT.c, sa.bindparam("number")
    change = sa.update(_EVENT).where(event.id == number).values(words=sa.bindparam("long"))
    following = sa.select(event.id, event.words).where(event.id > sa.bindparam("last")).order_by(event.id).limit(SOME)
    while rows := connection.execute(following, {"last": last}).all():
        last = rows[-1].id
        changed = [
            {"number": row.id, "long": {LONG.get(name, name): word for name, word in row.words.items()}}
            for row in rows
            if not LONG.keys().isdisjoint(row.words)
        ]
        if changed:
            connection.execute(change, changed)
