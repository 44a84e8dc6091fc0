"""The theme report: what keeps rubbing, when, between whom, under which promise; in a handful of statements."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import combinations
from operator import add

from sqlmodel import Session

from tracker.measures.durations import kaplan_meier, lasting
from tracker.measures.periods import Period
from tracker.measures.rates import Share, rate_ratio
from tracker.measures.recurrence import chains
from tracker.measures.verdicts import Verdict, verdicts
from tracker.queries.decisions import Decided, decisions_on_themes
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.tallies import counts as theme_counts
from tracker.queries.tallies.counts import Block, Recorded, Scope, Theme
from tracker.queries.tallies.decision_effects import effects_on
from tracker.queries.tallies.fixes import Link, fixes, links
from tracker.queries.tallies.quotations import quotations
from tracker.reports.themes.areas import areas_of
from tracker.reports.themes.report import (
    NO_ISSUES,
    Chain,
    Change,
    EntryLag,
    Headline,
    Helped,
    Lasting,
    Pair,
    Promise,
    ThemeLine,
    ThemeReport,
    Trust,
)
from tracker.reports.themes.request import Frame, Gathered, Terms, frame_of
from tracker.reports.themes.series import Key, lasted, series_of
from tracker.reports.themes.side_views import theme_views
from tracker.reports.themes.sides import both_ways, reporting
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer
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


CHAINS = 5  # that are shown, the longest first


def theme_report(
    session: Session, arrangement: Arrangement, *, today: date, viewer: Viewer | None = None,
    period: Period | None = None, recorded: Recorded | None = None, quoted: bool = False,
) -> ThemeReport:  # fmt: skip
    """Occurrences in `period`, against the period before; without one, of all time, against nothing.

    Steering members and leads, and whoever gets figures without a viewer, have totals over every issue that crossed;
    others over their organisations' issues, and the pairs of those. An issue of three sides counts in each of its
    pairs, and once in its theme. `today` is the day by the partnership's clock; `recorded`: where it is known already;
    `quoted`: people's words, too, without a viewer (a pack, which is the same for all its readers).
    """
    scope = Scope.of(arrangement, viewer)
    known = recorded or theme_counts.recorded(session, scope)
    frame = frame_of(arrangement, scope, known, period, today)
    return report_of(arrangement, frame, _gathered(session, arrangement, frame, viewer, quoted=quoted))


def _gathered(
    session: Session, arrangement: Arrangement, frame: Frame, viewer: Viewer | None, *, quoted: bool
) -> Gathered:
    scope, uncounted = frame.scope, frame.recorded.uncounted
    decided = _decided(session, arrangement, frame, viewer)
    wanted = frame.counted_for(each.decided_on for each in decided)
    months, areas = theme_counts.by_month_and_area(session, scope, wanted, frame.of_areas, uncounted)
    blocks = theme_counts.by_block(session, scope, frame.within.numbers, uncounted)
    words = quotations(session, arrangement, scope, viewer, frame.within, months) if viewer or quoted else ()
    if not frame.charted:
        return Gathered(months, blocks, [], [], areas=areas, quotations=words)
    linked_from, until = frame.charted[-1].ending(frame.thresholds.recurrence_months).moments(frame.zone)
    return Gathered(
        months=months,
        blocks=blocks,
        fixes=fixes(session, scope, frame.followed, frame.thresholds.lasting_days, uncounted, frame.counted),
        links=links(session, scope, viewer, linked_from, until),
        decided=decided,
        areas=areas,
        quotations=words,
    )


def _decided(session: Session, arrangement: Arrangement, frame: Frame, viewer: Viewer | None) -> tuple[Decided, ...]:
    """What was decided in the charted months, and since, while the period lasts."""
    if not frame.charted:
        return ()
    start, end = frame.charted[0].start, min(frame.today + ONE_DAY, frame.within.end)
    return decisions_on_themes(session, arrangement.id, viewer, start=start, end=end)


def report_of(arrangement: Arrangement, frame: Frame, found: Gathered) -> ThemeReport:
    """What the counts tell, wherever they come from."""
    terms, pairs = Terms(arrangement, frame.scope, frame.numbers), pairs_of(arrangement, frame.scope, found.blocks)
    told = _verdicts(terms, frame, found, pairs)
    themes, untagged = _lines(arrangement, frame, found, pairs, told)
    return ThemeReport(
        partnership=arrangement.key, name=arrangement.name,
        organisations={each.key: each.name for each in arrangement.organisations.values()},
        period=frame.within,
        before=frame.before,
        first=frame.recorded.first,
        so_far=frame.so_far,
        chart=frame.charted,
        pairs=pairs,
        lines=themes,
        untagged=untagged,
        scope=_keys(arrangement, frame.scope),
        headlines=tuple(headlines_of(themes)),
        tested=_tested(told),
        promises=tuple(_promises(found.blocks, arrangement)),
        both_ways=both_ways(terms, pairs, found.months),
        views=theme_views(arrangement, frame.scope, found.blocks),
        decisions=tuple(_helped(each, frame, found) for each in found.decided),
        reporting=reporting(arrangement, frame.scope, found.months, frame.numbers, frame.thresholds.recent_months),
        areas=areas_of(arrangement, frame.quarters, found.areas),
        lasting=_lasting(frame, found),
        trust=_trust(found.blocks, [*themes, untagged]),
        exposure=terms.known(),
        quotations=found.quotations,
    )  # fmt: skip


def _lines(
    arrangement: Arrangement, frame: Frame, found: Gathered, pairs: Sequence[Pair], told: Mapping[Key, Verdict]
) -> tuple[tuple[ThemeLine, ...], ThemeLine]:
    """The themes, the most frequent first, and what has none yet."""
    counted = ByTheme.of(found)
    *lines, untagged = (
        line_of(key, arrangement, frame, counted, pairs, told) for key in themes_of(arrangement, frame, found)
    )
    return by_frequency(lines), untagged


def _keys(arrangement: Arrangement, scope: Scope) -> tuple[str, ...]:
    return tuple(arrangement.organisations[each].key for each in sorted(scope.organisation_ids or ()))


def _verdicts(terms: Terms, frame: Frame, found: Gathered, pairs: Sequence[Pair]) -> dict[Key, Verdict]:
    """Themes held against each other; themes between two likewise, where there are more than two organisations."""
    if not frame.charted:
        return {}
    couples = [couple_of(terms.arrangement, pair) for pair in pairs] if len(pairs) > 1 else []
    series = series_of(found.months, found.fixes, terms=terms, couples=couples, thresholds=frame.thresholds)
    families = ({key: each for key, each in series.items() if (key[1] is None) is whole} for whole in (True, False))
    return {key: verdict for family in families for key, verdict in verdicts(family, frame.thresholds).items()}


def _tested(told: Mapping[Key, Verdict]) -> tuple[int, int]:
    enough = [key for key, verdict in told.items() if verdict.evidence.is_enough]
    whole = sum(couple is None for _, couple in enough)
    return whole, len(enough) - whole


def _promises(blocks: Iterable[Block], arrangement: Arrangement) -> Iterator[Promise]:
    """The promise under most strain first; what has no topic yet is left to the strip that says so."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for block in blocks:
        if block.topic:
            counts.setdefault((block.topic, block.clause or ""), Counter())[block.theme or UNTAGGED] += (
                block.occurrences
            )
    for (topic, clause), themes in sorted(counts.items(), key=lambda each: (-each[1].total(), each[0])):
        named = arrangement.clause(clause)
        title = named.title if named else ""
        yield Promise(topic, clause, title, themes.total(), dict(themes.most_common()))


def _helped(decision: Decided, frame: Frame, found: Gathered) -> Helped:
    """Up to today, also where the period was over before."""
    today, first = frame.today, frame.recorded.first
    return Helped(decision, effects_on(decision.themes, decision.decided_on, found.months, today=today, first=first))


def _lasting(frame: Frame, found: Gathered) -> Lasting:
    every, limits = lasted(found.fixes), frame.thresholds
    enough = len(every.days) >= limits.fixes
    return Lasting(
        fixes=len(every.days),
        back=sum(every.again),
        alike=every.alike,
        curve=tuple(kaplan_meier(every.days, every.again)) if every.days else (),
        share=lasting(every.days, every.again, limits.lasting_days) if enough else None,
        chains=tuple(_chains(found.links)),
        within=limits.lasting_days,
        least=limits.fixes,
    )


def _chains(found: Sequence[Link]) -> Iterator[Chain]:
    """The longest first, of two links or more: once again is not a chain. What does not count is no part of one."""
    counted = {link.issue_id for link in found}
    linked = [(link.issue_id, link.again_of_id) for link in reversed(found) if link.again_of_id in counted]
    for group in chains(linked)[:CHAINS]:
        if len(group) > 2:
            links_in = sorted((link for link in found if link.issue_id in group), key=lambda link: link.issue_id)
            refs = tuple(link.ref for link in links_in if link.ref)
            yield Chain(links_in[-1].theme or UNTAGGED, len(group), refs)


def _trust(blocks: Sequence[Block], lines: Sequence[ThemeLine]) -> Trust:
    """`lines`: what has no theme yet is the last of them."""
    issues = reduce(add, (line.issues for line in lines), NO_ISSUES)
    return Trust(
        untagged=Share(lines[-1].issues.issues, issues.issues),
        entered=EntryLag(tuple(map(sum, zip(*(each.within for each in blocks), strict=True))), occurrences(blocks)),
        unconfirmed=Share(issues.asked, issues.fixed + issues.not_fixed + issues.asked),
    )
