"""The filters of issues, a row of FILTERS for each: read from an address, said in words, asked of the query."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.measures.cut_text import by_letter
from tracker.pages.issues.lines import soon_until
from tracker.pages.web.parts import Link
from tracker.queries.issue_list import ANY, NONE, TAGGED, UNTAGGED, IssueQuery
from tracker.queries.search.people import SearchText, search_text
from tracker.queries.story import NEWS
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED, FixOutcome
from tracker.queries.visitors import Visitor
from tracker.reports.themes.request import thresholds_of
from tracker.rules import addresses
from tracker.rules.agreement import TOPICS
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.lifecycle import SEVERE, UNRESOLVED, UNSOLVED, Kind, Outcome, State
from tracker.rules.spans import ONE_DAY, start_of
from tracker.rules.wording import listed, say_day

Arrangements = tuple[Arrangement, ...]
Words = Mapping[str, str]

YES, NO, ASKED = "yes", "no", "asked"
BY_NEWS = "new"  # an order
NOT_SOLVED = "unsolved"
_LONGEST = 200  # letters of a search, and of a value
_MOST_NAMED = 3  # people of one name


def news_since(now: datetime) -> datetime:
    """By the day, so that the statement is the same all day long."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - NEWS


@dataclass(frozen=True, slots=True)
class FilterScope:
    """Who asks, when, of which partnerships; `values`: all that is asked for."""

    visitor: Visitor
    arrangements: Arrangements
    now: datetime
    values: Words

    def ids_of(self, key: str) -> frozenset[int]:
        """The ids that an organisation's key has in these partnerships."""
        every = (each for one in self.arrangements for each in one.organisations.values())
        return frozenset(each.id for each in every if each.key == key)

    def groups_of(self, keys: str) -> tuple[frozenset[int], ...]:
        return tuple(self.ids_of(key) for key in keys.split(",") if key != ANY)

    def start_of(self, day: str, after: timedelta = timedelta()) -> datetime:
        return start_of(date.fromisoformat(day) + after, ZoneInfo(self.arrangements[0].zone))

    def end_of(self, day: str) -> datetime:
        return self.start_of(day, ONE_DAY)

    def limits(self, how: str) -> tuple[datetime | None, datetime]:
        if how == "overdue":
            return None, self.now
        near = max(soon_until(self.visitor, each.id, self.now) for each in self.arrangements)
        return self.now, near + timedelta.resolution

    def view(self, value: str) -> tuple[frozenset[int], str]:
        key, _, theme = value.partition(":")
        return self.ids_of(key), theme

    def fix(self, how: str) -> FixOutcome:
        first, last = (date.fromisoformat(self.values[name]) for name in ("resolved_from", "resolved_until"))
        return FixOutcome(how, first, last, thresholds_of(self.arrangements[0]).lasting_days)


@dataclass(frozen=True, slots=True)
class Filter:
    """`choices`: what may stand in the address, in words; where that is no list, `words` of a value, "" for what nobody
    can choose. `phrase`: in the words of a list, at their end where it begins with a comma. `chip`: on the link that
    takes it away. `label`: in the form; without one it comes by links. `counted`: by those of the theme report alone.
    `fits`: whether it says anything beside the others. `asks`: the value as `IssueQuery` has it."""

    name: str
    choices: Words | Callable[[Arrangements], Words] = field(default_factory=dict)
    phrase: str = ""
    chip: str = ""
    label: str = ""
    phrases: Words = field(default_factory=dict)  # of single values
    words: Callable[[str, Arrangements], str] | None = None
    fits: Callable[[Words], bool] = lambda _: True
    asks: Callable[[FilterScope, str], Any] = lambda _, value: value
    counted: bool = False

    def choosable(self, arrangements: Arrangements) -> Words:
        return self.choices(arrangements) if callable(self.choices) else self.choices

    def in_words(self, value: str, arrangements: Arrangements) -> str:
        return self.words(value, arrangements) if self.words else self.choosable(arrangements).get(value, "")

    def phrase_text(self, value: str, words: str) -> str:
        return self.phrases.get(value, self.phrase).format(words)

    def chip_text(self, words: str) -> str:
        return (self.chip or f"{self.name.replace('_', ' ')} {{}}").format(words)


def _active(arrangements: Arrangements) -> Words:
    return {each.key: each.name for one in arrangements for each in one.active_organisations()}


def _organisations(arrangements: Arrangements) -> Words:
    """Also those that left."""
    return {each.key: each.name for one in arrangements for each in one.organisations.values()}


def _tiers(arrangements: Arrangements) -> Words:
    highest = max((len(each.tiers) for one in arrangements for each in one.ladders.values()), default=0)
    return {str(number): f"tier {number}" for number in range(1, highest + 1)}


def _themes(arrangements: Arrangements) -> dict[str, str]:
    return {theme.key: theme.name for one in arrangements for theme in one.themes.values()}


def _clauses(arrangements: Arrangements) -> Words:
    return {each.key: f"{each.key} {each.title}" for one in arrangements for each in one.clauses} | {NONE: "no clause"}


def _areas(arrangements: Arrangements) -> Words:
    return {each.key: each.name for one in arrangements for each in one.service_areas} | {NONE: "no service area"}


def _pair_text(value: str, arrangements: Arrangements) -> str:
    """Of “acute,council”."""
    names, keys = _organisations(arrangements), value.split(",")
    is_pair = len(set(keys)) == len(keys) == 2 and names.keys() >= set(keys)
    return " and ".join(names[key] for key in keys) if is_pair else ""


def _named_text(value: str, arrangements: Arrangements) -> str:
    """Of “acute,council”: both have; of “acute”: it and another have; of “any”: some two have."""
    if value == ANY:
        return "two sides"
    names, keys = _organisations(arrangements), value.split(",")
    is_known = len(set(keys)) == len(keys) <= 2 and names.keys() >= set(keys)
    return listed([*(names[key] for key in keys), "another side"][:2]) if is_known else ""


def _view_text(value: str, arrangements: Arrangements) -> str:
    """Of “council:authority”."""
    key, _, theme = value.partition(":")
    name, themes = _organisations(arrangements).get(key), _themes(arrangements)
    return f"{name} calls it {themes[theme]}" if name and theme in themes else ""


def _day_text(value: str, _: Arrangements) -> str:
    day = _day(value)
    return say_day(day, told_in=0) if day else ""


def _day(value: str) -> date | None:
    """None also for a year so far off that no calendar here reaches it."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1900 <= day.year < 2900 else None


def _has_days(values: Words) -> bool:
    """Whether it is said between which days something was solved, and these do not end before they begin."""
    first, last = (_day(values.get(name, "")) for name in ("resolved_from", "resolved_until"))
    return first is not None and last is not None and first <= last


def _states(_: FilterScope, value: str) -> frozenset[State]:
    return UNRESOLVED if value == "unresolved" else frozenset({State(value)})


def _outcomes(_: FilterScope, value: str) -> frozenset[Outcome]:
    return UNSOLVED if value == NOT_SOLVED else frozenset({Outcome(value)})


STATES = {"unresolved": "not resolved", **{state.value: state.value for state in State}}
_OPENINGS = {
    "unresolved": "Unresolved issues", "raised": "Issues nobody has acknowledged yet", "open": "Open issues",
    "paused": "Paused issues", "proposed": "Issues with a resolution proposed", "resolved": "Resolved issues",
}  # fmt: skip
_STAYED = {
    ANY: "asked whether they stayed fixed",
    YES: "said to have stayed fixed",
    NO: "said not to have stayed fixed",
    ASKED: "asked whether they stayed fixed, and no answer yet",
}
_FIXES = {
    FOLLOWED: "solved and followed up",
    BACK: "solved and came back",
    ALIKE: "solved before something alike happened",
}
_KINDS = {Kind.ISSUE.value: "without early warnings", Kind.EARLY_WARNING.value: "early warnings only"}

# In the order of the words; what each asks of an issue: `queries/issue_list`.
FILTERS = (
    Filter("partnership", lambda arrangements: {each.key: each.name for each in arrangements}, " in {}", "{}",
           "Partnership"),
    Filter("side", _active, " of {}", label="Side", asks=FilterScope.ids_of),
    Filter("pair", words=_pair_text, phrase=" between {}", chip="between {}", asks=FilterScope.groups_of),
    Filter("tier", _tiers, " at {}", "{}", "Tier", asks=lambda _, number: int(number)),
    Filter("state", STATES, label="State", asks=_states),
    Filter("theme", lambda arrangements: _themes(arrangements) | {UNTAGGED: "no theme yet", TAGGED: "some theme"},
           " under {}", label="Theme", phrases={UNTAGGED: " without a theme", TAGGED: " with a theme"}),
    Filter("topic", TOPICS, " on {}", label="Topic"),
    Filter("clause", _clauses, " under {}"),
    Filter("area", _areas, " at {}"),
    Filter("ball", _active, ", where it is the turn of {}", "turn of {}", "Whose turn", asks=FilterScope.ids_of),
    Filter("due", {"overdue": "passed", "soon": "within a working day"}, ", limit {}", "limit {}", "Limit",
           asks=FilterScope.limits),
    Filter("new", {YES: "new to you"}, ", with something {}", "{}", "News",
           asks=lambda scope, _: news_since(scope.now)),
    Filter("sort", {"due": "by limit", BY_NEWS: "what is new to you first"}, "", "{}", "Order"),
    Filter("outcome", OUTCOME_WORDS | {NOT_SOLVED: "not solved in any way"}, ", {}", asks=_outcomes),
    Filter("kind", _KINDS, ", {}", "{}", asks=lambda _, kind: Kind(kind)),
    Filter("severity", {"severe": "serious or critical"}, ", {}", "{}", counted=True, asks=lambda *_: SEVERE),
    Filter("lost", {"said": "for which hours lost were said"}, ", {}", "{}", counted=True),
    Filter("by", _organisations, " that {} reported", asks=FilterScope.ids_of, counted=True),
    Filter("named", words=_named_text, phrase=" that {} have named", asks=FilterScope.groups_of, counted=True),
    Filter("fix", _FIXES, " that were {}", fits=_has_days, asks=FilterScope.fix, counted=True),
    Filter("alike", {YES: "by one name", NO: "by different names"}, ", {}", fits=lambda values: "named" in values,
           asks=lambda _, value: value == YES, counted=True),
    Filter("view", words=_view_text, phrase=", {}", asks=FilterScope.view, counted=True),
    Filter("stayed", _STAYED, ", {}", counted=True,
           asks=lambda _, answer: frozenset({YES, NO, ASKED} if answer == ANY else {answer})),
    Filter("again", {YES: "each an earlier one that came back"}, ", {}", counted=True),
    Filter("entered", {"prompt": "recorded within two days"}, ", {}", counted=True),
    Filter("crossed", {YES: "only what is shared between organisations"}, ", {}", counted=True),
    Filter("from", words=_day_text, chip="happened from {}", asks=lambda _, day: date.fromisoformat(day)),
    Filter("until", words=_day_text, chip="happened until {}", asks=lambda _, day: date.fromisoformat(day)),
    Filter("raised_from", words=_day_text, asks=FilterScope.start_of),
    Filter("raised_until", words=_day_text, asks=FilterScope.end_of),
    Filter("resolved_from", words=_day_text, asks=FilterScope.start_of),
    Filter("resolved_until", words=_day_text, asks=FilterScope.end_of),
)  # fmt: skip
COUNTED = tuple(each.name for each in FILTERS if each.counted)
# Of `sort`: the order of a list, and what comes in it after what is critical.
_ORDERS = {
    "": ("newest first", "the newest"),
    "due": ("by limit", "by limit"),
    BY_NEWS: ("what is new to you first, then the newest", "what is new to you, then the newest"),
}
_DAYS = (
    ("from", "until", "happened"),
    ("raised_from", "raised_until", "raised"),
    ("resolved_from", "resolved_until", "resolved"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for: of each filter that can be read its value, and that in words. `ignored`: what was asked
    for besides, as (name, value). `address_of`: where a list with other filters is. `unsaid`: what the page says
    elsewhere."""

    values: Words
    words: Words
    text: str = ""
    ignored: tuple[tuple[str, str], ...] = ()
    address_of: Callable[[Words], str] = addresses.issues
    unsaid: str = ""
    search: SearchText = field(default_factory=SearchText)
    people: Mapping[int, str] = field(default_factory=dict)  # whose name is in it, as they are called

    @classmethod
    def read(cls, query: Words, visitor: Visitor, **page: Any) -> "Filters":
        """What nobody can choose is left out and said: an old link still shows a list."""
        everywhere = tuple(visitor.arrangements.values())
        asked = {each.name: query[each.name] for each in FILTERS if query.get(each.name)}
        named = {each.name: each.in_words(asked[each.name], everywhere) for each in FILTERS if each.name in asked}
        known = {name: value for name, value in asked.items() if named[name]}
        values = {each.name: known[each.name] for each in FILTERS if each.name in known and each.fits(known)}
        ignored = tuple((name, value[:_LONGEST]) for name, value in asked.items() if name not in values)
        text = query.get("q", "").strip()[:_LONGEST]
        search = search_text(text, everywhere)
        people = {
            each.id: each.name
            for arrangement in everywhere
            for each in arrangement.people.values()
            if each.id in search.people | search.beside
        }
        return cls(values, named, text, ignored, search=search, people=people, **page)

    @property
    def searched(self) -> bool:
        """Whether there is a word in the search."""
        return bool(self.search.phrases)

    def query(self, visitor: Visitor, now: datetime) -> IssueQuery:
        everywhere = tuple(visitor.arrangements.values())
        chosen = tuple(each for each in everywhere if each.key == self.values.get("partnership")) or everywhere
        scope = FilterScope(visitor, chosen, now, self.values)
        asked = tuple((each.name, each.asks(scope, self.values[each.name])) for each in self._in_use())
        return IssueQuery(frozenset(each.id for each in chosen), asked, chosen[0].zone)

    def form(self, visitor: Visitor) -> Iterator[tuple[Filter, Words]]:
        """The selects and their choices; a person of one partnership is not asked for it."""
        everywhere = tuple(visitor.arrangements.values())
        for row in FILTERS:
            if row.label and (row.name != "partnership" or len(everywhere) > 1):
                yield row, row.choosable(everywhere)

    def unseen(self, visitor: Visitor) -> tuple[tuple[str, str], ...]:
        """What the form hands on."""
        shown = {each.name for each, _ in self.form(visitor)}
        return tuple((name, value) for name, value in self.values.items() if name not in shown)

    def chips(self) -> Iterator[Link]:
        """Each filter in use, as a link to the list without it."""
        for row in self._in_use():
            yield Link(row.chip_text(self.words[row.name]), self.address(without=row.name))
        if self.text:
            yield Link(f"“{self.text}”", self.address(without="q"))

    def sentences(self, *, pressing: bool = False) -> str:
        """The list in words, “Open issues of Riverside Council at tier 2, newest first.”; and what was left out.
        `pressing`: something critical stands at its head."""
        left_out = [
            f" “{value}” is nothing to choose as {name.replace('_', ' ')}, so that filter was left out."
            for name, value in self.ignored
        ]
        unsearchable = " There is no word in the search." if self.text and not self.searched else ""
        first, then = _ORDERS[self.values.get("sort", "")]
        order = f"what is critical first, then {then}" if pressing else first
        return f"{self._list_text()}, {order}.{''.join(left_out)}{unsearchable}"

    def address(self, *, without: str = "", **more: str) -> str:
        """The list's address with these filters, one left out, others put in."""
        query = {**self.values, **({"q": self.text} if self.text else {}), **more}
        return self.address_of({name: value for name, value in query.items() if name != without})

    def _in_use(self) -> Iterator[Filter]:
        return (each for each in FILTERS if each.name in self.values)

    def _list_text(self) -> str:
        chosen_first, *others = FILTERS  # the partnership, which is said after what is asked of its issues
        in_use = [each for each in (*others, chosen_first) if each.name in self.values and each.name != self.unsaid]
        phrases = [each.phrase_text(self.values[each.name], self.words[each.name]) for each in in_use]
        at_the_end = [each for each in phrases if each.startswith(",")]
        search = [f" that say “{self.text}”{self._people_text()}"] if self.searched else []
        days = [self._days_text(*each) for each in _DAYS]
        state = self.values.get("state") or ("resolved" if "outcome" in self.values else "")
        opening = _OPENINGS.get(state, "Issues")
        return "".join((opening, *(each for each in phrases if each not in at_the_end), *search, *at_the_end, *days))

    def _people_text(self) -> str:
        """“, or that Kim Tran raised, has or wrote a note about”: where what is searched for is a name."""
        whole, beside = self.search.people, self.search.beside
        one_of = " or ".join(sorted({self.people[each] for each in whole or beside}, key=by_letter)[:_MOST_NAMED])
        what = "" if whole else " the rest of it where it is one"
        return f", or{what} that {one_of} raised, has or wrote a note about" if one_of else ""

    def _days_text(self, first: str, last: str, done: str) -> str:
        """“, raised from Sun 1 Mar 2026 to Tue 31 Mar 2026”."""
        is_between = first in self.values and last in self.values
        ends = ((first, "from"), (last, "to" if is_between else "until"))
        days = [f" {word} {self.words[name]}" for name, word in ends if name in self.values]
        return f", {done}{''.join(days)}" if days else ""
