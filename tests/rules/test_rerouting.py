"""Where an issue would go if it were routed now."""

from dataclasses import replace
from typing import Any

import pytest

from tracker.rules.arrangement import Ladder, Tier
from tracker.rules.events.issue import Routed
from tracker.rules.events.moving import Rerouted
from tracker.rules.routing import Routing, Whereabouts, rerouting


def a_ladder(key: str, *bodies: str, version: int = 1) -> Ladder:
    tiers = tuple(Tier(number, body.title(), body, "3 working days") for number, body in enumerate(bodies, start=1))
    return Ladder(version, key, version, key.title(), key == "plain", tiers)


PLAIN = a_ladder("plain", "front", "ops", "directors")
QUICK = a_ladder("quick", "front", "directors")
HERE = Whereabouts(PLAIN, 1, Routed(ladder="plain", version=1, to=1, answers="council"))
AS_BEFORE = Routing(PLAIN, 1, "council", "No route is for this in particular")


def test_what_its_last_routing_said_is_nowhere_else() -> None:
    assert rerouting(AS_BEFORE, HERE) is None


@pytest.mark.parametrize(
    "changed",
    [{"route": "urgent"}, {"ladder": QUICK}, {"answers": "community"}],
    ids=["another route", "another ladder", "another organisation answers"],
)
def test_what_its_last_routing_did_not_say_is_elsewhere(changed: dict[str, Any]) -> None:
    assert rerouting(replace(AS_BEFORE, **changed), HERE) == replace(AS_BEFORE, **changed)


def test_a_later_routing_counts_before_the_first() -> None:
    again = Rerouted(ladder="quick", version=1, to=1, answers="council")
    assert rerouting(replace(AS_BEFORE, ladder=QUICK), Whereabouts(QUICK, 1, again)) is None


def test_it_keeps_the_version_of_its_ladder() -> None:
    newer = a_ladder("plain", "triage", "front", "ops", "directors", version=2)
    found = rerouting(Routing(newer, 3, "council", "Route urgent", "urgent"), HERE)
    assert found is not None
    assert (found.ladder, found.start) == (PLAIN, 2)


@pytest.mark.parametrize(
    "tier, ladder, start",
    [(1, QUICK, 1), (3, QUICK, 2), (3, PLAIN, 3), (2, QUICK, 1)],
    ids=["not climbed", "climbed to a body of the new ladder", "climbed on the same", "climbed to a body it lacks"],
)
def test_what_has_climbed_is_not_put_below_the_body_it_has_reached(tier: int, ladder: Ladder, start: int) -> None:
    found = rerouting(replace(AS_BEFORE, ladder=ladder, route="new"), replace(HERE, tier=tier))
    assert found is not None
    assert found.start == start


def test_what_started_higher_and_has_not_climbed_goes_down_with_its_route() -> None:
    urgent = Routed(route="urgent", ladder="plain", version=1, to=3, answers="council")
    found = rerouting(AS_BEFORE, Whereabouts(PLAIN, 3, urgent))
    assert found is not None
    assert found.start == 1


def test_what_came_from_elsewhere_goes_where_it_is_routed() -> None:
    assert rerouting(AS_BEFORE, Whereabouts(None, 2)) == AS_BEFORE
