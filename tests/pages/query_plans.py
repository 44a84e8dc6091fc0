"""How a database would answer a statement: what in its plan grows with the issues there are."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event

from tracker.database import Database

GROWING = frozenset({
    "issue", "issue_side", "holder", "occurrence", "note", "event", "timer", "notice", "attention",
    "stayed_fixed_question", "quotation", "issue_climb",
})  # fmt: skip
_ALL_OF = {"partnership_id", "issue_partnership_id"}  # what asks for no more than this asks for all there is
_ASKS = re.compile(r"\s*(SELECT|WITH|UPDATE|DELETE)", re.IGNORECASE)
_STEP = re.compile(
    r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(?: USING INTEGER PRIMARY KEY)?(?: \((.*)\))?"
)
_TIMES = 10_000  # so many times the rows that are there are said to be there


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement with its parameters, as the driver takes them."""

    text: str
    parameters: Any


@contextmanager
def recorded(db: Database) -> Iterator[dict[str, Sent]]:
    """By their texts, the statements that are sent meanwhile and look for rows."""
    sent: dict[str, Sent] = {}

    def note(_connection: Connection, _cursor: Any, text: str, parameters: Any, _context: Any, many: bool) -> None:
        if _ASKS.match(text) and not many:
            sent.setdefault(text, Sent(text, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def growing_steps(db: Database, sent: Mapping[str, Sent]) -> dict[str, set[str]]:
    """By the texts of these statements, the steps of their plans that take longer the more issues there are."""
    find = _of_sqlite if db.is_sqlite else _of_postgresql
    with db.engine.connect() as connection:
        if not db.is_sqlite:
            _pretend(connection)
        partial = _partial_indexes(connection, db)
        found = {text: set(find(connection, each, partial)) for text, each in sent.items()}
        connection.rollback()
    return {text: steps for text, steps in found.items() if steps}


def _of_sqlite(connection: Connection, sent: Sent, partial: frozenset[str]) -> Iterator[str]:
    """Without statistics, as databases run. What is read through until a page is full is not meant, but what is read
    through to put it in order is."""
    cursor = connection.connection.cursor()
    rows = cursor.execute(f"EXPLAIN QUERY PLAN {sent.text}", sent.parameters).fetchall()
    sorting = {parent for _, parent, _, step in rows if "TEMP B-TREE FOR" in step}
    names = {**{name: name for name in GROWING}, **_aliases(sent.text)}
    for _, parent, _, step in rows:
        found = _STEP.match(step)
        if not found or found[3] in partial or names.get(found[2]) not in GROWING:
            continue
        asked = set(re.findall(r"(\w+)[=<>]", found[4] or ""))
        if found[1] == "SCAN" or (asked <= _ALL_OF and asked and parent in sorting):
            yield f"{step}{' and sorts it' if parent in sorting else ''}"


def _of_postgresql(connection: Connection, sent: Sent, partial: frozenset[str]) -> Iterator[str]:
    """With many times the rows, and no table read through where anything else is possible."""
    cursor = connection.connection.cursor()
    ((plan,),) = cursor.execute(f"EXPLAIN (FORMAT JSON) {sent.text}", sent.parameters).fetchall()
    for node, above in _nodes(plan[0]["Plan"], ()):
        table, kind, index = node.get("Relation Name"), node["Node Type"], node.get("Index Name", "")
        if kind == "Seq Scan" and table in GROWING:
            yield f"{kind} on {table}"
        is_whole = "Index" in kind and "Index Cond" not in node and index not in partial and _is_growing(index)
        if is_whole and ("Limit" not in above or "Sort" in above):
            yield f"{kind} of all of {index}"


def _nodes(node: dict[str, Any], above: tuple[str, ...]) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    yield node, above
    for each in node.get("Plans", ()):
        yield from _nodes(each, (*above, node["Node Type"]))


def _is_growing(index: str) -> bool:
    return any(re.match(rf"(ix|pk|uq)_{table}(_|$)", index) or index == f"{table}_pkey" for table in GROWING)


def _aliases(text: str) -> dict[str, str]:
    return {alias: table for table, alias in re.findall(r"\b(\w+) AS (\w+)", text)}


def _partial_indexes(connection: Connection, db: Database) -> frozenset[str]:
    """Those of a part of a table, which says itself what it is of."""
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'"
        if db.is_sqlite
        else "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '%% WHERE %%'"
    )
    return frozenset(connection.exec_driver_sql(asked).scalars())


def _pretend(connection: Connection) -> None:
    names = ", ".join(f"'{name}'" for name in sorted(GROWING))
    theirs = f"SELECT indexrelid FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relname IN ({names})"
    connection.exec_driver_sql("ANALYZE")
    for way in ("seqscan", "mergejoin", "hashjoin"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    connection.exec_driver_sql(
        f"UPDATE pg_class SET reltuples = reltuples * {_TIMES} WHERE relname IN ({names}) OR oid IN ({theirs})"
    )
