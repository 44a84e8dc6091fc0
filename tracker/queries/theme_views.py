"""How each side sees why issues rub, pair by pair of organisations: what both have said, held side by side."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.measures.agreement import Agreement
from tracker.measures.periods import Period
from tracker.queries.theme_counts import Scope, counted_issues
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.arrangement import Arrangement


@dataclass(frozen=True, slots=True)
class PairOfViews:
    """Two organisations by their keys, the one with the earlier place first, and what each sees in the issues on which
    both have said: `agreement.counts[a, b]` issues in which `one` sees theme a and `other` theme b."""

    one: str
    other: str
    agreement: Agreement


def theme_views(session: Session, arrangement: Arrangement, scope: Scope, period: Period) -> tuple[PairOfViews, ...]:
    """By the places of the organisations: issues with an occurrence in the period on which both sides have a view. An
    issue of three sides counts in each of its pairs; a reader of some organisations has only the pairs with theirs."""
    places = {each.id: each.position for each in arrangement.organisations.values()}
    counts: dict[tuple[int, int], dict[tuple[str, str], int]] = defaultdict(dict)
    for one, other, seen_by_one, seen_by_other, count in _counted(session, scope, period):
        if places[one] < places[other]:
            counts[one, other][seen_by_one, seen_by_other] = count
        else:
            counts[other, one][seen_by_other, seen_by_one] = count
    keys = {each.id: each.key for each in arrangement.organisations.values()}
    ordered = sorted(counts, key=lambda pair: (places[pair[0]], places[pair[1]]))
    return tuple(PairOfViews(keys[one], keys[other], Agreement(counts[one, other])) for one, other in ordered)


def _counted(session: Session, scope: Scope, period: Period) -> list[tuple[int, int, str, str, int]]:
    one, other = aliased(IssueSide), aliased(IssueSide)
    sides, seen = (col(one.organisation_id), col(other.organisation_id)), (col(one.theme), col(other.theme))
    day = col(Occurrence.occurred_on)
    within = select(col(Occurrence.issue_id)).where(day >= period.start, day < period.end)
    statement = (
        select(*sides, *seen, func.count())
        .select_from(Issue)
        .join(one, (col(one.issue_id) == col(Issue.id)) & seen[0].is_not(None))
        .join(other, (col(other.issue_id) == col(Issue.id)) & (sides[0] < sides[1]) & seen[1].is_not(None))
        .where(col(Issue.id).in_(within), *counted_issues(scope))
        .group_by(*sides, *seen)
    )
    if scope.organisation_ids is not None:
        statement = statement.where(or_(*(each.in_(scope.organisation_ids) for each in sides)))
    return [tuple(row) for row in session.execute(statement)]
