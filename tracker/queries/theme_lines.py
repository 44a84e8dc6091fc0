"""The lines of a theme report: each theme with its counts, between whom, and what is told of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from operator import add

from tracker.measures.rates import rate_ratio
from tracker.measures.verdicts import Verdict
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.theme_counts import Block, Scope, Theme
from tracker.queries.theme_figures import NO_ISSUES, Change, Headline, ThemeLine
from tracker.queries.theme_frame import Frame, Gathered
from tracker.queries.theme_parts import Pair
from tracker.queries.theme_series import Key
from tracker.rules.arrangement import Arrangement
from tracker.rules.spans import ONE_DAY

FEW_PAIRS = 6


def couple_of(arrangement: Arrangement, pair: Pair) -> frozenset[int]:
    """The ids of a pair."""
    return frozenset(arrangement.organisation(key).id for key in pair)


def pairs_of(arrangement: Arrangement, scope: Scope, blocks: Iterable[Block]) -> tuple[Pair, ...]:
    """The pairs met; where there are few, all that the reader may see."""
    seen = scope.organisation_ids
    met = {couple for block in blocks for couple in combinations(sorted(block.sides), 2) if _sees(seen, couple)}
    every = {
        couple
        for couple in combinations(sorted(each.id for each in arrangement.active_organisations()), 2)
        if _sees(seen, couple)
    }
    shown = met | every if len(every) <= FEW_PAIRS else met
    places = {each.id: each.position for each in arrangement.organisations.values()}
    ordered = (sorted(couple, key=places.__getitem__) for couple in shown)
    keys = sorted(ordered, key=lambda couple: [places[each] for each in couple])
    return tuple((arrangement.organisations[one].key, arrangement.organisations[other].key) for one, other in keys)


def _sees(seen: frozenset[int] | None, couple: Iterable[int]) -> bool:
    return seen is None or bool(seen.intersection(couple))


def themes_of(arrangement: Arrangement, frame: Frame, found: Gathered) -> Iterator[Theme]:
    """Every theme in use or met, in the partnership's order, and what has none at the end."""
    counted = frame.counted
    met = {each.theme for each in found.months if each.number in counted} | {each.theme for each in found.blocks}
    yield from (theme.key for theme in arrangement.themes.values() if theme.key in met or not theme.retired)
    yield from sorted(theme for theme in met if theme and theme not in arrangement.themes)
    yield None


@dataclass(frozen=True, slots=True)
class ByTheme:
    """What was counted, theme by theme: occurrences by the number of the month, and the period's blocks."""

    counts: Mapping[Theme, Counter[int]]
    blocks: Mapping[Theme, Sequence[Block]]

    @classmethod
    def of(cls, found: Gathered) -> "ByTheme":
        counts: defaultdict[Theme, Counter[int]] = defaultdict(Counter)
        blocks: defaultdict[Theme, list[Block]] = defaultdict(list)
        for month in found.months:
            counts[month.theme][month.number] += month.occurrences
        for block in found.blocks:
            blocks[block.theme].append(block)
        return cls(counts, blocks)


def line_of(
    key: Theme, arrangement: Arrangement, frame: Frame, counted: ByTheme, pairs: Sequence[Pair],
    told: Mapping[Key, Verdict],
) -> ThemeLine:  # fmt: skip
    """One theme's line; `told` holds the verdicts."""
    theme = arrangement.themes.get(key or "")
    by_number, blocks = counted.counts[key], counted.blocks[key]
    now = sum(by_number[number] for number in frame.within.numbers)
    before = sum(by_number[number] for number in frame.before.numbers) if frame.before else None
    couples = {pair: couple_of(arrangement, pair) for pair in pairs}
    return ThemeLine(
        key=key or UNTAGGED,
        name=theme.name if theme else key or "No theme yet",
        group=theme.group if theme else "",
        means=theme.means if theme else "",
        topic=theme.topic if theme else "",
        now=now,
        before=before,
        change=_change(now, before, frame),
        issues=reduce(add, (each.issues for each in blocks), NO_ISSUES),
        months=tuple(by_number[number] for number in frame.within.numbers),
        pairs={pair: occurrences(each for each in blocks if ids <= each.sides) for pair, ids in couples.items()},
        chart=tuple(by_number[number] for number in frame.numbers),
        verdict=told.get((key, None)),
        pair_verdicts={pair: told[key, ids] for pair, ids in couples.items() if (key, ids) in told},
    )


def headlines_of(lines: Iterable[ThemeLine]) -> Iterator[Headline]:
    """Themes first of which something is said; then a theme between two, where it is not said of the theme itself."""
    for line in lines:
        if line.verdict and line.verdict.is_headline:
            yield Headline(line, None, line.verdict)
        for pair, verdict in line.pair_verdicts.items():
            if verdict.is_headline and not _is_said(line.verdict, verdict):
                yield Headline(line, pair, verdict)


def occurrences(blocks: Iterable[Block]) -> int:
    """All that happened in these blocks."""
    return sum(each.occurrences for each in blocks)


def by_frequency(lines: Iterable[ThemeLine]) -> tuple[ThemeLine, ...]:
    """The most frequent first."""
    return tuple(sorted(lines, key=lambda line: (-line.now, -(line.before or 0))))


def _change(now: int, before: int | None, frame: Frame) -> Change | None:
    """By the days of the period so far, and of the one before since anything was recorded."""
    if before is None or frame.before is None or frame.recorded.first is None or not (now or before):
        return None
    days = (min(frame.within.end, frame.today + ONE_DAY) - frame.within.start).days
    if days <= 0:
        return None
    days_before = (frame.before.end - max(frame.before.start, frame.recorded.first)).days
    return Change(*rate_ratio(now, days, before, days_before)[:3])


def _is_said(whole: Verdict | None, part: Verdict) -> bool:
    if whole is None or not whole.is_headline:
        return False
    return whole.trend is part.trend or (whole.is_recurring and part.is_recurring)
