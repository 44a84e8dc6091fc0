"""Service areas: where it happens, and which of them have fallen silent; never so that a few people can be told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from tracker.measures.breadth import expected, is_silent, least_before
from tracker.measures.periods import Period, month_number, month_of
from tracker.measures.suppression import Cell, Shown, Sum, suppressed
from tracker.queries.tallies.counts import AreaMonth, Scope
from tracker.rules.arrangement import Arrangement

RECENT, EARLIER, FEWEST = (2, 1), 6, 2  # quarters: recent ones, and before them at most and at least
_MONTHS = 3  # of a quarter


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
    """The recent quarters and those before, whole and recorded whole: two recent ones, or one where fewer than two are
    before those. None where fewer than two are before that one, either (of a single one, that an area is not silent
    would tell its count); and for readers who have not the totals of all: from the difference between theirs and all,
    too, small numbers could be told."""
    if first is None or scope.organisation_ids is not None:
        return None
    over = month_of(today.replace(day=1, month=(today.month - 1) // _MONTHS * _MONTHS + 1)).previous()
    spans = ((over.ending(recent * _MONTHS), many) for recent in RECENT for many in range(EARLIER, FEWEST - 1, -1))
    pairs = ((recent, recent.previous().ending(many * _MONTHS)) for recent, many in spans)
    return next((pair for pair in pairs if pair[1].start >= first), None)


def areas_of(
    arrangement: Arrangement, quarters: tuple[Period, Period] | None, months: Iterable[AreaMonth]
) -> Areas | None:
    """Every service area in use or met; None where there are none, or no quarters to tell of. One that is retired is
    not silent: nothing is expected of it."""
    active = [each.key for each in arrangement.service_areas if not each.retired]
    if quarters is None or not active:
        return None
    recent, before = quarters
    cells, met = _cells(months, month_number(recent.start))
    known = [each.key for each in arrangement.service_areas if each.key in met or each.key in active]
    rows = tuple(
        _row(area, cells[area, True], cells[area, False], (before.length, recent.length), is_active=area in active)
        for area in (*known, None)
    )
    names = {each.key: each.name for each in arrangement.service_areas}
    shown = _shown(rows)
    return Areas(recent, before, tuple(_line(row, names, shown, (before.length, recent.length)) for row in rows))


@dataclass(frozen=True, slots=True)
class _Row:
    """What is counted of an area, as it is; `before` with what is told of it by the area's silence."""

    area: str | None
    recent: Cell
    before: Cell
    is_silent: bool


def _cells(
    months: Iterable[AreaMonth], first_recent: int
) -> tuple[defaultdict[tuple[str | None, bool], Cell], set[str | None]]:
    """By (area, whether it is recent), from the month of the number `first_recent` on; and the areas met."""
    cells: defaultdict[tuple[str | None, bool], Cell] = defaultdict(lambda: Cell(0))
    for month in months:
        key = (month.area, month.number >= first_recent)
        cells[key] = Cell(cells[key].count + month.occurrences, cells[key].reporters | month.reporters)
    return cells, {area for area, _ in cells}


def _row(area: str | None, recent: Cell, before: Cell, lengths: tuple[int, int], *, is_active: bool) -> _Row:
    """`lengths`: months before, and recent ones."""
    if not is_active or recent.count:
        return _Row(area, recent, before, is_silent=False)
    least = least_before(*lengths)
    if is_silent(recent.count, expected(before.count, *lengths)):
        return _Row(area, recent, replace(before, least=least), is_silent=True)
    return _Row(area, recent, replace(before, most=least - 1), is_silent=False)


def _line(
    row: _Row, names: Mapping[str, str], shown: Mapping[tuple[str | None, bool], Shown], lengths: tuple[int, int]
) -> AreaLine:
    now, then = shown[row.area, True], shown[row.area, False]
    usual = None if then.value is None else expected(then.value, *lengths)
    name = names[row.area] if row.area else "No service area named"
    return AreaLine(row.area or "", name, now, then, usual, row.is_silent)


@lru_cache(maxsize=64)
def _shown(rows: tuple[_Row, ...]) -> Mapping[tuple[str | None, bool], Shown]:
    """What all areas add up to (keys True and False) is what the whole partnership has, which is shown elsewhere."""
    cells: dict[Any, Cell] = {}
    for row in rows:
        cells[row.area, True], cells[row.area, False] = row.recent, row.before
    sums = [Sum(recent, tuple(key for key in cells if key[1] is recent)) for recent in (True, False)]
    wholes = {each.total: Cell(sum(cells[part].count for part in each.parts), narrow=False) for each in sums}
    return suppressed({**cells, **wholes}, sums, known=wholes)
