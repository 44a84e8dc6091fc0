"""Routing: the first rule that matches chooses the ladder, where to start, who answers and who leads, and says why."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tracker.rules.arrangement import Arrangement, Ladder, Route
from tracker.rules.events.issue import Routed
from tracker.rules.events.moving import Rerouted
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


@dataclass(frozen=True, slots=True)
class Subject:
    """What a route can look at. `organisation` and `with_` are organisation keys."""

    title: str
    detail: str
    severity: str
    kind: str
    organisation: str
    with_: str
    service_area: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Where an issue goes. `leads`: organisation key to person id, the named holders of tier 1."""

    ladder: Ladder
    start: int
    answers: str
    why: str
    route: str | None = None
    leads: Mapping[str, int] = field(default_factory=dict)


def route(subject: Subject, arrangement: Arrangement) -> Routing:
    """The first matching route's choice, else the default ladder. Refuses when that ladder is not in force."""
    rule = next((each for each in arrangement.routes if matches(each, subject)), None)
    ladder = _in_force(rule.ladder if rule else None, arrangement)
    area = arrangement.service_area(subject.service_area)
    return Routing(
        ladder=ladder,
        start=_start(ladder, rule.start if rule else None),
        answers=(rule and rule.answers) or (area and area.answers) or subject.with_,
        why=_why(rule, subject, arrangement),
        route=rule.key if rule else None,
        leads={**(area.leads if area else {}), **(rule.leads if rule else {})},
    )


def matches(rule: Route, subject: Subject) -> bool:
    """Whether every condition of the rule holds; a rule without conditions always does."""
    return all(_holds(name, allowed, subject) for name, allowed in rule.when.items())


def _holds(name: str, allowed: tuple[str, ...], subject: Subject) -> bool:
    if name == "words":
        text = f"{subject.title}\n{subject.detail}".casefold()
        return any(word.casefold() in text for word in allowed)
    return _value(name, subject) in allowed


def _value(name: str, subject: Subject) -> str | None:
    value: str | None = getattr(subject, "with_" if name == "with" else name)
    return value


def _in_force(key: str | None, arrangement: Arrangement) -> Ladder:
    ladder = arrangement.ladder_in_force(key) if key else arrangement.default_ladder()
    if ladder is None:
        name = f"the {key} ladder" if key else "a default ladder"
        raise MoveNotAllowed(
            f"Nothing can be raised yet: no version of {name} is in force in {arrangement.name}. "
            "A lead of every organisation has to agree it first."
        )
    return ladder


def _start(ladder: Ladder, body: str | None) -> int:
    return next((tier.number for tier in ladder.tiers if body and tier.body == body), 1)


def _why(rule: Route | None, subject: Subject, arrangement: Arrangement) -> str:
    if rule is None:
        return "No route is for this in particular"
    reasons = [f"{CONDITIONS[name]} {_found(name, rule, subject, arrangement)}" for name in rule.when]
    return f"Route {rule.key}: {' and '.join(reasons)}" if reasons else f"Route {rule.key}"


def _found(name: str, rule: Route, subject: Subject, arrangement: Arrangement) -> str:
    if name == "words":
        text = f"{subject.title}\n{subject.detail}".casefold()
        return f"“{next(word for word in rule.when['words'] if word.casefold() in text)}”"
    value = _value(name, subject) or ""
    return arrangement.name_of(name, value)


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


def _number(ladder: Ladder, body: str) -> int:
    return next((tier.number for tier in ladder.tiers if body and tier.body == body), 1)
