"""How late limits pass, as somebody sees who looks at the tables over and over while clocks run."""

import threading
from collections.abc import Collection
from datetime import UTC, datetime
from statistics import median
from types import TracebackType

from sqlalchemy import update
from sqlmodel import col, select

from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.timer import Timer, TimerKind

LOOKS_EVERY = 0.05  # seconds


def let_pass(db: Database, issues: Collection[int], at: datetime) -> None:
    """The limits of these issues pass at that moment, all at once."""
    with db.write() as session:
        of_them = (col(Timer.issue_id).in_(issues), col(Timer.kind) == TimerKind.LIMIT)
        session.execute(update(Timer).where(*of_them).values(due_at=at))
        session.execute(update(Issue).where(col(Issue.id).in_(issues)).values(due_at=at))


class Watch:
    """Sees of issues on their first tier when each leaves it: how many seconds after its limit."""

    def __init__(self, db: Database) -> None:
        self._db, self._over = db, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._due: dict[int, datetime] = {}
        self.late: dict[int, float] = {}

    def expect(self, issues: Collection[int], at: datetime) -> None:
        """The limits of these issues pass at that moment."""
        self._due = {**self._due, **dict.fromkeys(issues, at)}

    @property
    def all_rang(self) -> bool:
        return self.late.keys() == self._due.keys()

    def said(self) -> str:
        """The figures, in words."""
        late = sorted(self.late.values())
        return f"{len(late)} limits, late by {median(late):.2f} s in the median and {late[-1]:.2f} s at worst"

    def _look(self) -> None:
        while not self._over.wait(LOOKS_EVERY):
            waiting = self._due.keys() - self.late.keys()
            with self._db.read() as session:
                below = select(Issue.id).where(Issue.tier == 1, col(Issue.id).in_(waiting))
                still = set(session.exec(below)) if waiting else set()
            now = datetime.now(UTC)
            self.late.update({each: (now - self._due[each]).total_seconds() for each in waiting - still})

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
