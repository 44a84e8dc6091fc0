"""Whether what was solved stayed solved: how long each fix lasted, and which issues came back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, literal, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.queries.issues import visible_issues
from tracker.queries.tallies import counts_in, day_number, sides_of
from tracker.queries.theme_counts import Scope, Sides, Theme, sides_in
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
    again, over = aliased(Issue, name="again"), day_number(col(Issue.resolved_at))
    happened = (
        select(func.min(day_number(col(again.occurred_on))))
        .where(col(again.again_of_id) == col(Issue.id), day_number(col(again.occurred_on)) > over)
        .correlate(Issue)
        .scalar_subquery()
    )
    today = until.timestamp() // 86_400
    each = (
        select(
            col(Issue.theme), sides_of().label("sides"), (happened - over).label("after"),
            (literal(int(today)) - over).label("so_far"),
        )
        .where(*counts_in(scope.partnership_id), col(Issue.resolved_at) >= start, col(Issue.resolved_at) < until)
        .where(col(Issue.outcome) == Outcome.SOLVED)
        .subquery()
    )  # fmt: skip
    is_again = (each.c.after <= follow_up) & (each.c.after <= each.c.so_far)
    so_far = case((each.c.so_far > follow_up, follow_up), else_=each.c.so_far)
    lasted = (each.c.theme, each.c.sides, case((is_again, each.c.after), else_=so_far), case((is_again, 1), else_=0))
    rows = session.execute(select(*lasted, func.count()).group_by(*lasted))
    found = (Lasted(theme, sides_in(sides), days, bool(is_it), count) for theme, sides, days, is_it, count in rows)
    return [one for one in found if scope.counts(one.sides)]


def links(session: Session, scope: Scope, viewer: Viewer | None, start: datetime, until: datetime) -> list[Link]:
    """Issues raised in this time that are others again, and those others, newest first. Without a viewer they have
    their references."""
    ref = case((visible_issues(viewer), col(Issue.ref)), else_="") if viewer else col(Issue.ref)
    again = aliased(Issue, name="again")
    raised = (col(again.raised_at) >= start, col(again.raised_at) < until)
    here = (col(again.partnership_id) == scope.partnership_id, col(again.again_of_id).is_not(None), *raised)
    ends = union(select(col(again.id)).where(*here), select(col(again.again_of_id)).where(*here)).subquery()
    found = (
        select(col(Issue.id), col(Issue.again_of_id), col(Issue.theme), sides_of(), ref, col(Issue.raised_at) >= start)
        .where(*counts_in(scope.partnership_id), col(Issue.id).in_(select(ends.c.id)))
        .order_by(col(Issue.raised_at).desc(), col(Issue.id).desc())
        .limit(MOST_LINKS)
    )
    rows = (
        Link(one, other, theme, sides_in(sides), said, bool(is_new))
        for one, other, theme, sides, said, is_new in session.execute(found)
    )
    return [one for one in rows if scope.counts(one.sides)]
