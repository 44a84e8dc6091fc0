"""Theme by theme: where it rubs, when it rubs; every theme a line, the most frequent first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import ceil
from operator import add
from typing import Any

from tracker.measures.periods import Period, month_words
from tracker.measures.rates import rate_ratio
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.tallies.counts import Block, IssueCounts, Theme
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.harm import HARM
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.series import Verdicts
from tracker.reports.themes.subject import Pair, ReportSubject, ThemeSection
from tracker.reports.themes.theme import RateChange, ThemeLine
from tracker.rules.spans import ONE_DAY

_DARKEST = 4
_NAMED = ("theme", "name", "group", "verdict", "occurrences", "before")
_TOTALS = (*_NAMED, "issues", "open", "solved", "not_solved", *HARM)
_NO_ISSUES = IssueCounts()


@dataclass(frozen=True, slots=True)
class ThemeLines(ThemeSection):
    """`lines`: every theme, the most frequent first; `pairs`: those that have a column."""

    lines: tuple[ThemeLine, ...]
    untagged: ThemeLine
    pairs: tuple[Pair, ...]

    @classmethod
    def of(
        cls,
        subject: ReportSubject,
        request: ReportRequest,
        tallies: Tallies,
        pairs: tuple[Pair, ...],
        verdicts: Verdicts,
    ) -> "ThemeLines":
        themes = _TalliesByTheme(request, tallies, pairs, verdicts)
        *lines, untagged = (themes.line(subject, None if key == UNTAGGED else key) for key in subject.theme_names)
        return cls(subject, tuple(sorted(lines, key=lambda line: (-line.now, -(line.before or 0)))), untagged, pairs)

    @property
    def all_lines(self) -> tuple[ThemeLine, ...]:
        return (*self.lines, self.untagged)

    def line(self, key: str) -> ThemeLine | None:
        return next((each for each in self.all_lines if each.key == key), None)

    @property
    def occurrences(self) -> int:
        return sum(line.now for line in self.all_lines)

    @property
    def issues(self) -> IssueCounts:
        return reduce(add, (line.issues for line in self.all_lines), _NO_ISSUES)

    @property
    def by_month(self) -> Iterator[tuple[str, list[Count]]]:
        """Darker where there are more; `month_heads` above them."""
        months, most = self.subject.period.months(), max(count for line in self.all_lines for count in line.months)
        for line in self.all_lines:
            within = zip(months, line.months, strict=True)
            yield line.name, [_cell(line, count, most, within=month) for month, count in within]

    @property
    def by_pair(self) -> Iterator[tuple[str, list[Count]]]:
        """Darker where there are more; `pair_heads` above them."""
        most = max((count for line in self.all_lines for count in line.pairs.values()), default=0)
        for line in self.all_lines:
            yield line.name, [_cell(line, count, most, pair=pair) for pair, count in line.pairs.items()]

    @property
    def month_heads(self) -> list[str]:
        return [month_words(month) for month in self.subject.period.months()]

    @property
    def pair_heads(self) -> list[str]:
        return [" ↔ ".join(self.subject.names(pair)) for pair in self.pairs]

    def values(self) -> dict[str, Any]:
        """Each theme with `issues_at`, the address of the issues behind it."""
        return {
            "charted": [month.name for month in self.subject.chart],
            "themes": [line.values() for line in self.lines],
            "untagged": self.untagged.values(),
        }

    def sheets(self) -> Iterator[Sheet]:
        yield self.table
        head = ("theme", "name", "numbers", *(month.name for month in self.subject.chart))
        yield Sheet("Charts", head, [(line.key, line.name, line.numbers, *line.chart) for line in self.all_lines])

    @property
    def table(self) -> Sheet:
        """One row a theme, untagged last: totals, then a column a month, then a column a pair of organisations."""
        months = (month.name for month in self.subject.period.months())
        head = (*_TOTALS, *months, *(" + ".join(pair) for pair in self.pairs))
        return Sheet("Themes", head, [*self._rows()])

    def _rows(self) -> Iterator[Sequence[Value]]:
        for line in self.all_lines:
            issues = line.issues
            counts = (issues.issues, issues.open, issues.solved, issues.not_solved, *line.harm.cells)
            named = (line.key, line.name, line.group, line.label, line.now, line.before)
            yield (*named, *counts, *line.months, *line.pairs.values())


def theme_names_of(request: ReportRequest, tallies: Tallies) -> dict[str, str]:
    """Of every theme in use or met, in the partnership's order, and of what has none at the end."""
    known, counted = request.arrangement.themes, request.counted
    met = {each.theme for each in tallies.months if each.number in counted} | {each.theme for each in tallies.blocks}
    names = {theme.key: theme.name for theme in known.values() if theme.key in met or not theme.retired}
    unknown = sorted(theme for theme in met if theme and theme not in known)
    return {**names, **{theme: theme for theme in unknown}, UNTAGGED: "No theme yet"}


def occurrences(blocks: Iterable[Block]) -> int:
    """All that happened in these blocks."""
    return sum(each.occurrences for each in blocks)


class _TalliesByTheme:
    """What was counted, theme by theme: occurrences by the number of the month, and the period's blocks."""

    def __init__(self, request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair], verdicts: Verdicts) -> None:
        self.request, self.verdicts, self.decided, self.open = request, verdicts, tallies.decided, tallies.open
        self.couples = {pair: request.couple(pair) for pair in pairs}
        self.months: defaultdict[Theme, Counter[int]] = defaultdict(Counter)
        self.blocks: defaultdict[Theme, list[Block]] = defaultdict(list)
        for month in tallies.months:
            self.months[month.theme][month.number] += month.occurrences
        for block in tallies.blocks:
            self.blocks[block.theme].append(block)

    def line(self, subject: ReportSubject, key: Theme) -> ThemeLine:
        request = self.request
        theme = request.arrangement.themes.get(key or "")
        by_number, blocks = self.months[key], self.blocks[key]
        now = sum(by_number[number] for number in request.within.numbers)
        before = sum(by_number[number] for number in request.before.numbers) if request.before else None
        judged = {pair: verdict for (theme_key, pair), verdict in self.verdicts.items() if theme_key == key}
        return ThemeLine(
            subject,
            key=key or UNTAGGED,
            name=subject.theme(key or UNTAGGED),
            group=theme.group if theme else "",
            means=theme.means if theme else "",
            now=now,
            before=before,
            change=_change(now, before, request),
            issues=reduce(add, (each.issues for each in blocks), _NO_ISSUES),
            months=tuple(by_number[number] for number in request.within.numbers),
            pairs={
                pair: occurrences(each for each in blocks if ids <= each.sides) for pair, ids in self.couples.items()
            },
            chart=tuple(by_number[number] for number in request.numbers),
            verdict=judged.get(None),
            pair_verdicts={pair: verdict for pair, verdict in judged.items() if pair},
            baselines={
                pair: frozen
                for pair, verdict in judged.items()
                if verdict.evidence.series.frozen is not None
                and (frozen := request.arrangement.report.baseline(key or UNTAGGED, pair or ()))
            },
            decided=tuple(each.decided_on for each in self.decided if key in each.themes),
            open_now=self.open.get(key),
            owners=next((each.owners for each in self.decided if key in each.themes and not each.ended_on), ()),
        )


def _cell(line: ThemeLine, count: int, most: int, *, within: Period | None = None, pair: Pair | None = None) -> Count:
    """A cell of the tables: empty for none, darker for more."""
    if not count:
        return Count("")
    return replace(line.count(count, within=within, pair=pair), heat=ceil(_DARKEST * count / most))


def _change(now: int, before: int | None, request: ReportRequest) -> RateChange | None:
    """By the days of the period so far, and of the one before since anything was recorded."""
    if before is None or request.before is None or request.recorded.first is None or not (now or before):
        return None
    days = (min(request.within.end, request.today + ONE_DAY) - request.within.start).days
    if days <= 0:
        return None
    days_before = (request.before.end - max(request.before.start, request.recorded.first)).days
    return RateChange(*rate_ratio(now, days, before, days_before)[:3])
