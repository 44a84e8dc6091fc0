"""The ladder report in words: lengths, shares with how sure they are, and the findings it opens with."""

from collections.abc import Callable, Iterator, Mapping
from math import ceil

from tracker.measures.ball import ContestedDays
from tracker.measures.rates import Share
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.measures.tier_stays import How, Rise
from tracker.reports.ladder.measured import Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.sentences import Count, Linked
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import WORKING_DAY_HOURS
from tracker.rules.wording import say_count

Address = Callable[[Number], str]  # of the issues behind a number

_DAYS_FROM = 2 * WORKING_DAY_HOURS  # from so many hours on a length is said in days
NOT_YET = "not yet known"
_NO_CLOCK = "early warnings, and what is raised as worked round"
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


def reopened_words(share: Share, at: Address) -> Linked:
    """“within 30 working days of being resolved, 5 of the 42 followed so long”."""
    if not share.n:
        return (f"none that was resolved has been followed for {REOPENED_WITHIN_DAYS} working days",)
    within = f"within {REOPENED_WITHIN_DAYS} working days of being resolved"
    if share.percent is None:
        return (within,)
    of = figure(share.n, at, Number(What.FOLLOWED))
    return (f"{within}, ", figure(share.k, at, Number(What.CAME_BACK)), " of the ", of, " followed so long")


def contested_words(contested: ContestedDays, at: Address) -> Linked:
    """A sentence, led by a blank, on how long it took until it was settled whose such issues are; () of none."""
    if not contested.issues:
        return ()
    if contested.median is None:
        return (" How long it takes until it is settled whose they are is not yet known.",)
    days = say_count(ceil(contested.median), "day")
    said = f" Half were settled within {days} of first passing on"
    if not contested.not_settled:
        return (f"{said}.",)
    last = figure(contested.not_settled, at, Number(What.NOT_SETTLED))
    return (f"{said}; ", last, f" {'is' if contested.not_settled == 1 else 'are'} not over yet.")


def figure(count: int, at: Address, number: Number) -> Count:
    """A count with the address of what it counts; of nothing there is none."""
    return Count(str(count), at(number) if count else "")


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


def climb_words(report: LadderReport, arrangement: Arrangement, at: Address) -> Linked:
    """What the tables by tier count, and why that is not what stands above them."""
    ladder, keys = arrangement.default_ladder(), {each.key for each in arrangement.ladders.values()}
    named = f", named as in {ladder.name}" if ladder else ""
    words = {
        _BY_ENTRY: True,
        _OF_A_PERIOD: report.within,
        f"Tiers of every ladder stand here by their number{named}.": len(keys) > 1,
    }
    said = " ".join(sentence for sentence, holds in words.items() if holds)
    without = report.totals.without_clock
    if not without:
        return (said,)
    rest = f" {'issue' if without == 1 else 'issues'} without a clock ({_NO_CLOCK})."
    return (f"{said} Not here: ", figure(without, at, Number(What.WITHOUT_CLOCK)), rest)


def readable_words(report: LadderReport, at: Address) -> Linked:
    """What the files and the list have of the issues that are counted; () where they have all."""
    readable, counted = len(report.issues), report.totals.issues
    if readable == counted:
        return ()
    those = figure(readable, at, Number(What.RAISED))
    listed = f"Counted are all {counted}; the list of issues, here and in the files, has the "
    return (listed, those, " that you may read.")


def listed_words(report: LadderReport, shown: int) -> str:
    """Over the list of issues: “The 29 that you may read.”; "" where it has every one that is counted."""
    readable, counted = len(report.issues), report.totals.issues
    may_read = f"{readable} that you may read" if readable < counted else say_count(readable, "issue")
    if shown < readable:
        return f"The {shown} that went the longest way, of the {may_read}."
    return f"The {may_read}." if readable < counted else ""


def findings(report: LadderReport, names: Mapping[int, str], at: Address) -> Iterator[Linked]:
    """Sentences, the most telling first."""
    if report.totals.resolved and report.totals.tiers:
        yield tuple(_ended(report, names, at))
    steepest = max(report.tiers, key=lambda tier: tier.went_up.k, default=None)
    if steepest and steepest.went_up.k:
        where, share = names.get(steepest.tier, f"tier {steepest.tier}"), steepest.went_up
        went_up = figure(share.k, at, Number(What.WENT_UP, steepest.tier))
        told = figure(share.n, at, Number(What.LEFT, steepest.tier))
        yield (f"Most went up from {where}: ", went_up, " of the ", told, " that left it or passed its limit.")
    median = report.acknowledgement.median_hours
    if median is not None:
        yield (f"Half were acknowledged by every side within {working_length(median)} of working time.",)
    flagged = report.hand_overs.flagged
    if flagged:
        to_and_fro = figure(flagged, at, Number(What.TO_AND_FRO))
        yield ("The ball went to and fro on ", to_and_fro, f" {'issue' if flagged == 1 else 'issues'}.")


def _ended(report: LadderReport, names: Mapping[int, str], at: Address) -> Iterator[str | Count]:
    totals, low = report.totals, report.totals.tiers[0]
    yield figure(low.resolved, at, Number(What.ENDED, low.tier))
    yield " of "
    yield figure(totals.resolved, at, Number(What.RESOLVED))
    where = names.get(low.tier, f"tier {low.tier}")
    yield f" resolved {'issue' if totals.resolved == 1 else 'issues'} ended on the lowest tier, {where}"
    if low.tier == 1 and low.resolved:
        yield ", "
        yield figure(report.endings.lowest.k, at, Number(What.SOLVED, 1))
        yield " of them solved"
    yield "."
