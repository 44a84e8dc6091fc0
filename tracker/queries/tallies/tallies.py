"""Counting months: what a tally of a month holds, from the issues themselves; and the tallies that are kept."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
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
    union_all,
)
from sqlmodel import SQLModel, col

from tracker.measures.periods import month_numbered
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.records.tally import Tally, month_in
from tracker.rules.lifecycle import SEVERE, UNSOLVED, Outcome, State
from tracker.rules.rings import Ring
from tracker.rules.spans import ONE_DAY

EPOCH = date(1970, 1, 1)
BUILT = 64  # statements of a kind that are kept: to build one costs more than its answer
_SECONDS = 86_400
_AROUND = timedelta(days=62)  # before and after, so that what is recorded weeks later is told by its own clock
_EARLIEST, _LATEST = date(1900, 1, 1), date(2900, 1, 1)  # no clock is asked beyond


def number_of(day: date) -> int:
    """The number of a day: days since 1 January 1970."""
    return (day - EPOCH).days


def day_number(day: Any) -> ColumnElement[int]:
    """The number of the day in a column of days."""
    return cast(cast(extract("epoch", day), BigInteger) // _SECONDS, Integer)


def day_number_in(zone: str, first: date, until: date, moment: Any) -> ColumnElement[int]:
    """The number of the day that a column of moments is in by the clock of a zone. The clock is known from two months
    before the first day to two months after the last one; before and after it is taken to stay as it was then."""
    days = (min(max(day, _EARLIEST), _LATEST) for day in (first, until))
    (_, ahead), *shifts = _shifts(zone, *days)
    at = cast(extract("epoch", moment), BigInteger)
    later = [(at >= since, literal(seconds)) for since, seconds in reversed(shifts)]
    by_the_clock = at + (case(*later, else_=literal(ahead)) if later else literal(ahead))
    return cast(by_the_clock // _SECONDS, Integer)


@lru_cache(maxsize=256)
def _shifts(zone: str, first: date, until: date) -> tuple[tuple[int, int], ...]:
    """From which second since 1970 on the clock is how many seconds ahead of UTC; the first holds from ever."""
    day, clock, last = first - _AROUND, ZoneInfo(zone), until + _AROUND
    found = [(0, _ahead(clock, _second(day)))]
    while day < last:
        start, end = _second(day), _second(day + ONE_DAY)
        if _ahead(clock, end) != found[-1][1]:
            before, seconds = found[-1][1], range(start, end)
            since = start + bisect_left(seconds, True, key=lambda second: _ahead(clock, second) != before)
            found.append((since, _ahead(clock, since)))
        day += ONE_DAY
    return tuple(found)


def _second(day: date) -> int:
    return number_of(day) * _SECONDS


def _ahead(clock: ZoneInfo, second: int) -> int:
    at = datetime.combine(EPOCH, time.min, UTC) + timedelta(seconds=second)
    offset = at.astimezone(clock).utcoffset()
    return int(offset.total_seconds()) if offset else 0


PROMPT = 2  # days within which what happened is recorded in time
LAGS = (0, 1, 2, 7, 28)  # days after which occurrences were recorded at the latest

_WITHIN = {lag: f"within_{lag}" for lag in LAGS}


def counted_columns(table: type[SQLModel]) -> tuple[str, ...]:
    """Of a table of tallies, in the order in which their values are counted: all but its own id."""
    return tuple(table.model_fields)[1:]


_KEY = ("month", "theme", "topic", "clause", "sides", "before", "views")
_SUMS = counted_columns(Tally)[len(_KEY) + 1 :]


class CountedPartnership(NamedTuple):
    """A partnership whose months are counted, and the zone by whose clock days are told."""

    id: int
    zone: str


def tallies(home: CountedPartnership, months: range, uncounted: Collection[int]) -> Subquery:
    """The tallies of these months; those `uncounted` are counted on the spot."""
    return kept_or_counted(Tally, count_tallies, home, months, uncounted).subquery()


def count_tallies(home: CountedPartnership, months: Sequence[int]) -> Select[Any]:
    """The rows of `tally` for these months, from the issues and their occurrences."""
    happened = _happened(home, months)
    resolved = col(Issue.state) == State.RESOLVED
    solved = resolved & (col(Issue.outcome) == Outcome.SOLVED)
    each = (
        select(
            happened.c.month,
            col(Issue.theme),
            col(Issue.topic),
            col(Issue.clause),
            sides_of().label("sides"),
            _month_before(happened).label("before"),
            _views().label("views"),
            happened.c.occurrences,
            *(happened.c[name] for name in _WITHIN.values()),
            _one(~resolved).label("open"),
            _one(solved).label("solved"),
            _one(resolved & col(Issue.outcome).in_(sorted(UNSOLVED))).label("not_solved"),
            _one(solved & (col(Issue.tier) == 1)).label("solved_first"),
            *(_one(col(Issue.stayed_fixed) == said).label(name) for said, name in _ANSWERS.items()),
            _one(col(Issue.severity).in_(sorted(SEVERE))).label("severe"),
            _one(col(Issue.lost_minutes).is_not(None)).label("lost_said"),
            func.coalesce(col(Issue.lost_minutes), 0).label("lost_minutes"),
        )
        .join(Issue, col(Issue.id) == happened.c.issue_id)
        .where(*counts_in(home.id))
        .offset(0)  # else SQLite works out each column again wherever it is used
        .subquery()
    )
    key = [each.c[name] for name in _KEY]
    sums = [(func.count() if name == "issues" else total(each.c[name])).label(name) for name in _SUMS]
    return select(literal(home.id), *key, *sums).group_by(*key)


_ANSWERS = {"yes": "fixed", "no": "not_fixed", "asked": "asked"}


def total(counts: ColumnElement[int]) -> ColumnElement[int]:
    """A sum as a whole number: PostgreSQL makes a decimal of it."""
    return cast(func.sum(counts), BigInteger)


def kept_or_counted(
    table: type[SQLModel],
    count: Any,
    home: CountedPartnership,
    months: range,
    uncounted: Collection[int],
) -> Select[Any] | CompoundSelect[Any]:
    """The rows that a table keeps of these months; what `count` makes of those that are `uncounted`."""
    columns = [getattr(table, name) for name in counted_columns(table)]
    partnership_id, month = columns[:2]
    kept = select(*columns).where(partnership_id == home.id, month >= months.start, month < months.stop)
    here = sorted(number for number in uncounted if number in months)
    return union_all(kept.where(month.not_in(here)), count(home, here)) if here else kept


def _happened(home: CountedPartnership, months: Sequence[int]) -> Subquery:
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


_THEME = ("month", "theme", "sides", "organisation_id")
_AREA = ("month", "service_area")


def count_reported(home: CountedPartnership, months: Sequence[int]) -> Select[Any]:
    """The rows of `reported` for these months, from the occurrences."""
    day = cast(extract("day", col(Occurrence.occurred_on)), Integer).label("day")
    theme = (col(Issue.theme), sides_of().label("sides"), col(Occurrence.organisation_id))
    happened = _reports_of(home, months, *theme, day, _begins_again().label("again"))
    people, days = _how_often(happened, _THEME, "person_id"), _how_often(happened, _THEME, "day")
    both = [people.c[name].is_not_distinct_from(days.c[name]) for name in _THEME]
    key = (people.c[name] for name in _THEME)
    sums = (people.c.occurrences, people.c.again)
    return select(literal(home.id), *key, *sums, people.c.each, days.c.each).join(days, and_(*both))


def count_areas(home: CountedPartnership, months: Sequence[int]) -> Select[Any]:
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


def _reports_of(home: CountedPartnership, months: Sequence[int], *columns: Any) -> CTE:
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
