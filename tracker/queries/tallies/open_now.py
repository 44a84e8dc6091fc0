"""What is open today, theme by theme, and the issues themselves: as the report counts them (statistics.md 12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, case, func, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import visible_issues
from tracker.queries.tallies.counts import Scope, Theme, counted_issues
from tracker.queries.tallies.tallies import total
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Viewer
from tracker.rules.spans import day_in


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Issues that are not resolved; `oldest`: the day on which the first of them was raised; `serious` and `critical`
    are apart."""

    issues: int
    oldest: date
    serious: int
    critical: int


def open_now(session: Session, scope: Scope) -> Mapping[Theme, OpenNow]:
    """By theme, those that have any; one statement."""
    severity = {each: total(case((col(Issue.severity) == each, 1), else_=0)) for each in _TOLD}
    asked = (
        select(col(Issue.theme), func.count(), func.min(col(Issue.raised_at)), *severity.values())
        .where(*counted_issues(scope), col(Issue.resolved_at).is_(None))
        .group_by(col(Issue.theme))
    )
    zone = ZoneInfo(scope.home.zone)
    found = straight(session).execute(asked)
    return {theme: OpenNow(issues, day_in(zone, oldest), *severe) for theme, issues, oldest, *severe in found}


_TOLD = (Severity.SERIOUS, Severity.CRITICAL)


def newest_issues(session: Session, scope: Scope, viewer: Viewer, most: int) -> Sequence[Row[Any]]:
    """The last that were raised: ref, title, raised_at."""
    return straight(session).execute(_issues(scope, viewer, most)).all()


def open_issues(session: Session, scope: Scope, viewer: Viewer, theme: Theme, most: int) -> Sequence[Row[Any]]:
    """The same of those of a theme that are not resolved."""
    here = (col(Issue.theme).is_not_distinct_from(theme), col(Issue.resolved_at).is_(None))
    return straight(session).execute(_issues(scope, viewer, most).where(*here)).all()


def _issues(scope: Scope, viewer: Viewer, most: int) -> Any:
    shown: tuple[Any, ...] = (col(Issue.ref), col(Issue.title), col(Issue.raised_at))
    mine = (*counted_issues(scope), visible_issues(viewer))
    return select(*shown).where(*mine).order_by(col(Issue.raised_at).desc(), col(Issue.id).desc()).limit(most)
