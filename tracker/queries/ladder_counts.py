"""What the numbers of the ladder report count: of the issues that it measures, those whose events say so.

The report has how many they are, the list behind a number which (`ladder_behind`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.measures.tier_stays import How, Rise, Stay
from tracker.queries.ladder_issues import Found
from tracker.queries.ladder_lives import Lives


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


def issues_of(found: Lives, number: Number) -> list[Found]:
    """The issues that a number counts, in the order they were raised."""
    if number.is_by_entry:
        is_told = _of_stays(number)[number.what]
        return [issue for issue, stay in found.stays() if stay.tier == number.tier and is_told(stay)]
    return list(filter(_of_issues(number, found)[number.what], found.counted))


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
