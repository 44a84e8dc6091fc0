"""Whether what was solved stays solved: reopenings, the same again after the end, chains, what reporters say."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.rates import Share

REOPENED_WITHIN_DAYS = 30  # H, in working days, statistics.md 5
RECURS_WITHIN = timedelta(days=90)  # H2, statistics.md 5


class Ending(NamedTuple):
    """When an issue was first over, and when it was first reopened after that; None: not yet."""

    at: datetime
    reopened_at: datetime | None


def first_ending(events: Sequence[MeasuredEvent]) -> Ending | None:
    """From the events of an issue in order; None where it never was over."""
    over = next((place for place, event in enumerate(events) if event.flags.ends), None)
    if over is None:
        return None
    return Ending(events[over].at, next((event.at for event in events[over:] if event.flags.reopens), None))


@dataclass(frozen=True, slots=True)
class FollowedResolution:
    """One resolution: how long it has been followed up to now, and after how long it was reopened, None: not yet.
    Both lengths are of one kind: of working time, or of the calendar."""

    followed: timedelta
    reopened_after: timedelta | None = None

    def came_back(self, within: timedelta) -> bool | None:
        """Whether it was reopened within a length; None where it was not followed so long: what was resolved yesterday
        tells nothing yet, reopened or not."""
        if self.followed < within:
            return None
        return self.reopened_after is not None and self.reopened_after <= within


def share_that_came_back(told: Iterable[bool | None]) -> Share:
    """From what `FollowUp.came_back` says of each: those that did, of those of which it can be told."""
    counts = Counter(told)
    return Share(counts[True], counts[True] + counts[False])


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


def chains(links: Iterable[tuple[Hashable, Hashable]]) -> tuple[tuple[Hashable, ...], ...]:
    """Groups of issues that happened again and again, from links (issue, the earlier one that it is again): each
    group in the order its issues were first named, the longest group first, equally long ones as they came."""
    group_of: dict[Hashable, list[Hashable]] = {}
    for link in links:
        merged: list[Hashable] = []
        for issue in link:
            merged += [each for each in group_of.get(issue, [issue]) if each not in merged]
        group_of.update(dict.fromkeys(merged, merged))
    groups = {id(group): group for group in group_of.values()}
    return tuple(tuple(group) for group in sorted(groups.values(), key=len, reverse=True))


@dataclass(frozen=True, slots=True)
class FixAnswers:
    """What those said who were asked whether it stayed fixed. `unanswered` counts against nobody, and never as yes."""

    yes: int
    no: int
    unanswered: int

    @property
    def asked(self) -> int:
        return self.yes + self.no + self.unanswered

    @property
    def confirmed(self) -> Share:
        """Who said that it stayed fixed, of all that were asked."""
        return Share(self.yes, self.asked)


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
