"""Whether what was solved stayed solved: how long each fix lasted, and which issues came back."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, case, func, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.queries.issues import READERS, visible_issues
from tracker.queries.tallies import counts_in, day_number, sides_of
from tracker.queries.theme_counts import Scope, Sides, Theme, sides_in
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Outcome
from tracker.rules.rings import Viewer

MOST_LINKS = 2000  # of the last year, newest first


@dataclass(frozen=True, slots=True)
class Lasted:
    """`count` fixes of one theme between the same sides that lasted so many days: until it happened again, or so far
    (`again` False), at most to the end of the follow-up."""

    theme: Theme
    sides: Sides
    days: int
    again: bool
    count: int


@dataclass(frozen=True, slots=True)
class Link:
    """That an issue is another one again, or (`again_of_id` None) the first of those. `ref`: empty where this reader
    may not see it. `is_new`: it was raised in the time asked about."""

    issue_id: int
    again_of_id: int | None
    theme: Theme
    sides: Sides
    ref: str
    is_new: bool = True


def fixes(session: Session, scope: Scope, start: datetime, until: datetime, follow_up: int) -> list[Lasted]:
    """What was solved from `start` on, followed up to `until` for at most so many days (statistics.md 5): it lasted
    until an issue that is linked to it happened, on a day strictly after."""
    asked = {"home": scope.partnership_id, "start": start, "until": until, "follow_up": follow_up}
    rows = session.execute(_FIXES, {**asked, "today": int(until.timestamp() // 86_400)})
    found = (Lasted(theme, sides_in(sides), days, bool(is_it), count) for theme, sides, days, is_it, count in rows)
    return [one for one in found if scope.counts(one.sides)]


def links(session: Session, scope: Scope, viewer: Viewer | None, start: datetime, until: datetime) -> list[Link]:
    """Issues raised in this time that are others again, and those others, newest first. Without a viewer they have
    their references."""
    asked = {"home": scope.partnership_id, "start": start, "until": until}
    rows = (
        Link(one, other, theme, sides_in(sides), said, bool(is_new))
        for one, other, theme, sides, said, is_new in session.execute(_links(viewer), asked)
    )
    return [one for one in rows if scope.counts(one.sides)]


_HOME = bindparam("home", type_=Integer)
_START, _UNTIL = (bindparam(name, type_=moment()) for name in ("start", "until"))


def _fixes() -> Select[Any]:
    again, over = aliased(Issue, name="again"), day_number(col(Issue.resolved_at))
    happened = (
        select(func.min(day_number(col(again.occurred_on))))
        .where(col(again.again_of_id) == col(Issue.id), day_number(col(again.occurred_on)) > over)
        .correlate(Issue)
        .scalar_subquery()
    )
    each = (
        select(
            col(Issue.theme), sides_of().label("sides"), (happened - over).label("after"),
            (bindparam("today", type_=Integer) - over).label("so_far"),
        )
        .where(*counts_in(_HOME), col(Issue.resolved_at) >= _START, col(Issue.resolved_at) < _UNTIL)
        .where(col(Issue.outcome) == Outcome.SOLVED)
        .offset(0)  # else SQLite works out each column again wherever it is used
        .subquery()
    )  # fmt: skip
    follow_up = bindparam("follow_up", type_=Integer)
    is_again = (each.c.after <= follow_up) & (each.c.after <= each.c.so_far)
    so_far = case((each.c.so_far > follow_up, follow_up), else_=each.c.so_far)
    days, came_back = case((is_again, each.c.after), else_=so_far), case((is_again, 1), else_=0)
    one = select(each.c.theme, each.c.sides, days.label("days"), came_back.label("came_back")).subquery()
    return select(*one.c, func.count()).group_by(*one.c)


@lru_cache(maxsize=READERS)
def _links(viewer: Viewer | None) -> Select[Any]:
    ref = case((visible_issues(viewer), col(Issue.ref)), else_="") if viewer else col(Issue.ref)
    again = aliased(Issue, name="again")
    raised = (col(again.raised_at) >= _START, col(again.raised_at) < _UNTIL)
    here = (col(again.partnership_id) == _HOME, col(again.again_of_id).is_not(None), *raised)
    ends = union(select(col(again.id)).where(*here), select(col(again.again_of_id)).where(*here)).subquery()
    return (
        select(col(Issue.id), col(Issue.again_of_id), col(Issue.theme), sides_of(), ref, col(Issue.raised_at) >= _START)
        .where(*counts_in(_HOME), col(Issue.id).in_(select(ends.c.id)))
        .order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
        .limit(MOST_LINKS)
    )


_FIXES = _fixes()
