"""What it was measured on."""

import os
import platform
import sqlite3
from pathlib import Path

from tracker.database import Database


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
