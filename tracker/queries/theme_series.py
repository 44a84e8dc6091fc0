"""Tallies as series: what the rule of the verdicts takes, for each theme and for each theme between two."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.measures.breadth import breadth_of
from tracker.measures.series import Fixes, Series, Thresholds
from tracker.queries.fixes import Lasted, Link
from tracker.queries.theme_counts import Month, Sides, Theme
from tracker.queries.theme_terms import Terms

Couple = frozenset[int] | None  # the ids of two organisations; None: whoever they are
Key = tuple[Theme, Couple]
People = defaultdict[int, Counter[int]]  # how often each reported, by the number of the month


@dataclass(slots=True)
class _Gathered:
    counts: Counter[int] = field(default_factory=Counter)
    reporters: People = field(default_factory=lambda: defaultdict(Counter))
    linked: int = 0
    fixes: list[Lasted] = field(default_factory=list)

    def add(self, month: Month, reporters: Mapping[int, int]) -> None:
        self.counts[month.number] += month.occurrences
        _add(self.reporters[month.number], reporters)


def series_of(
    months: Iterable[Month], fixes: Iterable[Lasted], links: Iterable[Link], *, terms: Terms,
    couples: Sequence[frozenset[int]], thresholds: Thresholds,
) -> dict[Key, Series]:  # fmt: skip
    """The series of each theme met, and between each of these couples, over the months of the terms, which say their
    exposure and frozen limits."""
    places = _Places(couples)
    found: dict[Key, _Gathered] = defaultdict(_Gathered)
    heard: dict[Couple, People] = defaultdict(lambda: defaultdict(Counter))
    for month in months:
        reporters = month.reporters
        for couple in places[month.sides]:
            _add(heard[couple][month.number], reporters)
            found[month.theme, couple].add(month, reporters)
    for link in (each for each in links if each.again_of_id is not None and each.is_new):
        for couple in places[link.sides]:
            found[link.theme, couple].linked += 1
    for fix in fixes:
        for couple in places[fix.sides]:
            found[fix.theme, couple].fixes.append(fix)
    met = {key: each for key, each in found.items() if key[0] and any(each.counts[number] for number in terms.numbers)}
    return {key: _series(each, key, heard[key[1]], terms, thresholds) for key, each in met.items()}


def _add(counts: Counter[int], more: Mapping[int, int]) -> None:
    """As `update` does, which takes five times as long for a few."""
    for person, times in more.items():
        counts[person] += times


def lasted(fixes: Iterable[Lasted]) -> Fixes:
    """Fixes one by one, as Kaplan-Meier takes them."""
    every = [(each.days, each.again) for each in fixes for _ in range(each.count)]
    return Fixes(tuple(float(days) for days, _ in every), tuple(again for _, again in every))


class _Places(dict[Sides, tuple[Couple, ...]]):
    """Where issues between these sides count: among all, and between each couple of theirs."""

    def __init__(self, couples: Sequence[frozenset[int]]) -> None:
        self._couples = couples

    def __missing__(self, sides: Sides) -> tuple[Couple, ...]:
        self[sides] = (None, *(couple for couple in self._couples if couple <= sides))
        return self[sides]


def _series(gathered: _Gathered, key: Key, heard: People, terms: Terms, thresholds: Thresholds) -> Series:
    numbers, frozen = terms.numbers, terms.baseline(*key)
    return Series(
        counts=tuple(gathered.counts[number] for number in numbers),
        exposure=terms.exposure(key[1]),
        frozen=frozen.centre if frozen else None,
        linked=gathered.linked,
        fixes=lasted(gathered.fixes),
        breadth=breadth_of(
            [gathered.reporters[number] for number in numbers],
            [heard[number] for number in numbers],
            thresholds.recent_months,
        ),
    )
