"""Who reported what, month by month, and where: as it is kept, and as it is counted from the occurrences."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    extract,
    func,
    literal,
    select,
)
from sqlmodel import col

from tracker.queries.tallies import Home, counts_in, happened_in, month_of_it, sides_of, total
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence

_THEME = ("month", "theme", "sides", "organisation_id")
REPORTED = ("partnership_id", *_THEME, "occurrences", "again", "people", "days")
_AREA = ("month", "service_area")
REPORTED_AREA = ("partnership_id", *_AREA, "occurrences", "people")


def count_reported(home: Home, months: Sequence[int]) -> Select[Any]:
    """The rows of `reported` for these months, from the occurrences."""
    day = cast(extract("day", col(Occurrence.occurred_on)), Integer).label("day")
    theme = (col(Issue.theme), sides_of().label("sides"), col(Occurrence.organisation_id))
    happened = _reports_of(home, months, *theme, day, _begins_again().label("again"))
    people, days = _how_often(happened, _THEME, "person_id"), _how_often(happened, _THEME, "day")
    both = [people.c[name].is_not_distinct_from(days.c[name]) for name in _THEME]
    key = (people.c[name] for name in _THEME)
    sums = (people.c.occurrences, people.c.again)
    return select(literal(home.id), *key, *sums, people.c.each, days.c.each).join(days, and_(*both))


def count_areas(home: Home, months: Sequence[int]) -> Select[Any]:
    """The rows of `reported_area` for these months, from the occurrences."""
    found = _how_often(
        _reports_of(home, months, col(Issue.service_area), literal(0).label("again")), _AREA, "person_id"
    )
    return select(literal(home.id), *(found.c[name] for name in _AREA), found.c.occurrences, found.c.each)


@lru_cache(maxsize=20_000)  # most are of one or two reports, and the same from one report to the next
def times(text: str) -> Mapping[int, int]:
    """“7x2,9x1” as {7: 2, 9: 1}. Kept, and so not to be changed."""
    entries = (entry.split("x") for entry in text.split(","))
    return {int(key): int(often) for key, often in entries}


def _reports_of(home: Home, months: Sequence[int], *columns: Any) -> CTE:
    """Every occurrence with its month, who reported it, and these columns."""
    by = func.coalesce(col(Occurrence.person_id), 0).label("person_id")
    found = select(month_of_it().label("month"), by, *columns).join(Issue, col(Issue.id) == col(Occurrence.issue_id))
    return found.where(*happened_in(months), *counts_in(home.id)).cte()


def _begins_again() -> ColumnElement[int]:
    """1 for the occurrence with which an issue began that is another one again, else 0."""
    earlier = Occurrence.__table__.alias("earlier")  # type: ignore[attr-defined]
    first = select(func.min(earlier.c.id)).where(earlier.c.issue_id == col(Issue.id)).correlate(Issue).scalar_subquery()
    return case((col(Issue.again_of_id).is_not(None) & (col(Occurrence.id) == first), 1), else_=0)


def _how_often(happened: CTE, names: Iterable[str], what: str) -> Subquery:
    """For each key of these names how often there is each value of `what`, as text (`each`), and the sums."""
    key, again = [happened.c[name] for name in names], func.sum(happened.c.again).label("again")
    counted = (
        select(*key, happened.c[what].label("what"), func.count().label("n"), again)
        .group_by(*key, happened.c[what])
        .subquery()
    )
    entries = cast(counted.c.what, String) + "x" + cast(counted.c.n, String)
    sums = (total(counted.c.n).label("occurrences"), total(counted.c.again).label("again"))
    key = [counted.c[name] for name in names]
    return select(*key, *sums, func.aggregate_strings(entries, ",").label("each")).group_by(*key).subquery()
