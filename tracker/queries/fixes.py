"""Whether what was solved stayed solved: how long each fix lasted, and which issues came back."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, case, func, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.queries.issues import READERS, visible_issues
from tracker.queries.solved import FIX, count_fixes, followed_for, months_followed
from tracker.queries.tallies import counts_in, kept_or_counted, sides_of, total
from tracker.queries.theme_counts import Scope, Sides, Theme, sides_in
from tracker.records.columns import moment
from tracker.records.issue import Issue
from tracker.records.tally import Fix
from tracker.rules.rings import Viewer

MOST_LINKS = 150  # of the last year, newest first


@dataclass(frozen=True, slots=True)
class Lasted:
    """`count` fixes of one theme between the same sides that lasted so many days: until it happened again, or so far
    (`again` False), at most to the end of the follow-up. `alike`: of them, those after which something happened before
    that end that is only like it."""

    theme: Theme
    sides: Sides
    days: int
    again: bool
    count: int
    alike: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """That an issue is another one again, or (`again_of_id` None) the first of those. `ref`: empty where this reader
    may not see it."""

    issue_id: int
    again_of_id: int | None
    theme: Theme
    sides: Sides
    ref: str


def fixes(
    session: Session, scope: Scope, days: range, follow_up: int, uncounted: frozenset[int], months: range
) -> list[Lasted]:
    """What was solved on these days (`local_days`), which lie in these months, followed up to the last of the
    days for at most `follow_up` days (statistics.md 5)."""
    waiting = frozenset(months_followed(sorted(uncounted)))
    kept = kept_or_counted(Fix, FIX, count_fixes, scope.home, months, waiting).subquery().c
    so_far = followed_for(kept.on_day, days.stop - 1, follow_up)
    is_again = and_(kept.again_after.is_not(None), kept.again_after <= so_far)
    lasted, came_back = case((is_again, kept.again_after), else_=so_far), case((is_again, 1), else_=0)
    alike = case((kept.alike_after <= so_far, 1), else_=0)
    one = (
        select(kept.theme, kept.sides, lasted.label("days"), came_back.label("came_back"), alike.label("alike"))
        .where(kept.on_day >= days.start, kept.on_day < days.stop)
        .subquery()
    )
    key = (one.c.theme, one.c.sides, one.c.days, one.c.came_back)
    rows = session.execute(select(*key, func.count(), total(one.c.alike)).group_by(*key))
    found = (Lasted(theme, sides_in(sides), after, bool(is_it), *n) for theme, sides, after, is_it, *n in rows)
    return [each for each in found if scope.counts(each.sides)]


def links(session: Session, scope: Scope, viewer: Viewer | None, start: datetime, until: datetime) -> list[Link]:
    """Issues raised in this time that are others again, the newest MOST_LINKS, and those others; newest first. Without
    a viewer they have their references."""
    asked = {"home": scope.partnership_id, "start": start, "until": until}
    rows = (
        Link(one, other, theme, sides_in(sides), said)
        for one, other, theme, sides, said in session.execute(_links(viewer), asked)
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
