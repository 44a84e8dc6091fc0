"""What people let be quoted of the issues of a period, as a report may show it: never whose words they are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Row, Select, bindparam, case, exists, func, literal, literal_column, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.measures.periods import Period, month_number
from tracker.measures.suppression import LEAST_REPORTERS
from tracker.queries.issues import READERS, visible_issues
from tracker.queries.tallies.counts import Month, Scope, Theme, counted_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import Occurrence
from tracker.records.quotation import Quotation
from tracker.rules.arrangement import Arrangement
from tracker.rules.lifecycle import Kind
from tracker.rules.names import may_know_reporter
from tracker.rules.reporting.quoting import A_THEME, IN_ALL
from tracker.rules.rings import Ring, Viewer


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words of somebody who raised an issue of this theme (None: it has none yet).

    `organisation`: its key, "" where that could tell who it was. `ref`: "" where this reader may not see the issue.
    """

    theme: Theme
    text: str
    organisation: str = ""
    ref: str = ""


def quotations(
    session: Session,
    arrangement: Arrangement,
    scope: Scope,
    viewer: Viewer | None,
    period: Period,
    months: Iterable[Month],
) -> tuple[QuotedWords, ...]:
    """The newest, at most A_THEME of a theme and IN_ALL together, of issues that happened in the period; without a
    viewer, none has a reference. `months`: who reported, of the period and whatever else is known.

    The organisation is left out where the reporter keeps their name inside, and where fewer than LEAST_REPORTERS of its
    people reported anything in the month it happened: by the month, so that no two periods, held against each other,
    tell more than one (statistics.md 8).
    """
    told = _told_of(months)
    asked = {"start": period.start, "end": period.end}
    return tuple(_quoted(row, arrangement, told) for row in straight(session).execute(_newest(scope, viewer), asked))


def _told_of(months: Iterable[Month]) -> set[tuple[int, int]]:
    """The months, by number, and organisations in which enough people reported."""
    people: dict[tuple[int, int], set[int]] = defaultdict(set)
    for month in months:
        people[month.number, month.organisation_id].update(month.reporters)
    return {place for place, found in people.items() if len(found) >= LEAST_REPORTERS}


def _quoted(row: Row[Any], arrangement: Arrangement, told: set[tuple[int, int]]) -> QuotedWords:
    may_name = may_know_reporter(row, None)
    is_told = may_name and (month_number(row.occurred_on), row.organisation_id) in told
    return QuotedWords(
        theme=row.theme,
        text=row.text,
        ref=row.ref,
        organisation=arrangement.organisations[row.organisation_id].key if is_told else "",
    )


@lru_cache(maxsize=READERS)
def _newest(scope: Scope, viewer: Viewer | None) -> Select[Any]:
    """Goes by the quotations, of which there are few: OFFSET keeps both databases from going by the issues."""
    names = ("issue_id", "organisation_id", "text", "at")
    agreed = select(*(getattr(Quotation, name) for name in names)).where(_counts(scope)).offset(0).subquery()
    newest = (agreed.c.at.desc(), agreed.c.issue_id.desc())
    place = func.row_number().over(partition_by=col(Issue.theme), order_by=newest).label("place")
    of_issue = (col(Issue.theme), col(Issue.occurred_on), col(Issue.hide_reporter), _ref(viewer).label("ref"))
    each = select(agreed, *of_issue, place).join(Issue, col(Issue.id) == agreed.c.issue_id).subquery()
    ordered = select(each).where(each.c.place <= A_THEME).order_by(each.c.at.desc(), each.c.issue_id.desc())
    return ordered.limit(IN_ALL)


def _counts(scope: Scope) -> ColumnElement[bool]:
    """Of a `Quotation`: its issue counts, is open to quoting still, and happened in the period."""
    open_to_it = (col(Issue.ring) == Ring.SHARED, col(Issue.kind) == Kind.ISSUE)
    day, start, end = col(Occurrence.occurred_on), *(bindparam(name, type_=Date()) for name in ("start", "end"))
    happened = exists().where(col(Occurrence.issue_id) == col(Issue.id), day >= start, day < end)
    its_own = (col(Issue.id) == col(Quotation.issue_id), *counted_issues(scope), *open_to_it, happened)
    return select(literal_column("1")).select_from(Issue).where(*its_own).offset(0).exists()


def _ref(viewer: Viewer | None) -> ColumnElement[str]:
    return case((visible_issues(viewer), col(Issue.ref)), else_="") if viewer else literal("")
