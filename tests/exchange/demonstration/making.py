"""The demonstration as it is on a Wednesday morning: made once for a run, whoever needs it."""

from datetime import UTC, datetime
from pathlib import Path

from fasteners import InterProcessLock

from tracker.exchange.demonstration.own_database import SEED, make_ready

NOW = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)


def demonstration(folder: Path, seed: str = SEED) -> Path:
    """Its file in a folder that all workers share, which is not to be changed: who changes anything copies it."""
    file = folder / seed / "tracker.sqlite3"
    with InterProcessLock(folder / f"{seed}.lock"):
        make_ready(file, now=NOW, seed=seed)
    return file
