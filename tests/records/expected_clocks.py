"""When each clock of an issue ought to be due, as what happens to it is heard and what is arranged is changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Protocol

from tests.records.clock_rules import Agreed, Counting, Rule
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.rules.deadlines import Origin

Place = tuple[str, str]  # the kind of a clock, and the side or the kind of ask that it is for
APART = frozenset({"lapse", "papers", "four_weeks"})  # not worked out from events


class Terms(Protocol):
    """What a version of a ladder says of lengths; tiers are numbered from 1."""

    @property
    def keep_in_loop(self) -> str: ...
    @property
    def agree_silence(self) -> str: ...
    @property
    def pause_cap(self) -> str: ...

    def limit(self, tier: int) -> str: ...

    def acknowledge(self, tier: int) -> str | None: ...

    def warns(self, tier: int) -> bool:
        """A working day before."""


@dataclass
class Expected:
    """One clock as it ought to be. `held`: the moment at which it stands."""

    rule: Rule
    held: datetime


@dataclass
class Clocks:
    """What ought to be set. `ladders`: by the number of the version; `names`: the keys of organisations by their ids;
    `runs`: an early warning, and what was worked round, has no clock; `asks`: by number, with who has agreed."""

    ladders: Mapping[int, Terms]
    agreed: Agreed
    sides: tuple[str, ...]
    names: Mapping[int, str]
    runs: bool = True
    tier: int = 1
    version: int = 1
    set: dict[Place, Expected] = field(default_factory=dict)
    limit: Expected | None = None
    passed: bool = False
    warns: bool = False
    proposed_at: datetime | None = None
    paused_at: datetime | None = None
    confirming: bool = False
    asks: dict[int, tuple[str, frozenset[str]]] = field(default_factory=dict)
    read: int = 0

    def hear(self, event: Event) -> None:
        """One event that happened to the issue."""
        _HEARD.get(event.kind, _nothing)(self, event, self.names.get(event.organisation_id or 0, ""))

    @property
    def terms(self) -> Terms:
        return self.ladders[self.version]

    def enter(self, event: Event) -> None:
        """On a tier, from which everything runs anew."""
        tier, at = event.tier, event.at
        asks = {place: one for place, one in self.set.items() if place[0] == "ask"}
        self.version = event.details.get("version") or self.version
        self.tier, self.passed, self.proposed_at, self.set, self.warns = tier, False, None, asks, False
        self.confirming, self.limit = False, None
        if self.runs:
            self._set_limit(Rule(self.terms.limit(tier), at))
            self.warns = self.terms.warns(tier)
            for side in self.sides:
                self.await_acknowledgement(side, at)

    def await_acknowledgement(self, side: str, at: datetime) -> None:
        length = self.terms.acknowledge(self.tier)
        if length:
            self.put(("acknowledgement", side), Rule(length, at, (side,)))

    def acknowledged(self, side: str) -> None:
        self.set.pop(("acknowledgement", side), None)

    def reroute(self, event: Event, who: str) -> None:
        """Where it stays on its tier the limit runs on."""
        stays = (event.tier, event.details.get("version") or self.version) == (self.tier, self.version)
        before = self.limit if stays else None
        self.enter(event)
        self.acknowledged(who)
        if before:
            self._set_limit(before.rule)
            self.warns = self.warns and self.warning() > event.at

    def move_ladder(self, event: Event) -> None:
        """Where its tier stays what it was the limit runs on, by the length that it has now."""
        if event.details["from_tier"] != event.details["to"]:
            self.enter(event)
            return
        self.version = event.details["version"]
        self.set.pop(("top_reminder", ""), None)
        stood, before = self.limit is not None and self._limit_stands(), self.limit
        self.passed, length = False, self.terms.limit(event.tier)
        rule = replace(before.rule, length=length) if before else Rule(length, event.at)
        nearest = self._counting().after("1 working day", event.at)
        nearest = min(nearest, before.held) if stood and before else nearest
        at = rule.due(self.agreed, self.sides)
        self._set_limit(rule if at >= nearest else replace(rule, floor=nearest))
        self.warns = self.terms.warns(self.tier) and self.warning() > event.at

    def propose(self, event: Event, who: str) -> None:
        self.proposed_at, self.warns = event.at, False
        self.set.pop(("top_reminder", ""), None)
        others = tuple(side for side in self.sides if side != who)
        self.put(("silence", ""), Rule(self.terms.agree_silence, event.at, others))

    def confirm(self, event: Event) -> None:
        """Of what was handed down every side answers, unless whoever proposed speaks there."""
        self.tier, self.confirming = event.tier, True

    def give_back(self, event: Event, who: str) -> None:
        if self.confirming:
            self.enter(event)
            self.acknowledged(who)
            return
        self._open_again(lambda rule: replace(rule, returned=event.at))

    def take_back(self, event: Event) -> None:
        self.tier = event.tier
        self._open_again(lambda rule: replace(rule, taken_back=event.at))

    def _open_again(self, since: Callable[[Rule], Rule]) -> None:
        self.set.pop(("silence", ""), None)
        self.proposed_at, self.passed, self.confirming = None, False, False
        if self.limit:
            self._set_limit(since(self.limit.rule))

    def pause(self, event: Event) -> None:
        assert self.limit is not None
        self.paused_at, self.warns = event.at, False
        until, before = date.fromisoformat(event.details["until"]), self.limit.rule.pauses
        self.put(("pause", ""), Rule(self.terms.pause_cap, event.at, until=until, pauses=before))

    def resume(self, event: Event) -> None:
        assert self.limit is not None
        assert self.paused_at is not None
        self.set.pop(("pause", ""))
        rule = self.limit.rule.paused(self.agreed, self.sides, self.paused_at, event.at)
        self._set_limit(rule)
        self.paused_at = None
        self.warns = self.terms.warns(self.tier) and self.warning() > event.at

    def pass_limit(self, event: Event) -> None:
        """At the top, where somebody is told again and again."""
        self.passed, self.warns = True, False
        self.put(("top_reminder", ""), Rule(self.terms.keep_in_loop, event.at))

    def ask(self, event: Event, who: str) -> None:
        """It lapses with the limit; where none runs, when the others are to be heard of."""
        number, kind = event.details["number"], event.details.get("ask", "pause")
        if self.limit is None or not self._limit_stands():
            others = tuple(side for side in self.sides if side != who)
            self.put(("ask", kind), Rule(self.terms.keep_in_loop, event.at, others))
        self.asks[number] = (kind, frozenset())
        self.answer(event, who)

    def answer(self, event: Event, who: str) -> None:
        kind, agreed = self.asks[event.details["number"]]
        self.asks[event.details["number"]] = (kind, agreed | {who})
        if agreed | {who} >= {*self.sides}:
            self.set.pop(("ask", kind), None)

    def close_ask(self, event: Event) -> None:
        self.set.pop(("ask", event.details.get("ask", "pause")), None)

    def join(self, event: Event) -> None:
        """One more side: what is set follows the joint time of all; its own time to acknowledge runs from now."""
        self.move(self.agreed, (*self.sides, event.details["side"]), event.at)
        if self.runs and self.limit:
            self.await_acknowledgement(event.details["side"], event.at)

    def leave(self, event: Event) -> None:
        side = event.details["side"]
        self.set = {place: one for place, one in self.set.items() if place[1] != side}
        self.move(self.agreed, tuple(each for each in self.sides if each != side), event.at)

    def end(self) -> None:
        self.set.clear()
        self.limit, self.proposed_at, self.warns, self.passed = None, None, False, True
        self.confirming = False

    def put(self, place: Place, rule: Rule) -> None:
        self.set[place] = Expected(rule, rule.due(self.agreed, self.sides))

    def _set_limit(self, rule: Rule) -> None:
        self.limit = Expected(rule, rule.due(self.agreed, self.sides))

    def sweep(self, now: datetime) -> None:
        """What rings in silence: nobody is called late, or warned, while an end is proposed."""
        for place in [place for place, one in self.set.items() if place[0] == "acknowledgement" and one.held <= now]:
            del self.set[place]
        self.warns = self.warns and self.warning() > now

    def move(self, agreed: Agreed, sides: tuple[str, ...], now: datetime) -> None:
        """The arrangement, or who is concerned, is another from now on."""
        stands = [self.limit] if self.limit and self._limit_stands() else []
        for one in (*stands, *self.set.values()):
            before, reckoned = one.rule.due(self.agreed, self.sides), one.rule.due(agreed, sides)
            if before == reckoned:
                continue
            if reckoned < one.held:
                nearest = Counting(agreed.zone, agreed.of(sides)).after("1 working day", now)
                floor = now if one.rule.length == "next meeting" else min(one.held, nearest)
                one.rule = replace(one.rule, floor=floor) if reckoned < floor else one.rule
            one.held = one.rule.due(agreed, sides)
        self.agreed, self.sides = agreed, sides

    def warning(self) -> datetime:
        assert self.limit is not None
        return self._counting().before(self.limit.held)

    def _counting(self) -> Counting:
        return Counting(self.agreed.zone, self.agreed.of(self.sides))

    def due(self) -> dict[Place, datetime]:
        """Every clock that is set, but for those APART."""
        found = {place: one.held for place, one in self.set.items()}
        if self.limit and not self.passed and self.proposed_at is None and self.paused_at is None:
            found["limit", ""] = self.limit.held
            found |= {("warning", ""): self.warning()} if self.warns else {}
        return found

    def misfits(self, issue: Issue) -> dict[Any, tuple[datetime | None, datetime | None]]:
        """What of an issue is not due when it ought to be: when it is, and when it ought to be."""
        found = {(each.kind.value, each.side): each.due_at for each in issue.timers}
        rest, due = {place: at for place, at in found.items() if place[0] not in APART}, self.due()
        pairs: dict[Any, tuple[datetime | None, datetime | None]] = {
            place: (rest.get(place), due.get(place)) for place in rest | due
        }
        if self.limit is not None:
            pairs["shown", ""] = (issue.due_at, self.limit.held)
        for side in issue.sides:
            key = ("acknowledgement", self.names[side.organisation_id])
            pairs |= {("shown", key[1]): (side.acknowledge_by, rest[key])} if key in rest else {}
        pairs |= {("lapse", timer.side): (timer.due_at, self._lapse(timer.origin)) for timer in _lapses(self, issue)}
        return {place: pair for place, pair in pairs.items() if pair[0] != pair[1]}

    def _lapse(self, kept: dict[str, Any] | None) -> datetime:
        origin = Origin.read(kept or {})
        rule = Rule(origin.length, origin.at, origin.acts, floor=origin.not_before)
        return rule.due(self.agreed, self.sides)

    def _limit_stands(self) -> bool:
        assert self.limit is not None
        return not self.passed and (self.proposed_at is None or self.limit.held > self.proposed_at)


def _lapses(clocks: Clocks, issue: Issue) -> list[Any]:
    """Those that are still to be heard of."""
    seen = {clocks.names[side.organisation_id] for side in issue.sides if side.acknowledged_at}
    return [each for each in issue.timers if each.kind.value == "lapse" and each.side in seen]


def _nothing(clocks: Clocks, event: Event, who: str) -> None:
    """What moves no clock."""


def _route(clocks: Clocks, event: Event, who: str) -> None:
    clocks.enter(event)
    clocks.acknowledged(clocks.sides[0])


def _warned(clocks: Clocks, event: Event, who: str) -> None:
    clocks.warns = False


def _reopen(clocks: Clocks, event: Event, who: str) -> None:
    """What was worked round has clocks from then on."""
    clocks.runs = True
    clocks.enter(event)


def _turn(clocks: Clocks, event: Event, who: str) -> None:
    clocks.runs = True
    if clocks.tier and event.tier:
        clocks.enter(event)


_HEARD: dict[str, Callable[[Clocks, Event, str], None]] = {
    "routed": _route,
    "escalated": lambda clocks, event, _: clocks.enter(event),
    "reopened": _reopen,
    "handed_down": lambda clocks, event, _: clocks.enter(event),
    "turned": _turn,
    "side_added": lambda clocks, event, _: clocks.join(event),
    "side_removed": lambda clocks, event, _: clocks.leave(event),
    "rerouted": Clocks.reroute,
    "ladder_moved": lambda clocks, event, _: clocks.move_ladder(event),
    "acknowledged": lambda clocks, _, who: clocks.acknowledged(who),
    "acknowledged_by_writing": lambda clocks, _, who: clocks.acknowledged(who),
    "acknowledgement_late": lambda clocks, event, _: clocks.acknowledged(event.details["side"]),
    "limit_near": _warned,
    "proposed": Clocks.propose,
    "confirmation_asked": lambda clocks, event, _: clocks.confirm(event),
    "returned": Clocks.give_back,
    "resolution_taken_back": lambda clocks, event, _: clocks.take_back(event),
    "paused": lambda clocks, event, _: clocks.pause(event),
    "resumed": lambda clocks, event, _: clocks.resume(event),
    "asked": Clocks.ask,
    "ask_agreed": Clocks.answer,
    "ask_returned": lambda clocks, event, _: clocks.close_ask(event),
    "ask_taken_back": lambda clocks, event, _: clocks.close_ask(event),
    "ask_lapsed": lambda clocks, event, _: clocks.close_ask(event),
    "resolved": lambda clocks, event, _: clocks.end(),
    "withdrawn": lambda clocks, event, _: clocks.end(),
    "merged_into": lambda clocks, event, _: clocks.end(),
    "top_limit_passed": lambda clocks, event, _: clocks.pass_limit(event),
    "top_reminded": lambda clocks, event, _: clocks.pass_limit(event),
}
