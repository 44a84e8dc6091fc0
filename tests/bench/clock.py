"""How much a clock does in a second, process and post included: what is due in days to come, sent to a local sink."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGTERM
from threading import Timer
from time import perf_counter
from typing import Any

from aiosmtpd.controller import Controller

from tests.bench.client import HOST
from tests.bench.server import free_port

SWEEPS = {"timers": "escalations and timers", "announcements": "events announced", "letters": "letters sent"}
_AHEAD = timedelta(days=60)  # so that limits of many issues have passed
_LASTS = 20.0  # seconds at most
_LEAST = 20  # fewer say nothing


@dataclass(frozen=True, slots=True)
class Pace:
    """What a sweep did, and how many of it fit into a second in which the clock does nothing else."""

    did: int
    per_second: float


def paces(database: str, home: Path) -> dict[str, Pace]:
    """By what is done, of one clock over the database at this address, where there was enough to do."""
    did: Counter[str] = Counter()
    took: defaultdict[str, float] = defaultdict(float)
    with _sink() as port, _clock(database, home, port) as lines:
        next(lines, None)
        before = perf_counter()
        for sweep in lines:
            now = perf_counter()
            did[sweep] += 1
            took[sweep] += now - before
            before = now
    return {said: Pace(did[name], did[name] / took[name]) for name, said in SWEEPS.items() if did[name] >= _LEAST}


@contextmanager
def _clock(database: str, home: Path, port: int) -> Iterator[Iterator[str]]:
    """The sweep of each thing that a clock does, until nothing is due or its time is over."""
    home.mkdir(parents=True, exist_ok=True)
    said = {
        "TRACKER_HOME": str(home.absolute()),
        "TRACKER_DATABASE_URL": database,
        "TRACKER_SMTP_URL": f"smtp://{HOST}:{port}",
        "TRACKER_MAIL_FROM": "tracker@bench.example",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    at = (datetime.now(UTC) + _AHEAD).isoformat()
    command = [sys.executable, "-m", "tracker", "clock", "--once", "--json", "--now", at]
    with (home / "clock.log").open("wb") as log:
        process = subprocess.Popen(command, env={**others, **said}, stdout=subprocess.PIPE, stderr=log)
        over = Timer(_LASTS, process.terminate)
        over.start()
        try:
            assert process.stdout
            yield (json.loads(line)["sweep"] for line in process.stdout)
        finally:
            over.cancel()
            process.terminate()
            if process.wait(30) not in (0, -SIGTERM):
                raise SystemExit(f"The clock refused: see {home / 'clock.log'}")


class _Sink:
    """Takes every letter, and keeps none."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - as aiosmtpd calls it
        return "250 OK"


@contextmanager
def _sink() -> Iterator[int]:
    sink = Controller(_Sink(), hostname=HOST, port=free_port())
    sink.start()
    try:
        yield sink.port
    finally:
        sink.stop()
