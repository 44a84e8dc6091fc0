"""What was solved in a month, and after how many days it happened again: as it is counted from the issues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.database import straight
from tracker.measures.periods import month_number, month_numbered
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.queries.issues import READERS, is_seen, visible_issues
from tracker.queries.tallies.counts import Scope, Sides, Theme, sides_in
from tracker.queries.tallies.tallies import (
    BUILT,
    CountedPartnership,
    counts_in,
    day_number,
    day_number_in,
    days_of,
    kept_or_counted,
    number_of,
    sides_of,
)
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.tally import Fix
from tracker.rules.lifecycle import Outcome
from tracker.rules.rings import Ring, Viewer
from tracker.rules.spans import start_of

MOST_FIXES = 150  # of one month that are followed up, drawn evenly
_SOLVED, _HAPPENED = 1, 0


@dataclass(frozen=True, slots=True)
class FixOutcome:
    """What was solved on these days (by the partnership's clock) and how it fared up to the last of them, followed
    for at most `follow_up` days: FOLLOWED, whatever became of it; BACK, it came back; ALIKE, something alike happened.
    """

    how: str
    first: date
    last: date
    follow_up: int


FOLLOWED, BACK, ALIKE = "followed", "back", "alike"


def months_followed(months: Sequence[int]) -> list[int]:
    """The months in which fixes may have fared otherwise where something happened in these: from the month of the day
    90 days before (that of 1 May is in January)."""
    return sorted({each for month in months for each in range(_first_followed(month), month + 1)})


def count_fixes(home: CountedPartnership, months: Sequence[int]) -> Select[Any]:
    """The rows of `fix` for these months, from the issues that were solved in them.

    `again_after`: until an issue that is linked to it happened, on a day strictly after (statistics.md 5).
    `alike_after`: until one without a link did, within 90 days, where theme, topic, sides and service area are known
    and the same and nothing like it was solved in between.
    """
    drawn, after = _drawn(home, months), _next_alike(home, months)
    on_day = _on_day(home, months)
    fared = (on_day, _again_after(on_day), _alike_after(after, on_day))
    return (
        select(literal(home.id), drawn.c.month, col(Issue.theme), sides_of(), *fared)
        .join(drawn, drawn.c.id == col(Issue.id))
        .outerjoin(after, after.c.id == col(Issue.id))
    )


def fared(home: CountedPartnership, asked: FixOutcome, viewer: Viewer) -> Select[Any]:
    """The ids of the issues that a count of fixes, of BACK or of ALIKE counts: of what came after a fix only what this
    reader may see is known."""
    months = range(month_number(asked.first), month_number(asked.last) + 1)
    drawn, on_day = _drawn(home, months), _on_day(home, months)
    found = select(col(Issue.id), on_day.label("on_day")).join(drawn, drawn.c.id == col(Issue.id))
    if asked.how == BACK:
        found = found.add_columns(_again_after(on_day, viewer).label("after"))
    if asked.how == ALIKE:
        after = _next_alike(home, months, visible_issues(viewer))
        found = found.add_columns(_alike_after(after, on_day).label("after")).join(after, after.c.id == col(Issue.id))
    each, (first, last) = found.subquery(), (number_of(day) for day in (asked.first, asked.last))
    followed = select(each.c.id).where(each.c.on_day.between(first, last))
    if asked.how == FOLLOWED:
        return followed
    return followed.where(each.c.after <= followed_for(each.c.on_day, last, asked.follow_up))


def followed_for(on_day: ColumnElement[int], last: int, follow_up: int) -> ColumnElement[int]:
    """For how many days what was solved on a day is followed: to the last day, and so many at most."""
    return case((last - on_day > follow_up, follow_up), else_=last - on_day)


def _first_followed(month: int) -> int:
    start = month_numbered(month).start
    return month_number(start - min(RECURS_WITHIN, start - date.min))


def _on_day(home: CountedPartnership, months: Sequence[int]) -> ColumnElement[int]:
    """The number of the day on which an `Issue` was solved, in these months or in the 90 days after."""
    first, until = days_of(months)
    return day_number_in(home.zone, first, until + RECURS_WITHIN, col(Issue.resolved_at))


def _drawn(home: CountedPartnership, months: Sequence[int]) -> Subquery:
    """The issues solved in these months; of a month with more than MOST_FIXES so many, as they fall."""
    month = _month_of(home, months).label("month")
    lot = cast(col(Issue.id), BigInteger) * 7919 % 10007
    place = func.row_number().over(partition_by=month, order_by=(lot, col(Issue.id))).label("place")
    solved = _solved_between(home, *days_of(months))
    gaps = () if len(months) == months[-1] - months[0] + 1 else (month.in_(months),)
    found = select(col(Issue.id), month, place).where(*solved, *gaps).subquery()
    return select(found.c.id, found.c.month).where(found.c.place <= MOST_FIXES).subquery()


def _again_after(on_day: ColumnElement[int], viewer: Viewer | None = None) -> ColumnElement[int]:
    """`viewer`: of what this person may see alone."""
    again = aliased(Issue, name="again")
    day = day_number(col(Occurrence.occurred_on))
    linked = select(func.min(day)).join(again, col(again.id) == col(Occurrence.issue_id))
    crossed = col(again.ring) != Ring.ORGANISATION
    found = linked.where(col(again.again_of_id) == col(Issue.id), crossed, day > on_day)
    found = found.where(is_seen(again, viewer)) if viewer else found
    return found.correlate(Issue).scalar_subquery() - on_day


def _alike_after(after: Subquery, on_day: ColumnElement[int]) -> ColumnElement[int]:
    soon = and_(after.c.kind == _HAPPENED, after.c.day - on_day <= RECURS_WITHIN.days)
    return case((soon, after.c.day - on_day))


def _next_alike(home: CountedPartnership, months: Sequence[int], *seen: ColumnElement[bool]) -> Subquery:
    """By the id of what was solved, in these months or in the 90 days after: what came next among all that is like it,
    and on which day. `seen`: among what fits these conditions alone."""
    first, last = days_of(months)
    until = last + RECURS_WITHIN
    solved = select(
        col(Issue.id), literal(_SOLVED).label("kind"), _on_day(home, months).label("day"), *_likeness()
    ).where(*_solved_between(home, first, until), *_is_known(), *seen)
    happened = (
        select(col(Issue.id), literal(_HAPPENED), day_number(col(Occurrence.occurred_on)), *_likeness())
        .join(Occurrence, col(Occurrence.issue_id) == col(Issue.id))
        .where(*counts_in(home.id), *_is_known(), col(Issue.again_of_id).is_(None))
        .where(col(Occurrence.occurred_on) >= first, col(Occurrence.occurred_on) < until, *seen)
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


def _month_of(home: CountedPartnership, months: Sequence[int]) -> ColumnElement[int]:
    """The number of the month in which an `Issue` was solved that was solved from the first of these to the last."""
    *earlier, last = range(months[0], months[-1] + 1)
    over = col(Issue.resolved_at)
    ends = [(over < start_of(month_numbered(each).end, ZoneInfo(home.zone)), literal(each)) for each in earlier]
    return case(*ends, else_=literal(last)) if ends else literal(last)


def _solved_between(home: CountedPartnership, first: date, until: date) -> tuple[ColumnElement[bool], ...]:
    """From the first day up to, not including, the last one, by the index of what is resolved."""
    start, end = (start_of(day, ZoneInfo(home.zone)) for day in (first, until))
    resolved = col(Issue.resolved_at)
    return (*counts_in(home.id), resolved >= start, resolved < end, col(Issue.outcome) == Outcome.SOLVED)


MOST_LINKS = 150  # of the last year, newest first


@dataclass(frozen=True, slots=True)
class FixDuration:
    """`count` fixes of one theme between the same sides that lasted so many days: until it happened again, or so far
    (`again` False), at most to the end of the follow-up. `alike_after`: until something happened before that end that
    is only like it; None where nothing did."""

    theme: Theme
    sides: Sides
    days: int
    again: bool
    alike_after: int | None
    count: int

    @property
    def alike(self) -> int:
        return self.count if self.alike_after is not None else 0

    @property
    def either(self) -> tuple[int, bool]:
        """The same days and whether, where what is only alike counts as happening again."""
        if self.alike_after is None:
            return self.days, self.again
        return min(self.days, self.alike_after), True


@dataclass(frozen=True, slots=True)
class FixLink:
    """That an issue is another one again, or (`again_of_id` None) the first of those. `ref`: empty where this reader
    may not see it."""

    issue_id: int
    again_of_id: int | None
    theme: Theme
    sides: Sides
    ref: str


def fixes(
    session: Session, scope: Scope, days: range, follow_up: int, uncounted: frozenset[int], months: range
) -> list[FixDuration]:
    """What was solved on these days (`tallies.number_of`), which lie in these months, followed up to the last of the
    days for at most `follow_up` days (statistics.md 5)."""
    rows = straight(session).execute(_fixes(scope.home, days, follow_up, uncounted, months)).all()
    found = (FixDuration(theme, sides_in(sides), after, bool(is_it), *n) for theme, sides, after, is_it, *n in rows)
    return [each for each in found if scope.counts(each.sides)]


@lru_cache(maxsize=BUILT)
def _fixes(
    home: CountedPartnership, days: range, follow_up: int, uncounted: frozenset[int], months: range
) -> Select[Any]:
    waiting = frozenset(months_followed(sorted(uncounted)))
    kept = kept_or_counted(Fix, count_fixes, home, months, waiting).subquery().c
    so_far = followed_for(kept.on_day, days.stop - 1, follow_up)
    is_again = and_(kept.again_after.is_not(None), kept.again_after <= so_far)
    lasted, came_back = case((is_again, kept.again_after), else_=so_far), case((is_again, 1), else_=0)
    alike = case((kept.alike_after <= so_far, kept.alike_after))
    one = (
        select(kept.theme, kept.sides, lasted.label("days"), came_back.label("came_back"), alike.label("alike_after"))
        .where(kept.on_day >= days.start, kept.on_day < days.stop)
        .subquery()
    )
    key = (one.c.theme, one.c.sides, one.c.days, one.c.came_back, one.c.alike_after)
    return select(*key, func.count()).group_by(*key)


def links(session: Session, scope: Scope, viewer: Viewer | None, start: datetime, until: datetime) -> list[FixLink]:
    """Issues raised in this time that are others again, the newest MOST_LINKS, and those others; newest first. Without
    a viewer they have their references."""
    asked = {"home": scope.partnership_id, "start": start, "until": until}
    rows = (
        FixLink(one, other, theme, sides_in(sides), said)
        for one, other, theme, sides, said in straight(session).execute(_links(viewer), asked)
    )
    return [one for one in rows if scope.counts(one.sides)]


_HOME = bindparam("home", type_=Integer)
_START, _UNTIL = (bindparam(name, type_=moment()) for name in ("start", "until"))


@lru_cache(maxsize=READERS)
def _links(viewer: Viewer | None) -> Select[Any]:
    ref = case((visible_issues(viewer), col(Issue.ref)), else_="") if viewer else col(Issue.ref)
    again = aliased(Issue, name="again")
    raised = (col(again.raised_at) >= _START, col(again.raised_at) < _UNTIL)
    here = (col(again.partnership_id) == _HOME, col(again.again_of_id).is_not(None), *raised)
    newest = (
        select(col(again.id), col(again.again_of_id))
        .where(*here)
        .order_by(col(again.raised_at).desc(), col(again.id).desc())
        .limit(MOST_LINKS)
        .cte()
    )
    ends = union(select(newest.c.id), select(newest.c.again_of_id)).subquery()
    return (
        select(col(Issue.id), col(Issue.again_of_id), col(Issue.theme), sides_of(), ref)
        .where(*counts_in(_HOME), col(Issue.id).in_(select(ends.c.id)))
        .order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
    )
