"""Routes that no issue can take: held against the router itself, and found at a bounded cost."""

import time
from dataclasses import replace
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.agreements import AGREED, AREAS, SIDES, routes
from tests.rules.test_touching import EVERYTHING, routed
from tracker.rules.agreement import TOPICS, Route
from tracker.rules.routing import never_taken


@settings(max_examples=40, deadline=None)
@given(routes.map(lambda found: tuple(replace(each, key=f"r{at}") for at, each in enumerate(found))), st.booleans())
def test_they_are_those_by_which_the_router_sends_no_issue(found: tuple[Route, ...], turned: bool) -> None:
    tried = found[::-1] if turned else found
    agreed = replace(AGREED, routes=tried)
    taken = {routed(facts, agreed, pair).route for pair, facts in product(permutations(SIDES, 2), EVERYTHING)}
    assert {*never_taken(tried, SIDES, AREAS)} == {each.key for each in tried} - taken


def test_as_many_routes_and_words_as_there_can_be_are_looked_through_in_no_time_to_speak_of() -> None:
    """Half of them never taken, and told apart by all that a route can ask for; it took minutes, on every page."""
    words = [tuple(f"{at % 50:02}word{number:02}{'s' * (at // 50)}" for number in range(20)) for at in range(100)]
    conditions = [
        *({"topic": (topic,)} for topic in TOPICS),
        *({"severity": (severity,)} for severity in ("minor", "serious", "critical")),
        *({name: (side,)} for name in ("organisation", "with") for side in SIDES),
        *({"service_area": (area,)} for area in AREAS),
    ]
    found = [
        Route(f"r{at}", {"words": said, **(conditions[at] if at < len(conditions) else {})}, "operational")
        for at, said in enumerate(words)
    ]
    began = time.thread_time()
    assert {f"r{at}" for at in range(50 + len(conditions), 100)} <= {*never_taken(found, SIDES, AREAS)}
    assert time.thread_time() - began < 3
