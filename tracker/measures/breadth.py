"""Who still reports: fewer reports from as many people are fewer problems; from fewer people they may be silence."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import fsum
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)
Months = Sequence[Mapping[Person, int]]  # who reported, and how often, oldest month first

_SURPRISE = 3  # reports expected: none then has a chance of e^-3, 5 % (statistics.md 8)


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many report now, and before; and whether those who reported the theme are among them.

    `recent`, `before`: distinct people who reported anything in the recent months, and in a spell as long before them
    on average; or those per head. `back`: of who reported the theme in the year before the recent months, the share
    that has reported anything since; `back_before`: the same for a spell earlier. `gone`: earlier occurrences of the
    theme from people of whom reports were to be expected and none came.
    """

    recent: float
    before: float
    back: float = 1.0
    back_before: float = 1.0
    gone: int = 0


def breadth_of(reporters: Months[Person], heard: Months[Person], recent_months: int = 6) -> Breadth:
    """From who reported the theme, and who was `heard` on anything at all: the people of the theme's sides or areas.

    With less than three spells there is no earlier share that came back: 1. Refuses unequal lengths: ValueError.
    """
    if len(reporters) != len(heard):
        raise ValueError(f"{len(reporters)} months of reporters need as many of who was heard, not {len(heard)}")
    themes, spells = _spells(reporters, recent_months), _spells(heard, recent_months)
    recent = set(spells[-1])
    earlier = [len(set(spell)) for spell in spells[:-1]]
    return Breadth(
        recent=len(recent),
        before=fsum(earlier) / len(earlier) if earlier else 0.0,
        back=_back(themes[-3:-1], recent),
        back_before=_back(themes[-4:-2], set(spells[-2])) if len(spells) > 2 else 1.0,
        gone=_gone(reporters[:-recent_months], heard[:-recent_months], recent, recent_months),
    )


def _spells(months: Months[Person], length: int) -> list[list[Person]]:
    """From the earliest to the latest, the last one whole; a shorter first one counts only where it is all there is."""
    first = len(months) % length if len(months) >= 2 * length else 0
    ends = range(len(months), first, -length)
    spells = [list(chain.from_iterable(months[max(0, end - length) : end])) for end in ends]
    return spells[::-1] or [[]]


def _back(spells: Sequence[Sequence[Person]], heard: Collection[Person]) -> float:
    circle = set(chain.from_iterable(spells))
    return sum(person in heard for person in circle) / len(circle) if circle else 1.0


def _gone(reporters: Months[Person], heard: Months[Person], recent: Collection[Person], recent_months: int) -> int:
    reports: Counter[Person] = Counter()
    for month in heard:
        reports.update(month)
    enough = _SURPRISE * len(heard) / recent_months
    silent = {person for person, count in reports.items() if count >= enough and person not in recent}
    return sum(count for month in reporters for person, count in month.items() if person in silent)
