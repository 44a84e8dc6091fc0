"""Rows of a table as lines of JSON: a list a row, the first with the names of its columns.

Values stand as the database keeps them, so that they mean the same on either one: moments and days as ISO 8601, bytes
as base64, JSON as it is.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from tracker.records.columns import json_value

AT_ONCE = 1_000  # rows

_AS_TEXT: dict[type, Callable[[Any], Any]] = {
    DateTime: datetime.isoformat,
    Date: date.isoformat,
    LargeBinary: lambda kept: b64encode(kept).decode(),
}
_FROM_TEXT: dict[type, Callable[[Any], Any]] = {
    DateTime: datetime.fromisoformat,
    Date: date.fromisoformat,
    LargeBinary: lambda text: b64decode(text, validate=True),
}


def plain(table: Table) -> Table:
    """The same columns, with types that make nothing of a value."""
    columns = (Column(each.name, _plain_type(each.type), primary_key=each.primary_key) for each in table.columns)
    return Table(table.name, MetaData(), *columns)


def _plain_type(made: TypeEngine[Any]) -> TypeEngine[Any]:
    kept = made.impl_instance if isinstance(made, TypeDecorator) else made
    if isinstance(kept, DateTime):
        return made  # each database keeps it in its own way
    if isinstance(kept, JSON):
        return json_value()
    return String() if isinstance(kept, Enum | String) else kept


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Of a plain table, in the order of its key; a thousand rows at a time are in memory."""
    asked = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    changed = _changed(table.columns, _AS_TEXT)
    yield _line([each.name for each in table.columns])
    with connection.execute(asked) as rows:
        for row in rows:
            yield _line(_converted(list(row), changed))


def put_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> Iterator[int]:
    """Puts rows into a plain table; how many at a time. Raises ValueError where the columns are others, or a value is
    none of its column."""
    rest = iter(lines)
    names = [each.name for each in table.columns]
    if json.loads(next(rest, b"null")) != names:
        raise ValueError(f"{table.name} has other columns")
    changed = _changed(table.columns, _FROM_TEXT)
    while batch := list(islice(rest, AT_ONCE)):
        rows = [_converted(_values(line, len(names)), changed) for line in batch]
        connection.execute(insert(table).inline(), [dict(zip(names, row, strict=True)) for row in rows])
        yield len(rows)


def _line(values: Sequence[Any]) -> bytes:
    return json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _values(line: bytes, count: int) -> list[Any]:
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != count:
        raise ValueError("a row has other values than columns")
    return values


def _changed(columns: Iterable[Column[Any]], change: dict[type, Callable[[Any], Any]]) -> list[Any]:
    """The places of values that JSON has not, each with what makes them."""
    kinds = [each.type.impl_instance if isinstance(each.type, TypeDecorator) else each.type for each in columns]
    return [
        (place, make) for place, kind in enumerate(kinds) for known, make in change.items() if isinstance(kind, known)
    ]


def _converted(values: list[Any], changed: list[Any]) -> list[Any]:
    for place, make in changed:
        if values[place] is not None:
            values[place] = make(values[place])
    return values
