"""The issues that a number of the ladder report counts: of those that it measures, picked by what their events say.

No filter of the list of issues can ask for that; for the numbers of the theme report those do.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.climb_figures import ClimbFigures
from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issue_list import Cursor
from tracker.queries.ladder.issues import climbed_issues
from tracker.queries.ladder.sums import LadderReader, ladder_sums
from tracker.records.issue import Issue
from tracker.reports.ladder.build import top_tier
from tracker.reports.ladder.numbers import Number, What, counts_in

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
    session: Session, reader: LadderReader, number: Number, *, now: datetime, cursors: Cursors = (None, None)
) -> CountedIssues:
    """At most 50 of the issues that a number of `ladder_report` counts."""
    top = _top(session, reader, now) if number.what is What.PAST_SECOND else 0
    asked = climbed_issues(session, reader, now, raised=not number.is_by_entry)
    counted = [each for each in asked if counts_in(number, ClimbFigures(each.counts), top)]
    readable = [(each.raised_at, each.id) for each in counted if each.visible]
    first, last = _page(readable, *cursors)
    those = select(*COLUMNS).where(col(Issue.id).in_([each for _, each in readable[first:last]]))
    ordered = those.where(reader.visible).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    rows = issue_rows(session, ordered)
    return CountedIssues(len(counted), len(readable), rows, newer=last < len(readable), older=first > 0)


def _top(session: Session, reader: LadderReader, now: datetime) -> int:
    return top_tier(reader.arrangement, ClimbFigures(ladder_sums(session, reader, now).counts))


def _page(issues: Sequence[tuple[datetime, int]], after: Cursor | None, before: Cursor | None) -> tuple[int, int]:
    """From which one to which, of issues that stand oldest first."""
    if before:
        first = bisect_right(issues, (before.at, before.id))
        return first, first + PAGE
    last = bisect_left(issues, (after.at, after.id)) if after else len(issues)
    return max(0, last - PAGE), last
