"""Events move, some at a time, to where each has its readers, and digests, salts and hashes are kept as bytes.

All events of an issue stood in one chain; those chains are over. They keep their digests, and are called by who read
the issue then ("before 1+2"). A hash that follows from a word and its salt is not kept beside them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection, Row
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SOME = 2000  # rows in one transaction
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
SALT_BYTES = 16
NOTHING = {"sqlite": "x''", "postgresql": "'\\x'::bytea"}
REFERENCES = {"issue_id": "issue", "decision_id": "decision", "pack_id": "pack", "partnership_id": "partnership",
              "person_id": "person", "organisation_id": "organisation"}  # fmt: skip
REFERRING = ("notice", "unannounced")
OLD_INDEXES = ("administrative", "once", "unannounced", "decision", "theme_confirmed")

_MOVED = (
    *(sa.column(name, sa.Integer) for name in ("id", "partnership_id", "issue_id", "decision_id", "pack_id")),
    *(sa.column(name, sa.Integer) for name in ("position", "person_id", "organisation_id", "tier", "ball_with_id")),
    *(sa.column(name, sa.String) for name in ("kind", "ring", "state", "once")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("announced", sa.Boolean),
    *(sa.column(name, JSON) for name in ("details", "words")),
)
_NEW_ONES = (
    *(sa.column(name, sa.LargeBinary) for name in ("salts", "hashes", "digest")),
    sa.column("readers", sa.String),
    sa.column("place", sa.Integer),
)


def _columns(columns: Iterable[Any]) -> list[Any]:
    """Each anew, for another table."""
    return [sa.column(each.name, each.type) for each in columns]


_BEFORE = sa.table("event_before", *_columns(_MOVED), sa.column("hashes", JSON), sa.column("digest", sa.String))
_EVENT = sa.table("event", *_columns(_MOVED), *_columns(_NEW_ONES))
_ISSUE = sa.table(
    "issue",
    *(sa.column(name, sa.Integer) for name in ("id", "events")),
    *(sa.column(name, sa.String) for name in ("ring", "head")),
    sa.column("heads", sa.LargeBinary),
)
_SIDE = sa.table("issue_side", sa.column("issue_id", sa.Integer), sa.column("organisation_id", sa.Integer))
_SALTED = {
    "note": sa.table("note", sa.column("id", sa.Integer), sa.column("old_salt"), sa.column("salt", sa.LargeBinary)),
    "quotation": sa.table(
        "quotation", sa.column("issue_id", sa.Integer), sa.column("old_salt"), sa.column("salt", sa.LargeBinary)
    ),
}

_TABLES = {"issue": _ISSUE, **_SALTED}


def upgrade() -> None:
    for name in OLD_INDEXES:
        op.drop_index(f"ix_event_{name}", "event")
    if _is_sqlite():
        op.execute("PRAGMA legacy_alter_table=ON")  # so that what refers to events goes on referring to "event"
        op.rename_table("event", "event_before")
        op.execute("PRAGMA legacy_alter_table=OFF")
    else:
        for table in REFERRING:
            op.drop_constraint(f"fk_{table}_event_id", table, type_="foreignkey")
        op.rename_table("event", "event_before")
        op.drop_constraint("uq_event_issue_id_position", "event_before", type_="unique")
        op.execute("ALTER TABLE event_before RENAME CONSTRAINT pk_event TO pk_event_before")
        op.execute("ALTER SEQUENCE event_id_seq RENAME TO event_before_id_seq")
    _make_event(salts=(sa.LargeBinary(), False), hashes=(sa.LargeBinary(), True), digest=(sa.LargeBinary(), False),
                readers=(sa.String(), False), place=(sa.Integer(), False))  # fmt: skip
    nothing = sa.text(NOTHING[op.get_bind().dialect.name])
    op.add_column("issue", sa.Column("heads", sa.LargeBinary(), nullable=False, server_default=nothing))
    for table in _SALTED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN salt TO old_salt")
        op.add_column(table, sa.Column("salt", sa.LargeBinary(), nullable=False, server_default=nothing))
    for table, still in _still_to_do().items():
        op.create_index(f"ix_{table}_still", table, [_key(table)], sqlite_where=still, postgresql_where=still)


def batch(connection: Connection) -> int:
    """Moves or changes some rows; how many, 0 where none is left."""
    steps: tuple[Callable[[Connection], int], ...] = (_move_events, _keep_heads, *map(_salter, _SALTED))
    return next((count for step in steps if (count := step(connection))), 0)


def rest(connection: Connection) -> int:
    """How many are still to be moved or changed."""
    tables = ((_BEFORE, sa.true()), *((_TABLES[name], still) for name, still in _still_to_do(connection).items()))
    counts = (sa.select(sa.func.count()).select_from(table).where(which) for table, which in tables)
    return sum(connection.execute(each).scalar_one() for each in counts)


def downgrade() -> None:
    """All at once, as it was: the events of an issue are linked anew, into one chain again."""
    connection = op.get_bind()
    rows = [_as_before(row) for row in connection.execute(sa.select(_EVENT).order_by(_EVENT.c.position))]
    _link_anew(rows)
    for table in ("event", "event_before"):
        op.drop_table(table)
    for table in _still_to_do():
        op.drop_index(f"ix_{table}_still", table)
    _make_event(hashes=(JSON, False), digest=(sa.String(), False))
    event = sa.table("event", *_columns(_BEFORE.c))
    for start in range(0, len(rows), SOME):
        connection.execute(sa.insert(event), rows[start : start + SOME])
    _make_old_indexes()
    _put_back(rows)
    if not _is_sqlite():
        op.execute("SELECT setval('event_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM event), false)")
        for table in REFERRING:
            op.create_foreign_key(f"fk_{table}_event_id", table, "event", ["event_id"], ["id"])


def _put_back(events: Iterable[Mapping[str, Any]]) -> None:
    """Heads and salts as text."""
    connection = op.get_bind()
    for issue_id, head in {each["issue_id"]: each["digest"] for each in events if each["issue_id"]}.items():
        connection.execute(sa.update(_ISSUE).where(_ISSUE.c.id == issue_id).values(head=head))
    op.drop_column("issue", "heads")
    for name, table in _SALTED.items():
        key = table.c[_key(name)]
        for row in connection.execute(sa.select(key, table.c.salt)).all():
            connection.execute(sa.update(table).where(key == row[0]).values(old_salt=bytes(row.salt).hex()))
        op.drop_column(name, "salt")
        op.execute(f"ALTER TABLE {name} RENAME COLUMN old_salt TO salt")


def _move_events(connection: Connection) -> int:
    some = connection.execute(sa.select(_BEFORE).order_by(_BEFORE.c.id).limit(SOME)).all()
    if some:
        readers = _readers(connection, {row.issue_id for row in some if row.issue_id})
        connection.execute(sa.insert(_EVENT), [_moved(row, readers.get(row.issue_id, "leads")) for row in some])
        connection.execute(sa.delete(_BEFORE).where(_BEFORE.c.id <= some[-1].id))
    return len(some)


def _readers(connection: Connection, issue_ids: Iterable[int]) -> dict[int, str]:
    """Who reads each issue: its sides, and of one that concerns a person only some of them."""
    ids = sorted(issue_ids)
    sides: dict[int, list[int]] = defaultdict(list)
    for row in connection.execute(sa.select(_SIDE).where(_SIDE.c.issue_id.in_(ids))):
        sides[row.issue_id].append(row.organisation_id)
    rings = connection.execute(sa.select(_ISSUE.c.id, _ISSUE.c.ring).where(_ISSUE.c.id.in_(ids)))
    personal = {row.id: "named " if row.ring == "named" else "" for row in rings}
    return {each: personal[each] + "+".join(map(str, sorted(sides[each]))) for each in ids}


def _moved(row: Row[Any], readers: str) -> dict[str, Any]:
    words = {name: word["value"] for name, word in row.words.items()}
    salts = {name: bytes.fromhex(word["salt"]) for name, word in row.words.items()}
    if any(len(salt) != SALT_BYTES for salt in salts.values()):
        raise ValueError(f"event {row.id}: a salt has another length")
    kept = {name: each for name, each in row.hashes.items() if each != _hash(row.words.get(name))}
    return {
        **{each.name: getattr(row, each.name) for each in _MOVED},
        "words": words,
        "salts": b"".join(salts[name] for name in sorted(salts)),
        "hashes": b"".join(_named(name, bytes.fromhex(each)) for name, each in kept.items()) or None,
        "digest": bytes.fromhex(row.digest),
        "readers": f"before {readers}",
        "place": row.position,
    }


def _hash(word: Mapping[str, str] | None) -> str:
    return sha256(f"{word['salt']}\n{word['value']}".encode()).hexdigest() if word else ""


def _named(name: str, value: bytes) -> bytes:
    return name.encode() + b"\0" + value


def _keep_heads(connection: Connection) -> int:
    still = _still_to_do(connection)["issue"]
    some = connection.execute(sa.select(_ISSUE).where(still).order_by(_ISSUE.c.id).limit(SOME)).all()
    readers = _readers(connection, {row.id for row in some})
    for row in some:
        end = row.events.to_bytes(4, "big") + bytes.fromhex(row.head)
        heads = _named(f"before {readers[row.id]}", end)
        connection.execute(sa.update(_ISSUE).where(_ISSUE.c.id == row.id).values(heads=heads))
    return len(some)


def _salter(name: str) -> Callable[[Connection], int]:
    table = _SALTED[name]
    key = table.c[_key(name)]

    def salt(connection: Connection) -> int:
        still = _still_to_do(connection)[name]
        some = connection.execute(sa.select(key, table.c.old_salt).where(still).order_by(key).limit(SOME)).all()
        for row in some:
            connection.execute(sa.update(table).where(key == row[0]).values(salt=bytes.fromhex(row.old_salt)))
        return len(some)

    return salt


def _still_to_do(connection: Connection | None = None) -> dict[str, Any]:
    """By table the condition on rows that are not changed yet: as its index has it, so without parameters."""
    nothing = NOTHING[(connection or op.get_bind()).dialect.name]
    salts = {table: sa.text(f"old_salt <> '' AND salt = {nothing}") for table in _SALTED}
    return {"issue": sa.text(f"events > 0 AND heads = {nothing}"), **salts}


def _key(table: str) -> str:
    return "issue_id" if table == "quotation" else "id"


def _as_before(row: Row[Any]) -> dict[str, Any]:
    """The columns of an event as they were."""
    salts = [row.salts[at : at + SALT_BYTES].hex() for at in range(0, len(row.salts), SALT_BYTES)]
    words = {
        name: {"salt": salt, "value": row.words[name]} for name, salt in zip(sorted(row.words), salts, strict=True)
    }
    hashes, rest = {name: _hash(word) for name, word in words.items()}, row.hashes or b""
    while rest:
        name, _, rest = rest.partition(b"\0")
        hashes[name.decode()], rest = rest[:32].hex(), rest[32:]
    kept = {each.name: getattr(row, each.name) for each in _MOVED}
    return {**kept, "words": words, "hashes": hashes, "digest": row.digest.hex()}


def _link_anew(events: Iterable[dict[str, Any]]) -> None:
    """In one chain of each issue, and one of what belongs to none. `events`: by position."""
    heads: dict[tuple[int, int | None], str] = {}
    for event in events:
        after = {name: event[name] for name in ("tier", "ball_with_id", "state", "ring")}
        if event["issue_id"] is None:
            after = {**dict.fromkeys(after), "ring": None if event["ring"] == "shared" else event["ring"]}
        chain, at = (event["partnership_id"], event["issue_id"]), event["at"]
        linked = {
            "previous": heads.get(chain, "0" * 64),
            "kind": event["kind"],
            "at": (at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)).isoformat(timespec="microseconds"),
            "details": {**event["details"], "after": after},
            "hashes": event["hashes"],
        }
        payload = json.dumps(linked, sort_keys=True, separators=(",", ":"))
        event["digest"] = heads[chain] = sha256(payload.encode()).hexdigest()


def _make_event(**more: tuple[Any, bool]) -> None:
    """`more`: its type, and whether it may be empty, of each column that is another now."""
    numbers = {"partnership_id": False, "issue_id": True, "decision_id": True, "pack_id": True, "position": False,
               "person_id": True, "organisation_id": True, "tier": False, "ball_with_id": True}  # fmt: skip
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=empty) for name, empty in numbers.items()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ring", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("words", JSON, nullable=False),
        *(sa.Column(name, kind, nullable=empty) for name, (kind, empty) in more.items()),
        sa.Column("once", sa.String(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_event_{column}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("issue_id", "position", name=op.f("uq_event_issue_id_position")),
    )


def _make_old_indexes() -> None:
    for name, columns, where, unique in (
        ("administrative", ["partnership_id", "position"], "issue_id IS NULL", True),
        ("decision", ["decision_id", "position"], "decision_id IS NOT NULL", False),
        ("once", ["once"], "once IS NOT NULL", True),
        ("unannounced", ["id"], "NOT announced", False),
        ("theme_confirmed", ["partnership_id", "id"], "kind = 'theme_confirmed'", False),
    ):
        condition = sa.text(where)
        op.create_index(
            f"ix_event_{name}", "event", columns, unique=unique, sqlite_where=condition, postgresql_where=condition
        )


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")
