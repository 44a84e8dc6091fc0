"""Service areas: where it happens, and which have fallen silent; never so that a few people can be identified."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from tracker.measures.breadth import expected, is_silent, least_before
from tracker.measures.periods import Period, in_words, month_number, quarter_of
from tracker.measures.suppression import ReportedCount, ShownCount, Sum, suppressed
from tracker.queries.issue_list import NONE
from tracker.queries.tallies.counts import AreaMonth, Scope
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.subject import ThemeSection
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed

RECENT, EARLIER, FEWEST = (2, 1), 6, 2  # quarters: recent ones, and before them at most and at least
_MONTHS = 3  # of a quarter

_Cell = tuple[str | None, bool]  # an area, and whether it is recent


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A service area ("": none was named): occurrences in the recent quarters and in those before, as they may be
    shown. `expected`: of the recent ones, at the rate before; None where that would tell what is not shown."""

    key: str
    name: str
    recent: ShownCount
    before: ShownCount
    expected: float | None
    is_silent: bool

    @property
    def text(self) -> str:
        """“silent: about 4 were to be expected”; empty for an area that reports."""
        if not self.is_silent:
            return ""
        return f"silent: {f'about {self.expected:.0f}' if self.expected else 'some'} were to be expected"

    def values(self) -> dict[str, Any]:
        """Counts as they may be shown (null: hidden), with their words."""
        return {
            "key": self.key or None,
            "name": self.name,
            "recent": self.recent.value,
            "before": self.before.value,
            "shown": [self.recent.text, self.before.text],
            "silent": self.is_silent,
            "words": self.text,
        }


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

    @property
    def summary(self) -> str:
        names = listed(each.name for each in self.silent)
        if not names:
            return "No area is silent."
        return f"Silent: {names}. Nothing reported need not mean that nothing happens."

    @property
    def text(self) -> str:
        """Which quarters are held against which, and why not others."""
        return (
            f"{in_words(self.recent)}, against {in_words(self.before)}: always whole quarters, the same whatever "
            "period is asked for. What fewer than five people reported is not shown, nor what would give it away."
        )

    @property
    def heads(self) -> tuple[str, str]:
        """“April to September 2026 (6 months)”: the two are not of one length."""
        recent, before = (f"{in_words(each)} ({each.length} months)" for each in (self.recent, self.before))
        return recent, before


@dataclass(frozen=True, slots=True)
class ServiceAreas(ThemeSection):
    """For who has the totals of all; for others None."""

    areas: Areas | None

    def counts(self, line: AreaLine) -> Iterator[Count]:
        """Recent ones, and those before. What is hidden leads nowhere."""
        for shown, within in ((line.recent, self.areas.recent), (line.before, self.areas.before)) if self.areas else ():
            about = {"area": line.key or NONE}
            yield self.subject.count(shown.value or 0, about=about, within=within, text=shown.text)

    def values(self) -> dict[str, Any]:
        if self.areas is None:
            return {"areas": None}
        (recent, before), lines = self.areas.heads, [each.values() for each in self.areas.lines]
        words = {"words": self.areas.text, "summary": self.areas.summary}
        return {"areas": {"recent": recent, "before": before, **words, "lines": lines}}

    def sheets(self) -> Iterator[Sheet]:
        lines = self.areas.lines if self.areas else ()
        rows = [(each.key, each.name, each.recent.text, each.before.text, each.text) for each in lines]
        yield Sheet("Service areas", ("area", "name", "recent", "before", "in words"), rows)


def area_quarters(scope: Scope, first: date | None, today: date) -> tuple[Period, Period] | None:
    """The recent quarters and those before, whole and recorded whole: two recent ones, or one where fewer than two are
    before those. None where fewer than two are before that one, either (of a single one, that an area is not silent
    would tell its count); and for readers who have not the totals of all: from the difference between theirs and all,
    too, small numbers could be told."""
    if first is None or scope.organisation_ids is not None:
        return None
    over = quarter_of(today).previous()
    spans = ((over.ending(recent * _MONTHS), many) for recent in RECENT for many in range(EARLIER, FEWEST - 1, -1))
    pairs = ((recent, recent.previous().ending(many * _MONTHS)) for recent, many in spans)
    return next((pair for pair in pairs if pair[1].start >= first), None)


def areas_of(
    arrangement: Arrangement, quarters: tuple[Period, Period] | None, months: Iterable[AreaMonth]
) -> Areas | None:
    """Every service area in use or met; None where there are none, or no quarters to tell of. One that is retired is
    not silent: nothing is expected of it."""
    active = {each.key for each in arrangement.service_areas if not each.retired}
    if quarters is None or not active:
        return None
    (recent, before), lengths = quarters, (quarters[1].length, quarters[0].length)
    cells = _cells(months, month_number(recent.start))
    known = active | {area for area, _ in cells}
    names: dict[str | None, str] = {each.key: each.name for each in arrangement.service_areas if each.key in known}
    names[None] = "No service area named"
    rows = tuple(_row(area, cells[area, True], cells[area, False], lengths, active) for area in names)
    shown = _shown(rows)
    return Areas(recent, before, tuple(_line(row, names[row.area], shown, lengths) for row in rows))


@dataclass(frozen=True, slots=True)
class _Row:
    """What is counted of an area, as it is; `before` with what is told of it by the area's silence."""

    area: str | None
    recent: ReportedCount
    before: ReportedCount
    is_silent: bool


def _cells(months: Iterable[AreaMonth], first_recent: int) -> defaultdict[_Cell, ReportedCount]:
    """Recent is what is of the month of the number `first_recent`, or later."""
    cells: defaultdict[_Cell, ReportedCount] = defaultdict(lambda: ReportedCount(0))
    for month in months:
        key = (month.area, month.number >= first_recent)
        cells[key] = ReportedCount(cells[key].count + month.occurrences, cells[key].reporters | month.reporters)
    return cells


def _row(
    area: str | None, recent: ReportedCount, before: ReportedCount, lengths: tuple[int, int], active: Collection[str]
) -> _Row:
    """`lengths`: months before, and recent ones."""
    if area not in active or recent.count:
        return _Row(area, recent, before, is_silent=False)
    least = least_before(*lengths)
    if is_silent(recent.count, expected(before.count, *lengths)):
        return _Row(area, recent, replace(before, least=least), is_silent=True)
    return _Row(area, recent, replace(before, most=least - 1), is_silent=False)


def _line(row: _Row, name: str, shown: Mapping[_Cell, ShownCount], lengths: tuple[int, int]) -> AreaLine:
    now, then = shown[row.area, True], shown[row.area, False]
    usual = None if then.value is None else expected(then.value, *lengths)
    return AreaLine(row.area or "", name, now, then, usual, row.is_silent)


@lru_cache(maxsize=64)
def _shown(rows: tuple[_Row, ...]) -> Mapping[_Cell, ShownCount]:
    """What all areas add up to (keys True and False) is what the whole partnership has, which is shown elsewhere."""
    cells: dict[Any, ReportedCount] = {}
    for row in rows:
        cells[row.area, True], cells[row.area, False] = row.recent, row.before
    sums = [Sum(recent, tuple(key for key in cells if key[1] is recent)) for recent in (True, False)]
    wholes = {each.total: ReportedCount(sum(cells[part].count for part in each.parts), narrow=False) for each in sums}
    return suppressed({**cells, **wholes}, sums, known=wholes)
