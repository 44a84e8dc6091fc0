"""What a number of the theme report counts: conditions on `Issue` and `Occurrence`, each just as the report counts.

Where a number tells of another issue, a reader finds only what that other one, too, shows them.
"""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from tracker.queries.issues import is_seen
from tracker.queries.tallies.fixes import FixOutcome, fared
from tracker.queries.tallies.tallies import PROMPT, CountedPartnership, late_by
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.rings import Viewer

_One, _Other = aliased(IssueSide, name="one_side"), aliased(IssueSide, name="other_side")
_FIRST, _LAST = date(1990, 1, 1), date(2100, 1, 1)  # where any day will do
_Earlier = aliased(Issue, name="earlier")


def is_again(viewer: Viewer) -> ColumnElement[bool]:
    """Whether it is another one again, which this reader sees, too."""
    earlier = (col(_Earlier.id) == col(Issue.again_of_id), is_seen(_Earlier, viewer))
    return col(Issue.again_of_id).is_not(None) & exists().where(*earlier)


def began_with() -> ColumnElement[bool]:
    """Whether it is the `Occurrence` with which its issue began."""
    first = aliased(Occurrence, name="first")
    earliest = select(func.min(col(first.id))).where(col(first.issue_id) == col(Occurrence.issue_id))
    return col(Occurrence.id) == earliest.correlate(Occurrence).scalar_subquery()


def is_prompt(zone: str, first: date | None, last: date | None) -> ColumnElement[bool]:
    """Whether an `Occurrence`, which happened on one of these days, was recorded in time."""
    return late_by(zone, first or _FIRST, last or _LAST) <= PROMPT


def fared_so(fix: FixOutcome, partnership_ids: Collection[int], zone: str, viewer: Viewer) -> ColumnElement[bool]:
    homes = (CountedPartnership(each, zone) for each in sorted(partnership_ids))
    return or_(*(col(Issue.id).in_(fared(home, fix, viewer)) for home in homes))


def is_called(organisation_ids: Collection[int], theme: str) -> ColumnElement[bool]:
    """Whether one of these organisations calls it so."""
    of_it = (col(IssueSide.issue_id) == col(Issue.id), col(IssueSide.organisation_id).in_(organisation_ids))
    return exists().where(*of_it, col(IssueSide.theme) == theme)


def two_have_said(sides: Sequence[Collection[int]], alike: bool | None) -> ColumnElement[bool]:
    """Whether two sides, one of each of these or whichever, have said what they call it; `alike`: by one name."""
    of_it = (col(_One.issue_id) == col(Issue.id), col(_Other.issue_id) == col(Issue.id))
    two = [*of_it, col(_One.organisation_id) != col(_Other.organisation_id)]
    two += [col(side.theme).is_not(None) for side in (_One, _Other)]
    two += [col(side.organisation_id).in_(ids) for side, ids in zip((_One, _Other), sides, strict=False)]
    if alike is not None:
        one, other = col(_One.theme), col(_Other.theme)
        two.append(one.is_not_distinct_from(other) if alike else one.is_distinct_from(other))
    return exists().where(*two)
