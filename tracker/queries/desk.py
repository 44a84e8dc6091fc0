"""My desk: every issue somebody has to do with now. What it costs follows what lies on the desk, not the table."""

from collections.abc import Collection

from sqlalchemy import select, union
from sqlmodel import Session, col

from tracker.queries.issue_lines import COLUMNS, IssueRow, issue_rows
from tracker.queries.issues import visible_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder
from tracker.rules.rings import Viewer

MOST = 200  # issues on one desk; beyond, the list has the rest


def desk_rows(session: Session, viewer: Viewer, acts_for: Collection[int]) -> tuple[IssueRow, ...]:
    """The issues held by this person or by whom they act for (ids, their own among them), those they raised that are
    not over, and those of theirs that ask whether they stayed fixed: nearest limit first."""
    held = select(col(Holder.issue_id)).where(col(Holder.person_id).in_(acts_for), col(Holder.active))
    mine = col(Issue.raised_by_id) == viewer.person_id
    raised = select(col(Issue.id)).where(mine, col(Issue.resolved_at).is_(None))
    asked = select(col(Issue.id)).where(mine, col(Issue.stayed_fixed) == "asked")
    ids = union(held, raised, asked).subquery()
    statement = (
        select(*COLUMNS)
        .where(col(Issue.id).in_(select(ids.c[0])), visible_issues(viewer))
        .order_by(col(Issue.due_at).nulls_last(), col(Issue.id))
        .limit(MOST)
    )
    return issue_rows(session, statement)
