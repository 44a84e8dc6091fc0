"""What stands behind a number of the theme report: conditions on `Issue`, each counting just as the report counts.

Where a number tells of another issue, a reader finds only what that other one, too, shows them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from tracker.queries.issues import is_seen
from tracker.queries.tallies.fixes import Fared, fared
from tracker.queries.tallies.tallies import PROMPT, Home, late_by
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.rings import Ring, Viewer

_One, _Other = aliased(IssueSide, name="one_side"), aliased(IssueSide, name="other_side")
_FIRST, _LAST = date(1990, 1, 1), date(2100, 1, 1)  # where any day will do
_Earlier = aliased(Issue, name="earlier")


@dataclass(frozen=True, slots=True)
class Called:
    """What sides call it. `two`: that two have said, one of each group of `sides` or whichever; `alike`: whether by one
    name. `view`: that one of these organisations calls it so."""

    two: bool = True
    sides: tuple[frozenset[int], ...] = ()
    alike: bool | None = None
    view: tuple[frozenset[int], str] | None = None


@dataclass(frozen=True, slots=True)
class Behind:
    """`crossed`: leaves out what has not. `by`, `prompt`, `again`: one and the same occurrence was reported by one of
    these organisations, recorded in time, the one with which an issue began that is another one again. `stayed`: what
    was said when it was asked whether it stayed fixed."""

    crossed: bool = False
    by: frozenset[int] | None = None
    prompt: bool = False
    again: bool = False
    called: Called | None = None
    stayed: frozenset[str] = frozenset()
    fared: Fared | None = None
    zone: str = "UTC"  # by whose clock days are told


def happening(first: date | None, last: date | None, asked: Behind) -> Iterator[ColumnElement[bool]]:
    """That it happened on one of these days, just as it is asked for; nothing where any time will do."""
    found = select(col(Occurrence.issue_id)).where(*_which(first, last, asked))
    if found.whereclause is not None:
        yield col(Issue.id).in_(found)


def behind(asked: Behind, partnership_ids: Collection[int], viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """The conditions but for `happening`, for this reader."""
    if asked.crossed:
        yield col(Issue.ring) != Ring.ORGANISATION
    if asked.again:
        earlier = (col(_Earlier.id) == col(Issue.again_of_id), is_seen(_Earlier, viewer))
        yield col(Issue.again_of_id).is_not(None) & exists().where(*earlier)
    if asked.stayed:
        yield col(Issue.stayed_fixed).in_(asked.stayed)
    if asked.called is not None:
        yield from _called(asked.called)
    if asked.fared is not None:
        homes = (Home(each, asked.zone) for each in sorted(partnership_ids))
        yield or_(*(col(Issue.id).in_(fared(home, asked.fared, viewer)) for home in homes))


def _which(first: date | None, last: date | None, asked: Behind) -> Iterator[ColumnElement[bool]]:
    if first is not None or last is not None:
        yield col(Occurrence.occurred_on).between(first or date.min, last or date.max)
    if asked.by is not None:
        yield col(Occurrence.organisation_id).in_(asked.by)
    if asked.prompt:
        yield late_by(asked.zone, first or _FIRST, last or _LAST) <= PROMPT
    if asked.again:
        yield _is_first()


def _is_first() -> ColumnElement[bool]:
    """Whether it is the `Occurrence` with which its issue began."""
    each = aliased(Occurrence, name="each")
    first = select(func.min(col(each.id))).where(col(each.issue_id) == col(Occurrence.issue_id))
    return col(Occurrence.id) == first.correlate(Occurrence).scalar_subquery()


def _called(asked: Called) -> Iterator[ColumnElement[bool]]:
    if asked.two:
        yield _two_have_said(asked)
    if asked.view is not None:
        ids, theme = asked.view
        said = (col(IssueSide.organisation_id).in_(ids), col(IssueSide.theme) == theme)
        yield exists().where(col(IssueSide.issue_id) == col(Issue.id), *said)


def _two_have_said(asked: Called) -> ColumnElement[bool]:
    of_it = (col(_One.issue_id) == col(Issue.id), col(_Other.issue_id) == col(Issue.id))
    two = [*of_it, col(_One.organisation_id) != col(_Other.organisation_id)]
    two += [col(each.theme).is_not(None) for each in (_One, _Other)]
    two += [col(each.organisation_id).in_(ids) for each, ids in zip((_One, _Other), asked.sides, strict=False)]
    if asked.alike is not None:
        one, other = col(_One.theme), col(_Other.theme)
        two.append(one.is_not_distinct_from(other) if asked.alike else one.is_distinct_from(other))
    return exists().where(*two)
