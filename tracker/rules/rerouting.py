"""Routing anew: where an issue would go now, where that is not where it went."""

from dataclasses import dataclass, replace

from tracker.rules.arrangement import Ladder
from tracker.rules.issue_events import Routed
from tracker.rules.moving_events import Rerouted
from tracker.rules.routing import Routing


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
