"""The issues that a number of the ladder report counts: of those that it measures, picked by what their events say.

No filter of the list of issues can ask for that; for the numbers of the theme report those do.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.periods import Period
from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issue_list import Cursor
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.issues import MeasuredIssue
from tracker.records.issue import Issue
from tracker.reports.ladder.measured import Number, issues_of, measured_issues
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer

Cursors = tuple[Cursor | None, Cursor | None]  # after which issue, before which


@dataclass(frozen=True, slots=True)
class CountedIssues:
    """How many issues a number counts, how many of them the reader may see, and a page of those, newest first."""

    counted: int
    readable: int
    rows: tuple[IssueRow, ...]
    newer: bool
    older: bool


def issues_counted(
    session: Session,
    arrangement: Arrangement,
    number: Number,
    *,
    now: datetime,
    viewer: Viewer,
    period: Period | None = None,
    cursors: Cursors = (None, None),
) -> CountedIssues:
    """At most 50 of the issues that a number of `ladder_report` counts."""
    counted = issues_of(measured_issues(session, arrangement, viewer, period, now), number)
    readable = sorted((each for each in counted if each.visible), key=_order)
    first, last = _page(readable, *cursors)
    those = select(*COLUMNS).where(col(Issue.id).in_([each.id for each in readable[first:last]]))
    ordered = those.where(visible_issues(viewer)).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    rows = issue_rows(session, ordered)
    return CountedIssues(len(counted), len(readable), rows, newer=last < len(readable), older=first > 0)


def _order(issue: MeasuredIssue) -> tuple[datetime, int]:
    return issue.raised_at, issue.id


def _page(issues: Sequence[MeasuredIssue], after: Cursor | None, before: Cursor | None) -> tuple[int, int]:
    """From which one to which, of issues that stand oldest first."""
    if before:
        first = bisect_right(issues, (before.at, before.id), key=_order)
        return first, first + PAGE
    last = bisect_left(issues, (after.at, after.id), key=_order) if after else len(issues)
    return max(0, last - PAGE), last
