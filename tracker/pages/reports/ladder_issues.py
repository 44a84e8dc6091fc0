"""The numbers of the ladder report as addresses of the issues that they count: written, read back, and in words."""

from collections.abc import Mapping
from typing import Any

from tracker.measures.ball import NOBODY_NAMED, OUTSIDER
from tracker.measures.periods import Period, in_words
from tracker.measures.recurrence import REOPENED_WITHIN_DAYS
from tracker.measures.tier_stays import Rise, RiseCause
from tracker.pages.reports import periods
from tracker.pages.web.parts import Link
from tracker.reports.ladder.issues import CountedIssues
from tracker.reports.ladder.numbers import ANYBODY, Number, What
from tracker.reports.ladder.report import LadderReport
from tracker.reports.ladder.words import Address, tier_names, way_words
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import NotThere
from tracker.rules.wording import say_count

_NO_SUCH = "No report has such a number: come to its issues from the report."
_WORDS: Mapping[What, str] = {
    What.RAISED: "Every issue of the report",
    What.RESOLVED: "Resolved",
    What.ENDED: "Ended on {tier}, solved or not",
    What.SOLVED: "Solved on {tier}",
    What.NOT_SOLVED: "Resolved, not solved",
    What.REOPENED: "Reopened at some time",
    What.FOLLOWED: f"Followed for {REOPENED_WITHIN_DAYS} working days since being resolved",
    What.CAME_BACK: f"Reopened within {REOPENED_WITHIN_DAYS} working days of being resolved",
    What.PAST_SECOND: "Came to the top and never were on tier 2",
    What.WITHOUT_CLOCK: "Without a clock: early warnings, and what is raised as worked round",
    What.ASKED: "Every other side was to acknowledge",
    What.NOT_ACKNOWLEDGED: "Not acknowledged by every side",
    What.LAPSED: "An acknowledgement lapsed",
    What.HELD: "{by} had the turn",
    What.WAITED_FOR: "{by} was waited for",
    What.TURN: "{by} had the turn or was waited for",
    What.PASSED: "The turn passed from {by} to {to}",
    What.RETURNED: "The turn came back to one that had had it before",
    What.TO_AND_FRO: "Went to and fro, with two returns or more",
    What.NOT_SETTLED: "Went to and fro, and not over yet",
    What.CAME: "Came to {tier}",
    What.LEFT: "Left {tier}, or passed its limit there",
    What.WENT_UP: "Went up from {tier}",
    What.WITHIN: "Within the limit on {tier}",
    What.LATE: "Past the limit on {tier}",
    What.STILL_THERE: "Still on {tier}",
}


def issues_of(report: LadderReport) -> Address:
    """The address of the issues that each number of a report counts."""
    return lambda number: address(report.arrangement.key, report.within, number)


def address(partnership: str, within: Period | None, number: Number) -> str:
    """The address of the issues that a number of a period, or (None) of all time, counts."""
    asked = {"period": periods.name_of(within), **_asked(number)}
    return addresses.report(partnership, "ladder/issues", **asked)


def number_in(asked: Mapping[str, str], arrangement: Arrangement) -> Number:
    """The number that an address names. Refuses what no report has: NotThere."""
    try:
        what, how = What(asked.get("what", "")), RiseCause(asked["how"]) if "how" in asked else None
        number = Number(what, _tier(asked.get("tier", "0")), how, asked.get("by", ""), asked.get("to", ""))
    except ValueError as unknown:
        raise NotThere(_NO_SUCH) from unknown
    pushed_by = {each.key for each in arrangement.organisations.values()} if how is RiseCause.PUSHED else {""}
    half_passed = what is What.PASSED and bool(number.by) != bool(number.to)
    if half_passed or (how and (what is not What.WENT_UP or number.by not in pushed_by)):
        raise NotThere(_NO_SUCH)
    return number


def require_known(number: Number, arrangement: Arrangement) -> None:
    """Refuses whom nobody here knows: NotThere. Of what is counted it may be: past issues tell of others, too, who had
    the ball."""
    if not {number.by, number.to} <= _names(arrangement).keys():
        raise NotThere(_NO_SUCH)


def listing(counted: CountedIssues, number: Number, arrangement: Arrangement, within: Period | None) -> dict[str, Any]:
    """What a template says of these issues, but for their rows."""
    itself, rows = address(arrangement.key, within, number), counted.rows
    return {
        "heading": number_text(number, arrangement),
        "partnership": arrangement.name,
        "period": _period_text(number, within),
        "report": Link("How issues climb", periods.address(addresses.report(arrangement.key, "ladder"), within)),
        "words": _counted_text(counted.counted, counted.readable),
        "previous_href": f"{itself}&before={rows[0].ref}" if rows and counted.newer else "",
        "next_href": f"{itself}&after={rows[-1].ref}" if rows and counted.older else "",
    }


def number_text(number: Number, arrangement: Arrangement) -> str:
    """“Went up from Joint managers, timed out”."""
    if number.what is What.PASSED and (number.by, number.to) == ANYBODY:
        return "The turn passed on"
    tier = tier_names(arrangement).get(number.tier, f"tier {number.tier}")
    names = _names(arrangement)
    by, to = (names.get(key, key) for key in (number.by, number.to))
    words = _WORDS[number.what].format(tier=tier, by=by, to=to)
    way = f", {_way(Rise(number.how, number.by), arrangement)}" if number.how else ""
    return f"{words[0].upper()}{words[1:]}{way}"


def _counted_text(counted: int, readable: int) -> str:
    """How many issues there are, and how many of them stand below."""
    every = say_count(counted, "issue")
    if readable == counted:
        return f"{every}, newest first."
    every = f"{every} {'is' if counted == 1 else 'are'} counted"
    if not readable:
        return f"{every}, none that you may read."
    return f"{every}; here {'is' if readable == 1 else 'are'} the {readable} that you may read, newest first."


def _period_text(number: Number, within: Period | None) -> str:
    """By which day they are counted."""
    if within is None:
        return "All time"
    return f"{'Came to the tier' if number.is_by_entry else 'Raised'} in {in_words(within)}"


def _asked(number: Number) -> dict[str, str]:
    parts = {
        "what": number.what.value,
        "tier": str(number.tier or ""),
        "how": number.how.value if number.how else "",
        "by": number.by,
        "to": number.to,
    }
    return {name: value for name, value in parts.items() if value}


def _tier(number: str) -> int:
    if not (number.isascii() and number.isdecimal()) or len(number) > 2:
        raise ValueError(number)
    return int(number)


def _names(arrangement: Arrangement) -> dict[str, str]:
    """By key, in the middle of a sentence."""
    known = {each.key: each.name for each in arrangement.organisations.values()}
    return {**known, NOBODY_NAMED: "nobody named", OUTSIDER: "an outsider"}


def _way(rise: Rise, arrangement: Arrangement) -> str:
    words = way_words(rise, arrangement)
    return f"{words[0].lower()}{words[1:]}"
