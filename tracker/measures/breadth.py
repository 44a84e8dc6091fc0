"""Who still reports: fewer reports from as many people are fewer problems; from fewer people they may be silence."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, fsum
from typing import TypeVar

Person = TypeVar("Person", bound=Hashable)
Months = Sequence[Mapping[Person, int]]  # who reported, and how often, oldest month first

LEAST_EXPECTED = 3  # reports: none has then a chance of e^-3, one in twenty (statistics.md 8)


@dataclass(frozen=True, slots=True)
class Breadth:
    """How many report now, and before; and whether those who reported the theme are among them.

    `recent`, `before`: distinct people who reported anything in the recent months, and in a spell as long before them
    on average; or those per head. `back`: of who reported the theme in the year before the recent months, the share
    that has reported anything since; `back_before`: the same for a spell earlier; `circle`: how many people the smaller
    of these shares is of, 0 without an earlier one. `gone`: earlier occurrences of the theme from people, `silent` so
    many, of whom reports were to be expected and none came.
    """

    recent: float
    before: float
    back: float = 1.0
    back_before: float = 1.0
    gone: int = 0
    circle: int = 0
    silent: int = 0


def breadth_of(reporters: Months[Person], heard: Months[Person], recent_months: int = 6) -> Breadth:
    """From who reported the theme, and who was `heard` on anything at all: the people of the theme's sides or areas.

    With less than three spells there is no earlier share that came back: 1. Refuses unequal lengths: ValueError.
    """
    if len(reporters) != len(heard):
        raise ValueError(f"{len(reporters)} months of reporters need as many of who was heard, not {len(heard)}")
    themes, spells = _spells(reporters, recent_months), _spells(heard, recent_months)
    recent = set(spells[-1])
    earlier = [len(set(spell)) for spell in spells[:-1]]
    circle, circle_before = set(chain.from_iterable(themes[-3:-1])), set(chain.from_iterable(themes[-4:-2]))
    gone = _gone(reporters[:-recent_months], heard[:-recent_months], recent, recent_months)
    return Breadth(
        recent=len(recent),
        before=fsum(earlier) / len(earlier) if earlier else 0.0,
        back=_back(circle, recent),
        back_before=_back(circle_before, set(spells[-2])) if len(spells) > 2 else 1.0,
        gone=gone.total(),
        circle=min(len(circle), len(circle_before)),
        silent=len(gone),
    )


def _spells(months: Months[Person], length: int) -> list[list[Person]]:
    """From the earliest to the latest, the last one whole; a shorter first one counts only where it is all there is."""
    first = len(months) % length if len(months) >= 2 * length else 0
    ends = range(len(months), first, -length)
    spells = [list(chain.from_iterable(months[max(0, end - length) : end])) for end in ends]
    return spells[::-1] or [[]]


def _back(circle: Collection[Person], heard: Collection[Person]) -> float:
    return sum(person in heard for person in circle) / len(circle) if circle else 1.0


def _gone(
    reporters: Months[Person], heard: Months[Person], recent: Collection[Person], recent_months: int
) -> Counter[Person]:
    """How often each of those reported the theme who have fallen silent."""
    enough = LEAST_EXPECTED * len(heard) / recent_months
    quiet = set(chain.from_iterable(reporters)).difference(recent)
    silent = {person for person in quiet if sum([month.get(person, 0) for month in heard]) >= enough}
    gone: Counter[Person] = Counter()
    for month in reporters:
        gone.update({person: count for person, count in month.items() if person in silent})
    return gone


def expected(before: int, months_before: int, months: int) -> float:
    """What was to be expected of so many months at the rate of those before; 0 without any before."""
    return before * months / months_before if months_before else 0.0


def least_before(months_before: int, months: int) -> int:
    """The fewest in the months before of which so many months are silent without any."""
    return ceil(LEAST_EXPECTED * months_before / months)


def is_silent(count: int, mu: float) -> bool:
    """Whether nothing came though three or more were to be expected: by chance that is one in twenty."""
    return not count and mu >= LEAST_EXPECTED
