"""What waits for a body: issues that reached it, critical ones first, then by limit, each with its story in brief."""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, and_, bindparam, func, literal, not_, select, text, union_all
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.decisions import visible_decisions
from tracker.queries.issue_lines import COLUMNS, PRESSING, IssueRow, issue_row_lists
from tracker.queries.issue_list.by_limit import BY_LIMIT, AgendaCursor, cursor_parts, page_by_limit
from tracker.queries.issues import EVENT_COLUMNS, READERS, by_issue, one_of, readable_events, visible_issues
from tracker.records.columns import among
from tracker.records.decision import Decision, DecisionIssue
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.deciding import DecisionState
from tracker.rules.events.kinds import asides
from tracker.rules.rings import Ring, Viewer

MOST_COUNTED = 300  # of what waits: counting more would take longer than the page
_LAST = 3  # events of each issue that tell its story in brief
_LATELY = 5


def agenda_rows(
    session: Session, viewer: Viewer, body_id: int, after: AgendaCursor | None = None
) -> tuple[IssueRow, ...]:
    """The unresolved issues on a body that this person may see; at most 51, so that one more shows there are more."""
    return issue_row_lists(session, _waiting_on(viewer, body_id, after))[0]


def agenda_and_last(
    session: Session, viewer: Viewer, body_id: int, after: AgendaCursor | None = None
) -> tuple[tuple[IssueRow, ...], tuple[IssueRow, ...]]:
    """The same, and the last five issues that were resolved there."""
    waits, last = issue_row_lists(session, _waiting_on(viewer, body_id, after), (_left(viewer), {"body": body_id}))
    return waits, last


def _waiting_on(viewer: Viewer, body_id: int, after: AgendaCursor | None) -> tuple[Select[Any], dict[str, Any]]:
    kind, pressing, cursor = cursor_parts(after)
    return _agenda(viewer, kind, pressing=pressing), {"body": body_id, **cursor}


def waiting_on(session: Session, viewer: Viewer, body_id: int, most: int) -> Sequence[Row[Any]]:
    """The first issues of its agenda that this person may see: ref, title, since when each is there, its limit."""
    since = func.coalesce(col(Issue.entered_at), col(Issue.raised_at)).label("since")
    shown: tuple[Any, ...] = (col(Issue.ref), col(Issue.title), since, col(Issue.due_at))
    here = (col(Issue.body_id) == body_id, col(Issue.resolved_at).is_(None), visible_issues(viewer))
    return session.execute(select(*shown).where(*here).order_by(*BY_LIMIT).limit(most)).all()


def waiting(session: Session, viewer: Viewer, body_ids: Collection[int]) -> dict[int, int]:
    """How many unresolved issues that this person may see wait on each of these bodies; where there are more than
    MOST_COUNTED, one more."""
    if not body_ids:
        return {}
    found = straight(session).execute(_waiting(viewer, tuple(sorted(body_ids))), {"most": MOST_COUNTED + 1})
    return {body: count for body, count in found if count}


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
        .where(among(col(DecisionIssue.issue_id)), kept, visible_decisions(viewer))
        .order_by(col(Decision.number))
    )


@lru_cache(maxsize=READERS)
def _agenda(viewer: Viewer, after: str, *, pressing: bool) -> Select[Any]:
    here = col(Issue.body_id) == bindparam("body")
    among = (text("issue.resolved_at IS NULL"), visible_issues(viewer))
    return page_by_limit([(here, and_(here, PRESSING))], among, after, pressing=pressing)


@lru_cache(maxsize=READERS)
def _left(viewer: Viewer) -> Select[Any]:
    over = (col(Issue.body_id) == bindparam("body"), col(Issue.resolved_at).is_not(None), visible_issues(viewer))
    return select(*COLUMNS).where(*over).order_by(col(Issue.resolved_at).desc()).limit(_LATELY)


@lru_cache(maxsize=READERS)
def _waiting(viewer: Viewer, body_ids: tuple[int, ...]) -> CompoundSelect[Any]:
    among = (text("issue.resolved_at IS NULL"), visible_issues(viewer))
    counted = [
        select(literal(body).label("body"), func.count().label("count")).select_from(
            select(col(Issue.id)).where(col(Issue.body_id) == body, *among).limit(bindparam("most")).subquery()
        )
        for body in body_ids
    ]
    return union_all(*counted)


@lru_cache(maxsize=READERS)
def _brief(viewer: Viewer) -> Select[Any]:
    newest = func.row_number().over(partition_by=col(Event.issue_id), order_by=col(Event.position).desc())
    ranked = (
        select(*EVENT_COLUMNS, newest.label("newest"))
        .join(Issue, col(Issue.id) == col(Event.issue_id))
        .where(among(col(Event.issue_id)), not_(one_of(Event.kind, asides())))
        .where(col(Event.ring) == Ring.SHARED, readable_events(viewer), visible_issues(viewer))
        .subquery()
    )
    return select(ranked).where(ranked.c.newest <= _LAST).order_by(ranked.c.issue_id, ranked.c.position)
