"""What it was measured on."""

import os
import platform
import sqlite3
from pathlib import Path

from tracker.database import Database

_SQLITE_BYTES = (
    "SELECT (page_count - freelist_count) * page_size"
    " FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
)


def machine(database: str) -> dict[str, str]:
    """The machine and the versions, for whoever compares."""
    return {
        "processor": f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 1024 / 1024:.0f} GB",
        "load before": f"{os.getloadavg()[0]:.1f}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "database": _version(database),
    }


def megabytes(address: str) -> float:
    """The size of a database, without what it could write over."""
    database = Database(address)
    asked = _SQLITE_BYTES if database.is_sqlite else "SELECT pg_database_size(current_database())"
    with database.engine.connect() as connection:
        found = int(connection.exec_driver_sql(asked).scalar_one())
    database.dispose()
    return found / 1_000_000


def _first(file: str, name: str) -> str:
    lines = Path(file).read_text().splitlines() if Path(file).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0 unknown")


def _version(address: str) -> str:
    database = Database(address)
    if database.is_sqlite:
        return f"SQLite {sqlite3.sqlite_version}"
    with database.engine.connect() as connection:
        version = str(connection.exec_driver_sql("SHOW server_version").scalar_one())
    database.dispose()
    return f"PostgreSQL {version}"
