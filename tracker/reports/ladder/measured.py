"""The issues that a ladder report is about, and what is told of each: what its figures and its lists share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlmodel import Session

from tracker.measures.periods import Period
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS, came_back
from tracker.measures.tier_stays import Rise, RiseCause, Stay, reached_top_without
from tracker.queries.ladder.issues import MeasuredIssue, issues_with_measures
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import WORKING_DAY_HOURS
from tracker.rules.rings import Viewer
from tracker.rules.working_time import Ruler

_REOPENED_WITHIN = timedelta(hours=REOPENED_WITHIN_DAYS * WORKING_DAY_HOURS)


class WorkingHours:
    """Joint working hours by the sides of an issue, from the first event to now."""

    def __init__(self, arrangement: Arrangement, lived: Sequence[MeasuredIssue], now: datetime) -> None:
        self._arrangement, self.until = arrangement, now
        self._since = min((each.measures.began_at for each in lived), default=now)
        self._kept: dict[frozenset[int], Ruler] = {}

    def of(self, issue: MeasuredIssue) -> Ruler:
        sides = frozenset(issue.measures.side_ids)
        if sides not in self._kept:
            self._kept[sides] = Ruler(self._arrangement.joint_calendar(sides), self._since, self.until)
        return self._kept[sides]


@dataclass(frozen=True, slots=True)
class MeasuredIssues:
    """`raised`: in the period, in that order, as far as the reader may see them or their totals cover them; `counted`:
    of them those that the totals cover. `top`: the highest tier of the default ladder."""

    lived: tuple[MeasuredIssue, ...]
    raised: tuple[MeasuredIssue, ...]
    counted: tuple[MeasuredIssue, ...]
    top: int
    working_hours: WorkingHours
    bounds: tuple[datetime, datetime] | None

    def came_back(self, issue: MeasuredIssue) -> bool | None:
        """See `report.IssueFlow`."""
        ending = issue.measures.ending
        if ending is None:
            return None
        hours, (at, reopened_at) = self.working_hours.of(issue).hours, ending
        followed = timedelta(hours=hours(at, self.working_hours.until))
        after = timedelta(hours=hours(at, reopened_at)) if reopened_at else None
        return came_back(followed, after, _REOPENED_WITHIN)

    def skipped_second(self, issue: MeasuredIssue) -> bool:
        """Whether it came to the top and never was on tier 2; of two tiers the second is the top."""
        return self.top > 2 and reached_top_without(2, self.top, issue.measures.path)

    def stays(self) -> Iterator[tuple[MeasuredIssue, Stay]]:
        """Each tier that an issue with a clock came to in the period, whenever it was raised; of those that count."""
        for each in self.lived:
            if each.counts and each.has_clock:
                yield from ((each, stay) for stay in each.measures.stays if _is_within(stay.entered_at, self.bounds))


def measured_issues(
    session: Session, arrangement: Arrangement, viewer: Viewer | None, period: Period | None, now: datetime
) -> MeasuredIssues:
    """Of the issues that lived in a period (by the partnership's clock); without one, of all."""
    lived = tuple(issues_with_measures(session, arrangement, viewer, period, now))
    bounds = period.moments(ZoneInfo(arrangement.zone)) if period else None
    raised = tuple(each for each in lived if _is_within(each.raised_at, bounds))
    counted = tuple(each for each in raised if each.counts)
    ladder = arrangement.default_ladder()
    return MeasuredIssues(
        lived=lived,
        raised=raised,
        counted=counted,
        top=len(ladder.tiers) if ladder else max((each.measures.flow.max_tier for each in counted), default=0),
        working_hours=WorkingHours(arrangement, lived, now),
        bounds=bounds,
    )


def _is_within(at: datetime, bounds: tuple[datetime, datetime] | None) -> bool:
    return bounds is None or bounds[0] <= at < bounds[1]


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
    how: RiseCause | None = None
    by: str = ""
    to: str = ""

    @property
    def is_by_entry(self) -> bool:
        """Whether it counts issues by the day they came to the tier, not by the day they were raised."""
        return self.what in BY_ENTRY


def issues_of(issues: MeasuredIssues, number: Number) -> list[MeasuredIssue]:
    """The issues that a number counts, in the order they were raised."""
    if number.is_by_entry:
        is_told = _of_stays(number)[number.what]
        return [issue for issue, stay in issues.stays() if stay.tier == number.tier and is_told(stay)]
    return list(filter(_of_issues(number, issues)[number.what], issues.counted))


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


def _of_issues(number: Number, issues: MeasuredIssues) -> Mapping[What, Callable[[MeasuredIssue], bool]]:
    by, move = number.by, (number.by, number.to)
    return {
        What.RAISED: lambda issue: True,
        What.RESOLVED: lambda issue: issue.is_resolved,
        What.ENDED: lambda issue: issue.is_resolved and issue.measures.path[-1:] == (number.tier,),
        What.SOLVED: lambda issue: issue.is_solved and issue.tier == number.tier,
        What.NOT_SOLVED: lambda issue: issue.is_resolved and not issue.is_solved,
        What.REOPENED: lambda issue: issue.measures.flow.reopens > 0,
        What.FOLLOWED: lambda issue: issues.came_back(issue) is not None,
        What.CAME_BACK: lambda issue: issues.came_back(issue) is True,
        What.PAST_SECOND: issues.skipped_second,
        What.WITHOUT_CLOCK: lambda issue: not issue.has_clock,
        What.ASKED: lambda issue: issue.wait is not None,
        What.NOT_ACKNOWLEDGED: lambda issue: bool(issue.wait and not issue.wait.is_answered),
        What.LAPSED: lambda issue: bool(issue.wait and issue.wait.lapses),
        What.HELD: lambda issue: bool(issue.measures.ball.held(by)),
        What.WAITED_FOR: lambda issue: bool(issue.measures.ball.paused_on(by)),
        What.TURN: lambda issue: bool(issue.measures.ball.held(by) or issue.measures.ball.paused_on(by)),
        What.PASSED: lambda issue: any(each == move or move == ANYBODY for each in issue.measures.passed.moves),
        What.RETURNED: lambda issue: issue.measures.passed.returns > 0,
        What.TO_AND_FRO: lambda issue: issue.measures.contest is not None,
        What.NOT_SETTLED: lambda issue: bool(issue.measures.contest and not issue.measures.contest.is_settled),
    }
