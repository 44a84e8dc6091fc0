"""Fills a database with years of issues, in big batches straight into the tables, and leaves it as a server would."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from typing import Any

from sqlalchemy import Column, Connection, select
from sqlmodel import Session, col

from tests.bench.chronicle import Chronicle
from tests.bench.lives import A_YEAR, Fate
from tests.bench.multiply import multiply
from tests.bench.partnership import FIRST, KEY, PEOPLE, address, agree, begin_pack
from tests.bench.rows import Row
from tracker.actions.counting.climbs import count_all_climbs
from tracker.actions.counting.months import recount
from tracker.database import Database, metadata
from tracker.queries.arrangements import by_key
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Ring

VERSION = 6  # raised when databases should be made anew
FULL = 200  # things on the desk of the busy manager
_BATCH = 2000  # issues in one transaction
_MADE = 100_000  # more would take hours
_BARE = ("issue", "issue_side", "occurrence")
_SQLITE = (
    "ANALYZE",
    "INSERT INTO issue_cut_fts(issue_cut_fts) VALUES ('optimize')",
    "INSERT INTO note_cut_fts(note_cut_fts) VALUES ('optimize')",
)
_POSTGRESQL = (
    *(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        for table in ("issue", "note", "occurrence")
    ),
    "VACUUM ANALYZE",
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: `issues`, so many of them `a_year`. `bare`: only what is counted, without events, notes and
    holders."""

    issues: int
    a_year: int = A_YEAR
    bare: bool = False

    @property
    def name(self) -> str:
        return f"{self.issues}-busy" if self.bare else f"{self.issues}"


BUSY = Size(820_000, 100 * A_YEAR, bare=True)  # a million occurrences, in the years in which others have 10,000


def seed(database: Database, size: Size, end: datetime) -> None:
    """Issues raised at a steady rate up to `end`; of very many some are made, and the others are copies of them. The
    database is empty; its tables are made here."""
    database.migrate()
    times = 1 if size.bare else ceil(size.issues / _MADE)
    if times > 1:
        seed(database, replace(size, issues=size.issues // times), end)
        multiply(database, times)
        with database.write() as session:
            recount(session, by_key(session, KEY).id)
        _settle(database)
        return
    count = size.issues
    with database.write() as session:
        arrangement = agree(session, end - timedelta(days=30 + 366 * (1 + count // size.a_year)))
        session.get_one(Partnership, arrangement.id).next_number = count + 1
    chronicle = Chronicle(arrangement, end, bare=size.bare)
    lives = Fate(arrangement, count, end, size.a_year).lives()
    while batch := list(islice(lives, _BATCH)):
        rows = chronicle.rows(batch)
        with database.write() as session:
            _insert(session.connection(), {name: getattr(rows, name) for name in (_BARE if size.bare else vars(rows))})
    with database.write() as session:
        if not size.bare:
            _fill_desk(session, arrangement)
        recount(session, arrangement.id)
        begin_pack(session, arrangement, end)
    for _ in count_all_climbs(database, end):
        pass
    _settle(database)


def _fill_desk(session: Session, arrangement: Arrangement) -> None:
    """A manager who holds FULL issues that wait, each beside whom it was given to."""
    own = next(each for each in arrangement.organisations.values() if each.key == FIRST)
    busy = next(each for each in arrangement.people.values() if each.email == address(FIRST, PEOPLE["busy manager"]))
    waiting = (
        select(col(Issue.id), col(Issue.tier))
        .join(IssueSide, col(IssueSide.issue_id) == col(Issue.id))
        .where(col(IssueSide.organisation_id) == own.id, col(Issue.ring) == Ring.SHARED, col(Issue.tier) > 0)
        .where(col(Issue.resolved_at).is_(None))
        .order_by(col(Issue.id).desc())
        .limit(FULL)
    )
    session.add_all(
        Holder(issue_id=row.id, organisation_id=own.id, tier=row.tier, person_id=busy.id, first=False)
        for row in session.execute(waiting)
    )


def _insert(connection: Connection, rows: Mapping[str, list[Row]]) -> None:
    for name, found in rows.items():
        if found:
            columns = [metadata().tables[name].c[column] for column in found[0]]
            fill = _executemany if connection.dialect.name == "sqlite" else _copy
            fill(connection, name, [column.name for column in columns], _values(connection, columns, found))


def _values(connection: Connection, columns: list[Column[Any]], rows: list[Row]) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them: what an INSERT of the product would do for each, done for the whole column."""
    dialect = connection.dialect
    ready: list[Iterable[Any]] = []
    for column in columns:
        process = column.type.dialect_impl(dialect).bind_processor(dialect)
        found = [row[column.name] for row in rows]
        ready.append(map(process, found) if process else found)
    return zip(*ready, strict=True)


def _executemany(connection: Connection, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    wanted = ", ".join("?" * len(columns))
    cursor = connection.connection.cursor()
    cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({wanted})", list(rows))
    cursor.close()


def _copy(connection: Connection, table: str, columns: list[str], rows: Iterable[tuple[Any, ...]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copying:
        for row in rows:
            copying.write_row(row)


def _settle(database: Database) -> None:
    """What a database does by itself in the years that were left out here: statistics, tidy indexes, sequences."""
    if database.is_sqlite:
        with database.write() as session:
            for statement in _SQLITE:
                session.connection().exec_driver_sql(statement)
    else:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in _POSTGRESQL:
                connection.exec_driver_sql(statement)
