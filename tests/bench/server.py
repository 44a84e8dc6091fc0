"""A real server over a database: its processes, the processor time they took, and people signed in to it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import select

from tests.bench.client import Ask, Connection
from tests.bench.partnership import FIRST, PEOPLE, address
from tracker.actions.people.keep_session import begin_session
from tracker.database import Database
from tracker.pages.web.visitor import SESSION
from tracker.records.person import Person
from tracker.records.session import SESSION_KEY
from tracker.rules.rings.doors import Door
from tracker.settings import Settings

FORM_TOKEN = re.compile(rb'<meta name="csrf" content="([^"]+)">')
_SECONDS_TO_START = 60
_PSS = re.compile(r"^Pss:\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody signed in: their cookie, and the token of their forms."""

    cookie: str
    csrf: str


@dataclass(frozen=True)
class Server:
    """A server that runs. `guests` are by who they are; `start`: the processor seconds to its first answer; `idle`:
    the megabytes it took then."""

    port: int
    pid: int
    guests: dict[str, Guest]
    start: float
    idle: float

    def cpu_seconds(self) -> float:
        """The processor time of all its processes so far, ended ones too, in the system and out of it."""
        return _cpu_seconds(self.pid)

    def megabytes(self) -> float:
        """The memory of all its processes, what they share counted once (Linux, Pss)."""
        return _megabytes(self.pid)


@contextmanager
def serving(database: str, home: Path) -> Iterator[Server]:
    """A server over the database at this address, with the clock off, until the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    said = {"TRACKER_HOME": str(home.absolute()), "TRACKER_DATABASE_URL": database, "TRACKER_CLOCK": "off"}
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    with (home / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "tests.bench.serving", str(port)]
        process = subprocess.Popen(command, env={**others, **said}, stdout=log, stderr=log)
        try:
            _wait_for(port, process, home)
            start, idle = _cpu_seconds(process.pid), _megabytes(process.pid)
            settings = Settings.from_environment(said)
            guests = {who: sign_in(database, settings, who, port) for who in PEOPLE}
            yield Server(port, process.pid, guests, start, idle)
        finally:
            process.terminate()
            process.wait(30)


def session_cookie(
    database: Database, settings: Settings, who: str, now: datetime, *, organisation: str = FIRST
) -> str:
    """The session cookie of one of PEOPLE, or of who is that elsewhere, who has just signed in."""
    key = settings.key(SESSION_KEY)
    with database.write() as session:
        person = session.exec(select(Person).where(Person.email == address(organisation, PEOPLE[who]))).one()
        token = begin_session(session, person.id, Door.LINK, now=now, key=key, agent="bench", instead_of="")
    return f"{SESSION}={token}"


def sign_in(database: str, settings: Settings, who: str, port: int, *, organisation: str = FIRST) -> Guest:
    """At a server over the database at this address."""
    db = Database(database)
    cookie = session_cookie(db, settings, who, datetime.now(UTC), organisation=organisation)
    db.dispose()
    with Connection(port) as connection:
        found = FORM_TOKEN.search(connection.ask(Ask("/account").raw(cookie)).body)
    if found is None:
        raise RuntimeError(f"the {who} could not sign in")
    return Guest(cookie, found[1].decode())


def free_port() -> int:
    """One that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], home: Path) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and process.poll() is None:
        try:
            with Connection(port) as connection:
                if connection.ask(Ask("/health/ready").raw("")).status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {(home / 'server.log').read_text()}")


def _cpu_seconds(pid: int) -> float:
    return sum(time.clock_gettime(_clock_of(each)) + _of_ended_children(each) for each in (pid, *_children(pid)))


def _of_ended_children(pid: int) -> float:
    """What its children took that have ended, and theirs: a typesetter, say (Linux, cutime and cstime)."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, after_name[13:15])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int) -> float:
    files = (Path(f"/proc/{each}/smaps_rollup") for each in (pid, *_children(pid)))
    return sum(int(found) for file in files for found in _PSS.findall(file.read_text())) / 1000


def _children(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for each in lists for child in each.read_text().split()]
    return [*found, *(below for child in found for below in _children(child))]


def _clock_of(pid: int) -> int:
    """The number of the clock that shows a process's processor time, in nanoseconds (Linux, clock_getcpuclockid)."""
    return ~pid << 3 | 2
