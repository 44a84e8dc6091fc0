"""Who goes up from each tier and how, and how long issues stay there: by the day they came to it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from tracker.measures.tier_stays import Rise, RiseCause, TierFigures
from tracker.reports.ladder.numbers import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.tables import Column, LadderSection, ShareBar, TableLine
from tracker.reports.ladder.words import (
    SHARES,
    Address,
    figure,
    share_cells,
    share_values,
    share_words,
    tier_names,
    way_words,
    working_length,
)
from tracker.reports.sentences import Count, Sentence
from tracker.reports.spreadsheet import Sheet, Value

_BY_ENTRY = (
    "By the day an issue came to a tier: how many went up, of those that have left it or passed its limit; the "
    "interval is 95 %. What starts on a higher tier, or skips one, did not come to those below."
)
_OF_A_PERIOD = (
    "So one raised before the period can be here, and what went up after it, or was an early warning until then, did "
    "not come to that tier in it; how many ended on a tier is told of those raised in the period."
)
_IN_WORKING_TIME = (
    "In working time of the sides, without pauses; a day is eight hours. What is still there is counted with the time "
    "it has been there."
)
_GOING_UP = (Column("Came to it"), Column("Went up"), Column("of"), Column("Share", "text"))
_STAYING = (
    Column("Half leave within"),
    Column("Nine in ten within"),
    Column("Within the limit", "text"),
    Column("Still there"),
)
_NO_CLOCK = "early warnings, and what is raised as worked round"


def going_up(report: LadderReport, at: Address) -> LadderSection:
    order, top = list(RiseCause), max(tier_names(report.arrangement), default=0)
    ways = sorted(_ways(report), key=lambda way: (order.index(way.how), way.by))
    columns = (*_GOING_UP, *(Column(way_words(way, report.arrangement)) for way in ways))
    lines = _lines(report, {tier.tier: _rises(tier, ways, at, is_top=tier.tier == top) for tier in report.tiers})
    words = _counted(report, at)
    return LadderSection("Who goes up, and how", words, "Going up, by tier", "climb", "Tier", columns, lines)


def staying(report: LadderReport, at: Address) -> LadderSection:
    lines = _lines(report, {tier.tier: _stays(tier, at) for tier in report.tiers})
    words = (_IN_WORKING_TIME,)
    return LadderSection("How long they stay", words, "Time on each tier", "climb", "Tier", _STAYING, lines)


def values(report: LadderReport) -> list[dict[str, Any]]:
    return [_tier_values(tier) for tier in report.tiers]


def sheets(report: LadderReport) -> Iterator[Sheet]:
    ways = _ways(report)
    heads = (f"{way.how.value} by {way.by}" if way.by else way.how.value for way in ways)
    climbed = ("tier", "came to it", "left it or passed its limit", "went up", *SHARES, *heads)
    yield Sheet("Climbing", climbed, [_climbed_row(tier, ways) for tier in report.tiers])
    stayed = ("tier", "still there", "median hours", "90 % within hours", "had a limit", "within it", *SHARES)
    yield Sheet("Time on tiers", stayed, [_stayed_row(tier) for tier in report.tiers])


def _ways(report: LadderReport) -> list[Rise]:
    """Each as it first comes, from the lowest tier."""
    return list(dict.fromkeys(rise for tier in report.tiers for rise in tier.rises))


def _lines(report: LadderReport, cells: dict[int, tuple[Count, ...]]) -> tuple[TableLine, ...]:
    """Top first."""
    names = tier_names(report.arrangement)
    return tuple(TableLine(names.get(tier, f"Tier {tier}"), cells[tier], number=tier) for tier in reversed(cells))


def _counted(report: LadderReport, at: Address) -> Sentence:
    """What the tables by tier count, and why that is not what stands above them."""
    arrangement = report.arrangement
    ladder, keys = arrangement.default_ladder(), {each.key for each in arrangement.ladders.values()}
    named = f", named as in {ladder.name}" if ladder else ""
    sentences = {
        _BY_ENTRY: True,
        _OF_A_PERIOD: report.within,
        f"Tiers of every ladder stand here by their number{named}.": len(keys) > 1,
    }
    counted = " ".join(sentence for sentence, holds in sentences.items() if holds)
    without = report.totals.without_clock
    if not without:
        return (counted,)
    rest = f" {'issue' if without == 1 else 'issues'} without a clock ({_NO_CLOCK})."
    return (f"{counted} Not here: ", figure(without, at, What.WITHOUT_CLOCK), rest)


def _rises(tier: TierFigures, ways: Sequence[Rise], at: Address, *, is_top: bool) -> tuple[Count, ...]:
    """From the top nothing goes up."""
    up, came = tier.went_up, figure(tier.entered, at, What.CAME, tier.tier)
    by_way = (_rise(tier, way, at) for way in ways)
    if is_top:
        return (came, Count(""), Count(""), ShareBar(""), *by_way)
    share = ShareBar(share_words(up), at(Number(What.LEFT, tier.tier)), tenths=_tenths(up.value))
    went_up, left = figure(up.k, at, What.WENT_UP, tier.tier), figure(up.n, at, What.LEFT, tier.tier)
    return (came, went_up, left, share, *by_way)


def _rise(tier: TierFigures, way: Rise, at: Address) -> Count:
    count = tier.rises.get(way, 0)
    return Count(str(count), at(Number(What.WENT_UP, tier.tier, way.how, way.by))) if count else Count("")


def _stays(tier: TierFigures, at: Address) -> tuple[Count, ...]:
    """The share within the limit leads to those that were; where none was, to those that were late."""
    within, came = tier.within_limit, at(Number(What.CAME, tier.tier))
    held = at(Number(What.WITHIN if within.k else What.LATE, tier.tier))
    return (
        Count(working_length(tier.median_hours), came),
        Count(working_length(tier.ninetieth_hours), came),
        ShareBar(share_words(within), held, tenths=_tenths(within.value)),
        Count(str(tier.still_there or ""), at(Number(What.STILL_THERE, tier.tier))),
    )


def _tenths(share: float | None) -> int:
    return round(10 * (share or 0))


def _tier_values(tier: TierFigures) -> dict[str, Any]:
    rises = [{"how": rise.how.value, "by": rise.by or None, "count": count} for rise, count in tier.rises.items()]
    shares = {"went_up": share_values(tier.went_up), "within_limit": share_values(tier.within_limit)}
    plain = {each.name: getattr(tier, each.name) for each in fields(tier) if each.name not in (*shares, "rises")}
    return {**plain, **shares, "rises": rises}


def _climbed_row(tier: TierFigures, ways: Sequence[Rise]) -> Sequence[Value]:
    counts = [tier.rises.get(way, 0) for way in ways]
    return (tier.tier, tier.entered, tier.went_up.n, tier.went_up.k, *share_cells(tier.went_up), *counts)


def _stayed_row(tier: TierFigures) -> Sequence[Value]:
    within = tier.within_limit
    lengths = (tier.median_hours, tier.ninetieth_hours)
    return (tier.tier, tier.still_there, *lengths, within.n, within.k, *share_cells(within))
