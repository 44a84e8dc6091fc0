"""The filters of the list, in its address: read into what the query wants, and drawn as what can be chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.pages.issues import counted as behind_filters
from tracker.pages.issues.lines import FilterView, soon_until
from tracker.pages.web.parts import Choice, Link
from tracker.queries.issue_list import NONE, TAGGED, UNTAGGED, Wanted
from tracker.queries.search import words_of
from tracker.queries.visitors import Visitor
from tracker.rules import addresses
from tracker.rules.arrangement import TOPICS, Arrangement
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.lifecycle import UNRESOLVED, Kind, Outcome, State
from tracker.rules.spans import start_of
from tracker.rules.wording import say_day

_STATES = {
    "unresolved": "Unresolved issues", "raised": "Issues nobody has acknowledged yet", "open": "Open issues",
    "paused": "Paused issues", "proposed": "Issues with a resolution proposed", "resolved": "Resolved issues",
}  # fmt: skip
_PHRASES = {
    "side": " of {}", "pair": " between {}", "tier": " at {}", "theme": " under {}", "topic": " on {}",
    "clause": " under {}", "area": " at {}", "partnership": " in {}", "by": " that {} reported",
    "named": " that {} have named", "fix": " that were {}",
}  # fmt: skip
_ENDINGS = {"ball": ", with the ball at {}", "due": ", limit {}"} | dict.fromkeys(
    ("outcome", "kind", "alike", "view", "stayed", "again", "entered", "crossed"), ", {}"
)
_SOME_OR_NONE = {"untagged": " without a theme", "tagged": " with a theme"}
_DAYS = (
    ("from", "until", "happened"),
    ("raised_from", "raised_until", "raised"),
    ("resolved_from", "resolved_until", "resolved"),
)


def list_words(values: Mapping[str, str], named: Mapping[str, str], searched: str = "") -> str:
    """“Open issues of Riverside Council at tier 2, newest first”. `values` as in the address, `named` in words."""
    words = _STATES.get(values.get("state", ""), "Issues")
    words += "".join(phrase.format(named[name]) for name, phrase in _PHRASES.items() if name in named)
    if values.get("theme") in _SOME_OR_NONE:
        words = words.replace(_PHRASES["theme"].format(named["theme"]), _SOME_OR_NONE[values["theme"]])
    words += f" that say “{searched}”" if searched else ""
    words += "".join(phrase.format(named[name]) for name, phrase in _ENDINGS.items() if name in named)
    for first, last, what in _DAYS:
        words += _between(values.get(first), values.get(last), what)
    return f"{words}, newest first"


def _between(first: str | None, last: str | None, what: str) -> str:
    if first and last:
        return f", {what} from {_day_text(first)} to {_day_text(last)}"
    if first or last:
        return f", {what} {'from' if first else 'until'} {_day_text(first or last or '')}"
    return ""


def _day_text(text: str) -> str:
    return say_day(date.fromisoformat(text), told_in=0)


# In the form, with their labels; the others come by links, and the form hands them on.
LABELS = {
    "partnership": "Partnership", "side": "Side", "tier": "Tier", "state": "State", "theme": "Theme", "topic": "Topic",
    "ball": "Ball", "due": "Limit",
}  # fmt: skip
DAYS = ("from", "until", "raised_from", "raised_until", "resolved_from", "resolved_until")
HIDDEN = ("pair", "clause", "area", "outcome", "kind", *behind_filters.NAMES, *DAYS, behind_filters.REPORT)
STATES = {"unresolved": "not resolved", **{state.value: state.value for state in State}}
DUE = {"overdue": "passed", "soon": "within a working day"}
NOT_SOLVED = "unsolved"
KINDS = {Kind.ISSUE.value: "without early warnings", Kind.EARLY_WARNING.value: "early warnings only"}
_LONGEST = 200  # letters of a search, and of a value


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for: only names that are known, each with a value that can be read. `ignored`: what was
    asked for besides, as (name, value)."""

    values: Mapping[str, str]
    text: str = ""
    ignored: tuple[tuple[str, str], ...] = ()
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, query: Mapping[str, str], visitor: Visitor) -> "Filters":
        """The filters of an address. What nobody can choose is left out and said: an old link still shows a list."""
        choices = _choices(visitor)
        asked = {name: query[name] for name in (*LABELS, *HIDDEN) if query.get(name)}
        known = {name: value for name, value in asked.items() if _is_known(name, value, choices)}
        values = {name: value for name, value in known.items() if name not in behind_filters.lacks(known)}
        ignored = tuple((name, value[:_LONGEST]) for name, value in asked.items() if name not in values)
        return cls(values, query.get("q", "").strip()[:_LONGEST], ignored, choices)

    @property
    def searched(self) -> tuple[str, ...]:
        """The words that are searched for."""
        return words_of(self.text)

    def wanted(self, visitor: Visitor, now: datetime) -> Wanted:
        """As the query takes them: keys become the ids they have in each partnership asked about."""
        where = _partnerships(visitor, self.values.get("partnership", ""))
        sides = [self.values["side"]] if "side" in self.values else []
        sides += self.values["pair"].split(",") if "pair" in self.values else []
        ball = self.values.get("ball")
        return Wanted(
            partnership_ids=frozenset(each.id for each in where),
            sides=tuple(behind_filters.ids_of(key, where) for key in sides),
            ball=behind_filters.ids_of(ball, where) if ball else None,
            tier=int(self.values["tier"]) if "tier" in self.values else None, states=_states(self.values.get("state")),
            outcomes=_outcomes(self.values.get("outcome")), theme=self.values.get("theme"),
            topic=self.values.get("topic"), clause=self.values.get("clause"),
            service_area=self.values.get("area"), **_due(self.values.get("due"), visitor, where, now),
            occurred_from=_day(self.values.get("from")), occurred_until=_day(self.values.get("until")),
            kind=Kind(self.values["kind"]) if "kind" in self.values else None,
            raised_from=_start(self.values.get("raised_from"), where),
            raised_until=_end(self.values.get("raised_until"), where),
            resolved_from=_start(self.values.get("resolved_from"), where),
            resolved_until=_end(self.values.get("resolved_until"), where),
            behind=behind_filters.behind_of(self.values, where),
        )  # fmt: skip

    def views(self, visitor: Visitor) -> tuple[FilterView, ...]:
        """The selects of the form; a person of one partnership is not asked for it."""
        names = [name for name in LABELS if name != "partnership" or len(visitor.arrangements) > 1]
        return tuple(
            FilterView(
                name,
                LABELS[name],
                tuple([Choice(value, words) for value, words in self.choices[name].items()]),
                self.values.get(name, ""),
            )
            for name in names
        )

    def kept(self, visitor: Visitor) -> tuple[tuple[str, str], ...]:
        """What the form hands on unseen."""
        unseen = HIDDEN if len(visitor.arrangements) > 1 else (*HIDDEN, "partnership")
        return tuple((name, self.values[name]) for name in unseen if name in self.values)

    def active(self) -> tuple[Link, ...]:
        """Each filter in use, as a link to the list without it."""
        in_use = (name for name in self.values if name != behind_filters.REPORT)
        links = [Link(self._in_words(name), self.address(without=name)) for name in in_use]
        return (*links, Link(f"“{self.text}”", self.address(without="q"))) if self.text else tuple(links)

    def words(self) -> str:
        """The list in words: “Open issues of Riverside Council at tier 2, newest first”; and what was left out."""
        named = {name: self._named(name) for name in self.values}
        said = list_words(self.values, named, self.text if self.searched else "")
        left_out = [f" “{value}” is nothing to choose as {name.replace('_', ' ')}, so that filter was left out."
                    for name, value in self.ignored]  # fmt: skip
        unsearchable = " There is no word in the search." if self.text and not self.searched else ""
        return f"{said}.{''.join(left_out)}{unsearchable}"

    def address(self, *, without: str = "", **more: str) -> str:
        """The list's address with these filters, one left out, others put in."""
        query = {**self.values, **({"q": self.text} if self.text else {}), **more}
        kept = {name: value for name, value in query.items() if name != without}
        return addresses.issues(kept)

    def _named(self, name: str) -> str:
        value = self.values[name]
        if name == "pair":
            return " and ".join(self.choices["by"][key] for key in value.split(","))
        if name in DAYS:
            return say_day(date.fromisoformat(value), told_in=0)
        if name in {"named", "view"}:
            return behind_filters.in_words(name, value, self.choices)
        return self.choices.get(name, {}).get(value, value)

    def _in_words(self, name: str) -> str:
        phrases = {"from": "happened from", "until": "happened until", "pair": "between", "ball": "ball with"}
        phrases |= {"due": "limit", "tier": "", "partnership": "", "kind": "", "by": "reported by", "named": "named by"}
        phrases |= dict.fromkeys(("view", *behind_filters.CHOICES), "")
        return f"{phrases.get(name, name.replace('_', ' '))} {self._named(name)}".strip()


def _choices(visitor: Visitor) -> dict[str, dict[str, str]]:
    """What can be chosen: for each filter, its values with their words."""
    where = tuple(visitor.arrangements.values())
    organisations = {each.key: each.name for one in where for each in one.active_organisations()}
    highest = max((len(each.tiers) for one in where for each in one.ladders.values()), default=0)
    themes = {theme.key: theme.name for one in where for theme in one.themes.values()}
    return {
        "partnership": {each.key: each.name for each in where},
        "side": organisations,
        "ball": organisations,
        "tier": {str(number): f"tier {number}" for number in range(1, highest + 1)},
        "state": STATES,
        "theme": {**themes, UNTAGGED: "no theme yet", TAGGED: "some theme"},
        "topic": dict(TOPICS),
        "clause": {
            **{each.key: f"{each.key} {each.title}" for one in where for each in one.clauses},
            NONE: "no clause",
        },
        "area": {**{each.key: each.name for one in where for each in one.service_areas}, NONE: "no service area"},
        "due": DUE,
        "kind": KINDS,
        "outcome": {**OUTCOME_WORDS, NOT_SOLVED: "not solved in any way"},
        "by": {each.key: each.name for one in where for each in one.organisations.values()},  # also those that left
        **behind_filters.CHOICES,
    }


def _is_known(name: str, value: str, choices: Mapping[str, Mapping[str, str]]) -> bool:
    if name == "pair":
        keys = value.split(",")
        return len(set(keys)) == len(keys) == 2 and all(key in choices["by"] for key in keys)
    if name in behind_filters.NAMES:
        return behind_filters.is_known(name, value, choices)
    if name == behind_filters.REPORT:
        return behind_filters.is_report(value)
    return _day(value) is not None if name in DAYS else value in choices[name]


def _partnerships(visitor: Visitor, key: str) -> tuple[Arrangement, ...]:
    chosen = tuple(each for each in visitor.arrangements.values() if each.key == key)
    return chosen or tuple(visitor.arrangements.values())


def _states(value: str | None) -> frozenset[State]:
    if value is None:
        return frozenset()
    return UNRESOLVED if value == "unresolved" else frozenset({State(value)})


def _outcomes(value: str | None) -> frozenset[Outcome]:
    if value is None:
        return frozenset()
    return frozenset(Outcome) - {Outcome.SOLVED} if value == NOT_SOLVED else frozenset({Outcome(value)})


def _due(value: str | None, visitor: Visitor, where: tuple[Arrangement, ...], now: datetime) -> dict[str, datetime]:
    if value == "overdue":
        return {"due_before": now}
    if value == "soon":
        near = max(soon_until(visitor, each.id, now) for each in where)
        return {"due_after": now, "due_before": near + timedelta.resolution}
    return {}


def _day(value: str | None) -> date | None:
    """None also for a year so far off that no calendar here reaches it."""
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 2900 else None


def _start(value: str | None, where: tuple[Arrangement, ...]) -> datetime | None:
    day = _day(value)
    return start_of(day, ZoneInfo(where[0].zone)).astimezone(UTC) if day else None


def _end(value: str | None, where: tuple[Arrangement, ...]) -> datetime | None:
    day = _day(value)
    return start_of(day + timedelta(days=1), ZoneInfo(where[0].zone)).astimezone(UTC) if day else None
