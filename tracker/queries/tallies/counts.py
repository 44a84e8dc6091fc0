"""The counts behind the theme report: tallies of months, added up for whoever reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.tallies.tallies import (
    BUILT,
    LAGS,
    CountedPartnership,
    count_areas,
    count_reported,
    counts_in,
    kept_or_counted,
    tallies,
    times,
    total,
)
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.tally import Reported, ReportedArea, Uncounted
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.issue import Noted
from tracker.rules.rings import Viewer

Theme = str | None  # None: untagged
Sides = frozenset[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose issues are counted: those of these organisations, or (None) every issue that crossed."""

    home: CountedPartnership
    organisation_ids: frozenset[int] | None = None

    @classmethod
    def of(cls, arrangement: Arrangement, viewer: Viewer | None) -> "Scope":
        """Steering members and leads, and whoever gets figures only, count all; others their own organisations'."""
        home = CountedPartnership(arrangement.id, arrangement.zone)
        if viewer is None or viewer.sees_totals_of(arrangement.id):
            return cls(home)
        return cls(home, frozenset(each.organisation_id for each in viewer.in_partnership(arrangement.id)))

    @property
    def partnership_id(self) -> int:
        return self.home.id

    def counts(self, sides: Sides) -> bool:
        """Whether issues between these sides are among them."""
        return self.organisation_ids is None or bool(self.organisation_ids & sides)

    def pairs_of(self, organisation_ids: Iterable[int]) -> list[tuple[int, int]]:
        """Every pair of these, in their order, whose issues are among them."""
        return [pair for pair in combinations(organisation_ids, 2) if self.counts(frozenset(pair))]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The days of the first and the last occurrence, None where there is none; and the months not counted yet."""

    first: date | None
    last: date | None
    uncounted: frozenset[int] = frozenset()


class Month(NamedTuple):
    """Occurrences of one theme between the same sides in the month of this number, reported by one organisation.
    `again`: of them, those with which an issue began that is linked to an earlier one.

    `people`: who reported them, as ids and how often each ("7x2,9x1"), 0 for whoever is not known; `days`: likewise
    on which days of the month.
    """

    number: int
    theme: Theme
    sides: Sides
    organisation_id: int
    occurrences: int
    people: str
    days: str = ""
    again: int = 0

    @property
    def reporters(self) -> Mapping[int, int]:
        """How often each person reported."""
        found = times(self.people)
        return {person: often for person, often in found.items() if person} if 0 in found else found

    @property
    def happened(self) -> Mapping[int, int]:
        """How often it happened on each day of the month."""
        return times(self.days)


@dataclass(frozen=True, slots=True)
class AreaMonth:
    """Occurrences in one service area (None: none was named) in the month of this number. `people`: as a `Month` has
    them."""

    number: int
    area: str | None
    occurrences: int
    people: str

    @property
    def reporters(self) -> frozenset[int]:
        """Who reported; all that are not known are one."""
        return frozenset(times(self.people))


@dataclass(frozen=True, slots=True)
class IssueCounts:
    """Issues with an occurrence in a period, once each: all of them, unresolved, solved, resolved in another way but
    for duplicates and what was withdrawn; solved on the first tier; what was said when it was asked whether they
    stayed fixed; serious or critical; those of which it was said how much working time was lost, and how much in all.
    """

    issues: int = 0
    open: int = 0
    solved: int = 0
    not_solved: int = 0
    solved_first: int = 0
    fixed: int = 0
    not_fixed: int = 0
    asked: int = 0
    severe: int = 0
    lost_said: int = 0
    lost_minutes: int = 0

    @property
    def resolved(self) -> int:
        return self.issues - self.open

    def __add__(self, other: "IssueCounts") -> "IssueCounts":
        return IssueCounts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


COUNTED = tuple(each.name for each in fields(IssueCounts))


@dataclass(frozen=True, slots=True)
class Block:
    """What happened in a period: of one theme and promise, between the same sides, which call it the same `views` (see
    `records.tally.Tally`). `within`: occurrences that were recorded after so many days at the latest (`tallies.LAGS`).
    """

    theme: Theme
    topic: str | None
    clause: str | None
    sides: Sides
    views: str | None
    occurrences: int
    within: tuple[int, ...]
    issues: IssueCounts


def recorded(session: Session, scope: Scope) -> Recorded:
    """What there is to count, in one statement."""
    day = col(Occurrence.occurred_on)
    marks = select(col(Uncounted.month)).where(col(Uncounted.partnership_id) == scope.partnership_id).distinct()
    waiting = select(func.aggregate_strings(cast(marks.subquery().c.month, String), ",")).scalar_subquery()
    asked = select(_foremost(scope, day.asc()), _foremost(scope, day.desc()), waiting)
    first, last, months = straight(session).execute(asked).one()
    return Recorded(first, last, frozenset(map(int, months.split(","))) if months else frozenset())


def counted_state(session: Session) -> tuple[int, int]:
    """Two numbers of which one is another as soon as anything happened that a report may count: the newest event but
    for notes, and how many of the last there are, for on PostgreSQL one may come after others that began later."""
    newest, last = straight(session).execute(_STATE).one()
    return newest, last


_COUNTS = col(Event.kind) != Noted.name
_LOOKED_BACK, _MAY_COME_LATE = 1000, 200  # events
_LAST = select(func.max(col(Event.id))).scalar_subquery()
# Where only notes were written for long, each of them counts.
_NEWEST = func.coalesce(
    select(func.max(col(Event.id))).where(_COUNTS, col(Event.id) > _LAST - _LOOKED_BACK).scalar_subquery(), _LAST
)
_SO_MANY = select(func.count(col(Event.id))).where(_COUNTS, col(Event.id) > _NEWEST - _MAY_COME_LATE).scalar_subquery()
_STATE = select(func.coalesce(_NEWEST, 0), _SO_MANY)


def by_month(session: Session, scope: Scope, months: range, uncounted: frozenset[int]) -> list[Month]:
    """Occurrences in these months, and who reported them."""
    return by_month_and_area(session, scope, months, range(0), uncounted)[0]


def by_month_and_area(
    session: Session, scope: Scope, months: range, of_areas: range, uncounted: frozenset[int]
) -> tuple[list[Month], list[AreaMonth]]:
    """Occurrences in these months, and in the months `of_areas` those of each service area; in one statement."""
    asked = _by_month_and_area(scope.home, months, of_areas, uncounted)
    found, met = [], []
    for number, key, sides, organisation_id, count, again, by, days in session.connection().execute(asked).all():
        if sides is None:
            met.append(AreaMonth(number, key, count, by))
        elif scope.counts(between := sides_in(sides)):
            found.append(Month(number, key, between, organisation_id, count, by, days, again))
    return found, met


@lru_cache(maxsize=BUILT)
def _by_month_and_area(
    home: CountedPartnership, months: range, of_areas: range, uncounted: frozenset[int]
) -> Select[Any] | CompoundSelect[Any]:
    kept = kept_or_counted(Reported, count_reported, home, months, uncounted)
    asked = select(*kept.subquery().columns.values()[1:])
    if not of_areas:
        return asked
    areas = kept_or_counted(ReportedArea, count_areas, home, of_areas, uncounted).subquery()
    month, area, occurrences, people = areas.columns.values()[1:]
    return union_all(asked, select(month, area, null(), null(), occurrences, null(), people, null()))


def by_block(session: Session, scope: Scope, months: range, uncounted: frozenset[int]) -> list[Block]:
    """Occurrences in these months, and the issues behind them as they stand now."""
    rows = straight(session).execute(_by_block(scope.home, months, uncounted)).all()
    found = (
        Block(
            theme,
            topic,
            clause,
            sides_in(sides),
            views,
            count,
            tuple(rest[: len(LAGS)]),
            IssueCounts(*rest[len(LAGS) :]),
        )
        for theme, topic, clause, sides, views, count, *rest in rows
    )
    return [each for each in found if scope.counts(each.sides)]


@lru_cache(maxsize=BUILT)
def _by_block(home: CountedPartnership, months: range, uncounted: frozenset[int]) -> Select[Any]:
    table = tallies(home, months, uncounted).c
    key = (table.theme, table.topic, table.clause, table.sides, table.views)
    first_here = or_(table.before.is_(None), table.before < months.start)
    issues = (total(case((first_here, table[name]), else_=0)) for name in COUNTED)
    sums = (total(table.occurrences), *(total(table[f"within_{lag}"]) for lag in LAGS))
    return select(*key, *sums, *issues).group_by(*key)


def _foremost(scope: Scope, order: ColumnElement[date]) -> ScalarSelect[date]:
    """Looks at one day after the other until one counts; by a join, and without OFFSET, all would be read."""
    of_it = (col(Issue.id) == col(Occurrence.issue_id), *counted_issues(scope))
    counted = select(literal_column("1")).select_from(Issue).where(*of_it).offset(0).exists()
    return select(col(Occurrence.occurred_on)).where(counted).order_by(order).limit(1).scalar_subquery()


def counted_issues(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The condition on `Issue` under which it counts: it crossed, and is of these organisations."""
    crossed = counts_in(scope.partnership_id)
    if scope.organisation_ids is None:
        return crossed
    side = (col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id).in_(scope.organisation_ids))
    return (*crossed, exists().where(*side))


@lru_cache(maxsize=1024)
def sides_in(text: str) -> Sides:
    return frozenset(map(int, text.split(",")))
