"""What the ladder report says first: how many issues there are, and the findings, the most telling first."""

from collections.abc import Iterator

from tracker.measures.periods import in_words
from tracker.reports.ladder.measured import What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.words import Address, figure, tier_names, working_length
from tracker.reports.sentences import Count, Sentence


def period_words(report: LadderReport) -> str:
    return f"Raised in {in_words(report.within)}" if report.within else "All time"


def readable_words(report: LadderReport, at: Address) -> Sentence:
    """What the files and the list have of the issues that are counted; () where they have all."""
    readable, counted = len(report.issues), report.totals.issues
    if readable == counted:
        return ()
    listed = f"Counted are all {counted}; the list of issues, here and in the files, has the "
    return (listed, figure(readable, at, What.RAISED), " that you may read.")


def findings(report: LadderReport, at: Address) -> Iterator[Sentence]:
    names, flagged = tier_names(report.arrangement), report.hand_overs.flagged
    if report.totals.resolved and report.totals.tiers:
        yield tuple(_ended(report, at))
    steepest = max(report.tiers, key=lambda tier: tier.went_up.k, default=None)
    if steepest and steepest.went_up.k:
        tier, share = steepest.tier, steepest.went_up
        went_up, left = figure(share.k, at, What.WENT_UP, tier), figure(share.n, at, What.LEFT, tier)
        name = names.get(tier, f"tier {tier}")
        yield (f"Most went up from {name}: ", went_up, " of the ", left, " that left it or passed its limit.")
    median = report.acknowledgement.median_hours
    if median is not None:
        yield (f"Half were acknowledged by every side within {working_length(median)} of working time.",)
    if flagged:
        issues = f" {'issue' if flagged == 1 else 'issues'}."
        yield ("The ball went to and fro on ", figure(flagged, at, What.TO_AND_FRO), issues)


def _ended(report: LadderReport, at: Address) -> Iterator[str | Count]:
    totals, low = report.totals, report.totals.tiers[0]
    yield figure(low.resolved, at, What.ENDED, low.tier)
    yield " of "
    yield figure(totals.resolved, at, What.RESOLVED)
    name = tier_names(report.arrangement).get(low.tier, f"tier {low.tier}")
    yield f" resolved {'issue' if totals.resolved == 1 else 'issues'} ended on the lowest tier, {name}"
    if low.tier == 1 and low.resolved:
        yield ", "
        yield figure(report.endings.lowest.k, at, What.SOLVED, 1)
        yield " of them solved"
    yield "."
