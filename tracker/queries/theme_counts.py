"""The counts behind the theme report: tallies of months, added up for whoever reads it."""

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, ScalarSelect, String, case, cast, exists, func, literal_column, or_, select
from sqlmodel import Session, col

from tracker.queries.tallies import reported, tallies, total
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.tally import Uncounted
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Ring, Viewer

Theme = str | None  # None: untagged
Sides = frozenset[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose issues are counted: those of these organisations, or (None) every issue that crossed."""

    partnership_id: int
    organisation_ids: frozenset[int] | None = None

    @classmethod
    def of(cls, arrangement: Arrangement, viewer: Viewer | None) -> "Scope":
        """Steering members and leads, and whoever gets figures only, count all; others their own organisations'."""
        if viewer is None or viewer.sees_totals_of(arrangement.id):
            return cls(arrangement.id)
        return cls(arrangement.id, frozenset(each.organisation_id for each in viewer.in_partnership(arrangement.id)))

    def counts(self, sides: Sides) -> bool:
        """Whether issues between these sides are among them."""
        return self.organisation_ids is None or bool(self.organisation_ids & sides)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The days of the first and the last occurrence, None where there is none; and the months not counted yet."""

    first: date | None
    last: date | None
    uncounted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Month:
    """Occurrences of one theme between the same sides in the month of this number, reported by one organisation.

    `people`: who reported them, as ids and how often each ("7x2,9x1"); 0 for whoever is not known.
    """

    number: int
    theme: Theme
    sides: Sides
    organisation_id: int
    occurrences: int
    people: str

    @property
    def reporters(self) -> dict[int, int]:
        """How often each person reported."""
        entries = (entry.split("x") for entry in self.people.split(","))
        return {int(person): int(times) for person, times in entries if person != "0"}


@dataclass(frozen=True, slots=True)
class IssueCounts:
    """Issues with an occurrence in a period, once each: all of them, unresolved, solved, resolved in another way;
    solved on the first tier; and what was said when it was asked whether they stayed fixed."""

    issues: int = 0
    open: int = 0
    solved: int = 0
    not_solved: int = 0
    solved_first: int = 0
    fixed: int = 0
    not_fixed: int = 0
    asked: int = 0

    def __add__(self, other: "IssueCounts") -> "IssueCounts":
        return IssueCounts(*(getattr(self, name) + getattr(other, name) for name in COUNTED))


COUNTED = tuple(each.name for each in fields(IssueCounts))


@dataclass(frozen=True, slots=True)
class Block:
    """What happened in a period: of one theme and promise, between the same sides. `prompt`: occurrences that were
    recorded within two days."""

    theme: Theme
    topic: str | None
    clause: str | None
    sides: Sides
    occurrences: int
    prompt: int
    issues: IssueCounts


def recorded(session: Session, scope: Scope) -> Recorded:
    """What there is to count, in one statement."""
    day = col(Occurrence.occurred_on)
    marks = select(col(Uncounted.month)).where(col(Uncounted.partnership_id) == scope.partnership_id).distinct()
    waiting = select(func.aggregate_strings(cast(marks.subquery().c.month, String), ",")).scalar_subquery()
    asked = select(_foremost(scope, day.asc()), _foremost(scope, day.desc()), waiting)
    first, last, months = session.execute(asked).one()
    return Recorded(first, last, frozenset(map(int, months.split(","))) if months else frozenset())


def by_month(session: Session, scope: Scope, months: range, uncounted: frozenset[int]) -> list[Month]:
    """Occurrences in these months, and who reported them."""
    table = reported(scope.partnership_id, months, uncounted).c
    key = (table.month, table.theme, table.sides, table.organisation_id)
    person, times = (cast(each, String) for each in (table.person_id, table.occurrences))
    people = func.aggregate_strings(person + "x" + times, ",")
    rows = session.execute(select(*key, total(table.occurrences), people).group_by(*key))
    found = (Month(month, theme, sides_in(sides), *rest) for month, theme, sides, *rest in rows)
    return [each for each in found if scope.counts(each.sides)]


def by_block(session: Session, scope: Scope, months: range, uncounted: frozenset[int]) -> list[Block]:
    """Occurrences in these months, and the issues behind them as they stand now."""
    table = tallies(scope.partnership_id, months, uncounted).c
    key = (table.theme, table.topic, table.clause, table.sides)
    first_here = or_(table.before.is_(None), table.before < months.start)
    issues = (total(case((first_here, table[name]), else_=0)) for name in COUNTED)
    sums = (total(table.occurrences), total(table.prompt))
    rows = session.execute(select(*key, *sums, *issues).group_by(*key))
    found = (
        Block(theme, topic, clause, sides_in(sides), occurrences, prompt, IssueCounts(*counts))
        for theme, topic, clause, sides, occurrences, prompt, *counts in rows
    )
    return [each for each in found if scope.counts(each.sides)]


def _foremost(scope: Scope, order: ColumnElement[date]) -> ScalarSelect[date]:
    """Looks at one day after the other until one counts; by a join, and without OFFSET, all would be read."""
    of_it = (col(Issue.id) == col(Occurrence.issue_id), *counted_issues(scope))
    counted = select(literal_column("1")).select_from(Issue).where(*of_it).offset(0).exists()
    return select(col(Occurrence.occurred_on)).where(counted).order_by(order).limit(1).scalar_subquery()


def counted_issues(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The condition on `Issue` under which it counts: it crossed, and is of these organisations."""
    crossed = (col(Issue.partnership_id) == scope.partnership_id, col(Issue.ring) != Ring.ORGANISATION)
    if scope.organisation_ids is None:
        return crossed
    side = (col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id).in_(scope.organisation_ids))
    return (*crossed, exists().where(*side))


@lru_cache(maxsize=1024)
def sides_in(text: str) -> Sides:
    return frozenset(map(int, text.split(",")))
