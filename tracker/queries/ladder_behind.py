"""The issues behind a number of the ladder report: of those that it measures, picked by what their events say.

No filter of the list of issues can ask for that; for the numbers of the theme report those do (`queries.theme_behind`).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.measures.periods import Period
from tracker.measures.tier_stays import How, Rise, Stay
from tracker.queries.issue_lines import COLUMNS, PAGE, IssueRow, issue_rows
from tracker.queries.issue_list import Place
from tracker.queries.issues import visible_issues
from tracker.queries.ladder_issues import Found
from tracker.queries.ladder_lives import Lives, lives
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer


class What(StrEnum):
    """What a number counts. The last ones (`BY_ENTRY`) are of a tier, over the issues that came to it in the period;
    the others are over those raised in it."""

    RAISED = "raised"
    RESOLVED = "resolved"
    ENDED = "ended"  # on a tier, solved or not
    SOLVED = "solved"  # on a tier
    NOT_SOLVED = "not-solved"
    REOPENED = "reopened"
    FOLLOWED = "followed"  # since they were resolved, so long that it can be told whether they came back
    CAME_BACK = "came-back"
    PAST_SECOND = "past-tier-2"
    WITHOUT_CLOCK = "without-clock"
    ASKED = "asked"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    LAPSED = "lapsed"
    HELD = "held"  # by one
    WAITED_FOR = "waited-for"
    TURN = "turn"  # of one, either way
    PASSED = "passed"  # from one to another; of nobody named: from anybody to anybody
    RETURNED = "returned"
    TO_AND_FRO = "to-and-fro"
    NOT_SETTLED = "not-settled"
    CAME = "came"
    LEFT = "left"  # or passed its limit: what can be told of
    WENT_UP = "went-up"  # in one way; of no way: in any
    WITHIN = "within"  # its limit
    LATE = "late"
    STILL_THERE = "still-there"


ANYBODY = ("", "")  # from whom the ball passed, and to whom
BY_ENTRY = frozenset({What.CAME, What.LEFT, What.WENT_UP, What.WITHIN, What.LATE, What.STILL_THERE})


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the report. `tier`: of what is of a tier; `by`, `to`: organisation keys, or as `measures.ball` has
    whoever else is waited for; `how`: in which way it went up, pushed `by` one."""

    what: What
    tier: int = 0
    how: How | None = None
    by: str = ""
    to: str = ""

    @property
    def is_by_entry(self) -> bool:
        """Whether it counts issues by the day they came to the tier, not by the day they were raised."""
        return self.what in BY_ENTRY


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
    counted = _counted(lives(session, arrangement, viewer, period, now), number)
    readable = sorted((each for each in counted if each.visible), key=_place)
    first, last = _page(readable, after, before)
    those = select(*COLUMNS).where(col(Issue.id).in_([each.id for each in readable[first:last]]))
    ordered = those.where(visible_issues(viewer)).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    rows = issue_rows(session, ordered)
    return IssuesBehind(len(counted), len(readable), rows, newer=last < len(readable), older=first > 0)


def _counted(found: Lives, number: Number) -> list[Found]:
    if number.is_by_entry:
        is_told = _of_stays(number)[number.what]
        return [issue for issue, stay in found.stays() if stay.tier == number.tier and is_told(stay)]
    return list(filter(_of_issues(number, found)[number.what], found.counted))


def _place(issue: Found) -> tuple[datetime, int]:
    return issue.raised_at, issue.id


def _page(found: Sequence[Found], after: Place | None, before: Place | None) -> tuple[int, int]:
    """From where to where, of issues that stand oldest first."""
    if before and before.at:
        first = bisect_right(found, (before.at, before.id), key=_place)
        return first, first + PAGE
    last = bisect_left(found, (after.at, after.id), key=_place) if after and after.at else len(found)
    return max(0, last - PAGE), last


def _of_stays(number: Number) -> Mapping[What, Callable[[Stay], bool]]:
    way = Rise(number.how, number.by) if number.how else None
    return {
        What.CAME: lambda stay: True,
        What.LEFT: lambda stay: stay.is_told,
        What.WENT_UP: lambda stay: stay.rise is not None and way in (None, stay.rise),
        What.WITHIN: lambda stay: stay.is_told and stay.has_limit and not stay.is_late,
        What.LATE: lambda stay: stay.is_told and stay.has_limit and stay.is_late,
        What.STILL_THERE: lambda stay: not stay.is_over,
    }


def _of_issues(number: Number, found: Lives) -> Mapping[What, Callable[[Found], bool]]:
    by, move = number.by, (number.by, number.to)
    return {
        What.RAISED: lambda issue: True,
        What.RESOLVED: lambda issue: issue.is_resolved,
        What.ENDED: lambda issue: issue.is_resolved and issue.measured.path[-1:] == (number.tier,),
        What.SOLVED: lambda issue: issue.is_solved and issue.tier == number.tier,
        What.NOT_SOLVED: lambda issue: issue.is_resolved and not issue.is_solved,
        What.REOPENED: lambda issue: issue.measured.flow.reopens > 0,
        What.FOLLOWED: lambda issue: found.came_back(issue) is not None,
        What.CAME_BACK: lambda issue: found.came_back(issue) is True,
        What.PAST_SECOND: found.skipped_second,
        What.WITHOUT_CLOCK: lambda issue: not issue.has_clock,
        What.ASKED: lambda issue: issue.wait is not None,
        What.NOT_ACKNOWLEDGED: lambda issue: bool(issue.wait and not issue.wait.is_answered),
        What.LAPSED: lambda issue: bool(issue.wait and issue.wait.lapses),
        What.HELD: lambda issue: bool(issue.measured.ball.held(by)),
        What.WAITED_FOR: lambda issue: bool(issue.measured.ball.paused_on(by)),
        What.TURN: lambda issue: bool(issue.measured.ball.held(by) or issue.measured.ball.paused_on(by)),
        What.PASSED: lambda issue: any(each == move or move == ANYBODY for each in issue.measured.passed.moves),
        What.RETURNED: lambda issue: issue.measured.passed.returns > 0,
        What.TO_AND_FRO: lambda issue: issue.measured.contest is not None,
        What.NOT_SETTLED: lambda issue: bool(issue.measured.contest and not issue.measured.contest.is_settled),
    }
