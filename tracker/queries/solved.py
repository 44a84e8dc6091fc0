"""What was solved in a month, and after how many days it happened again: as it is counted from the issues."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, and_, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from tracker.measures.periods import month_number, month_numbered
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.queries.tallies import counts_in, day_number, sides_of
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.tally import month_in
from tracker.rules.lifecycle import Outcome

FIX = ("partnership_id", "month", "theme", "sides", "on_day", "again_after", "alike_after")
MOST_FIXES = 150  # of one month that are followed up, drawn evenly
_SOLVED, _HAPPENED = 1, 0


def months_followed(months: Sequence[int]) -> list[int]:
    """The months in which fixes may have fared otherwise where something happened in these: from the month of the day
    90 days before (that of 1 May is in January)."""
    return sorted({each for month in months for each in range(_first_followed(month), month + 1)})


def count_fixes(partnership_id: int, months: Sequence[int]) -> Select[Any]:
    """The rows of `fix` for these months, from the issues that were solved in them.

    `again_after`: until an issue that is linked to it happened, on a day strictly after (statistics.md 5).
    `alike_after`: until one without a link did, within 90 days, where theme, topic, sides and service area are known
    and the same and nothing like it was solved in between.
    """
    drawn, after = _drawn(partnership_id, months), _next_alike(partnership_id, months)
    on_day = day_number(col(Issue.resolved_at))
    alike = case((and_(after.c.kind == _HAPPENED, after.c.day - on_day <= RECURS_WITHIN.days), after.c.day - on_day))
    return (
        select(
            literal(partnership_id), drawn.c.month, col(Issue.theme), sides_of(), on_day, _again_after(on_day), alike
        )
        .join(drawn, drawn.c.id == col(Issue.id))
        .outerjoin(after, after.c.id == col(Issue.id))
    )


def _first_followed(month: int) -> int:
    start = month_numbered(month).start
    return month_number(start - min(RECURS_WITHIN, start - date.min))


def _drawn(partnership_id: int, months: Sequence[int]) -> Subquery:
    """The issues solved in these months; of a month with more than MOST_FIXES so many, as they fall."""
    month = month_in(col(Issue.resolved_at)).label("month")
    lot = cast(col(Issue.id), BigInteger) * 7919 % 10007
    place = func.row_number().over(partition_by=month, order_by=(lot, col(Issue.id))).label("place")
    solved = _solved_between(partnership_id, *_days(months))
    found = select(col(Issue.id), month, place).where(*solved, month.in_(months)).subquery()
    return select(found.c.id, found.c.month).where(found.c.place <= MOST_FIXES).subquery()


def _again_after(on_day: ColumnElement[int]) -> ColumnElement[int]:
    again = aliased(Issue, name="again")
    day = day_number(col(Occurrence.occurred_on))
    linked = select(func.min(day)).join(again, col(again.id) == col(Occurrence.issue_id))
    found = linked.where(col(again.again_of_id) == col(Issue.id), day > on_day)
    return found.correlate(Issue).scalar_subquery() - on_day


def _next_alike(partnership_id: int, months: Sequence[int]) -> Subquery:
    """By the id of what was solved, in these months or in the 90 days after: what came next among all that is like it,
    and on which day."""
    first, last = _days(months)
    until = last + RECURS_WITHIN
    solved = select(
        col(Issue.id), literal(_SOLVED).label("kind"), day_number(col(Issue.resolved_at)).label("day"), *_likeness()
    ).where(*_solved_between(partnership_id, first, until), *_is_known())
    happened = (
        select(col(Issue.id), literal(_HAPPENED), day_number(col(Occurrence.occurred_on)), *_likeness())
        .join(Occurrence, col(Occurrence.issue_id) == col(Issue.id))
        .where(*counts_in(partnership_id), *_is_known(), col(Issue.again_of_id).is_(None))
        .where(col(Occurrence.occurred_on) >= first, col(Occurrence.occurred_on) < until)
    )
    every = union_all(solved, happened).subquery().c
    order: dict[str, Any] = {"partition_by": (every.theme, every.topic, every.sides, every.service_area),
             "order_by": (every.day, every.kind, every.id)}  # fmt: skip
    following = (func.lead(every[name]).over(**order).label(f"next_{name}") for name in ("kind", "day", "id"))
    each = select(every.id, every.kind, *following).subquery().c
    return (
        select(each.id, each.next_kind.label("kind"), each.next_day.label("day"))
        .where(each.kind == _SOLVED, each.next_id != each.id)
        .subquery()
    )


def _likeness() -> tuple[Any, ...]:
    return col(Issue.theme), col(Issue.topic), sides_of().label("sides"), col(Issue.service_area)


def _is_known() -> tuple[ColumnElement[bool], ...]:
    return tuple(col(each).is_not(None) for each in (Issue.theme, Issue.topic, Issue.service_area))


def _solved_between(partnership_id: int, first: date, until: date) -> tuple[ColumnElement[bool], ...]:
    """From the first day up to, not including, the last one, by the index of what is resolved."""
    start, end = (datetime.combine(day, time.min, tzinfo=UTC) for day in (first, until))
    resolved = col(Issue.resolved_at)
    return (*counts_in(partnership_id), resolved >= start, resolved < end, col(Issue.outcome) == Outcome.SOLVED)


def _days(months: Sequence[int]) -> tuple[date, date]:
    """The first day of the first month, and the first one after the last."""
    return month_numbered(months[0]).start, month_numbered(months[-1]).end
