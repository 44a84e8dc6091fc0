"""The columns that tables share, and how constraints are named. Set before any table is declared."""

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache, partial
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    ColumnElement,
    Index,
    Insert,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    bindparam,
    insert,
    text,
)
from sqlalchemy import Enum as Choice
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import declared_attr
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, Session, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

from tracker.rules.digest import Head

CHOICE_LENGTH = 40
HIGHEST = 2**31 - 1  # that a column of whole numbers keeps, ids among them

# Named constraints can be found again by a later migration, on both databases.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class _Moment(UTCDateTime):
    """SQLite keeps a moment as text without an offset: it is read as of UTC at once, since pages read hundreds."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _moment_in if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _moment_in(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def moment() -> TypeEngine[Any]:
    """A moment: aware, kept in UTC. A naive one is refused with ValueError when the row is written."""
    return _Moment()


class _CountedMoment(UTCDateTime):
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        return self._counted if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        return _moment_of if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def _counted(self, value: datetime | None) -> int | None:
        at = self.process_bind_param(value, sqlite.dialect())
        return None if at is None else (at - _EPOCH) // timedelta.resolution


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _moment_of(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _EPOCH + timedelta(microseconds=int(microseconds))


def counted_moment() -> TypeEngine[Any]:
    """A moment that SQLite keeps as the microseconds since 1970, in eight bytes instead of 26: nothing there tells its
    day or month, and it is compared with no column of `moment()`."""
    return _CountedMoment()


class _Hex(TypeDecorator[str]):
    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else bytes.fromhex(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else value.hex()


# Names that stand in every event; no field of a kind can be called as they are kept.
_SHORT = {"actor": "@", "actor_organisation": "@@"}
_LONG = {short: name for name, short in _SHORT.items()}


class _HexByName(TypeDecorator[dict[str, str]]):
    impl = LargeBinary
    cache_ok = True

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    def process_bind_param(self, value: dict[str, str] | None, dialect: Dialect) -> bytes | None:
        return _packed(value or {}) or None

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, str]:
        return _unpacked(value or b"", self.width)


class _HeadsByName(TypeDecorator[dict[str, Head]]):
    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: dict[str, Head] | None, dialect: Dialect) -> bytes:
        named = {name: f"{head.place:08x}{head.digest}" for name, head in (value or {}).items()}
        return _packed(named)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> dict[str, Head]:
        return {name: Head(int(each[:8], 16), each[8:]) for name, each in _unpacked(value or b"", 36).items()}


class _WordsByName(TypeDecorator[dict[str, str]]):
    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(json_value())

    def process_bind_param(self, value: dict[str, str] | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {_SHORT.get(name, name): word for name, word in value.items()}

    def process_result_value(self, value: dict[str, str] | None, dialect: Dialect) -> dict[str, str] | None:
        return None if value is None else {_LONG.get(name, name): word for name, word in value.items()}


class _LikelyJSON(TypeDecorator[Any]):
    impl = LargeBinary
    cache_ok = True

    def __init__(self, likely: bytes) -> None:
        super().__init__()
        self.likely = likely

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        packing = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, _ROOM, zlib.Z_DEFAULT_STRATEGY, self.likely)
        return packing.compress(json.dumps(value, separators=(",", ":")).encode()) + packing.flush()

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(zlib.decompressobj(_WINDOW, self.likely).decompress(value))


_WINDOW, _ROOM = -12, 5  # 4 kB without a header, and as little memory: ten times as quick for what is short


def _packed(values: Mapping[str, str]) -> bytes:
    """Each name, a zero, and what its hex digits stand for."""
    return b"".join(name.encode() + b"\0" + bytes.fromhex(each) for name, each in values.items())


def _unpacked(kept: bytes, width: int) -> dict[str, str]:
    """`width`: bytes of each."""
    found = {}
    while kept:
        name, _, kept = kept.partition(b"\0")
        found[name.decode()], kept = kept[:width].hex(), kept[width:]
    return found


def hex_digits() -> TypeEngine[Any]:
    """Hex digits, a digest or a salt: kept as the bytes they stand for, half as long."""
    return _Hex()


def hex_by_name(width: int) -> TypeEngine[Any]:
    """Hex digits of `width` bytes by name, {} where there are none: in the order in which they were put there."""
    return _HexByName(width)


def words_by_name() -> TypeEngine[Any]:
    """Words by what they are called in their event; what each of them has is kept under a short name. Those of before
    may stand under the long one."""
    return _WordsByName()


def likely_json(likely: bytes) -> TypeEngine[Any]:
    """A JSON value, deflated (RFC 1951) over what such a value is likely to say, which no later version may change. Put
    a new one in its place to change it; nothing of it can be asked for in the database."""
    return _LikelyJSON(likely)


def heads_by_name() -> TypeEngine[Any]:
    """Where each of some chains ends, by its name, in the order in which they began."""
    return _HeadsByName()


class _Choice(Choice):
    """Read by one look into a table: pages read hundreds."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        refuse = super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]
        return _Known(refuse, {None: None} | {str(each.value): each for each in self.enum_class or ()}).__getitem__


class _Known(dict[Any, Any]):
    def __init__(self, refuse: Any, known: Mapping[Any, Any]) -> None:
        super().__init__(known)
        self._refuse = refuse

    def __missing__(self, value: Any) -> Any:
        return self._refuse(value)


def choice(values: type[Enum]) -> TypeEngine[Any]:
    """One of an enum, kept as the text of its value; no database type to migrate when a value is added."""
    return _Choice(values, native_enum=False, length=CHOICE_LENGTH, values_callable=_texts)


def json_value() -> TypeEngine[Any]:
    """A small JSON value. Put a new one in its place to change it: a change inside it is not seen.

    PostgreSQL keeps it binary, so the order of keys is not kept.
    """
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class _Numbers(TypeDecorator[Collection[int]]):
    """SQLite has no arrays, and reads them from JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        is_sqlite = dialect.name == "sqlite"
        return dialect.type_descriptor(String() if is_sqlite else ARRAY(Integer))

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        numbers = list(value or ())
        return json.dumps(numbers) if dialect.name == "sqlite" else numbers


class _Among(FunctionElement[bool]):
    inherit_cache = True
    type = Boolean()

    def self_group(self, against: Any = None) -> "_Among":
        """Not `… = 1`, as of a function where there are no booleans: no index would be used."""
        return self


def among(column: Any, parameter: str = "ids") -> ColumnElement[bool]:
    """Whether a column of whole numbers is one of those in the parameter of that name, a list. SQLAlchemy's own IN is
    written into the text anew whenever it is sent, which costs more than what it finds."""
    return _Among(column, bindparam(parameter, type_=_Numbers()))


@compiles(_Among)
def _is_any(found: Any, compiler: Any, **how: Any) -> str:
    column, numbers = (compiler.process(each, **how) for each in found.clauses)
    return f"{column} = ANY ({numbers})"


@compiles(_Among, "sqlite")
def _is_in(found: Any, compiler: Any, **how: Any) -> str:
    column, numbers = (compiler.process(each, **how) for each in found.clauses)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 both are made by SQLAlchemy


def index_where(where: str, name: str, *columns: str, unique: bool = False) -> Index:
    """An index, on both databases, of the rows for which this holds."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def _texts(values: type[Enum]) -> list[str]:
    return [str(each.value) for each in values]


class TableRow(SQLModel):
    """A row of a table. What is set goes to SQLAlchemy alone: SQLModel sets it a second time for pydantic, which checks
    nothing of a table, and that was a quarter of what it takes to raise an issue. What pydantic would check it by is
    not built either."""

    model_config = {"defer_build": True}

    def __init__(self, **values: Any) -> None:
        for name, default in _defaults(type(self)):
            setattr(self, name, values.pop(name) if name in values else default())
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)


@cache
def _defaults(table: type[SQLModel]) -> tuple[tuple[str, Any], ...]:
    """Of each column that may be left out, what makes its value."""
    fields = table.model_fields.items()
    return tuple(
        (name, field.default_factory or partial(lambda value: value, field.default))
        for name, field in fields
        if not field.is_required()
    )


def write_row(session: Session, row: TableRow) -> int:
    """Inserts one row past the session; its number."""
    table = type(row)
    written: Any = session.connection().execute(_insert(table), _values(row)).inserted_primary_key
    return int(written[0])


def write_rows(session: Session, rows: Iterable[TableRow]) -> None:
    """Inserts rows past the session, those of a table by one statement: as rows of a session they would take five times
    as long. What hears of rows before they are written (`SearchedRow`) does not hear of these."""
    by_table: dict[type[TableRow], list[dict[str, Any]]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(_values(row))
    for table, values in by_table.items():
        session.connection().execute(_insert(table).inline(), values)


def _values(row: TableRow) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in type(row).model_fields}
    if values.get("id", 0) is None:
        del values["id"]  # the database gives it one
    return values


@cache
def _insert(table: type[TableRow]) -> Insert:
    return insert(table.__table__)  # type: ignore[attr-defined]


class NumberedRow(TableRow):
    """What others name by a number."""

    id: int = Field(default=None, primary_key=True)


class ArrangementEntry(NumberedRow):
    """What an arrangement lists by key, in the order of `position`; what it lists no longer is retired, and stays."""

    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())

    @declared_attr.directive
    def __table_args__(cls) -> tuple[UniqueConstraint, ...]:  # noqa: N805
        return (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key
