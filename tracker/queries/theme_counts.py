"""The counts behind the theme report, each one statement that the database groups."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, ScalarSelect, exists, extract, func, literal_column, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.measures.periods import Period
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.rings import Ring, Viewer

Theme = str | None  # None: untagged


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


@dataclass(frozen=True, slots=True)
class IssueCounts:
    """Issues with an occurrence in a period: all of them, unresolved, solved, resolved in another way."""

    issues: int = 0
    open: int = 0
    solved: int = 0
    not_solved: int = 0


def recorded(session: Session, scope: Scope) -> tuple[date | None, date | None]:
    """The days of the first and the last occurrence; None where there is none."""
    day = col(Occurrence.occurred_on)
    first, last = session.execute(select(_foremost(scope, day.asc()), _foremost(scope, day.desc()))).one()
    return first, last


def _foremost(scope: Scope, order: ColumnElement[date]) -> ScalarSelect[date]:
    """Looks at one day after the other until one counts; by a join, and without OFFSET, all would be read."""
    of_it = (col(Issue.id) == col(Occurrence.issue_id), *counted_issues(scope))
    counted = select(literal_column("1")).select_from(Issue).where(*of_it).offset(0).exists()
    return select(col(Occurrence.occurred_on)).where(counted).order_by(order).limit(1).scalar_subquery()


def by_month(session: Session, scope: Scope, start: date, end: date) -> dict[tuple[Theme, date], int]:
    """Occurrences from a day up to, not including, another: by theme and first day of the month."""
    day = col(Occurrence.occurred_on)
    year, month = extract("year", day), extract("month", day)
    statement = (
        select(col(Issue.theme), year, month, func.count())
        .join(Issue, col(Issue.id) == col(Occurrence.issue_id))
        .where(day >= start, day < end, *counted_issues(scope))
        .group_by(col(Issue.theme), year, month)
    )
    rows = session.execute(statement)
    return {(theme, date(int(in_year), int(in_month), 1)): count for theme, in_year, in_month, count in rows}


def by_pair(session: Session, scope: Scope, period: Period) -> dict[tuple[Theme, int, int], int]:
    """Occurrences by theme and pair of sides (organisation ids, the smaller first): an issue counts in each of its
    pairs; a reader of some organisations has only the pairs with one of theirs."""
    one, other = aliased(IssueSide), aliased(IssueSide)
    day, pair = col(Occurrence.occurred_on), (col(one.organisation_id), col(other.organisation_id))
    statement = (
        select(col(Issue.theme), *pair, func.count())
        .select_from(Occurrence)
        .join(Issue, col(Issue.id) == col(Occurrence.issue_id))
        .join(one, col(one.issue_id) == col(Issue.id))
        .join(other, (col(other.issue_id) == col(Issue.id)) & (pair[0] < pair[1]))
        .where(day >= period.start, day < period.end, *counted_issues(scope))
        .group_by(col(Issue.theme), *pair)
    )
    if scope.organisation_ids is not None:
        statement = statement.where(or_(*(each.in_(scope.organisation_ids) for each in pair)))
    return {(theme, first, second): count for theme, first, second, count in session.execute(statement)}


def by_state(session: Session, scope: Scope, period: Period) -> dict[Theme, IssueCounts]:
    """Issues with an occurrence in the period, by theme and how they stand now."""
    day = col(Occurrence.occurred_on)
    within = select(col(Occurrence.issue_id)).where(day >= period.start, day < period.end)
    resolved = col(Issue.state) == State.RESOLVED
    statement = (
        select(
            col(Issue.theme),
            func.count(),
            func.count().filter(~resolved),
            func.count().filter(resolved, col(Issue.outcome) == Outcome.SOLVED),
            func.count().filter(resolved, col(Issue.outcome) != Outcome.SOLVED),
        )
        .where(col(Issue.id).in_(within), *counted_issues(scope))
        .group_by(col(Issue.theme))
    )
    return {theme: IssueCounts(*counts) for theme, *counts in session.execute(statement)}


def counted_issues(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """The condition on `Issue` under which it counts: it crossed, and is of these organisations."""
    crossed = (col(Issue.partnership_id) == scope.partnership_id, col(Issue.ring) != Ring.ORGANISATION)
    if scope.organisation_ids is None:
        return crossed
    side = (col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id).in_(scope.organisation_ids))
    return (*crossed, exists().where(*side))
