"""What waits for a body: the issues that reached it, oldest limit first, each with its story in brief."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlmodel import Session, col

from tracker.queries.decisions import visible_decisions
from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issues import EVENT_COLUMNS, READERS, by_issue, readable_events, visible_issues
from tracker.records.decision import Decision, DecisionIssue
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.deciding import DecisionState
from tracker.rules.events.kinds import asides
from tracker.rules.rings import Ring, Viewer

_LAST = 3  # events of each issue that tell its story in brief
_LATELY = 5


@dataclass(frozen=True, slots=True)
class AgendaCursor:
    """The place of an issue on an agenda: its limit (None: none, which comes last) and its id."""

    due_at: datetime | None
    id: int


def agenda_rows(
    session: Session, viewer: Viewer, body_id: int, after: AgendaCursor | None = None
) -> tuple[IssueRow, ...]:
    """The unresolved issues on a body that this person may see; at most 51, so that one more shows there are more."""
    cursor = {"due_at": after.due_at, "id": after.id} if after else {}
    kind = "" if after is None else "due" if after.due_at else "without"
    return issue_rows(session, _agenda(viewer, kind), {"body": body_id, **cursor})


def left_lately(session: Session, viewer: Viewer, body_id: int) -> tuple[IssueRow, ...]:
    """The last five issues that were resolved on a body."""
    return issue_rows(session, _left(viewer), {"body": body_id})


def waiting(session: Session, viewer: Viewer, body_ids: Collection[int]) -> dict[int, int]:
    """How many unresolved issues that this person may see wait on each of these bodies."""
    if not body_ids:
        return {}
    found = session.execute(_waiting(viewer), {"bodies": list(body_ids)})
    return {body: count for body, count in found if body is not None}


def in_brief(session: Session, viewer: Viewer, issue_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The last telling events that all sides read, oldest first, of issues this person may see; by issue id."""
    return by_issue(session, _brief(viewer), issue_ids)


def decided_about(session: Session, viewer: Viewer, issue_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The decisions about these issues that stand or are done and this person may read, by issue id: number, what."""
    return by_issue(session, _decided(viewer), issue_ids)


@lru_cache(maxsize=READERS)
def _decided(viewer: Viewer) -> Select[Any]:
    kept = col(Decision.state).in_((DecisionState.OPEN, DecisionState.DONE))
    shown: tuple[Any, ...] = (col(DecisionIssue.issue_id), col(Decision.number), col(Decision.what))
    return (
        select(*shown)
        .join(Decision, col(Decision.id) == col(DecisionIssue.decision_id))
        .where(col(DecisionIssue.issue_id).in_(bindparam("ids", expanding=True)), kept, visible_decisions(viewer))
        .order_by(col(Decision.number))
    )


@lru_cache(maxsize=READERS)
def _agenda(viewer: Viewer, after: str) -> Select[Any]:
    here = (col(Issue.body_id) == bindparam("body"), col(Issue.resolved_at).is_(None), visible_issues(viewer))
    oldest = (col(Issue.due_at).nulls_last(), col(Issue.id))
    return select(*COLUMNS).where(*here, *_beyond(after)).order_by(*oldest).limit(PAGE + 1)


def _beyond(after: str) -> tuple[ColumnElement[bool], ...]:
    due, number = col(Issue.due_at), col(Issue.id)
    without = and_(due.is_(None), number > bindparam("id"))
    later = or_(due > bindparam("due_at"), and_(due == bindparam("due_at"), number > bindparam("id")), due.is_(None))
    return {"": (), "due": (later,), "without": (without,)}[after]


@lru_cache(maxsize=READERS)
def _left(viewer: Viewer) -> Select[Any]:
    over = (col(Issue.body_id) == bindparam("body"), col(Issue.resolved_at).is_not(None), visible_issues(viewer))
    return select(*COLUMNS).where(*over).order_by(col(Issue.resolved_at).desc()).limit(_LATELY)


@lru_cache(maxsize=READERS)
def _waiting(viewer: Viewer) -> Select[Any]:
    here = (col(Issue.body_id).in_(bindparam("bodies", expanding=True)), col(Issue.resolved_at).is_(None))
    counted: tuple[Any, ...] = (col(Issue.body_id), func.count())
    return select(*counted).where(*here, visible_issues(viewer)).group_by(col(Issue.body_id))


@lru_cache(maxsize=READERS)
def _brief(viewer: Viewer) -> Select[Any]:
    newest = func.row_number().over(partition_by=col(Event.issue_id), order_by=col(Event.position).desc())
    ranked = (
        select(*EVENT_COLUMNS, newest.label("newest"))
        .join(Issue, col(Issue.id) == col(Event.issue_id))
        .where(col(Event.issue_id).in_(bindparam("ids", expanding=True)), col(Event.kind).not_in(asides()))
        .where(col(Event.ring) == Ring.SHARED, readable_events(viewer), visible_issues(viewer))
        .subquery()
    )
    return select(ranked).where(ranked.c.newest <= _LAST).order_by(ranked.c.issue_id, ranked.c.position)
