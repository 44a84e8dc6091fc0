"""Routing: the first rule that matches chooses the ladder, where to start, who answers and who leads, and says why."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product
from typing import Protocol

from tracker.rules.agreement import TOPICS, Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Ladder
from tracker.rules.events.issue import Routed
from tracker.rules.events.moving import Rerouted
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.refusals import MoveNotAllowed

# The words of a rule's conditions on screen; also the closed list of what a rule may ask for.
CONDITIONS = {
    "service_area": "the service area is",
    "severity": "it is",
    "organisation": "it was raised by",
    "with": "it is with",
    "topic": "the topic is",
    "kind": "it is an",
    "words": "it says",
}


class RoutingFacts(Protocol):
    """What routes look at of an issue; a new one has it, and so has the record."""

    @property
    def title(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def severity(self) -> Severity: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def service_area(self) -> str | None: ...
    @property
    def topic(self) -> str | None: ...


NO_ROUTE = "No route is for this in particular"


@dataclass(frozen=True, slots=True)
class Routing:
    """Where an issue goes. `leads`: organisation key to person id, the named holders of tier 1."""

    ladder: Ladder
    start: int
    answers: str
    why: str
    route: str | None = None
    leads: Mapping[str, int] = field(default_factory=dict)


def route(issue: RoutingFacts, arrangement: Arrangement, *, organisation: str, with_: str) -> Routing:
    """The first matching route's choice, else the default ladder; the keys of whose it is and of whom it is with.
    Refuses when that ladder is not in force."""
    asked = _asked(issue, organisation, with_)
    rule = next((each for each in arrangement.routes if _matches(each, asked)), None)
    ladder = _in_force(rule.ladder if rule else None, arrangement)
    area = arrangement.service_area(issue.service_area)
    return Routing(
        ladder=ladder,
        start=start_of(rule, ladder),
        answers=answers_of(rule, area, with_),
        why=_why(rule, asked, arrangement),
        route=rule.key if rule else None,
        leads=leads_of(area, rule),
    )


def leads_of(area: ServiceArea | None, rule: Route | None) -> dict[str, int]:
    """The person who leads tier 1 by organisation key: the rule's, else the service area's."""
    return {**(area.leads if area else {}), **(rule.leads if rule else {})}


def candidates(routes: Iterable[Route], asked: Mapping[str, str]) -> Iterator[Route | None]:
    """The routes that such an issue can take, whatever it says, in the order in which they are tried; None, the default
    ladder, where the last of them still depends on words. `asked`: what each of CONDITIONS but the words looks at."""
    for rule in routes:
        if _asks_for(rule, asked):
            yield rule
            if "words" not in rule.when:
                return
    yield None


def start_of(rule: Route | None, ladder: Ladder) -> int:
    """The tier of a ladder on which an issue that takes a route starts."""
    return _number(ladder, rule.start if rule else None)


def answers_of(rule: Route | None, area: ServiceArea | None, with_: str) -> str:
    """The key of who answers: by the rule, else by the service area, else whom the issue is with."""
    return (rule and rule.answers) or (area and area.answers) or with_


def told_apart_by(
    routes: Iterable[Route], name: str, values: Sequence[str], besides: Iterable[str] = ()
) -> tuple[str, ...]:
    """The values of a condition that some route asks for, or `besides`; and one of the others, which are all alike."""
    asked = {*besides, *(value for each in routes for value in each.when.get(name, ()))}
    others = [each for each in values if each not in asked]
    return (*(each for each in values if each in asked), *others[-1:])


def can_say(words: tuple[str, ...], silent: Iterable[tuple[str, ...]]) -> bool:
    """Whether a text can say one of these, if any, without saying what it must be silent of, list by list."""
    left = frozenset(words)
    for each in silent:
        if left:
            left &= _without(words, each)
    return not words or bool(left)


@lru_cache(maxsize=512)
def _without(words: tuple[str, ...], silent: tuple[str, ...]) -> frozenset[str]:
    """Those words that say none of the others."""
    return frozenset(word for word in words if not any(each in word for each in silent))


def words_of(rule: Route | None) -> tuple[str, ...]:
    """The words of which it asks for one, as they are compared."""
    return tuple(each.casefold() for each in rule.when.get("words", ())) if rule else ()


def never_taken(
    routes: Sequence[Route], organisations: Iterable[str], areas: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The keys of the routes that no issue can take, each with those before it that take what it asks for; with none
    where what it asks for cannot be. `organisations`, `areas`: the keys of those that are there."""
    conditions = tuple(tuple(each.when.items()) for each in routes)
    found = _never_taken(conditions, tuple(organisations), ("", *areas))
    return {routes[at].key: tuple(routes[each].key for each in takers) for at, takers in found.items()}


@lru_cache(maxsize=64)
def _never_taken(
    conditions: tuple[tuple[tuple[str, tuple[str, ...]], ...], ...],
    organisations: tuple[str, ...],
    areas: tuple[str, ...],
) -> dict[int, tuple[int, ...]]:
    """The same by the places of routes that ask for these. Whoever looks at what is agreed has it worked out."""
    routes = [Route("", dict(each), "") for each in conditions]
    words = [words_of(each) for each in routes]
    unheard = [[_marks(said, each) for each in words[:at]] for at, said in enumerate(words)]
    takers: dict[int, dict[int, None]] = {at: {} for at in range(len(routes))}
    for able in _able_together(routes, organisations, areas):
        for place, at in enumerate(able):
            if at in takers and _is_taken_before(before := able[:place], words, unheard[at], _marks(words[at])):
                whatever = [each for each in before if not words[each]][:1]
                takers[at] |= dict.fromkeys(whatever or (each for each in before if not unheard[at][each]))
            else:
                takers.pop(at, None)
    return {at: tuple(found) for at, found in takers.items()}


def _is_taken_before(
    before: Sequence[int], words: Sequence[tuple[str, ...]], unheard: Sequence[int], marks: int
) -> bool:
    """Whether routes that come first take all that says one of the words with these marks."""
    for each in before:
        marks &= unheard[each]
        if not marks or not words[each]:
            return True
    return False


def _marks(words: tuple[str, ...], silent: tuple[str, ...] = ()) -> int:
    """A bit for each of the words that says none of the others; of no words one, as for a text that need say none."""
    left = _without(words, silent)
    return sum(1 << place for place, word in enumerate(words) if word in left) if words else 1


def _able_together(
    routes: Sequence[Route], organisations: Sequence[str], areas: Sequence[str]
) -> Iterable[tuple[int, ...]]:
    """The places of the routes that one and the same issue can take but for its words, each set of them once."""
    every = _asked_by(Route("", {}, ""), _told_apart(routes, organisations, areas))
    return dict.fromkeys(tuple(at for at, rule in enumerate(routes) if _asks_for(rule, facts)) for facts in every)


def _asks_for(rule: Route, facts: Mapping[str, str]) -> bool:
    return all(facts[name] in allowed for name, allowed in rule.when.items() if name != "words")


def _told_apart(
    routes: Sequence[Route], organisations: Sequence[str], areas: Sequence[str]
) -> dict[str, Sequence[str]]:
    """Of each condition but words, the values that routes can tell apart."""
    sides = told_apart_by(routes, "organisation", organisations, told_apart_by(routes, "with", organisations))
    several = (*sides, *[each for each in organisations if each not in sides][:1])  # two that no route names can meet
    return {
        **{name: told_apart_by(routes, name, values) for name, values in _CHOSEN.items()},
        "topic": told_apart_by(routes, "topic", ("", *TOPICS)),
        "service_area": told_apart_by(routes, "service_area", areas),
        "organisation": several,
        "with": several,
    }


def _asked_by(rule: Route, every: Mapping[str, Sequence[str]]) -> Iterator[dict[str, str]]:
    """What an issue can be for which a route asks, in every combination; it is never with whoever raises it."""
    asked = [[each for each in values if each in rule.when.get(name, values)] for name, values in every.items()]
    for values in product(*asked):
        facts = dict(zip(every, values, strict=True))
        if facts["organisation"] != facts["with"]:
            yield facts


_CHOSEN: dict[str, Sequence[str]] = {"severity": tuple(Severity), "kind": tuple(Kind)}


@dataclass(frozen=True, slots=True)
class Prospect:
    """Where an issue goes that is not written yet: the keys of who answers in any case, of who may answer, and of the
    bodies that read it as a whole if it gets that far, by the names of their tiers."""

    always: frozenset[str]
    maybe: frozenset[str]
    bodies: Mapping[str, str]


def prospect(
    arrangement: Arrangement, *, organisations: Sequence[str], with_: str, said: Mapping[str, str]
) -> Prospect:
    """What the routes can make of it, whatever it says and whichever of the organisations raises it. `said`: the
    severity, kind and service area ("" for none) as far as they are chosen; what is not may yet be anything."""
    areas = {each.key: each for each in arrangement.service_areas if not each.retired}
    told_apart = {name: told_apart_by(arrangement.routes, name, values) for name, values in _CHOSEN.items()}
    answering = [key for key, each in areas.items() if each.answers]
    open_to = {**told_apart, "service_area": told_apart_by(arrangement.routes, "service_area", [*areas, ""], answering)}
    found = []
    chosen = [[said[name]] if name in said else every for name, every in open_to.items()]
    for organisation, *values in product(organisations, *chosen):
        facts = dict(zip(open_to, values, strict=True))
        for rule in candidates(arrangement.routes, {**facts, "organisation": organisation, "with": with_, "topic": ""}):
            ladder = arrangement.ladder_in_force(rule.ladder) if rule else arrangement.default_ladder()
            found.append((answers_of(rule, areas.get(facts["service_area"]), with_), ladder))
    answers = [{answer} for answer, _ in found]
    tiers = [tier for _, ladder in found if ladder for tier in ladder.tiers if tier.whole_body]
    always = frozenset(set.intersection(*answers))
    return Prospect(always, frozenset(set.union(*answers)) - always, {each.name: each.body for each in tiers})


def _asked(issue: RoutingFacts, organisation: str, with_: str) -> Mapping[str, str]:
    """What each of CONDITIONS looks at."""
    return {
        "service_area": issue.service_area or "",
        "severity": issue.severity.value,
        "organisation": organisation,
        "with": with_,
        "topic": issue.topic or "",
        "kind": issue.kind.value,
        "words": f"{issue.title}\n{issue.detail}".casefold(),
    }


def _matches(rule: Route, asked: Mapping[str, str]) -> bool:
    """Whether every condition of the rule holds; a rule without conditions always does."""
    return all(_match(name, allowed, asked) is not None for name, allowed in rule.when.items())


def _match(name: str, allowed: tuple[str, ...], asked: Mapping[str, str]) -> str | None:
    """Which of the allowed values it is, or the first of the words that it says."""
    if name == "words":
        return next((word for word in allowed if word.casefold() in asked["words"]), None)
    return asked[name] if asked[name] in allowed else None


def _in_force(key: str | None, arrangement: Arrangement) -> Ladder:
    ladder = arrangement.ladder_in_force(key) if key else arrangement.default_ladder()
    if ladder is None:
        named = next((each.name for each in arrangement.ladders.values() if each.key == key), key)
        name = f"the {named} ladder" if key else "a default ladder"
        raise MoveNotAllowed(
            f"Nothing can be raised yet: no version of {name} is in force in {arrangement.name}. "
            "A lead of every organisation has to agree it first."
        )
    return ladder


def _why(rule: Route | None, asked: Mapping[str, str], arrangement: Arrangement) -> str:
    if rule is None:
        return NO_ROUTE
    reasons = [
        f"{CONDITIONS[name]} {_value_text(name, _match(name, allowed, asked) or '', arrangement)}"
        for name, allowed in rule.when.items()
    ]
    return f"Route {rule.key}: {' and '.join(reasons)}" if reasons else f"Route {rule.key}"


def _value_text(name: str, value: str, arrangement: Arrangement) -> str:
    return f"“{value}”" if name == "words" else arrangement.name_of(name, value)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where an issue is. `routed`: the last event that routed it; None and no ladder where it came from elsewhere."""

    ladder: Ladder | None
    tier: int
    routed: Routed | Rerouted | None = None


def rerouting(routing: Routing, here: Whereabouts) -> Routing | None:
    """Where it would go; None where that is what its last routing said.

    It keeps its ladder's version, and what has climbed is not put below the body it has reached.
    """
    was = here.routed
    if was is not None and (was.route, was.ladder, was.answers) == (routing.route, routing.ladder.key, routing.answers):
        return None
    if here.ladder is None:
        return routing
    ladder = here.ladder if here.ladder.key == routing.ladder.key else routing.ladder
    start = _number(ladder, routing.ladder.tiers[routing.start - 1].body)
    has_climbed = here.tier > (was.to if was else 1)
    reached = _number(ladder, here.ladder.tiers[here.tier - 1].body) if has_climbed and here.tier else 1
    return replace(routing, ladder=ladder, start=max(start, reached))


def _number(ladder: Ladder, body: str | None) -> int:
    return next((tier.number for tier in ladder.tiers if body and tier.body == body), 1)
