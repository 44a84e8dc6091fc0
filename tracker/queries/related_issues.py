"""What hangs together with an issue: other times it happened, what it is the same as; and its open questions."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, or_, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, visible_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import Ask
from tracker.records.timer import Timer, TimerKind
from tracker.rules.events.kinds import EventKind
from tracker.rules.events.resolution import OfTwo, unlinked
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskKind, AskState
from tracker.rules.rings import Viewer


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """Another issue of the same chain. `how`: "again of", "again", "same as" (it goes on there) or "merged" (into it),
    seen from the issue asked about."""

    ref: str
    title: str
    state: State
    raised_at: datetime
    how: str


def linked(session: Session, issue: Issue, viewer: Viewer) -> tuple[LinkedIssue, ...]:
    """The issues linked to this one that the person may see, oldest first."""
    asked = {"this": issue.id, "again_of": issue.again_of_id, "same_as": issue.same_as_id}
    return tuple(_linked(row, issue) for row in straight(session).execute(_near(viewer), asked))


def as_known(session: Session, kind: EventKind, viewer: Viewer) -> EventKind:
    """What happened, without the reference of an issue that this person may not see."""
    if not isinstance(kind, OfTwo):
        return kind
    seen = select(col(Issue.id)).where(col(Issue.ref) == kind.again, visible_issues(viewer))
    return kind if straight(session).execute(seen).first() else unlinked(kind)


class OpenAsk(NamedTuple):
    """What is asked and not answered by all. `answers`: who did so far, by the organisation's id, with whoever asked;
    `lapses_at`: None while the limit, with which it lapses, stands still."""

    number: int
    kind: AskKind
    by_id: int
    answers: dict[str, int | None]
    lapses_at: datetime | None = None

    @property
    def agreed_ids(self) -> frozenset[int]:
        return frozenset(int(each) for each in self.answers)


# The clock of an ask, where it lapses at a moment of its own.
LAPSES = and_(
    col(Timer.issue_id) == col(Ask.issue_id), col(Timer.kind) == TimerKind.ASK, col(Timer.side) == col(Ask.kind)
)


ASK_COLUMNS: tuple[Any, ...] = (
    *(getattr(Ask, name) for name in ("number", "kind", "by_id", "answers")),
    col(Timer.due_at).label("lapses_at"),
)


def open_asks(session: Session, issue: Issue) -> tuple[OpenAsk, ...]:
    """What is asked about an issue, in order. The caller has loaded it for whoever reads."""
    if not issue.asking:
        return ()
    is_open = (col(Ask.issue_id) == issue.id, col(Ask.state) == AskState.OPEN)
    those = select(*ASK_COLUMNS).select_from(Ask).outerjoin(Timer, LAPSES).where(*is_open).order_by(col(Ask.number))
    with_limit = lapses_with(issue.state, issue.due_at)
    rows = (OpenAsk._make(row) for row in straight(session).execute(those))
    return tuple(each._replace(lapses_at=each.lapses_at or with_limit) for each in rows)


def lapses_with(state: State, due_at: datetime | None) -> datetime | None:
    """When an ask lapses that has no moment of its own."""
    return None if state is State.PAUSED else due_at


def silence_at(session: Session, issue: Issue) -> datetime | None:
    """When silence counts as agreement to the proposal that stands."""
    return _rings_at(session, issue, TimerKind.SILENCE) if issue.state is State.PROPOSED else None


def pause_ends_at(session: Session, issue: Issue) -> datetime | None:
    """When the pause that it is in ends by itself."""
    return _rings_at(session, issue, TimerKind.PAUSE) if issue.state is State.PAUSED else None


def _rings_at(session: Session, issue: Issue, kind: TimerKind) -> datetime | None:
    set_for = select(col(Timer.due_at)).where(col(Timer.issue_id) == issue.id, col(Timer.kind) == kind)
    return straight(session).execute(set_for).scalar_one_or_none()


@lru_cache(maxsize=READERS)
def _near(viewer: Viewer) -> Select[Any]:
    columns = (
        getattr(Issue, name) for name in ("id", "ref", "title", "state", "raised_at", "again_of_id", "same_as_id")
    )
    near = or_(
        col(Issue.id) == bindparam("again_of"),
        col(Issue.id) == bindparam("same_as"),
        col(Issue.again_of_id) == bindparam("this"),
        col(Issue.same_as_id) == bindparam("this"),
    )
    return select(*columns).where(near, visible_issues(viewer)).order_by(col(Issue.raised_at))


def _linked(row: Row[Any], issue: Issue) -> LinkedIssue:
    ways = {
        "again": row.again_of_id == issue.id,
        "merged": row.same_as_id == issue.id,
        "again of": row.id == issue.again_of_id,
    }
    how = next((way for way, holds in ways.items() if holds), "same as")
    return LinkedIssue(row.ref, row.title, row.state, row.raised_at, how)
