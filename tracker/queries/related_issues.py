"""What hangs together with an issue: other times it happened, what it is the same as; and its one open question."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, visible_issues
from tracker.records.issue import Issue
from tracker.records.timer import Timer, TimerKind
from tracker.rules.events.kinds import EventKind
from tracker.rules.events.resolution import HappenedAgain, unlinked
from tracker.rules.lifecycle import State
from tracker.rules.rings import Viewer


@dataclass(frozen=True, slots=True)
class LinkedIssue:
    """Another issue of the same chain. `how`: "again of", "again" or "same as", seen from the issue asked about."""

    ref: str
    title: str
    state: State
    how: str


def linked(session: Session, issue: Issue, viewer: Viewer) -> tuple[LinkedIssue, ...]:
    """The issues linked to this one that the person may see, oldest first."""
    asked = {"this": issue.id, "again_of": issue.again_of_id, "same_as": issue.same_as_id}
    return tuple(_linked(row, issue) for row in straight(session).execute(_near(viewer), asked))


def as_known(session: Session, kind: EventKind, viewer: Viewer) -> EventKind:
    """What happened, without the reference of an issue that this person may not see."""
    if not isinstance(kind, HappenedAgain):
        return kind
    seen = select(col(Issue.id)).where(col(Issue.ref) == kind.again, visible_issues(viewer))
    return kind if straight(session).execute(seen).first() else unlinked(kind)


def silence_at(session: Session, issue: Issue) -> datetime | None:
    """When silence counts as agreement to the proposal that stands."""
    if issue.state is not State.PROPOSED:
        return None
    set_for = select(col(Timer.due_at)).where(col(Timer.issue_id) == issue.id, col(Timer.kind) == TimerKind.SILENCE)
    return straight(session).execute(set_for).scalar_one_or_none()


@lru_cache(maxsize=READERS)
def _near(viewer: Viewer) -> Select[Any]:
    columns = (getattr(Issue, name) for name in ("id", "ref", "title", "state", "again_of_id"))
    near = or_(
        col(Issue.id) == bindparam("again_of"),
        col(Issue.id) == bindparam("same_as"),
        col(Issue.again_of_id) == bindparam("this"),
    )
    return select(*columns).where(near, visible_issues(viewer)).order_by(col(Issue.raised_at))


def _linked(row: Row[Any], issue: Issue) -> LinkedIssue:
    if row.again_of_id == issue.id:
        return LinkedIssue(row.ref, row.title, row.state, "again")
    return LinkedIssue(row.ref, row.title, row.state, "again of" if row.id == issue.again_of_id else "same as")
