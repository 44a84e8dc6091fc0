"""Clocks as processes of their own, and hundreds of issues whose limits have passed."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, update
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.makers import Cast
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
        environment = {
            **os.environ,
            "TRACKER_DATABASE_URL": self.db.url.render_as_string(hide_password=False),
            "TRACKER_HOME": str(self.home),
            **self.told,
        }
        command = [sys.executable, "-m", "tracker", "clock", "--once", "--now", now.isoformat()]
        return subprocess.Popen(
            command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=1
        )

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
