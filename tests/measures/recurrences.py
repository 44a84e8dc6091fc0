"""What recurs, told plainly from closures and occurrences: what the statements of the product are held against."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.measures.recurrence import RECURS_WITHIN


@dataclass(frozen=True, slots=True)
class Closure:
    """That an issue was resolved on a day. `alike`: its theme, topic of the agreement, pair of organisations and
    service area, as one value; None where one of them is not known, and so nothing can be like it."""

    issue: Hashable
    on: date
    alike: Hashable | None = None


@dataclass(frozen=True, slots=True)
class LinkedOccurrence:
    """One occurrence, of an issue. `again_of`: the earlier issue that it is linked to, which somebody confirmed."""

    issue: Hashable
    on: date
    again_of: Hashable | None = None
    alike: Hashable | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """That it happened again after it was resolved: the closure, and what came first after it."""

    closure: Closure
    happening: LinkedOccurrence

    @property
    def after(self) -> timedelta:
        """How long it had stayed away: at least a day."""
        return self.happening.on - self.closure.on


@dataclass(frozen=True, slots=True)
class Recurrences:
    """Linked ones, which somebody confirmed, and inferred ones, which are only alike: kept apart, each closure at most
    once among either."""

    linked: tuple[Recurrence, ...]
    inferred: tuple[Recurrence, ...]


def recurrences(
    closures: Sequence[Closure], happenings: Sequence[LinkedOccurrence], within: timedelta = RECURS_WITHIN
) -> Recurrences:
    """The first occurrence of another issue after each closure, dated strictly after it and within 90 days.

    One that is linked to an issue counts for that issue alone; one without a link counts for the last closure before
    it of an issue like it. In the order of the closures.
    """
    by_issue, by_likeness = _filed(closures)
    linked: dict[Closure, LinkedOccurrence] = {}
    inferred: dict[Closure, LinkedOccurrence] = {}
    for each in sorted(happenings, key=lambda each: each.on):
        filed = by_issue[each.again_of] if each.again_of is not None else by_likeness[each.alike]
        closure = _last_before(each, filed, within)
        if closure is not None:
            (linked if each.again_of is not None else inferred).setdefault(closure, each)
    return Recurrences(
        tuple(Recurrence(each, linked[each]) for each in dict.fromkeys(closures) if each in linked),
        tuple(Recurrence(each, inferred[each]) for each in dict.fromkeys(closures) if each in inferred),
    )


_Filed = defaultdict[Hashable, list[Closure]]


def _filed(closures: Iterable[Closure]) -> tuple[_Filed, _Filed]:
    by_issue, by_likeness = _Filed(list), _Filed(list)
    for closure in sorted(closures, key=lambda each: each.on):
        by_issue[closure.issue].append(closure)
        if closure.alike is not None:
            by_likeness[closure.alike].append(closure)
    return by_issue, by_likeness


def _last_before(happening: LinkedOccurrence, closures: Sequence[Closure], within: timedelta) -> Closure | None:
    """The last closure of another issue before a day, if that is near enough."""
    for closure in reversed(closures):
        if closure.on < happening.on and closure.issue != happening.issue:
            return closure if happening.on - closure.on <= within else None
    return None
