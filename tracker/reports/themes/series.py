"""Tallies as series: what the rule of the verdicts takes, for each theme and for each theme between two."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from tracker.measures.breadth import breadth_of
from tracker.measures.chart_choice import Between, Exposure, is_seldom
from tracker.measures.control_charts import cases_between, days_between
from tracker.measures.periods import month_numbered
from tracker.measures.verdicts import Fixes, Series, Thresholds, may_be_fewer
from tracker.queries.tallies.counts import Month, Sides, Theme
from tracker.queries.tallies.fixes import Lasted
from tracker.queries.tallies.tallies import times
from tracker.reports.themes.request import Terms

Couple = frozenset[int] | None  # the ids of two organisations; None: whoever they are
Key = tuple[Theme, Couple]


@dataclass(slots=True)
class _Gathered:
    counts: Counter[int] = field(default_factory=Counter)
    months: list[Month] = field(default_factory=list)
    fixes: list[Lasted] = field(default_factory=list)

    def add(self, months: Sequence[Month], counts: Mapping[int, int]) -> None:
        self.counts.update(counts)
        self.months += months


def series_of(
    months: Iterable[Month], fixes: Iterable[Lasted], *, terms: Terms, couples: Sequence[frozenset[int]],
    thresholds: Thresholds,
) -> dict[Key, Series]:  # fmt: skip
    """The series of each theme met, and between each of these couples, over the months of the terms, which say their
    exposure and frozen limits."""
    places = _Places(couples)
    found: dict[Key, _Gathered] = defaultdict(_Gathered)
    heard, exposures = _Heard(terms.numbers), {couple: terms.exposure(couple) for couple in (None, *couples)}
    for (theme, sides), same in _by_sides(months).items():
        counts: Counter[int] = Counter()
        for month in same:
            counts[month.number] += month.occurrences
        for couple in places[sides]:
            found[theme, couple].add(same, counts)
            heard.months[couple] += same
    for fix in fixes:
        for couple in places[fix.sides]:
            found[fix.theme, couple].fixes.append(fix)
    met = {key: each for key, each in found.items() if key[0] and any(each.counts[number] for number in terms.numbers)}
    return {key: _series(each, key, heard, terms, exposures[key[1]], thresholds) for key, each in met.items()}


def _by_sides(months: Iterable[Month]) -> Mapping[tuple[Theme, Sides], list[Month]]:
    """Those of a theme between the same sides: they count in the same places."""
    found: defaultdict[tuple[Theme, Sides], list[Month]] = defaultdict(list)
    for month in months:
        found[month.theme, month.sides].append(month)
    return found


def lasted(fixes: Iterable[Lasted]) -> Fixes:
    """Fixes one by one, as Kaplan-Meier takes them."""
    days: list[float] = []
    again: list[bool] = []
    alike = 0
    for each in fixes:
        days += [float(each.days)] * each.count
        again += [each.again] * each.count
        alike += each.alike
    return Fixes(tuple(days), tuple(again), alike)


class _Places(dict[Sides, tuple[Couple, ...]]):
    """Where issues between these sides count: among all, and between each couple of theirs."""

    def __init__(self, couples: Sequence[frozenset[int]]) -> None:
        self._couples = couples

    def __missing__(self, sides: Sides) -> tuple[Couple, ...]:
        self[sides] = (None, *(couple for couple in self._couples if couple <= sides))
        return self[sides]


class _Heard:
    """Who reported anything at all, couple by couple: counted once it is asked, for that is most of the work."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.months: dict[Couple, list[Month]] = defaultdict(list)
        self._numbers = numbers
        self._kept: dict[Couple, list[Mapping[int, int]]] = {}

    def of(self, couple: Couple) -> list[Mapping[int, int]]:
        if couple not in self._kept:
            self._kept[couple] = _reporters(self.months[couple], self._numbers)
        return self._kept[couple]


def _reporters(months: Iterable[Month], numbers: Sequence[int]) -> list[Mapping[int, int]]:
    """How often each reported, month by month."""
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for month in months:
        if month.number in found:
            found[month.number].append(month.people)
    return [_together(tuple(sorted(texts))) for texts in found.values()]


@lru_cache(maxsize=4096)  # most months are the same from one report to the next
def _together(texts: tuple[str, ...]) -> Mapping[int, int]:
    """How often each person is in these, but for whoever is not known."""
    counts: Counter[int] = Counter()
    for text in texts:
        for person, often in times(text).items():
            counts[person] += often
    counts.pop(0, None)
    return counts


def _series(
    gathered: _Gathered, key: Key, heard: _Heard, terms: Terms, exposure: Exposure | None, thresholds: Thresholds
) -> Series:
    numbers, frozen = terms.numbers, terms.baseline(*key)
    lately = numbers[-thresholds.recurrence_months :]
    counts = tuple(gathered.counts[number] for number in numbers)
    is_rare = key[1] is None and is_seldom(counts, baseline=min(thresholds.baseline_months, len(counts)))
    found = Series(
        counts=counts,
        exposure=exposure,
        frozen=frozen.centre if frozen else None,
        linked=sum(month.again for month in gathered.months if month.number in lately),
        fixes=lasted(gathered.fixes),
        between=_between(gathered.months, numbers, exposure) if is_rare else None,
    )
    if not may_be_fewer(found, thresholds):
        return found
    breadth = breadth_of(_reporters(gathered.months, numbers), heard.of(key[1]), thresholds.recent_months)
    return replace(found, breadth=breadth)


def _between(months: Iterable[Month], numbers: range, exposure: Exposure | None) -> Between:
    """What lay between one occurrence and the next of what is too rare for months and quarters."""
    days = [*_days(month for month in months if month.number in numbers)]
    periods = [month_numbered(number) for number in numbers]
    if exposure is None:
        return Between(days_between(days))
    return Between(days_between(days), cases_between(days, periods, exposure.months), exposure.what)


def _days(months: Iterable[Month]) -> Iterator[date]:
    for month in months:
        start = month_numbered(month.number).start
        for day, often in month.happened.items():
            yield from [start.replace(day=day)] * often
