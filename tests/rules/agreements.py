"""Arrangements of a few organisations, as they may be and as they may become: routes, service areas, ladders."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tracker.rules.agreement import Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Organisation, Person, Tier
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.rings import Role
from tracker.rules.working_time import Calendar

SIDES = ("acute", "council", "community")
BODIES = ("front", "ops", "steering")
AREAS = ("discharge", "equipment", "invoices")
TOPICS = ("GOV", "INFO")
WORDS = ("fall", "fallen bed", "harm")
OPEN = Calendar("Europe/London", {})
PEOPLE = {
    at * 10 + number: Person(
        at * 10 + number, f"p{at}{number}@{key}.example", f"P{at}{number}", {key: frozenset({Role.LEAD})}
    )
    for at, key in enumerate(SIDES, start=1)
    for number in (1, 2)
}


def ladder(version_id: int, key: str, *bodies: str, default: bool = False) -> Ladder:
    """In force, version 1."""
    tiers = tuple(Tier(number, body, body, "3 working days") for number, body in enumerate(bodies, start=1))
    return Ladder(version_id, key, 1, key, default, tiers, agreed_by=SIDES, in_force=True)


AGREED = Arrangement(
    id=1,
    key="RIV",
    name="Riverside",
    zone="Europe/London",
    version=1,
    organisations={at: Organisation(at, key, key, OPEN, at) for at, key in enumerate(SIDES, start=1)},
    people=PEOPLE,
    bodies={key: Body(at, key, key) for at, key in enumerate(BODIES, start=1)},
    ladders={
        1: ladder(1, "operational", *BODIES, default=True),
        2: ladder(2, "care", "ops", "steering"),
    },
)

_leads = st.dictionaries(st.sampled_from(SIDES), st.integers(1, 2), max_size=2).map(
    lambda found: {key: (SIDES.index(key) + 1) * 10 + number for key, number in found.items()}
)
_answers = st.none() | st.sampled_from(SIDES)


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True).map(tuple)


_when = st.fixed_dictionaries(
    {},
    optional={
        "service_area": _some(AREAS),
        "severity": _some(tuple(Severity)),
        "organisation": _some(SIDES),
        "with": _some(SIDES),
        "topic": _some(TOPICS),
        "kind": _some(tuple(Kind)),
        "words": _some(WORDS),
    },
)
routes = st.lists(
    st.builds(
        Route,
        key=st.just("route"),
        when=_when,
        ladder=st.sampled_from(("operational", "care")),
        start=st.none() | st.sampled_from(BODIES),
        answers=_answers,
        leads=_leads,
    ),
    max_size=3,
).map(tuple)
areas = st.lists(st.sampled_from(AREAS), max_size=2, unique=True).flatmap(
    lambda keys: st.tuples(
        *(st.builds(ServiceArea, key=st.just(key), name=st.just(key), answers=_answers, leads=_leads) for key in keys)
    )
)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Arrangement, Arrangement]:
    """Two arrangements that differ in routes and service areas, often by one of them alone."""
    before = replace(AGREED, routes=draw(routes), service_areas=draw(areas))
    after: Mapping[str, Any] = draw(
        st.fixed_dictionaries({}, optional={"routes": routes, "service_areas": areas})
        | st.permutations(before.routes).map(lambda found: {"routes": tuple(found)})
        | st.lists(st.sampled_from(before.routes) if before.routes else st.nothing()).map(
            lambda found: {"routes": tuple(found)}
        )
    )
    return before, replace(before, **after)
