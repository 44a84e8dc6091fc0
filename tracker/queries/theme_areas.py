"""Service areas: where it happens, and which of them have fallen silent; never so that a few people can be told."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from tracker.measures.alternatives import Sum
from tracker.measures.periods import Period, month_number, month_of
from tracker.measures.silence import expected, is_silent, least_before
from tracker.measures.suppression import ALL, Cell, Shown, suppressed
from tracker.queries.theme_counts import AreaMonth, Scope
from tracker.rules.arrangement import Arrangement

RECENT, EARLIER = 2, 6  # quarters
_MONTHS = 3  # of a quarter
_Counts = tuple[tuple[str | None, int, frozenset[int], int, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A service area ("": none was named): occurrences in the recent quarters and in those before, as they may be
    shown. `expected`: of the recent ones, at the rate before; None where that would tell what is not shown."""

    key: str
    name: str
    recent: Shown
    before: Shown
    expected: float | None
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Areas:
    """`lines` in the partnership's order, what names no area last; over two periods of whole quarters, which are the
    same whatever period a report is asked for: cut otherwise, small numbers could be told from the difference."""

    recent: Period
    before: Period
    lines: tuple[AreaLine, ...]

    @property
    def silent(self) -> tuple[AreaLine, ...]:
        return tuple(each for each in self.lines if each.is_silent)


def area_quarters(scope: Scope, first: date | None, today: date) -> tuple[Period, Period] | None:
    """The recent quarters and those before, whole and recorded whole. None where fewer are before than recent ones (of
    a single one, that an area is not silent would tell its count); and for readers who have not the totals of all: from
    the difference between theirs and all, too, small numbers could be told."""
    if first is None or scope.organisation_ids is not None:
        return None
    this_quarter = month_of(today.replace(day=1, month=(today.month - 1) // _MONTHS * _MONTHS + 1))
    recent = this_quarter.previous().ending(RECENT * _MONTHS)
    earlier = (recent.previous().ending(many * _MONTHS) for many in range(EARLIER, RECENT - 1, -1))
    before = next((each for each in earlier if each.start >= first), None)
    return (recent, before) if before else None


def areas_of(
    arrangement: Arrangement, quarters: tuple[Period, Period] | None, months: Iterable[AreaMonth]
) -> Areas | None:
    """Every service area in use or met; None where there are none, or no quarters to tell of."""
    active = [each.key for each in arrangement.service_areas if not each.retired]
    if quarters is None or not active:
        return None
    recent, before = quarters
    counts: Counter[tuple[str | None, bool]] = Counter()
    people: defaultdict[tuple[str | None, bool], set[int]] = defaultdict(set)
    for month in months:
        key = (month.area, month.number >= month_number(recent.start))
        counts[key] += month.occurrences
        people[key] |= month.reporters
    met = {area for area, _ in counts}
    known = [each.key for each in arrangement.service_areas if each.key in met or each.key in active]
    rows = tuple(
        (area, counts[area, True], frozenset(people[area, True]), counts[area, False], frozenset(people[area, False]))
        for area in (*known, None)
    )
    return Areas(
        recent, before, _lines(rows, {each.key: each.name for each in arrangement.service_areas}, before.length)
    )


def _lines(rows: _Counts, names: dict[str, str], months_before: int) -> tuple[AreaLine, ...]:
    shown = _shown(rows, least_before(months_before, RECENT * _MONTHS))
    lines = []
    for area, count, _, count_before, _ in rows:
        usual = expected(count_before, months_before, RECENT * _MONTHS)
        now, then = shown[area, True], shown[area, False]
        told = None if then.value is None else usual
        name = names.get(area, area) if area else "No service area named"
        lines.append(AreaLine(area or "", name, now, then, told, area is not None and is_silent(count, usual)))
    return tuple(lines)


@lru_cache(maxsize=64)
def _shown(rows: _Counts, silent_from: int) -> dict[tuple[str | None, bool], Shown]:
    """What all areas add up to is what the whole partnership has, which is shown elsewhere. Of an area without reports
    it is said, too, whether it is silent: whether there were `silent_from` or more before."""
    cells: dict[tuple[str | None, bool], Cell] = {}
    for area, count, people, count_before, people_before in rows:
        cells[area, True], before = Cell(count, people), Cell(count_before, people_before)
        if area is not None and not count:
            is_many = count_before >= silent_from
            before = replace(before, least=silent_from) if is_many else replace(before, most=silent_from - 1)
        cells[area, False] = before
    sums = [Sum((ALL, recent), tuple(key for key in cells if key[1] is recent)) for recent in (True, False)]
    wholes = {each.total: Cell(sum(cells[part].count for part in each.parts), narrow=False) for each in sums}
    return suppressed({**cells, **wholes}, sums, known=wholes)
