"""Whether what was solved stays solved: reopenings, the same again after the end, chains, what reporters say."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.measures.ladder_flow import MeasuredEvent

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
