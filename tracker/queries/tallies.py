"""Counting months: what a tally of a month holds, from the issues themselves; and the tallies that are kept."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import SQLModel, col

from tracker.measures.periods import month_numbered
from tracker.queries.local_days import day_number, day_number_in
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.tally import Tally, month_in
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.rings import Ring

PROMPT = 2  # days within which what happened is recorded in time
LAGS = (0, 1, 2, 7, 28)  # days after which occurrences were recorded at the latest

_KEY = ("partnership_id", "month", "theme", "topic", "clause", "sides", "before", "views")
_WITHIN = {lag: f"within_{lag}" for lag in LAGS}
_SUMS = (
    "occurrences",
    "issues",
    "open",
    "solved",
    "not_solved",
    "solved_first",
    *_WITHIN.values(),
    "fixed",
    "not_fixed",
    "asked",
)
TALLY = (*_KEY, *_SUMS)


class Home(NamedTuple):
    """A partnership whose months are counted, and the zone by whose clock days are told."""

    id: int
    zone: str


def tallies(home: Home, months: range, uncounted: Collection[int]) -> Subquery:
    """The tallies of these months; those `uncounted` are counted on the spot. Its columns are TALLY."""
    return kept_or_counted(Tally, TALLY, count_tallies, home, months, uncounted).subquery()


def count_tallies(home: Home, months: Sequence[int]) -> Select[Any]:
    """The rows of `tally` for these months, from the issues and their occurrences."""
    happened = _happened(home, months)
    resolved = col(Issue.state) == State.RESOLVED
    solved = resolved & (col(Issue.outcome) == Outcome.SOLVED)
    each = (
        select(
            happened.c.month, col(Issue.theme), col(Issue.topic), col(Issue.clause), sides_of().label("sides"),
            _month_before(happened).label("before"), _views().label("views"), happened.c.occurrences,
            *(happened.c[name] for name in _WITHIN.values()),
            _one(~resolved).label("open"), _one(solved).label("solved"),
            _one(resolved & (col(Issue.outcome) != Outcome.SOLVED)).label("not_solved"),
            _one(solved & (col(Issue.tier) == 1)).label("solved_first"),
            *(_one(col(Issue.stayed_fixed) == said).label(name) for said, name in _ANSWERS.items()),
        )
        .join(Issue, col(Issue.id) == happened.c.issue_id)
        .where(*counts_in(home.id))
        .offset(0)  # else SQLite works out each column again wherever it is used
        .subquery()
    )  # fmt: skip
    key = [each.c[name] for name in _KEY[1:]]
    sums = [(func.count() if name == "issues" else total(each.c[name])).label(name) for name in _SUMS]
    return select(literal(home.id), *key, *sums).group_by(*key)


_ANSWERS = {"yes": "fixed", "no": "not_fixed", "asked": "asked"}


def total(counts: ColumnElement[int]) -> ColumnElement[int]:
    """A sum as a whole number: PostgreSQL makes a decimal of it."""
    return cast(func.sum(counts), Integer)


def kept_or_counted(
    table: type[SQLModel], names: Sequence[str], count: Any, home: Home, months: range, uncounted: Collection[int],
) -> Select[Any] | CompoundSelect[Any]:  # fmt: skip
    """The rows that a table keeps of these months; what `count` makes of those that are `uncounted`."""
    columns = [getattr(table, name) for name in names]
    month = col(columns[names.index("month")])
    kept = select(*columns).where(columns[0] == home.id, month >= months.start, month < months.stop)
    here = sorted(number for number in uncounted if number in months)
    return union_all(kept.where(month.not_in(here)), count(home, here)) if here else kept


def _happened(home: Home, months: Sequence[int]) -> Subquery:
    """How often each issue happened in each of these months."""
    month, late = month_of_it(), late_by(home.zone, *days_of(months))
    within = (func.sum(_one(late <= lag)).label(name) for lag, name in _WITHIN.items())
    found = select(col(Occurrence.issue_id), month.label("month"), func.count().label("occurrences"), *within)
    return found.where(*happened_in(months)).group_by(col(Occurrence.issue_id), month).subquery()


def late_by(zone: str, first: date, until: date) -> ColumnElement[int]:
    """How many days after it happened, from the first of these days up to the last, an `Occurrence` was recorded."""
    return day_number_in(zone, first, until, col(Occurrence.recorded_at)) - day_number(col(Occurrence.occurred_on))


def days_of(months: Sequence[int]) -> tuple[date, date]:
    """The first day of the first month, and the first one after the last."""
    return month_numbered(months[0]).start, month_numbered(months[-1]).end


def month_of_it() -> ColumnElement[int]:
    """The number of the month of an `Occurrence`."""
    return month_in(col(Occurrence.occurred_on))


def happened_in(months: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    """By the index of days; where there are gaps between the months, by the months themselves, too."""
    day, first, last = col(Occurrence.occurred_on), month_numbered(months[0]), month_numbered(months[-1])
    gaps = () if len(months) == months[-1] - months[0] + 1 else (month_of_it().in_(months),)
    return (day >= first.start, day < last.end, *gaps)


def counts_in(partnership_id: int | ColumnElement[int]) -> tuple[ColumnElement[bool], ...]:
    """The conditions on `Issue` under which it counts: what has not crossed counts for nobody."""
    return (col(Issue.partnership_id) == partnership_id, col(Issue.ring) != Ring.ORGANISATION)


def sides_of() -> ScalarSelect[str]:
    """The sides of an `Issue`, as a tally has them."""
    mine = col(IssueSide.issue_id) == col(Issue.id)
    ordered = select(col(IssueSide.organisation_id)).where(mine).order_by(col(IssueSide.organisation_id))
    within = ordered.correlate(Issue).subquery()
    return select(func.aggregate_strings(cast(within.c.organisation_id, String), ",")).scalar_subquery()


def _views() -> ScalarSelect[str]:
    """What the sides of an `Issue` call it, as a tally has it; NULL until two of them have said."""
    said = (col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.theme).is_not(None))
    ordered = select(col(IssueSide.organisation_id), col(IssueSide.theme)).where(*said)
    within = ordered.order_by(col(IssueSide.organisation_id)).correlate(Issue).subquery()
    each = cast(within.c.organisation_id, String) + ":" + within.c.theme
    return select(case((func.count() > 1, func.aggregate_strings(each, ",")))).scalar_subquery()


def _month_before(happened: Subquery) -> ScalarSelect[int]:
    earlier = Occurrence.__table__.alias("earlier")  # type: ignore[attr-defined]
    month = month_in(earlier.c.occurred_on)
    return (
        select(func.max(month))
        .where(earlier.c.issue_id == happened.c.issue_id, month < happened.c.month)
        .correlate(happened)
        .scalar_subquery()
    )


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
