"""Words that sections of the ladder report share: counts that lead to their issues, lengths, shares, names."""

from collections.abc import Callable

from tracker.measures.rates import Share
from tracker.measures.tier_stays import Rise, RiseCause
from tracker.reports.ladder.numbers import Number, What
from tracker.reports.sentences import Count
from tracker.reports.spreadsheet import Value
from tracker.rules.arrangement import Arrangement
from tracker.rules.deadlines import WORKING_DAY_HOURS
from tracker.rules.wording import say_count

Address = Callable[[Number], str]  # of the issues that a number counts

NOT_YET = "not yet known"
SHARES = ("share", "low 95 %", "high 95 %")  # headings of `share_cells`
_DAYS_FROM = 2 * WORKING_DAY_HOURS  # from so many hours on a length is said in days


def figure(count: int, at: Address, what: What, tier: int = 0, unit: str = "") -> Count:
    """A count, of a `unit`, with the address of what it counts; of nothing there is none."""
    return Count(say_count(count, unit) if unit else str(count), at(Number(what, tier)) if count else "")


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


def share_cells(share: Share) -> tuple[float | None, float | None, float | None]:
    """(share, low, high); none of them of nothing."""
    low, high = share.interval
    return (share.value, low, high) if share.n else (None, None, None)


def share_values(share: Share) -> dict[str, Value]:
    value, low, high = share_cells(share)
    return {"count": share.k, "of": share.n, "share": value, "low": low, "high": high}


def way_words(way: Rise, arrangement: Arrangement) -> str:
    """“Timed out”, “Pushed by Riverside Council”."""
    if way.how is RiseCause.PUSHED:
        return f"Pushed by {arrangement.organisation(way.by).name}"
    return str(way.how.value).capitalize()


def tier_names(arrangement: Arrangement) -> dict[int, str]:
    """The tiers' names on the default ladder; one that only other ladders have goes by its number."""
    ladder = arrangement.default_ladder()
    return {tier.number: tier.name for tier in ladder.tiers} if ladder else {}


def organisation_names(arrangement: Arrangement) -> dict[str, str]:
    return {each.key: each.name for each in arrangement.organisations.values()}
