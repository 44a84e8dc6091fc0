"""The theme report: what keeps rubbing, when, between whom, under which promise; in a handful of statements."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import add

from sqlmodel import Session

from tracker.measures.durations import kaplan_meier, lasting
from tracker.measures.periods import Period
from tracker.measures.rates import Share
from tracker.measures.recurrence import chains
from tracker.measures.verdicts import Verdict, verdicts
from tracker.queries import theme_counts
from tracker.queries.decision_effects import effects_on
from tracker.queries.decisions import Decided, decisions_on_themes
from tracker.queries.fixes import Link, fixes, links
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.quotations import quotations
from tracker.queries.theme_areas import areas_of
from tracker.queries.theme_counts import Block, Recorded, Scope
from tracker.queries.theme_figures import NO_ISSUES, Helped, Promise, ThemeLine, ThemeReport
from tracker.queries.theme_frame import Frame, Gathered, frame_of
from tracker.queries.theme_lines import (
    ByTheme,
    by_frequency,
    couple_of,
    headlines_of,
    line_of,
    occurrences,
    pairs_of,
    themes_of,
)
from tracker.queries.theme_parts import Chain, EntryLag, Lasting, Pair, Trust
from tracker.queries.theme_series import Key, lasted, series_of
from tracker.queries.theme_sides import both_ways, reporting
from tracker.queries.theme_terms import Terms
from tracker.queries.theme_views import theme_views
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import Viewer
from tracker.rules.spans import ONE_DAY

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
