"""History files in short: the issues A-1, A-2 ..., one row a day from 2 March 2026."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, select

from tests.makers import MONDAY, Cast
from tracker.exchange.history.cells import COLUMNS
from tracker.exchange.history.plan import HistoryPlan
from tracker.exchange.history.take_in import take_in
from tracker.records.event import Event
from tracker.records.issue import Issue

FIRST_DAY = date(2026, 3, 2)
Told = str | Mapping[str, object]


def history(*rows: Told, issue: str = "A-1", by: str = "acute") -> str:
    """Rows without a header. A word is an event by `by`; a mapping says more of it."""
    lines = []
    for day, told in enumerate(rows):
        cells = {"event": told} if isinstance(told, str) else told
        at = (FIRST_DAY + timedelta(days=day)).isoformat()
        known = {"issue": issue, "at": at, "organisation": by} | dict(cells)
        lines.append(",".join(str(known.get(column, "")) for column in COLUMNS))
    return "\n".join(lines) + "\n"


def silent(done: int, total: int) -> None:
    """Progress that nobody hears of."""


@dataclass(frozen=True)
class OneSession:
    """Whoever asks for a session gets this one."""

    session: Session

    def read(self) -> AbstractContextManager[Session]:
        return nullcontext(self.session)

    def write(self) -> AbstractContextManager[Session]:
        return nullcontext(self.session)


def taken_in(
    session: Session, cast: Cast, *rows: str, now: datetime = MONDAY, progress: Callable[[int, int], None] = silent
) -> HistoryPlan:
    """Takes in a file of these rows."""
    content = ",".join(COLUMNS) + "\n" + "".join(rows)
    return take_in(OneSession(session), content.encode(), cast.partnership.key, now=now, progress=progress)


def issue_of(session: Session, reference: str = "A-1") -> Issue:
    return session.exec(select(Issue).where(Issue.outside_ref == reference)).one()


def events_of(session: Session, reference: str = "A-1") -> list[Event]:
    issue = issue_of(session, reference)
    return list(session.exec(select(Event).where(Event.issue_id == issue.id).order_by("position")))


def on(day: int, hour: int = 0) -> datetime:
    """The moment of the row of that day (counted from 0): midnight in London, which is UTC until the end of March."""
    return datetime.combine(FIRST_DAY + timedelta(days=day), datetime.min.time(), tzinfo=UTC) + timedelta(hours=hour)
