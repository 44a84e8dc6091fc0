"""Filters of the list that come by the links of the theme report alone: what may stand in them, and what they ask."""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.measures import periods as period_words
from tracker.measures.periods import ALL_TIME, is_period, period
from tracker.pages.issues.lines import ReportLink
from tracker.pages.reports.periods import address
from tracker.pages.web.parts import Link
from tracker.queries.issue_list import ANY, TAGGED, UNTAGGED
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED, Fared
from tracker.queries.tallies.issues_counted import Behind, Called
from tracker.reports.themes.request import thresholds_of
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed

Choices = Mapping[str, Mapping[str, str]]

YES, NO = "yes", "no"
NAMES = ("crossed", "by", "named", "view", "alike", "stayed", "fix", "entered", "again")
REPORT = "report"  # no filter: the period of the report that led here, for the way back
CHOICES = {
    "crossed": {YES: "only what is shared between organisations"},
    "alike": {YES: "by one name", NO: "by different names"},
    "stayed": {
        ANY: "asked whether they stayed fixed",
        YES: "said to have stayed fixed",
        NO: "said not to have stayed fixed",
        "asked": "asked whether they stayed fixed, and no answer yet",
    },
    "fix": {
        FOLLOWED: "solved and followed up",
        BACK: "solved and came back",
        ALIKE: "solved before something alike happened",
    },
    "entered": {"prompt": "recorded within two days"},
    "again": {YES: "each an earlier one that came back"},
}  # fmt: skip
_STAYED = {ANY: frozenset({YES, NO, "asked"})}
_NEEDS = {"fix": ("resolved_from", "resolved_until"), "alike": ("named",)}


def is_known(name: str, value: str, choices: Choices) -> bool:
    """Whether such a link can say it. `named`: “acute,council”, both have; “acute”, it and another have; “any”, some
    two have. `view`: “council:authority”."""
    if name == "named":
        keys = value.split(",")
        return value == ANY or (len(set(keys)) == len(keys) <= 2 and all(key in choices["by"] for key in keys))
    if name == "view":
        key, _, theme = value.partition(":")
        return key in choices["by"] and theme in choices["theme"] and theme not in {TAGGED, UNTAGGED}
    return value in choices[name]


def lacks(values: Mapping[str, str]) -> set[str]:
    """The names of those that say nothing without another one, which is not there; fixes, too, of days that end before
    they begin."""
    alone = {name for name, others in _NEEDS.items() if name in values and not all(each in values for each in others)}
    return alone | ({"fix"} if "fix" in values and "fix" not in alone and _is_backwards(values) else set())


def in_words(name: str, value: str, choices: Choices) -> str:
    """What it says of the issues: “Riverside Council and another side”, “Riverside Council calls it Pay”."""
    if name == "named":
        sides = [choices["by"][key] for key in value.split(",") if key != ANY]
        return listed([*sides, "another side"][:2]) if sides else "two sides"
    key, _, theme = value.partition(":")
    return f"{choices['by'][key]} calls it {choices['theme'][theme]}"


def behind_of(values: Mapping[str, str], where: tuple[Arrangement, ...]) -> Behind:
    """As the query takes them: keys become the ids they have in each partnership asked about."""
    return Behind(
        crossed="crossed" in values,
        by=ids_of(values["by"], where) if "by" in values else None,
        prompt="entered" in values,
        again="again" in values,
        called=_called(values, where) if "named" in values or "view" in values else None,
        stayed=_STAYED.get(values["stayed"], frozenset({values["stayed"]})) if "stayed" in values else frozenset(),
        fared=_fared(values, where) if "fix" in values else None,
        zone=where[0].zone,
    )


def ids_of(key: str, where: Iterable[Arrangement]) -> frozenset[int]:
    """The ids that an organisation's key has in these partnerships."""
    return frozenset(each.id for one in where for each in one.organisations.values() if each.key == key)


def way_back(values: Mapping[str, str], choices: Choices) -> ReportLink | None:
    """The theme report that led here, if one did."""
    key, asked = values.get("partnership", ""), values.get(REPORT, "")
    if not asked or not key or "crossed" not in values:
        return None
    shown = None if asked == ALL_TIME else period(asked)
    link = Link("What keeps rubbing", address(addresses.report(key, "themes"), shown))
    return ReportLink(choices["partnership"][key], period_words.in_words(shown) if shown else "all time", link)


def is_report(text: str) -> bool:
    """Whether a report can be asked for by it."""
    return text == ALL_TIME or is_period(text)


def _is_backwards(values: Mapping[str, str]) -> bool:
    first, last = _days(values)
    return last < first


def _days(values: Mapping[str, str]) -> tuple[date, date]:
    first, last = (date.fromisoformat(values[name]) for name in _NEEDS["fix"])
    return first, last


def _called(values: Mapping[str, str], where: Iterable[Arrangement]) -> Called:
    keys = [key for key in values.get("named", "").split(",") if key and key != ANY]
    key, _, theme = values.get("view", "").partition(":")
    return Called(
        sides=tuple(ids_of(each, where) for each in keys),
        two="named" in values,
        alike=values["alike"] == YES if "alike" in values else None,
        view=(ids_of(key, where), theme) if key else None,
    )


def _fared(values: Mapping[str, str], where: tuple[Arrangement, ...]) -> Fared:
    return Fared(values["fix"], *_days(values), thresholds_of(where[0]).lasting_days)
