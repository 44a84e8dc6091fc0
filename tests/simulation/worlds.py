"""Made partnerships of which it is known what changed: who reported which theme in which month."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp
from random import Random

from tracker.measures.breadth import breadth_of
from tracker.measures.verdicts import Series

THEMES, MONTHS, RECENT = 14, 24, 6
PEOPLE = 24

Month = list[int]  # who reported an occurrence, one entry each


@dataclass(frozen=True)
class World:
    """Occurrences a month and theme by chance; of the first theme `factor` times as many in the last 6 months.

    The first theme is reported by a `circle` of the people alone. So many of it fall `silent` in the last 6 months, on
    everything.
    """

    rate: float
    factor: float = 1.0
    people: int = PEOPLE
    circle: int | None = None
    silent: int = 0
    themes: int = THEMES


def report(world: World, chance: Random) -> dict[int, Series]:
    """The series of one report; theme 0 is the one that changed, where one did."""
    themes = [_theme(world, number, chance) for number in range(world.themes)]
    heard = [[person for theme in themes for person in theme[month]] for month in range(MONTHS)]
    return {number: _series(theme, heard) for number, theme in enumerate(themes)}


def _theme(world: World, number: int, chance: Random) -> list[Month]:
    recent_rate = world.rate * world.factor if number == 0 else world.rate
    counts = [*poisson(world.rate, MONTHS - RECENT, chance), *poisson(recent_rate, RECENT, chance)]
    circle = range((world.circle if number == 0 else None) or world.people)
    months = [chance.choices(circle, k=count) for count in counts]
    for month in months[-RECENT:]:
        month[:] = [person for person in month if person >= world.silent]
    return months


def poisson(rate: float, months: int, chance: Random) -> list[int]:
    """So many Poisson counts."""
    most = int(rate + 12 * rate**0.5 + 12)
    terms = accumulate(range(1, most), lambda term, count: term * rate / count, initial=exp(-rate))
    return chance.choices(range(most), list(terms), k=months)


def _series(months: Sequence[Month], heard: Sequence[Month]) -> Series:
    return Series(
        tuple(map(len, months)),
        breadth=breadth_of(_counted(months), _counted(heard), RECENT),
    )


def _counted(months: Sequence[Month]) -> list[Counter[int]]:
    return [Counter(month) for month in months]
