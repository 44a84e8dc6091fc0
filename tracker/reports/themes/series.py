"""Tallies as series, for each theme and for each theme between two; and what the rule says of them."""

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from tracker.measures.breadth import breadth_of
from tracker.measures.chart_choice import ChartExposure, Gaps, is_seldom
from tracker.measures.control_charts import cases_between, days_between
from tracker.measures.periods import month_numbered
from tracker.measures.verdicts import Fixes, Series, Verdict, may_be_fewer, verdicts
from tracker.queries.tallies.counts import Month, Scope, Sides, Theme
from tracker.queries.tallies.fixes import FixDuration
from tracker.queries.tallies.tallies import times
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import Pair

Couple = frozenset[int] | None  # the ids of two organisations; None: whoever they are
Key = tuple[Theme, Couple]
Verdicts = Mapping[tuple[Theme, Pair | None], Verdict]
_Heard = Callable[[Couple], Sequence[Mapping[int, int]]]


def verdicts_of(request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]) -> Verdicts:
    """Themes held against each other; themes between two likewise, where there are more than two organisations.

    They are told from whole months, while most of what happens falls into the one that is not over: what was told last
    is kept, and holds while what it was told from is the same.
    """
    if not request.charted:
        return {}
    arrangement, numbers = request.arrangement, request.numbers
    months = [each for each in tallies.months if each.number in numbers]
    keys = {each.id: each.key for each in arrangement.organisations.values()}
    told_from = request.thresholds, arrangement.report, keys, tuple(pairs), months, tallies.fixes
    place = request.scope, numbers
    with _lock:
        found = _judged.get(place)
    if found is None or found.told_from != told_from:
        found = _Judged(told_from, _judge(request, replace(tallies, months=months), pairs))
        with _lock:
            _judged[place] = found
            _judged.move_to_end(place)
            while len(_judged) > _MOST_JUDGED:
                _judged.popitem(last=False)
    return found.verdicts


@dataclass(frozen=True, slots=True)
class _Judged:
    told_from: tuple[Any, ...]
    verdicts: Verdicts


_MOST_JUDGED = 8  # totals and charts, in the process: of each a megabyte of what it was told from
_judged: OrderedDict[tuple[Scope, range], _Judged] = OrderedDict()
_lock = Lock()


def _judge(request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]) -> Verdicts:
    couples: dict[Couple, Pair] = {request.couple(pair): pair for pair in pairs} if len(pairs) > 1 else {}
    series = _series_of(request, tallies, [couple for couple in couples if couple])
    families = ({key: each for key, each in series.items() if (key[1] is None) is whole} for whole in (True, False))
    judged = (each for family in families for each in verdicts(family, request.thresholds).items())
    return {(theme, couples.get(couple)): verdict for (theme, couple), verdict in judged}


@dataclass(slots=True)
class _ThemeTallies:
    counts: Counter[int] = field(default_factory=Counter)
    months: list[Month] = field(default_factory=list)
    fixes: list[FixDuration] = field(default_factory=list)


def _series_of(request: ReportRequest, tallies: Tallies, couples: Sequence[frozenset[int]]) -> dict[Key, Series]:
    """The series of each theme met, and between each of these couples, over the charted months."""
    by_key: dict[Key, _ThemeTallies] = defaultdict(_ThemeTallies)
    by_couple: dict[Couple, list[Month]] = defaultdict(list)
    exposures = {couple: request.exposure(couple) for couple in (None, *couples)}

    @cache
    def places(sides: Sides) -> tuple[Couple, ...]:
        """Where issues between these sides count: among all, and between each couple of theirs."""
        return (None, *(couple for couple in couples if couple <= sides))

    @cache
    def heard(couple: Couple) -> list[Mapping[int, int]]:
        """Who reported anything at all: counted once it is asked, for that is most of the work."""
        return _reporters(by_couple[couple], request.numbers)

    for (theme, sides), same in _by_sides(tallies.months).items():
        counts: Counter[int] = Counter()
        for month in same:
            counts[month.number] += month.occurrences
        for couple in places(sides):
            by_key[theme, couple].counts.update(counts)
            by_key[theme, couple].months += same
            by_couple[couple] += same
    for fix in tallies.fixes:
        for couple in places(fix.sides):
            by_key[fix.theme, couple].fixes.append(fix)
    numbers = request.numbers
    met = {key: each for key, each in by_key.items() if key[0] and any(map(each.counts.get, numbers))}
    return {key: _series(each, key, heard, request, exposures[key[1]]) for key, each in met.items()}


def _by_sides(months: Iterable[Month]) -> Mapping[tuple[Theme, Sides], list[Month]]:
    """Those of a theme between the same sides: they count in the same places."""
    groups: defaultdict[tuple[Theme, Sides], list[Month]] = defaultdict(list)
    for month in months:
        groups[month.theme, month.sides].append(month)
    return groups


def fixes_of(fixes: Iterable[FixDuration]) -> Fixes:
    """Fixes one by one, as Kaplan-Meier takes them."""
    days: list[float] = []
    again: list[bool] = []
    alike = 0
    for fix in fixes:
        days += [float(fix.days)] * fix.count
        again += [fix.again] * fix.count
        alike += fix.alike
    return Fixes(tuple(days), tuple(again), alike)


def _reporters(months: Iterable[Month], numbers: Sequence[int]) -> list[Mapping[int, int]]:
    """How often each reported, month by month."""
    people: dict[int, list[str]] = {number: [] for number in numbers}
    for month in months:
        if month.number in people:
            people[month.number].append(month.people)
    return [_together(tuple(sorted(texts))) for texts in people.values()]


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
    tallies: _ThemeTallies, key: Key, heard: _Heard, request: ReportRequest, exposure: ChartExposure | None
) -> Series:
    numbers, thresholds, frozen = request.numbers, request.thresholds, request.baseline(*key)
    lately = numbers[-thresholds.recurrence_months :]
    counts = tuple(tallies.counts[number] for number in numbers)
    is_rare = key[1] is None and is_seldom(counts, baseline=thresholds.baseline_months)
    series = Series(
        counts=counts,
        exposure=exposure,
        frozen=frozen.centre if frozen else None,
        linked=sum(month.again for month in tallies.months if month.number in lately),
        fixes=fixes_of(tallies.fixes),
        between=_between(tallies.months, numbers, exposure) if is_rare else None,
    )
    if not may_be_fewer(series, thresholds):
        return series
    breadth = breadth_of(_reporters(tallies.months, numbers), heard(key[1]), thresholds.recent_months)
    return replace(series, breadth=breadth)


def _between(months: Iterable[Month], numbers: range, exposure: ChartExposure | None) -> Gaps:
    """What lay between one occurrence and the next of what is too rare for months and quarters."""
    days = [*_days(month for month in months if month.number in numbers)]
    periods = [month_numbered(number) for number in numbers]
    if exposure is None:
        return Gaps(days_between(days))
    return Gaps(days_between(days), cases_between(days, periods, exposure.months), exposure.what)


def _days(months: Iterable[Month]) -> Iterator[date]:
    for month in months:
        start = month_numbered(month.number).start
        for day, often in month.happened.items():
            yield from [start.replace(day=day)] * often
