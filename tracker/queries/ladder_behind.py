"""The issues behind a number of the ladder report: picked by what counted them, so that list and number agree."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """What a number counts. The last five are of a tier, over the issues that came to it in the period; the others are
    over those raised in it."""

    RAISED = "raised"
    RESOLVED = "resolved"
    ENDED = "ended"  # on a tier, solved or not
    SOLVED_LOWEST = "solved-on-tier-1"
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
    WITHIN = "within"
    STILL_THERE = "still-there"


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
        return self.what in _ON_A_TIER


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
    if number.what in _ON_A_TIER:
        told = _ON_A_TIER[number.what]
        return [issue for issue, stay in found.stays() if stay.tier == number.tier and told(stay, number)]
    told_of = _OF_ISSUES[number.what]
    return [issue for issue in found.counted if told_of(issue, number, found)]


def _place(issue: Found) -> tuple[datetime, int]:
    return issue.raised_at, issue.id


def _page(found: Sequence[Found], after: Place | None, before: Place | None) -> tuple[int, int]:
    """From where to where, of issues that stand oldest first."""
    if before and before.at:
        first = bisect_right(found, (before.at, before.id), key=_place)
        return first, first + PAGE
    last = bisect_left(found, (after.at, after.id), key=_place) if after and after.at else len(found)
    return max(0, last - PAGE), last


def _passed(issue: Found, number: Number) -> bool:
    moves = issue.measured.passed.moves
    return (number.by, number.to) in moves if number.by or number.to else bool(moves)


def _went_up(stay: Stay, number: Number) -> bool:
    return stay.rise is not None and (number.how is None or stay.rise == Rise(number.how, number.by))


def _spent(issue: Found, number: Number, whats: Iterable[What]) -> bool:
    ball = issue.measured.ball
    lengths = {What.HELD: ball.held(number.by), What.WAITED_FOR: ball.paused_on(number.by)}
    return any(lengths[what] for what in whats)


_OF_ISSUES: Mapping[What, Callable[[Found, Number, Lives], bool]] = {
    What.RAISED: lambda issue, number, found: True,
    What.RESOLVED: lambda issue, number, found: issue.is_resolved,
    What.ENDED: lambda issue, number, found: issue.is_resolved and issue.measured.path[-1:] == (number.tier,),
    What.SOLVED_LOWEST: lambda issue, number, found: issue.is_solved and issue.tier == 1,
    What.NOT_SOLVED: lambda issue, number, found: issue.is_resolved and not issue.is_solved,
    What.REOPENED: lambda issue, number, found: issue.measured.flow.reopens > 0,
    What.FOLLOWED: lambda issue, number, found: found.came_back[issue.ref] is not None,
    What.CAME_BACK: lambda issue, number, found: found.came_back[issue.ref] is True,
    What.PAST_SECOND: lambda issue, number, found: found.skipped_second(issue),
    What.WITHOUT_CLOCK: lambda issue, number, found: not issue.has_clock,
    What.ASKED: lambda issue, number, found: issue.wait is not None,
    What.NOT_ACKNOWLEDGED: lambda issue, number, found: issue.wait is not None and not issue.wait.is_answered,
    What.LAPSED: lambda issue, number, found: issue.wait is not None and issue.wait.lapses > 0,
    What.HELD: lambda issue, number, found: _spent(issue, number, (What.HELD,)),
    What.WAITED_FOR: lambda issue, number, found: _spent(issue, number, (What.WAITED_FOR,)),
    What.TURN: lambda issue, number, found: _spent(issue, number, (What.HELD, What.WAITED_FOR)),
    What.PASSED: lambda issue, number, found: _passed(issue, number),
    What.RETURNED: lambda issue, number, found: issue.measured.passed.returns > 0,
    What.TO_AND_FRO: lambda issue, number, found: issue.measured.contest is not None,
    What.NOT_SETTLED: lambda issue, number, found: (
        issue.measured.contest is not None and not issue.measured.contest.is_settled
    ),
}
_ON_A_TIER: Mapping[What, Callable[[Stay, Number], bool]] = {
    What.CAME: lambda stay, number: True,
    What.LEFT: lambda stay, number: stay.is_told,
    What.WENT_UP: _went_up,
    What.WITHIN: lambda stay, number: stay.is_told and stay.has_limit and not stay.is_late,
    What.STILL_THERE: lambda stay, number: not stay.is_over,
}
