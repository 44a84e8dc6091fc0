"""The chains of before are closed by an event of each partnership that holds their heads; what was moved goes.

The event stands in the new chain of what leads read, on the end of the old one, so the heads cannot be others later.
"""

import json
import secrets
from datetime import UTC, datetime
from hashlib import sha256

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SERVER = "The people who run the server"
SALTED = ("note", "quotation")
REFERRING = ("notice", "unannounced")
INDEXES = (
    ("administrative", ["partnership_id", "position"], "issue_id IS NULL", True),
    ("chain", ["issue_id", "readers", "place"], "issue_id IS NOT NULL", True),
    ("chain_apart", ["partnership_id", "readers", "place"], "issue_id IS NULL", True),
    ("decision", ["decision_id", "position"], "decision_id IS NOT NULL", False),
    ("once", ["once"], "once IS NOT NULL", True),
    ("unannounced", ["id"], "NOT announced", False),
    ("theme_confirmed", ["partnership_id", "id"], "kind = 'theme_confirmed'", False),
)

_EVENT = sa.table(
    "event",
    *(sa.column(name, sa.Integer) for name in ("partnership_id", "issue_id", "position", "place", "tier")),
    *(sa.column(name, sa.String) for name in ("readers", "kind", "ring", "state")),
    *(sa.column(name, sa.LargeBinary) for name in ("salts", "digest")),
    *(sa.column(name, JSON) for name in ("details", "words")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("announced", sa.Boolean),
)
_ISSUE = sa.table(
    "issue", sa.column("partnership_id", sa.Integer), sa.column("events", sa.Integer), sa.column("head", sa.String)
)
_PARTNERSHIP = sa.table("partnership", sa.column("id", sa.Integer))


def upgrade() -> None:
    connection = op.get_bind()
    if connection.execute(sa.text("SELECT count(*) FROM event_before")).scalar_one():
        raise SystemExit("Events are still to be moved. Run: tracker migrate")
    op.drop_table("event_before")
    _make_indexes()
    if connection.dialect.name == "postgresql":
        op.execute("SELECT setval('event_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM event), false)")
    for partnership_id in connection.execute(sa.select(_PARTNERSHIP.c.id).order_by(_PARTNERSHIP.c.id)).scalars().all():
        _close(partnership_id)
    for table in ("issue", *SALTED):
        op.drop_index(f"ix_{table}_still", table)
    op.drop_column("issue", "head")
    for table in SALTED:
        op.drop_column(table, "old_salt")
    if connection.dialect.name == "postgresql":
        _refer_again()


def downgrade() -> None:
    for name, *_ in INDEXES:
        op.drop_index(f"ix_event_{name}", "event")
    if op.get_bind().dialect.name == "postgresql":
        for table in REFERRING:
            op.drop_constraint(f"fk_{table}_event_id", table, type_="foreignkey")
    numbers = ("partnership_id", "issue_id", "decision_id", "pack_id", "position", "person_id", "organisation_id")
    op.create_table(
        "event_before",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in (*numbers, "tier", "ball_with_id")),
        *(sa.Column(name, sa.String()) for name in ("kind", "ring", "state", "digest", "once")),
        sa.Column("at", sa.DateTime(timezone=True)),
        *(sa.Column(name, JSON) for name in ("details", "words", "hashes")),
        sa.Column("announced", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_before")),
    )
    op.add_column("issue", sa.Column("head", sa.String(), nullable=False, server_default="0" * 64))
    nothing = {"sqlite": "x''", "postgresql": "'\\x'::bytea"}[op.get_bind().dialect.name]
    for table in SALTED:
        op.add_column(table, sa.Column("old_salt", sa.String(), nullable=False, server_default=""))
    stills = {"issue": f"events > 0 AND heads = {nothing}"}
    for table, still in {**stills, **dict.fromkeys(SALTED, f"old_salt <> '' AND salt = {nothing}")}.items():
        condition, key = sa.text(still), "issue_id" if table == "quotation" else "id"
        op.create_index(f"ix_{table}_still", table, [key], sqlite_where=condition, postgresql_where=condition)


def _refer_again() -> None:
    for table in REFERRING:
        op.create_foreign_key(f"fk_{table}_event_id", table, "event", ["event_id"], ["id"])
    for table, column in (("issue", "heads"), *((each, "salt") for each in SALTED)):
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")


def _make_indexes() -> None:
    for name, columns, where, unique in INDEXES:
        condition = sa.text(where)
        op.create_index(
            f"ix_event_{name}", "event", columns, unique=unique, sqlite_where=condition, postgresql_where=condition
        )


def _close(partnership_id: int) -> None:
    """Says in an event where the chains of a partnership ended: one hash over their heads, in the order of these. It
    says no number of issues."""
    connection = op.get_bind()
    apart = (_EVENT.c.partnership_id == partnership_id, _EVENT.c.issue_id.is_(None))
    last = sa.select(_EVENT.c.position, _EVENT.c.digest).where(*apart).order_by(_EVENT.c.position.desc()).limit(1)
    if not connection.execute(sa.select(_EVENT.c.kind).where(_EVENT.c.partnership_id == partnership_id).limit(1)).all():
        return  # nothing happened there yet
    position, head = connection.execute(last).first() or (0, bytes(32))
    at, salt, details = datetime.now(UTC), secrets.token_hex(16), {"heads": _all_heads(partnership_id)}
    stood = {"tier": 0, "ball_with_id": None, "state": "", "ring": "shared", "organisation_id": None}
    linked = {
        "previous": bytes(head).hex(),
        "kind": "chains_closed",
        "at": at.isoformat(timespec="microseconds"),
        "details": {**details, "after": stood},
        "hashes": {"actor": sha256(f"{salt}\n{SERVER}".encode()).hexdigest()},
    }
    row = {
        "partnership_id": partnership_id, "position": position + 1, "place": 1, "readers": "leads",
        "kind": linked["kind"], "at": at, "ring": "shared", "tier": 0, "state": "", "details": details,
        "words": {"actor": SERVER}, "salts": bytes.fromhex(salt), "announced": False,
        "digest": sha256(json.dumps(linked, sort_keys=True, separators=(",", ":")).encode()).digest(),
    }  # fmt: skip
    connection.execute(sa.insert(_EVENT), [row])


def _all_heads(partnership_id: int) -> str:
    connection = op.get_bind()
    ordered = _ISSUE.c.head if connection.dialect.name == "sqlite" else _ISSUE.c.head.collate("C")
    mine = sa.select(_ISSUE.c.head).where(_ISSUE.c.partnership_id == partnership_id, _ISSUE.c.events > 0)
    whole = sha256()
    for head in connection.execute(mine.order_by(ordered)).scalars():
        whole.update(bytes.fromhex(head))
    return whole.hexdigest()
