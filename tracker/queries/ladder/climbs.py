"""Issues as they climbed, measured from their events: what is kept of them and added up, and what is not yet."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session, col

from tracker.measures.climb import Climb, EventMeasures, climb_counts
from tracker.measures.ladder_flow import LadderFlow, MeasuredEvent
from tracker.measures.periods import month_number
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS, Ending
from tracker.queries.ladder.events import events_of
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import WORKING_DAY_HOURS
from tracker.rules.lifecycle import LIVE, UNSOLVED, Kind, Outcome, State
from tracker.rules.rings import Ring, Viewer
from tracker.rules.spans import day_in
from tracker.rules.working_time import NoWorkingTime, Ruler

CROSSED = col(Issue.ring) != Ring.ORGANISATION  # until then it is on no ladder, and has no number
AT_ONCE = 500  # issues whose events one statement reads
_REOPENED_HOURS = REOPENED_WITHIN_DAYS * WORKING_DAY_HOURS
_FOLLOWED_FOR = timedelta(days=90)  # in which these have mostly passed

CLIMB_COLUMNS: tuple[Any, ...] = (
    col(Issue.id),
    col(Issue.partnership_id),
    col(Issue.kind),
    col(Issue.ring),
    col(Issue.worked_round),
    col(Issue.raised_at),
    col(Issue.state),
    col(Issue.outcome),
    col(Issue.tier),
    col(Issue.due_at),
    col(Issue.whole_body_id),
    col(Issue.outside_ref),
)
"""What `measured` needs of an issue."""


class ScopeKey(NamedTuple):
    """See `records.climb.ClimbScope`."""

    sides: str
    named: bool
    body_id: int

    @property
    def side_ids(self) -> frozenset[int]:
        return frozenset(map(int, self.sides.split(","))) if self.sides else frozenset()

    def is_seen_by(self, viewer: Viewer) -> bool:
        """Whether this person may read the issues: `queries.issues.visible_issues`, but for those that concern a person
        and are theirs."""
        of_mine = not self.named and bool(self.side_ids & viewer.organisation_ids)
        return of_mine or self.body_id in viewer.bodies


@dataclass(frozen=True, slots=True)
class MeasuredClimb:
    """What is kept of one issue (`records.climb.IssueClimb`), and what it adds by month."""

    id: int
    raised_at: datetime
    month: int
    scope: ScopeKey
    flow: LadderFlow
    counts: dict[int, Counter[str]]
    followed_from: int | None
    came_back: bool


class SideHours:
    """Joint working hours by sides, between two moments and for some time after."""

    def __init__(self, arrangement: Arrangement, since: datetime, until: datetime) -> None:
        self._arrangement, self._since, self._until = arrangement, since, until + _FOLLOWED_FOR
        self._kept: dict[frozenset[int], Ruler] = {}

    def of(self, sides: frozenset[int]) -> Ruler:
        if sides not in self._kept:
            self._kept[sides] = Ruler(self._arrangement.joint_calendar(sides), self._since, self._until)
        return self._kept[sides]

    def followed_at(self, sides: frozenset[int], ending: Ending) -> datetime | None:
        """When thirty working days have passed since an issue was first over; None: never, for they share no time."""
        if passed := self.of(sides).add(ending.at, _REOPENED_HOURS):
            return passed
        try:
            return self._arrangement.joint_calendar(sides).add(ending.at, timedelta(hours=_REOPENED_HOURS))
        except NoWorkingTime:
            return None


def measured(session: Session, arrangement: Arrangement, rows: Sequence[Row[Any]]) -> list[MeasuredClimb]:
    """From the events of these issues, as few statements as there are 500; one that has none is left out."""
    found: list[MeasuredClimb] = []
    for start in range(0, len(rows), AT_ONCE):
        found += _measured(session, arrangement, rows[start : start + AT_ONCE])
    return found


def _measured(session: Session, arrangement: Arrangement, rows: Sequence[Row[Any]]) -> list[MeasuredClimb]:
    ids = [row.id for row in rows]
    sides = sides_of(session, _among(col(IssueSide.issue_id), ids))
    events = dict(events_of(session, arrangement, _among(col(Event.issue_id), ids)))
    if not events:
        return []
    first = min(each[0].at for each in events.values())
    hours = SideHours(arrangement, first, max(each[-1].at for each in events.values()))
    return [_climb(row, arrangement, sides[row.id], events[row.id], hours) for row in rows if row.id in events]


def sides_of(session: Session, those: ColumnElement[bool]) -> dict[int, tuple[int, ...]]:
    """Organisation ids by issue, the one spoken for first, of the issues that a condition on `IssueSide` picks."""
    issue, organisation = col(IssueSide.issue_id), col(IssueSide.organisation_id)
    statement = select(issue, organisation).where(those).order_by(issue, col(IssueSide.position), organisation)
    rows = session.connection().execute(statement)
    return {each: tuple(side for _, side in found) for each, found in groupby(rows, itemgetter(0))}


def _among(column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.in_(ids)
    return found


def _climb(
    row: Row[Any],
    arrangement: Arrangement,
    sides: tuple[int, ...],
    events: Sequence[MeasuredEvent],
    lived: SideHours,
) -> MeasuredClimb:
    others = frozenset(arrangement.organisations[each].key for each in sides[1:])
    is_over, between = row.state is State.RESOLVED, frozenset(sides)
    hours, month_of = lived.of(between).hours, partial(_month_in, ZoneInfo(arrangement.zone))
    measures = EventMeasures.of(events, others, is_over=is_over, has_limits=row.outside_ref is None)
    ending = measures.ending
    climb = Climb(
        raised_at=row.raised_at,
        is_over=is_over,
        outcome=row.outcome.value if row.outcome else "",
        is_solved=is_over and row.outcome is Outcome.SOLVED,
        is_unsolved=is_over and row.outcome in UNSOLVED,
        tier=row.tier,
        has_clock=row.kind is Kind.ISSUE and not row.worked_round,
        due_at=row.due_at if row.state in LIVE else None,
        measures=measures,
        followed_at=lived.followed_at(between, ending) if ending else None,
        came_back=bool(ending and ending.reopened_at and hours(ending.at, ending.reopened_at) <= _REOPENED_HOURS),
    )
    return MeasuredClimb(
        id=row.id,
        raised_at=row.raised_at,
        month=month_of(row.raised_at),
        scope=ScopeKey(",".join(map(str, sorted(sides))), row.ring is Ring.NAMED, row.whole_body_id or 0),
        flow=measures.flow,
        counts=climb_counts(climb, hours, month_of),
        followed_from=climb.followed_hour,
        came_back=climb.came_back,
    )


def _month_in(zone: ZoneInfo, at: datetime) -> int:
    return month_number(day_in(zone, at))
