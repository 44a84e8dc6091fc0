"""The database: sessions that read or write, and migrations; SQLite, or PostgreSQL by its address."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.sql.compiler import InsertmanyvaluesSentinelOpts
from sqlmodel import Session

from tracker.database.refilling import references_last
from tracker.database.tables import current, is_newer, metadata, newest
from tracker.database.turns import BUSY, CursorsKnown, Patience, Turns, driver_connection_of, waiting_at_most
from tracker.rules.sweeps import Held

__all__ = ["Database", "Patience", "metadata"]

Progress = Callable[[int, int], None]  # how many rows are moved, and of how many

_WRITES, _BRIEFLY = "tracker_writes", "tracker_waits_briefly"
_MIGRATION_LOCK = 7_278_641_905  # any number that nothing else on the server locks
_TURN_ASKED_FOR = 0.005  # seconds
_A_MOMENT = 0.05  # seconds
PINGED_AFTER = 5.0  # seconds that a connection to PostgreSQL idled
_LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
WRITTEN_LATELY = 5.0  # seconds
_WRITE = text(
    "INSERT INTO sweep (name, ended_at, did) VALUES ('ready', CURRENT_TIMESTAMP, 0) "
    "ON CONFLICT (name) DO UPDATE SET ended_at = excluded.ended_at"
)
_ANY_ERROR = 1  # SQLITE_ERROR: of a statement or of what it read, not of the file
_HELD = {"55P03", "57014", "40P01", "40001"}  # a lock or a statement that took too long, a deadlock, a conflict

FOR_PAGES = Patience(turn=5, row=3, statement=30, idle=60)
FOR_THE_CLOCK = Patience(turn=60, row=0.1, statement=60, idle=60, looks=0.005)  # what is held it leaves for a while
FOR_COMMANDS = Patience(turn=60, row=60, statement=3600, idle=3600)  # somebody watches it
FOR_HEALTH = Patience(turn=2, row=2, statement=2, idle=10)

# To PostgreSQL: seconds for a connection; milliseconds until what was sent is acknowledged; and whether a machine that
# says nothing is still there is asked every few seconds.
_CONNECTING = {
    "connect_timeout": 5,
    "tcp_user_timeout": 15_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}


# Statements that SQLAlchemy keeps ready, and half as many more before it lets those go that were not used for longest:
# each takes up to a sixth of a megabyte, and what most people look at sends a hundred. Lists by ever other filters make
# no end of them.
_ENGINE: dict[str, Any] = {"hide_parameters": True, "query_cache_size": 200}


class Database:
    """A database and its pool. `url` is `sqlite:///FILE` or `postgresql://…`; anything else is a ValueError.

    `threads` is how many sessions may be open at once: as many as the web server has threads.
    """

    def __init__(self, url: str, threads: int = 16, patience: Patience = FOR_PAGES) -> None:
        self.url = _with_driver(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        make = _sqlite if self.is_sqlite else _postgresql
        self.engine = make(self.url, threads, patience)
        self._written_at = -WRITTEN_LATELY
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._writing_briefly = self._writing.execution_options(**{_BRIEFLY: True})
        reads = {} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}  # BEGIN and its end are two round trips
        self._reading = self.engine.execution_options(**reads)
        whole = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reading_as_of_a_moment = self.engine.execution_options(**whole)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads: what is changed in it is refused with RuntimeError."""
        with ReadingSession(self._reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """The same, with every statement as of one moment: for numbers that are to add up, and whole documents."""
        with ReadingSession(self._reading_as_of_a_moment, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are committed when the block ends, undone when it raises."""
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            yield session

    def write_in_passing(self, write: Callable[[Session], object]) -> bool:
        """Writes what nobody waits for, if that can be done at once, and undoes it when it raises; whether it was done.

        It does not wait for what somebody else holds, and is not done where the database takes nothing.
        """
        try:
            with Session(self._writing_briefly, expire_on_commit=False) as session, session.begin():
                if not self.is_sqlite:
                    session.connection().exec_driver_sql(f"SET LOCAL lock_timeout = '{_A_MOMENT * 1000:.0f}ms'")
                write(session)
        except SQLAlchemyError as fault:
            if not is_of_the_database(fault):
                raise
            return False
        return True

    def let_others_write(self, took: float) -> None:
        """Between two transactions of long work, of which the last took so many seconds: on SQLite others have as long
        for theirs, and at least long enough to see that it is their turn."""
        if self.is_sqlite:
            time.sleep(max(_TURN_ASKED_FOR, took))

    def migrate(self, progress: Progress = lambda done, total: None) -> None:
        """Bring the tables up to date; several processes may try at once. All or nothing, but for a migration that has
        a `batch`: once its tables are there it moves rows some at a time, each time all or nothing, before the next
        migration. Broken off, it goes on there. `progress` is told how many rows are moved, and of how many."""
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        moved = _migrations().migrate(self._migrating, progress)
        if moved:
            self._give_room_back()

    def is_current(self) -> bool:
        """Whether the newest migration has run. A database that is not there is not current."""
        if not self._is_there:
            return False
        with self.engine.connect() as connection:
            return current(connection) == newest()

    @property
    def _is_there(self) -> bool:
        """Looking into a file of SQLite would make it."""
        return not self.is_sqlite or Path(self.url.database or "").exists()

    def is_newer(self) -> bool:
        """Whether a migration has run that this program does not know."""
        if not self._is_there:
            return False
        with self.engine.connect() as connection:
            return is_newer(connection)

    def takes_writes(self) -> bool:
        """Whether somebody may write here: not on a standby, nor on a disk that is full or only reads. A row is
        written, unless one was in the last seconds."""
        if time.monotonic() - self._written_at < WRITTEN_LATELY:
            return True
        try:
            with Session(self._writing) as session, session.begin():
                session.execute(_WRITE)
        except DBAPIError as fault:
            return is_held(fault)  # somebody does
        self._written_at = time.monotonic()
        return True

    @contextmanager
    def refill(self) -> Iterator[Connection]:
        """One transaction for rows in any order: what they refer to is looked for in the end."""
        with self._migrating() as connection, references_last(connection):
            yield connection

    def check(self) -> None:
        """Compare the tables with the records: AutogenerateDiffsDetected says where they differ."""
        with self._migrating() as connection:
            _migrations().compare(connection)

    def truncate_log(self) -> bool:
        """Brings what was committed into the file of the database, and leaves nothing of it in the write-ahead log: of
        SQLite; a server cleans up by itself. Whether that is so: readers that are in the way are waited for briefly,
        because nobody can write meanwhile."""
        if not self.is_sqlite:
            return True
        with (
            self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
            waiting_at_most(connection, _A_MOMENT) as driver_connection,
        ):
            is_busy, *_ = driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy

    def vacuum(self, *tables: str) -> None:
        """Rows of these tables that were changed or deleted are where no statement finds them any more: of PostgreSQL;
        SQLite overwrites them at once. As long as it takes, beside everybody else's work."""
        if not self.is_sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SET statement_timeout = 0")
                try:
                    connection.exec_driver_sql(f"VACUUM {', '.join(tables)}")
                finally:
                    connection.invalidate()  # with the setting

    def dispose(self) -> None:
        self.engine.dispose()

    def apart(self, threads: int, patience: Patience) -> "Database":
        """The same database by connections of its own, for what must not wait for those of others."""
        return Database(self.url.render_as_string(hide_password=False), threads, patience)

    def _give_room_back(self) -> None:
        """Rows that were moved leave empty pages in SQLite's file; a server gives room back by itself."""
        if self.is_sqlite:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                driver_connection = connection.connection.driver_connection
                if isinstance(driver_connection, sqlite3.Connection):
                    driver_connection.execute("VACUUM")
            self.truncate_log()

    @contextmanager
    def _migrating(self) -> Iterator[Connection]:
        """One transaction; SQLite rebuilds tables to alter them, and references must not bite meanwhile."""
        with self._writing.connect() as connection:
            _references(connection, on=False)
            with connection.begin():
                if not self.is_sqlite:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # a large table takes its time
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
                yield connection
            _references(connection, on=True)


def _migrations() -> ModuleType:
    """Loaded by who migrates: Alembic takes 10 MB, and a tenth of what it takes to begin to serve."""
    return import_module("tracker.database.migrating")


def straight(session: Session) -> Connection:
    """The connection of a session, for what asks for columns and no entities: that costs a third of the session's way.
    What waits to be written is written first."""
    session.flush()
    return session.connection()


class ReadingSession(Session):
    """A session that refuses to write."""


@event.listens_for(ReadingSession, "before_flush")
def _refuse_to_write(*_: Any) -> None:
    raise RuntimeError("this session only reads: use `with db.write() as session:`")


@event.listens_for(ReadingSession, "do_orm_execute")
def _refuse_changes(asked: Any) -> None:
    if asked.is_insert or asked.is_update or asked.is_delete:
        _refuse_to_write()


def is_held(fault: BaseException) -> bool:
    """Whether somebody else had what was needed for too long: a moment later it may go well."""
    if not isinstance(fault, OperationalError):
        return False
    return _sqlite_code(fault) in BUSY or getattr(fault.orig, "sqlstate", None) in _HELD


def is_of_the_database(fault: BaseException) -> bool:
    """Whether the database cannot be used, or is busy, and not what stands in a row of it."""
    if isinstance(fault, PoolTimeout) or (isinstance(fault, DBAPIError) and fault.connection_invalidated):
        return True
    if not isinstance(fault, OperationalError):
        return False
    return not isinstance(fault.orig, sqlite3.Error) or _sqlite_code(fault) not in {None, _ANY_ERROR}


def raise_unless_of_the_row(fault: Exception, row_id: int) -> None:
    """Whose fault it was that something due was not done: of a row, which is to be set aside, or else raised.

    Refuses with Held where somebody else holds what was needed; a fault of the database is raised as it stands.
    """
    if is_held(fault):
        raise Held(row_id) from fault
    if is_of_the_database(fault):
        raise fault


def _sqlite_code(fault: OperationalError) -> int | None:
    """The primary code of SQLite; None for what its driver cannot read."""
    code: int | None = getattr(fault.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


@contextmanager
def statement_count(db: Database) -> Iterator[list[str]]:
    """The texts of the statements sent while the block runs: `with ... as sent:`, then `len(sent)`."""
    sent: list[str] = []

    def note(_connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ValueError(f"{parsed.drivername}: a database address starts with sqlite:/// or postgresql://")
    return parsed


def _sqlite(url: URL, threads: int, patience: Patience) -> Engine:
    """Transactions are ours to begin: by default the driver begins late, and concurrent updates are lost. What was
    committed is on the disk (`synchronous=FULL`): with less, a power cut takes what people were told is kept."""
    ours = {"isolation_level": None, "factory": CursorsKnown}
    # Last in, first out: each connection keeps pages and statements, and those that few need stay empty.
    pool = {"pool_size": threads, "max_overflow": 0, "pool_use_lifo": True}
    compact = partial(json.dumps, separators=(",", ":"))  # JSON is text here
    engine = create_engine(url, connect_args=ours, json_serializer=compact, **pool, **_ENGINE)
    # Rows are inserted in order, so those of one statement are known by their numbers.
    engine.dialect.insertmanyvalues_implicit_sentinel = InsertmanyvaluesSentinelOpts.AUTOINCREMENT
    busy = int(patience.turn * 1000)
    few_pages = "cache_size=-500"  # kB: each connection has its own, and what the system keeps all of them share
    lasting = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
    pragmas = (*lasting, f"busy_timeout={busy}", "foreign_keys=ON", few_pages)

    def prepare(driver_connection: sqlite3.Connection, _: Any) -> None:
        for pragma in pragmas:
            driver_connection.execute(f"PRAGMA {pragma}")

    turns = Turns(url.database, patience)

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get(_WRITES):
            turns.take(connection, within=_A_MOMENT if options.get(_BRIEFLY) else patience.turn)
        else:
            driver_connection_of(connection).execute("BEGIN")  # SQLAlchemy's way is longer than many a statement

    def give_back(driver_connection: CursorsKnown | None, _: Any) -> None:
        if driver_connection is not None:  # else it was found broken
            driver_connection.close_cursors()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", give_back)
    return engine


def _postgresql(url: URL, threads: int, patience: Patience) -> Engine:
    """The day of a moment is the day in UTC, as in SQLite, whatever zone the server is set to."""
    own = {name: value for name, value in _CONNECTING.items() if name not in url.query}
    engine = create_engine(url, pool_size=threads, max_overflow=0, connect_args=own, **_ENGINE)
    limits = zip(_LIMITS, (patience.row, patience.statement, patience.idle), strict=True)
    settings = "; ".join(f"SET {name} = '{int(seconds * 1000)}ms'" for name, seconds in limits)

    def prepare(driver_connection: Any, _: Any) -> None:
        driver_connection.execute(f"SET TIME ZONE 'UTC'; {settings}")
        driver_connection.commit()

    event.listen(engine, "connect", prepare)
    _ping_after_idling(engine)
    return engine


def _ping_after_idling(engine: Engine) -> None:
    """Before each use that is a round trip more for each page. One that is gone is replaced, and so are the others."""

    def ping(driver_connection: Any, record: Any, _: Any) -> None:
        now = time.monotonic()
        if now - record.info.get("used_at", now) >= PINGED_AFTER:
            try:
                engine.dialect.do_ping(driver_connection)
            except engine.dialect.loaded_dbapi.Error as fault:
                raise InvalidatePoolError from fault

    event.listen(engine, "checkin", lambda _, record: record.info.update(used_at=time.monotonic()))
    event.listen(engine, "checkout", ping)


def _references(connection: Connection, *, on: bool) -> None:
    if connection.dialect.name == "sqlite":
        driver_connection_of(connection).execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
