"""What waits for a body: the issues that reached it, oldest limit first, each with its story in brief."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, bindparam, func, select
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.rings import Ring, Viewer

_LAST = 3  # events of each issue that tell its story in brief
_TELLING = ("raised", "crossed", "escalated", "proposed", "returned", "reopened", "top_limit_passed", "tier_vacant")


def agenda_rows(session: Session, viewer: Viewer, body_id: int) -> tuple[IssueRow, ...]:
    """The unresolved issues on a body that this person may see; at most 51, so that one more shows there are more."""
    waits = (col(Issue.body_id) == body_id, col(Issue.resolved_at).is_(None), visible_issues(viewer))
    oldest = (col(Issue.due_at).nulls_last(), col(Issue.id))
    return issue_rows(session, select(*COLUMNS).where(*waits).order_by(*oldest).limit(PAGE + 1))


def left_lately(session: Session, viewer: Viewer, body_id: int) -> tuple[IssueRow, ...]:
    """The last five issues that were resolved on a body."""
    over = (col(Issue.body_id) == body_id, col(Issue.resolved_at).is_not(None), visible_issues(viewer))
    newest = col(Issue.resolved_at).desc()
    return issue_rows(session, select(*COLUMNS).where(*over).order_by(newest).limit(5))


def waiting(session: Session, viewer: Viewer) -> dict[int, int]:
    """How many unresolved issues this person may see wait on each body, by body id."""
    here = (col(Issue.partnership_id).in_(viewer.partnership_ids), col(Issue.resolved_at).is_(None))
    counted = select(col(Issue.body_id), func.count()).where(*here, visible_issues(viewer)).group_by(col(Issue.body_id))
    return {body: count for body, count in session.execute(counted).all() if body is not None}


def in_brief(session: Session, issue_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The last telling events that all sides read, oldest first, of issues the caller may show; by issue id."""
    rows = session.execute(_BRIEF, {"ids": list(issue_ids)}).all() if issue_ids else []
    brief: dict[int, list[Row[Any]]] = {}
    for row in rows:
        brief.setdefault(row.issue_id, []).append(row)
    return brief


_NEWEST = func.row_number().over(partition_by=col(Event.issue_id), order_by=col(Event.position).desc()).label("newest")
_COLUMNS: tuple[Any, ...] = tuple(
    getattr(Event, name)
    for name in ("issue_id", "position", "kind", "at", "person_id", "organisation_id", "details", "words", "hashes")
)
_RANKED = (
    select(*_COLUMNS, _NEWEST)
    .where(
        col(Event.issue_id).in_(bindparam("ids", expanding=True)),
        col(Event.ring) == Ring.SHARED,
        col(Event.kind).in_(_TELLING),
    )
    .subquery()
)
_BRIEF = select(_RANKED).where(_RANKED.c.newest <= _LAST).order_by(_RANKED.c.issue_id, _RANKED.c.position)
