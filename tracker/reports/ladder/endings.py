"""How issues were acknowledged, how they ended, whether they came back, and what was decided and not done in time."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tracker.measures.rates import Share
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.reports.ladder.numbers import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.words import (
    NOT_YET,
    SHARES,
    Address,
    figure,
    share_cells,
    share_values,
    share_words,
    tier_names,
    working_length,
)
from tracker.reports.sentences import Count, Quality, Sentence
from tracker.reports.spreadsheet import Sheet, Value
from tracker.rules import addresses
from tracker.rules.wording import say_count

_UNSOLVED = "ended otherwise, but for duplicates and what was withdrawn"


def measures(report: LadderReport, at: Address) -> Iterator[Quality]:
    """Each with its n."""
    waits, ends, through = report.acknowledgement, report.endings, report.decisions
    if waits.asked:
        length, every = working_length(waits.median_hours), at(Number(What.ASKED))
        yield Quality("Acknowledged", length, tuple(_acknowledged(report, at)), every)
        yield _share("Lapsed", waits.lapsed, "an acknowledgement lapsed", at(Number(What.LAPSED)))
    if ends.resolved:
        yield _share("Solved on tier 1", ends.lowest, "of all that is resolved", at(Number(What.SOLVED, 1)))
        yield _share(
            "Resolved, not solved",
            ends.not_solved,
            "duplicates and what was withdrawn left out",
            at(Number(What.NOT_SOLVED)),
        )
    if ends.resolved or ends.reopened.n:
        came_back = at(Number(What.CAME_BACK)) if ends.reopened.k else ""
        yield Quality("Reopened", share_words(ends.reopened) or NOT_YET, _reopened(ends.reopened, at), came_back)
    if ends.skipped_second:
        past = ("came to the top and never were on tier 2",)
        yield Quality("Past tier 2", str(ends.skipped_second), past, at(Number(What.PAST_SECOND)))
    if through.decisions:
        late = (f"of {say_count(through.decisions, 'decision')} that stand or are done",)
        yield Quality("Decisions past due", str(through.past_due), late, addresses.decisions(report.arrangement.key))


def settled(report: LadderReport, at: Address) -> Iterator[tuple[str, Count]]:
    """How many ended on each tier, solved or not, lowest first."""
    names = tier_names(report.arrangement)
    for tier in report.totals.tiers:
        if tier.resolved:
            yield names.get(tier.tier, f"Tier {tier.tier}"), figure(tier.resolved, at, What.ENDED, tier.tier)


def values(report: LadderReport) -> dict[str, Any]:
    waits, ends = report.acknowledgement, report.endings
    return {
        "acknowledgement": {**asdict(waits), "lapsed": share_values(waits.lapsed)},
        "endings": {
            **asdict(ends),
            "not_solved": share_values(ends.not_solved),
            "lowest": share_values(ends.lowest),
            "reopened": {"within_working_days": REOPENED_WITHIN_DAYS, **share_values(ends.reopened)},
        },
        "decisions": asdict(report.decisions),
    }


def sheet(report: LadderReport) -> Sheet:
    return Sheet("Measures", ("measure", "of", "count", *SHARES), [*_rows(report)])


def _acknowledged(report: LadderReport, at: Address) -> Iterator[str | Count]:
    waits = report.acknowledgement
    yield "until every side acknowledged, half of "
    yield figure(waits.asked, at, What.ASKED, unit="issue")
    if waits.not_yet:
        yield ", "
        yield figure(waits.not_yet, at, What.NOT_ACKNOWLEDGED)
        yield " not yet"


def _share(name: str, share: Share, words: str, href: str) -> Quality:
    counted = f"{words}, {share.k} of {share.n}" if share.percent is not None else words
    return Quality(name, share_words(share), (counted,), href if share.k else "")


def _reopened(share: Share, at: Address) -> Sentence:
    """“within 30 working days of being resolved, 5 of the 42 followed so long”."""
    if not share.n:
        return (f"none that was resolved has been followed for {REOPENED_WITHIN_DAYS} working days",)
    within = f"within {REOPENED_WITHIN_DAYS} working days of being resolved"
    if share.percent is None:
        return (within,)
    of = figure(share.n, at, What.FOLLOWED)
    return (f"{within}, ", figure(share.k, at, What.CAME_BACK), " of the ", of, " followed so long")


def _rows(report: LadderReport) -> Iterator[tuple[Value, ...]]:
    ends, waits, contested = report.endings, report.acknowledgement, report.hand_overs.contested
    for name, share in (
        ("resolved, not solved", ends.not_solved),
        ("solved on tier 1", ends.lowest),
        (f"reopened within {REOPENED_WITHIN_DAYS} working days", ends.reopened),
        ("an acknowledgement lapsed", waits.lapsed),
    ):
        yield name, share.n, share.k, *share_cells(share)
    yield "came to the top without tier 2", report.totals.issues, ends.skipped_second
    yield "went to and fro", report.totals.issues, report.hand_overs.flagged
    yield "median days until whose it is was settled", contested.issues, contested.median
    yield "not settled yet", contested.issues, contested.not_settled
    yield "median hours to acknowledgement by every side", waits.asked, waits.median_hours
    yield "not acknowledged by every side", waits.asked, waits.not_yet
