"""The issues behind a number of the ladder report: of those that it measures, picked by what their events say.

No filter of the list of issues can ask for that; for the numbers of the theme report those do (`queries.theme_behind`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.periods import Period
from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issue_list import Place
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.issues import MeasuredIssue
from tracker.records.issue import Issue
from tracker.reports.ladder.measured import Number, issues_of, measured_issues
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer


@dataclass(frozen=True, slots=True)
class IssuesBehind:
    """How many issues a number counts, how many of them the reader may see, and a page of those, newest first."""

    counted: int
    readable: int
    rows: tuple[IssueRow, ...]
    newer: bool
    older: bool


def issues_behind(
    session: Session, arrangement: Arrangement, number: Number, *, now: datetime, viewer: Viewer,
    period: Period | None = None, after: Place | None = None, before: Place | None = None,
) -> IssuesBehind:  # fmt: skip
    """At most 50 of the issues that a number of `ladder_report` counts, beyond `after` or just in front of `before`."""
    counted = issues_of(measured_issues(session, arrangement, viewer, period, now), number)
    readable = sorted((each for each in counted if each.visible), key=_place)
    first, last = _page(readable, after, before)
    those = select(*COLUMNS).where(col(Issue.id).in_([each.id for each in readable[first:last]]))
    ordered = those.where(visible_issues(viewer)).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    rows = issue_rows(session, ordered)
    return IssuesBehind(len(counted), len(readable), rows, newer=last < len(readable), older=first > 0)


def _place(issue: MeasuredIssue) -> tuple[datetime, int]:
    return issue.raised_at, issue.id


def _page(found: Sequence[MeasuredIssue], after: Place | None, before: Place | None) -> tuple[int, int]:
    """From where to where, of issues that stand oldest first."""
    if before and before.at:
        first = bisect_right(found, (before.at, before.id), key=_place)
        return first, first + PAGE
    last = bisect_left(found, (after.at, after.id), key=_place) if after and after.at else len(found)
    return max(0, last - PAGE), last
