"""Issues and notes are found by words that the product cuts, the same on each database.

Older rows are found by their old index until `tracker migrate` has cut theirs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = {"issue": ("title", "detail"), "note": ("text",)}

# An issue stands in its index under when it was raised, in seconds, and its id: newest first is the order of the index.
SQLITE_PLACES = {
    "issue": "CAST(strftime('%s', {row}.raised_at) AS INTEGER) * 1073741824 + {row}.id",
    "note": "{row}.id",
}
SQLITE_CHANGED = {"issue": "title, detail, cut_words, raised_at", "note": "text, cut_words"}

SQLITE_REBUILDING = {
    "issue": "INSERT INTO issue_fts(issue_fts) VALUES ('rebuild')",
    "note": "INSERT INTO note_fts(note_fts) VALUES ('rebuild')",
}

# What 0002 made, for what is not cut yet.
POSTGRESQL_TEXTS = {
    "issue": "setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', detail), 'B')",
    "note": "to_tsvector('english', text)",
}


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("cut_words", sa.String(), nullable=True))
        op.create_index(
            f"ix_{table}_uncut",
            table,
            ["id"],
            unique=False,
            sqlite_where=sa.text("cut_words IS NULL"),
            postgresql_where=sa.text("cut_words IS NULL"),
        )
        _do(_sqlite(table) if _is_sqlite() else _postgresql(table))


def downgrade() -> None:
    for table in TABLES:
        _do(_sqlite_before(table) if _is_sqlite() else _postgresql_before(table))
        op.drop_index(f"ix_{table}_uncut", table)
        op.execute(f"ALTER TABLE {table} DROP COLUMN cut_words")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _do(statements: tuple[str, ...]) -> None:
    for statement in statements:
        op.execute(statement)


def _postgresql(table: str) -> tuple[str, ...]:
    texts = POSTGRESQL_TEXTS[table]
    return _postgresql_column(
        table, f"CASE WHEN cut_words IS NULL THEN {texts} ELSE to_tsvector('simple', cut_words) END"
    )


def _postgresql_before(table: str) -> tuple[str, ...]:
    return _postgresql_column(table, POSTGRESQL_TEXTS[table])


def _postgresql_column(table: str, words: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} DROP COLUMN search_fts",
        f"ALTER TABLE {table} ADD COLUMN search_fts tsvector GENERATED ALWAYS AS ({words}) STORED",
        f"CREATE INDEX ix_{table}_fts ON {table} USING gin (search_fts)",
    )


def _sqlite(table: str) -> tuple[str, ...]:
    """The index keeps no copy of the words. A later migration that rebuilds one of the two tables on SQLite must make
    its triggers again."""
    index, place, changed = f"{table}_cut_fts", SQLITE_PLACES[table], SQLITE_CHANGED[table]
    old, new = place.format(row="old"), place.format(row="new")
    take_out = f"""{_sqlite_take_out(table)} WHERE old.cut_words IS NULL;
        INSERT INTO {index}({index}, rowid, cut_words) SELECT 'delete', {old}, old.cut_words
        WHERE old.cut_words IS NOT NULL;"""
    put_in = f"""{_sqlite_put_in(table)} WHERE new.cut_words IS NULL;
        INSERT INTO {index}(rowid, cut_words) SELECT {new}, new.cut_words WHERE new.cut_words IS NOT NULL;"""
    return (
        *_sqlite_without_triggers(table),
        f"CREATE VIRTUAL TABLE {index} USING fts5(cut_words, content='', tokenize='ascii')",
        *_sqlite_triggers(table, changed, take_out, put_in),
    )


def _sqlite_before(table: str) -> tuple[str, ...]:
    return (
        *_sqlite_without_triggers(table),
        f"DROP TABLE {table}_cut_fts",
        SQLITE_REBUILDING[table],
        *_sqlite_triggers(table, ", ".join(TABLES[table]), f"{_sqlite_take_out(table)};", f"{_sqlite_put_in(table)};"),
    )


def _sqlite_triggers(table: str, changed: str, take_out: str, put_in: str) -> tuple[str, ...]:
    return (
        f"CREATE TRIGGER {table}_fts_insert AFTER INSERT ON {table} BEGIN {put_in} END",
        f"CREATE TRIGGER {table}_fts_delete AFTER DELETE ON {table} BEGIN {take_out} END",
        f"CREATE TRIGGER {table}_fts_update AFTER UPDATE OF {changed} ON {table} BEGIN {take_out} {put_in} END",
    )


def _sqlite_without_triggers(table: str) -> tuple[str, ...]:
    return tuple(f"DROP TRIGGER {table}_fts_{event}" for event in ("insert", "delete", "update"))


def _sqlite_take_out(table: str) -> str:
    """From the old index: FTS5 is told what stood there."""
    texts = TABLES[table]
    return (
        f"INSERT INTO {table}_fts({table}_fts, rowid, {', '.join(texts)}) "
        f"SELECT 'delete', old.id, {', '.join(f'old.{each}' for each in texts)}"
    )


def _sqlite_put_in(table: str) -> str:
    texts = TABLES[table]
    return (
        f"INSERT INTO {table}_fts(rowid, {', '.join(texts)}) "
        f"SELECT new.id, {', '.join(f'new.{each}' for each in texts)}"
    )
