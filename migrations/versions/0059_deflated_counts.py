"""What is counted of climbs is kept deflated, some at a time: a fifth of the bytes, in a column of its own."""

import json
import zlib
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

SOME = 2000  # rows in one transaction
LIKELY = (
    rb'"reopened":1,"handed over":1,"hand-overs":2,"ping-pong":1,"without clock":1,"came back":1,"passed\t",'
    rb'"returns":2,"returned":1,"to and fro":1,"settled\t","contested\t","not settled\t","lying\theld\t":1,'
    rb'"lying since\theld\t":17,"lapsed":1,"waiting\t","not acknowledged\t8":1,"moved up\t1":1,"still there\t1":1,'
    rb'"rose\t1\ttimed out\t":1,"due\t1\t","told","limit":1,"staying\t1\t","not left\t1\t",'
    rb'"outcome\tnot_solved":1,"not solved":1,"within\t1":0,"came\t2":1,"told\t2":1,"timed\t2":1,"within\t2":1,'
    rb'"left\t2\t{"24300":{"raised":1,"resolved":1,"reached\t1":1,"past second\t1":1,"outcome\tsolved":1,"ended\t1":1,'
    rb'"solved\t1":1,"followed\t46\tstayed":1,"spent\theld\t":1,"asked":1,"acknowledged\t8":1,"came\t1":1,"told\t1":1,'
    rb'"timed\t1":1,"within\t1":1,"left\t1\t'
)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
NOTHING = {"sqlite": "x''", "postgresql": "'\\x'::bytea"}
KEYS = {"issue_climb": "issue_id", "climb_tally": "id"}
_TABLES = {
    name: sa.table(name, sa.column(key, sa.Integer), sa.column("counts", JSON), sa.column("deflated", sa.LargeBinary))
    for name, key in KEYS.items()
}


def upgrade() -> None:
    nothing = sa.text(NOTHING[op.get_bind().dialect.name])
    still = _still(op.get_bind())
    for name, key in KEYS.items():
        op.add_column(name, sa.Column("deflated", sa.LargeBinary(), nullable=False, server_default=nothing))
        op.create_index(f"ix_{name}_still", name, [key], sqlite_where=still, postgresql_where=still)


def batch(connection: Connection) -> int:
    """Deflates some rows; how many, 0 where none is left."""
    return next((count for name in KEYS if (count := _deflate_some(connection, name))), 0)


def rest(connection: Connection) -> int:
    """How many are still to be deflated."""
    still = _still(connection)
    counts = (sa.select(sa.func.count()).select_from(table).where(still) for table in _TABLES.values())
    return sum(connection.execute(each).scalar_one() for each in counts)


def downgrade() -> None:
    for name in KEYS:
        _inflate_all(name)
        op.drop_index(f"ix_{name}_still", name)
        op.drop_column(name, "deflated")


def _deflate_some(connection: Connection, name: str) -> int:
    table, key = _TABLES[name], _TABLES[name].c[KEYS[name]]
    asked = sa.select(key.label("number"), table.c.counts).where(_still(connection)).order_by(key).limit(SOME)
    some = connection.execute(asked).all()
    change = sa.update(table).where(key == sa.bindparam("row")).values(deflated=sa.bindparam("kept"))
    if some:
        connection.execute(change, [{"row": row.number, "kept": _deflated(row.counts)} for row in some])
    return len(some)


def _inflate_all(name: str) -> None:
    connection, table, key = op.get_bind(), _TABLES[name], _TABLES[name].c[KEYS[name]]
    change = sa.update(table).where(key == sa.bindparam("row")).values(counts=sa.bindparam("kept"))
    following = sa.select(key.label("number"), table.c.deflated).where(key > sa.bindparam("last"))
    following, last = following.order_by(key).limit(SOME), 0
    while rows := connection.execute(following, {"last": last}).all():
        last = rows[-1].number
        changed = [{"row": row.number, "kept": _inflated(row.deflated)} for row in rows if row.deflated]
        if changed:
            connection.execute(change, changed)


def _still(connection: Connection) -> Any:
    """The condition on rows that are not deflated yet: as its index has it, so without parameters."""
    return sa.text(f"deflated = {NOTHING[connection.dialect.name]}")


def _deflated(counts: Any) -> bytes:
    packing = zlib.compressobj(9, zlib.DEFLATED, -12, 5, zlib.Z_DEFAULT_STRATEGY, LIKELY)
    return packing.compress(json.dumps(counts, separators=(",", ":")).encode()) + packing.flush()


def _inflated(kept: bytes) -> Any:
    return json.loads(zlib.decompressobj(-12, LIKELY).decompress(kept))
