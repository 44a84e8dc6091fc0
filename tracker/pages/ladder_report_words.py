"""The ladder report in words: lengths, shares with how sure they are, and the findings it opens with."""

from collections.abc import Iterator, Mapping
from math import ceil

from tracker.measures.ball import ContestedDays
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.measures.shares import Share
from tracker.measures.tier_stays import How, Rise
from tracker.queries.ladder_figures import LadderReport
from tracker.rules.arrangement import Arrangement
from tracker.rules.lengths import WORKING_DAY_HOURS
from tracker.rules.wording import say_count

_DAYS_FROM = 2 * WORKING_DAY_HOURS  # from so many hours on a length is said in days
NOT_YET = "not yet known"
_BY_ENTRY = (
    "By the day an issue came to a tier: how many went up, of those that have left it or passed its limit; the "
    "interval is 95 %. What starts on a higher tier, or skips one, did not come to those below."
)
_OF_A_PERIOD = (
    "So one raised before the period can be here, and what went up after it, or was an early warning until then, did "
    "not come to that tier in it; how many ended on a tier is told of those raised in the period."
)


def working_length(hours: float | None) -> str:
    """“9 hours”, “4.4 days” of eight working hours, “under an hour”; “not yet known” where too few have ended."""
    if hours is None:
        return NOT_YET
    if hours < 1:
        return "under an hour"
    if hours < _DAYS_FROM:
        return say_count(round(hours), "hour")
    return f"{hours / WORKING_DAY_HOURS:.1f} days"


def share_words(share: Share) -> str:
    """“24 % (18 to 31)”, the interval at 95 %; of fewer than ten only “3 of 7”, of none nothing."""
    if not share.n:
        return ""
    if share.percent is None:
        return f"{share.k} of {share.n}"
    low, high = share.interval
    return f"{share.percent} % ({100 * low:.0f} to {100 * high:.0f})"


def reopened_words(share: Share) -> str:
    """“within 30 working days of being resolved, 5 of the 42 followed so long”."""
    if not share.n:
        return f"none that was resolved has been followed for {REOPENED_WITHIN_DAYS} working days"
    within = f"within {REOPENED_WITHIN_DAYS} working days of being resolved"
    return f"{within}, {share.k} of the {share.n} followed so long" if share.percent is not None else within


def contested_words(contested: ContestedDays) -> str:
    """A sentence, led by a blank, on how long it took until it was settled whose such issues are; "" of none."""
    if not contested.issues:
        return ""
    if contested.median is None:
        return " How long it takes until it is settled whose they are is not yet known."
    last = f"{contested.not_settled} {'is' if contested.not_settled == 1 else 'are'} not over yet"
    days = say_count(ceil(contested.median), "day")
    return f" Half were settled within {days} of first passing on{f'; {last}' if contested.not_settled else ''}."


def tenths(share: Share) -> int:
    """For a bar: the share in tenths."""
    return round(10 * (share.value or 0))


def way_words(way: Rise, arrangement: Arrangement) -> str:
    """“Timed out”, “Pushed by Riverside Council”."""
    if way.how is How.PUSHED:
        return f"Pushed by {arrangement.organisation(way.by).name}"
    return str(way.how.value).capitalize()


def tier_names(arrangement: Arrangement) -> dict[int, str]:
    """The tiers' names on the default ladder; one that only other ladders have goes by its number."""
    ladder = arrangement.default_ladder()
    return {tier.number: tier.name for tier in ladder.tiers} if ladder else {}


def climb_words(report: LadderReport, arrangement: Arrangement) -> str:
    """What the tables by tier count, and why that is not what stands above them."""
    ladder, keys = arrangement.default_ladder(), {each.key for each in arrangement.ladders.values()}
    without = report.totals.without_clock
    no_clock = f"{say_count(without, 'issue')} without a clock (early warnings, and what is raised as worked round)"
    named = f", named as in {ladder.name}" if ladder else ""
    words = {
        _BY_ENTRY: True,
        _OF_A_PERIOD: report.within,
        f"Tiers of every ladder stand here by their number{named}.": len(keys) > 1,
        f"Not here: {no_clock}.": without,
    }
    return " ".join(sentence for sentence, holds in words.items() if holds)


def readable_words(report: LadderReport) -> str:
    """What the files and the list have of the issues that are counted; "" where they have all."""
    readable, counted = len(report.issues), report.totals.issues
    if readable == counted:
        return ""
    return (
        f"Counted are all {counted}; the list of issues, here and in the files, has the {readable} that you may read."
    )


def listed_words(report: LadderReport, shown: int) -> str:
    """Over the list of issues: “The 29 that you may read.”; "" where it has every one that is counted."""
    readable, counted = len(report.issues), report.totals.issues
    may_read = f"{readable} that you may read" if readable < counted else say_count(readable, "issue")
    if shown < readable:
        return f"The {shown} that went the longest way, of the {may_read}."
    return f"The {may_read}." if readable < counted else ""


def findings(report: LadderReport, names: Mapping[int, str]) -> Iterator[str]:
    """Sentences, the most telling first."""
    totals = report.totals
    if totals.resolved and totals.tiers:
        low = totals.tiers[0]
        ended = f"{low.resolved} of {say_count(totals.resolved, 'resolved issue')} ended on the lowest tier"
        solved = f", {report.endings.lowest.k} of them solved" if low.tier == 1 and low.resolved else ""
        yield f"{ended}, {names.get(low.tier, f'tier {low.tier}')}{solved}."
    steepest = max(report.tiers, key=lambda tier: tier.went_up.k, default=None)
    if steepest and steepest.went_up.k:
        where = names.get(steepest.tier, f"tier {steepest.tier}")
        share = f"{steepest.went_up.k} of the {steepest.went_up.n}"
        yield f"Most went up from {where}: {share} that left it or passed its limit."
    median = report.acknowledgement.median_hours
    if median is not None:
        yield f"Half were acknowledged by every side within {working_length(median)} of working time."
    if totals.ping_pong:
        yield f"The ball went to and fro on {say_count(totals.ping_pong, 'issue')}."
