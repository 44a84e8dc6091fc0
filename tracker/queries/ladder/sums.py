"""What a ladder report adds up: tallies of months or of all, put right by what has changed since they were counted."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, or_, select
from sqlmodel import Session, col

from tracker.measures.climb import as_of
from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.periods import Period
from tracker.measures.tier_stays import Hours
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.climbs import CLIMB_COLUMNS, CROSSED, MeasuredClimb, ScopeKey, measured
from tracker.queries.ladder.kept import how_many_uncounted, longest_entry, scopes
from tracker.records.climb import EVERY_MONTH, ClimbTally, IssueClimb
from tracker.records.issue import Issue
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer
from tracker.rules.working_time import Ruler, WorkingTime

MOST_LIVE = 100  # issues that changed since they were counted, some 0.2 ms each; of more the last counts stand
_CLIMB: tuple[Any, ...] = (IssueClimb.scope_id, IssueClimb.month, IssueClimb.counts)


@dataclass(frozen=True, slots=True)
class LadderReader:
    """For whom a ladder report is counted, in which period; without a viewer every issue is theirs. None: all time."""

    arrangement: Arrangement
    viewer: Viewer | None
    period: Period | None

    @property
    def is_whole(self) -> bool:
        """Whether the totals cover every issue that crossed."""
        return self.viewer is None or self.viewer.sees_totals_of(self.arrangement.id)

    @property
    def visible(self) -> ColumnElement[bool]:
        """The condition on `Issue` under which they may read it."""
        return visible_issues(self.viewer) if self.viewer else CROSSED

    @property
    def counts(self) -> ColumnElement[bool]:
        """The condition on `Issue` under which their totals cover it."""
        return CROSSED if self.is_whole else self.visible

    def sees(self, scope: ScopeKey) -> bool:
        return self.viewer is None or scope.is_seen_by(self.viewer)

    def covers(self, month: int) -> bool:
        return self.period is None or month in self.period.numbers

    def within(self, by_month: Mapping[Any, Mapping[str, int]]) -> Counter[str]:
        """What is added to the months of the period."""
        found = Counter[str]()
        for month, counts in by_month.items():
            if self.covers(int(month)):
                found.update(counts)
        return found


@dataclass(slots=True)
class LadderSums:
    """`counts`: of all that the totals cover, as of now. `readable`: how many of those raised in the period the reader
    may read; `longest`: of them those that went the longest way first (`ClimbTally.longest`), and the `flows` of those
    that are not kept. `behind`: how many issues have changed since they were counted, where that is too many to look
    at: their last counts stand."""

    counts: Counter[str] = field(default_factory=Counter)
    readable: int = 0
    longest: list[list[int]] = field(default_factory=list)
    flows: dict[int, LadderFlow] = field(default_factory=dict)
    behind: int = 0


def ladder_sums(session: Session, reader: LadderReader, now: datetime) -> LadderSums:
    """In as many statements, and from as many rows, for any number of issues that were counted."""
    return _Summing(session, reader, scopes(session, reader.arrangement.id)).summed(now)


def _hours_from(calendar: WorkingTime, now: datetime, since: datetime) -> Hours:
    return Ruler(calendar, min(since, now), now).hours


class _Summing:
    """The sums by the sides of the issues, in whose working time goes what goes on."""

    def __init__(self, session: Session, reader: LadderReader, known: Mapping[int, ScopeKey]) -> None:
        self._session, self._reader, self._scopes = session, reader, known
        self._seen = {each for each, scope in known.items() if reader.sees(scope)}
        self._by_sides: defaultdict[frozenset[int], Counter[str]] = defaultdict(Counter)
        self._sums = LadderSums()

    def summed(self, now: datetime) -> LadderSums:
        changed = self._changed()
        self._sums.behind = self._how_many_behind(changed)
        live = () if self._sums.behind else changed
        self._take_tallies(but={row.id for row in live})
        self._take_named(counted_only=not self._sums.behind)
        self._take_live(live)
        for sides, counts in self._by_sides.items():
            calendar = self._reader.arrangement.joint_calendar(sides)
            self._sums.counts.update(as_of(counts, now, partial(_hours_from, calendar, now)))
        self._sums.longest.sort(reverse=True)
        return self._sums

    def _how_many_behind(self, changed: Sequence[Row[Any]]) -> int:
        if len(changed) <= MOST_LIVE:
            return 0
        return how_many_uncounted(self._session, self._reader.arrangement.id)

    def _take_tallies(self, but: set[int]) -> None:
        whose = [each for each in self._scopes if self._reader.is_whole or each in self._seen]
        period, month = self._reader.period, col(ClimbTally.month)
        months = month == EVERY_MONTH if period is None else month.between(period.numbers[0], period.numbers[-1])
        shown: tuple[Any, ...] = (ClimbTally.scope_id, ClimbTally.counts, ClimbTally.longest)
        those = select(*shown).where(col(ClimbTally.scope_id).in_(whose), months)
        for row in self._session.connection().execute(those) if whose else ():
            scope = self._scopes[row.scope_id]
            self._by_sides[scope.side_ids].update(row.counts)
            if row.scope_id in self._seen:
                self._sums.readable += row.counts.get("raised", 0)
                self._sums.longest += [each for each in row.longest if -each[-1] not in but]

    def _take_named(self, *, counted_only: bool) -> None:
        """What concerns a person stands in tallies that are theirs alone whose totals cover everything: others have of
        it what is theirs, issue by issue."""
        viewer = self._reader.viewer
        if viewer is None:
            return
        theirs = [each for each, scope in self._scopes.items() if scope.named and each not in self._seen]
        counted = (col(Issue.uncounted_at).is_(None),) if counted_only else ()
        ways: tuple[Any, ...] = (
            IssueClimb.steps,
            IssueClimb.hand_overs,
            IssueClimb.elapsed_seconds,
            IssueClimb.raised_at,
            IssueClimb.issue_id,
        )
        mine = (
            select(*_CLIMB, *ways)
            .join(Issue, col(Issue.id) == col(IssueClimb.issue_id))
            .where(col(IssueClimb.scope_id).in_(theirs), *self._of_period())
        )
        for row in self._session.connection().execute(mine.where(*counted, visible_issues(viewer))):
            if not self._reader.is_whole:
                self._by_sides[self._scopes[row.scope_id].side_ids].update(self._reader.within(row.counts))
            if self._reader.covers(row.month):
                self._sums.readable += 1
                self._sums.longest.append(longest_entry(*row[len(_CLIMB) :]))

    def _of_period(self) -> Iterator[ColumnElement[bool]]:
        """The conditions on an issue and its climb under which it may have to do with the period: raised in it; or, for
        totals that are made of such issues, raised by its end and not over before it."""
        period, month = self._reader.period, col(IssueClimb.month)
        if period is None:
            return
        yield month <= period.numbers[-1]
        if self._reader.is_whole:
            yield month >= period.numbers[0]
        else:
            start, _ = period.moments(ZoneInfo(self._reader.arrangement.zone))
            yield or_(col(Issue.resolved_at).is_(None), col(Issue.resolved_at) >= start)

    def _changed(self) -> Sequence[Row[Any]]:
        """The issues that changed since they were counted, with what was counted of them."""
        reader = self._reader
        here = (col(Issue.partnership_id) == reader.arrangement.id, col(Issue.uncounted_at).is_not(None), CROSSED)
        flags = (reader.visible.label("visible"), reader.counts.label("counted"))
        shown: tuple[Any, ...] = (*CLIMB_COLUMNS, *flags, *_CLIMB)
        known = select(*shown).join(IssueClimb, col(IssueClimb.issue_id) == col(Issue.id), isouter=True)
        return self._session.connection().execute(known.where(*here).limit(MOST_LIVE + 1)).all()

    def _take_live(self, changed: Sequence[Row[Any]]) -> None:
        by_id = {row.id: row for row in changed}
        for row in changed:
            self._take_away(row)
        for climb in measured(self._session, self._reader.arrangement, changed):
            row = by_id[climb.id]
            if row.counted:
                self._by_sides[climb.scope.side_ids].update(self._reader.within(climb.counts))
            if row.visible and self._reader.covers(climb.month):
                self._take_one(climb)

    def _take_away(self, row: Row[Any]) -> None:
        scope = None if row.scope_id is None else self._scopes[row.scope_id]
        if scope is None or not (self._reader.is_whole or row.scope_id in self._seen):
            return
        self._by_sides[scope.side_ids].subtract(self._reader.within(row.counts))
        if row.scope_id in self._seen and self._reader.covers(row.month):
            self._sums.readable -= 1

    def _take_one(self, climb: MeasuredClimb) -> None:
        flow = climb.flow
        self._sums.readable += 1
        self._sums.flows[climb.id] = flow
        entry = longest_entry(len(flow.path), flow.hand_overs, flow.elapsed_seconds, climb.raised_at, climb.id)
        self._sums.longest.append(entry)
