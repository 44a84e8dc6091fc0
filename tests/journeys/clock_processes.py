"""Clocks as processes of their own, and hundreds of issues whose limits have passed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from sqlalchemy import func, update
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.post.conftest import free_port
from tracker.database import Database
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.rules.notices import NoticeState

PAST_LIMIT = datetime(2026, 5, 1, 9, tzinfo=UTC)  # a Friday; the limit was Thu 30 Apr 17:00 in London
TOLD = 4  # of each escalation: both holders above, both below, one of whom raised it


@dataclass(frozen=True)
class Place:
    """Where clocks run: their database and home, and what else they are told."""

    db: Database
    home: Path
    told: Mapping[str, str]

    def start(self, now: datetime) -> "subprocess.Popen[str]":
        """A clock that ends when nothing is due."""
        clock = ("clock", "--once", "--now", now.isoformat())
        return self.tracker(*clock, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=1)

    @contextmanager
    def go_on(self) -> "Iterator[subprocess.Popen[str]]":
        """A clock that goes with the time, and is killed at the end."""
        clock = self.tracker("clock", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield clock
        finally:
            clock.kill()
            clock.wait()

    def die_in(self, function: str, call: int, now: datetime) -> None:
        """A clock that is killed within what it does: when it calls this function, of that module, for the so many-th
        time."""
        with self.tracker(
            function,
            str(call),
            "clock",
            "--once",
            "--now",
            now.isoformat(),
            module="tests.journeys.dying_clock",
            stdout=subprocess.DEVNULL,
        ) as clock:
            assert clock.wait(300) == -signal.SIGKILL

    def tracker(self, *arguments: str, module: str = "tracker", **how: Any) -> "subprocess.Popen[str]":
        """A command of the product, as a process of its own."""
        environment = {
            **os.environ,
            "TRACKER_DATABASE_URL": self.db.url.render_as_string(hide_password=False),
            "TRACKER_HOME": str(self.home),
            **self.told,
        }
        return subprocess.Popen([sys.executable, "-m", module, *arguments], env=environment, **how)

    def run(self, now: datetime) -> list[str]:
        """The lines of a clock that ran to its end."""
        clock = self.start(now)
        lines, faults = clock.communicate()
        assert clock.returncode == 0, faults
        return lines.splitlines()

    def kill_after(self, lines: int, now: datetime) -> None:
        """A clock that is killed when it has said so many lines."""
        with self.start(now) as clock:
            assert clock.stdout
            for _ in range(lines):
                clock.stdout.readline()
            clock.kill()


def raise_many(db: Database, cast: Cast, count: int) -> None:
    """Issues of that Monday, of which everybody has been told."""
    with db.write() as session:
        for _ in range(count):
            make_issue(session, cast)
        session.flush()
        session.execute(update(Event).values(announced=True))


def escalations(db: Database) -> Counter[str]:
    """How often each issue went up, by its reference."""
    found = select(Issue.ref, func.count()).join(Event).where(Event.kind == "escalated").group_by(col(Issue.ref))
    with db.read() as session:
        return Counter(dict(session.exec(found).all()))


def notices(db: Database) -> Counter[NoticeState]:
    """How many notices there are in each state."""
    found = select(col(Notice.state), func.count()).group_by(col(Notice.state))
    with db.read() as session:
        return Counter(dict(session.exec(found).all()))


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds within five minutes: far more than it takes."""
    until = time.monotonic() + 300
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


class Receiving(Controller):
    """A mail server that keeps the ids of what it took. On its so many-th message it may kill whoever sent it, before
    they can hear that it was taken."""

    def __init__(self, deadly: int = 3) -> None:
        super().__init__(self, hostname="127.0.0.1", port=free_port())
        self.ids: list[str] = []
        self.deadly = deadly
        self.victim = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.ids.append(message_from_bytes(envelope.original_content)["Message-ID"])
        if self.victim and len(self.ids) == self.deadly:
            os.kill(self.victim, signal.SIGKILL)
        return "250 OK"

    def __enter__(self) -> "Receiving":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
