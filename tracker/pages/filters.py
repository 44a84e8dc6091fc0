"""The filters of the list, in its address: read into what the query wants, and drawn as what can be chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tracker.pages.list_views import FilterView
from tracker.pages.part_views import Choice, Link
from tracker.queries.issue_list import Wanted
from tracker.queries.visitors import Visitor
from tracker.rules.arrangement import TOPICS, Arrangement
from tracker.rules.deadlines import limit
from tracker.rules.lifecycle import UNRESOLVED, Outcome, State
from tracker.rules.resolution_events import OUTCOME_WORDS
from tracker.rules.spans import start_of

SHOWN = ("side", "tier", "state", "theme", "topic", "ball", "due")  # in the form; the others come by links
HIDDEN = ("partnership", "pair", "outcome", "from", "until", "resolved_from", "resolved_until")
LABELS = dict(zip(SHOWN, ("Side", "Tier", "State", "Theme", "Topic", "Ball", "Limit"), strict=True))
STATES = {"unresolved": "not resolved", **{state.value: state.value for state in State}}
DUE = {"overdue": "passed", "soon": "within a working day"}
NOT_SOLVED = "unsolved"


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for: only names that are known, each with a value that can be read."""

    values: Mapping[str, str]
    words: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], visitor: Visitor) -> "Filters":
        """The filters of an address. What nobody can choose is left out: an old link still shows a list."""
        known = _choices(visitor)
        values = {name: value for name, value in query.items() if _is_known(name, value, known)}
        return cls(values, query.get("q", "").strip()[:200])

    def wanted(self, visitor: Visitor, now: datetime) -> Wanted:
        """As the query takes them: keys become the ids they have in each partnership asked about."""
        where = _partnerships(visitor, self.values.get("partnership", ""))
        sides = [self.values["side"]] if "side" in self.values else []
        sides += self.values.get("pair", "").split(",") if "pair" in self.values else []
        ball = self.values.get("ball")
        return Wanted(
            partnership_ids=frozenset(each.id for each in where),
            sides=tuple(_ids(key, where) for key in sides), ball=_ids(ball, where) if ball else None,
            tier=int(self.values["tier"]) if "tier" in self.values else None, states=_states(self.values.get("state")),
            outcomes=_outcomes(self.values.get("outcome")), theme=self.values.get("theme"),
            topic=self.values.get("topic"), words=self.words, **_due(self.values.get("due"), visitor, now),
            occurred_from=_day(self.values.get("from")), occurred_until=_day(self.values.get("until")),
            resolved_from=_start(self.values.get("resolved_from"), where),
            resolved_until=_end(self.values.get("resolved_until"), where),
        )  # fmt: skip

    def views(self, visitor: Visitor) -> tuple[FilterView, ...]:
        """The selects of the form."""
        known = _choices(visitor)
        return tuple(
            FilterView(
                name, LABELS[name], tuple(Choice(*each) for each in known[name].items()), self.values.get(name, "")
            )
            for name in SHOWN
        )

    def active(self, visitor: Visitor) -> tuple[Link, ...]:
        """Each filter in use, as a link to the list without it."""
        known = _choices(visitor)
        named = {name: known.get(name, {}).get(value, value) for name, value in self.values.items()}
        links = [Link(_in_words(name, words), self.address(without=name)) for name, words in named.items()]
        return (*links, Link(f"“{self.words}”", self.address(without="q"))) if self.words else tuple(links)

    def address(self, *, without: str = "", **more: str) -> str:
        """The list's address with these filters, one left out, others put in."""
        query = {**self.values, **({"q": self.words} if self.words else {}), **more}
        kept = {name: value for name, value in query.items() if name != without}
        return f"/issues?{urlencode(kept)}" if kept else "/issues"


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
        "theme": {**themes, "untagged": "no theme yet"},
        "topic": dict(TOPICS),
        "due": DUE,
        "outcome": {**OUTCOME_WORDS, NOT_SOLVED: "not solved in any way"},
    }


def _is_known(name: str, value: str, known: Mapping[str, Mapping[str, str]]) -> bool:
    if name == "pair":
        return all(key in known["side"] for key in value.split(","))
    if name in ("from", "until", "resolved_from", "resolved_until"):
        return _day(value) is not None
    return value in known.get(name, {})


def _partnerships(visitor: Visitor, key: str) -> tuple[Arrangement, ...]:
    chosen = tuple(each for each in visitor.arrangements.values() if each.key == key)
    return chosen or tuple(visitor.arrangements.values())


def _ids(key: str, where: Iterable[Arrangement]) -> frozenset[int]:
    return frozenset(each.id for one in where for each in one.organisations.values() if each.key == key)


def _states(value: str | None) -> frozenset[State]:
    if value is None:
        return frozenset()
    return UNRESOLVED if value == "unresolved" else frozenset({State(value)})


def _outcomes(value: str | None) -> frozenset[Outcome]:
    if value is None:
        return frozenset()
    return frozenset(Outcome) - {Outcome.SOLVED} if value == NOT_SOLVED else frozenset({Outcome(value)})


def _due(value: str | None, visitor: Visitor, now: datetime) -> dict[str, datetime]:
    if value == "overdue":
        return {"due_before": now}
    if value == "soon":
        return {"due_after": now, "due_before": limit("1 working day", now, visitor.sides[0].calendar).at}
    return {}


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _start(value: str | None, where: tuple[Arrangement, ...]) -> datetime | None:
    day = _day(value)
    return start_of(day, ZoneInfo(where[0].zone)).astimezone(UTC) if day else None


def _end(value: str | None, where: tuple[Arrangement, ...]) -> datetime | None:
    day = _day(value)
    return start_of(day + timedelta(days=1), ZoneInfo(where[0].zone)).astimezone(UTC) if day else None


def _in_words(name: str, words: str) -> str:
    phrases = {"from": "happened from", "until": "happened until", "pair": "between", "ball": "ball with"}
    phrases["due"] = "limit"
    return f"{phrases.get(name, name.replace('_', ' '))} {words}"
