"""Whose turn it is at SQLite's one place to write, and how long whoever waits does so."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, cast
from weakref import WeakSet

from sqlalchemy import Connection

BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED
_TURN = "BEGIN IMMEDIATE"  # at once, so that what was read is still so when it is written


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a session waits, in seconds; nothing is waited for without an end.

    `turn`: for SQLite's one place to write, for which it `looks` so often: who looks less often lets others go first.
    On PostgreSQL `row`: for what somebody else holds; `statement`: for one; `idle`: for the next one, in a transaction.
    """

    turn: float
    row: float
    statement: float
    idle: float
    looks: float = 0.0005


class CursorsKnown(sqlite3.Connection):
    """A connection that can close what was not read to its end, as where an error broke it off. Until somebody collects
    it that would keep its moment: whoever has the connection next would read what was then, and could not write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def cursor(self, *args: Any) -> Any:
        made = super().cursor(*args)
        self._cursors.add(made)
        return made

    def close_cursors(self) -> None:
        for each in list(self._cursors):
            each.close()
        self._cursors.clear()


class Turns:
    """How a process takes its turns at writing to the SQLite database in `file`.

    Only who is at the head of a line looks whether the place is free: threads stand behind a lock of the process, and
    processes behind a lock of the file's folder. So whoever has just written stands behind those who wait, and does not
    go first again and again, while SQLite by itself would let the others sleep up to 100 ms between two looks. The
    system takes the lock from who dies; and where its head does not move on, nobody stands in line for more than half
    of their time.
    """

    def __init__(self, file: str | None, patience: Patience) -> None:
        self._folder = Path(file).absolute().parent if file else None
        self._looks, self._threads = patience.looks, Lock()

    def take(self, connection: Connection, within: float) -> None:
        """Begins the transaction; OperationalError when that was not possible within so many seconds."""
        now = time.monotonic()
        until, in_line_until = now + within, now + within / 2
        with waiting_at_most(connection, 0) as driver_connection, self._head_of_line(in_line_until):
            with suppress(sqlite3.OperationalError):
                if self._looked(lambda: _is_begun(driver_connection), until):
                    return
            connection.exec_driver_sql(_TURN)  # which says why it cannot be

    @contextmanager
    def _head_of_line(self, until: float) -> Iterator[None]:
        has_threads = self._threads.acquire(timeout=max(0.0, until - time.monotonic()))
        line = self._opened()
        try:
            if line is not None:
                self._looked(lambda: _is_locked(line), until)
            yield
        finally:
            if line is not None:
                os.close(line)  # which unlocks it
            if has_threads:
                self._threads.release()

    def _opened(self) -> int | None:
        """The folder, not the file: to close the file would take SQLite's own locks from this process."""
        try:
            return os.open(self._folder, os.O_RDONLY) if self._folder else None
        except OSError:
            return None

    def _looked(self, is_done: Callable[[], bool], until: float) -> bool:
        """Looks once, and then again and again."""
        while not is_done():
            if time.monotonic() >= until:
                return False
            time.sleep(self._looks)
        return True


def driver_connection_of(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def _is_locked(line: int) -> bool:
    try:
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: then there is no line
        return True
    return True


def _is_begun(driver_connection: sqlite3.Connection) -> bool:
    try:
        driver_connection.execute(_TURN)
    except sqlite3.OperationalError as fault:
        if fault.sqlite_errorcode & 0xFF not in BUSY:
            raise
        return False
    return True


@contextmanager
def waiting_at_most(connection: Connection, seconds: float) -> Iterator[sqlite3.Connection]:
    """Meanwhile SQLite says so soon that the place is taken."""
    driver_connection = driver_connection_of(connection)
    usual = driver_connection.execute("PRAGMA busy_timeout").fetchone()[0]
    driver_connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield driver_connection
    finally:
        driver_connection.execute(f"PRAGMA busy_timeout = {usual}")
