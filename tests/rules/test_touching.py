"""Whom a change of what was agreed touches: held against the router itself, for everything that can be raised."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, combinations, permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.agreements import AGREED, AREAS, SIDES, TOPICS, WORDS, changes
from tracker.rules import routing
from tracker.rules.agreement import Clause, Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Seat
from tracker.rules.arranging import goes_further, touched
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.meetings import without_meeting
from tracker.rules.reporting import ReportTerms
from tracker.rules.routing import Routing

TUESDAYS = "DTSTART;TZID=Europe/London:20260106T100000 RRULE:FREQ=WEEKLY;BYDAY=TU"
THURSDAYS = TUESDAYS.replace("BYDAY=TU", "BYDAY=TH")
FIRST = datetime(2026, 4, 28, 9, tzinfo=UTC)
TEXTS = [" ".join(said) for said in chain.from_iterable(combinations(WORDS, count) for count in range(3))]


@dataclass(frozen=True)
class Facts:
    """What the router looks at of an issue."""

    title: str
    severity: Severity
    kind: Kind
    service_area: str | None
    topic: str | None
    detail: str = ""


EVERYTHING = [
    Facts(*found) for found in product(TEXTS, Severity, Kind, (None, *AREAS), (None, *TOPICS))
]  # what can be raised


def routed(facts: Facts, agreed: Arrangement, pair: tuple[str, str]) -> Routing:
    return routing.route(facts, agreed, organisation=pair[0], with_=pair[1])


def by_routing(before: Arrangement, after: Arrangement, own: str | None) -> set[str]:
    """Whoever has a part in an issue that goes another way, asking for every issue there can be."""
    found: set[str] = set()
    for pair, facts in product(permutations(SIDES, 2), EVERYTHING):
        old, new = routed(facts, before, pair), routed(facts, after, pair)
        leads = {side for side, _ in old.leads.items() ^ new.leads.items()} - {own}
        if leads or (old.ladder.key, old.start, old.answers) != (new.ladder.key, new.start, new.answers):
            found |= {*pair, old.answers, new.answers, *leads}
    return found - {own or ""}


@settings(max_examples=40, deadline=None)
@given(changes(), st.none() | st.sampled_from(SIDES))
def test_it_says_who_has_a_part_in_any_issue_that_the_router_would_send_another_way(
    change: tuple[Arrangement, Arrangement], own: str | None
) -> None:
    before, after = change
    assert set(touched(before, after, own)) == by_routing(before, after, own)


@settings(max_examples=25, deadline=None)
@given(changes(), changes(), st.none() | st.sampled_from(SIDES))
def test_it_says_for_whom_a_change_does_by_now_what_it_did_not_when_it_was_agreed(
    then: tuple[Arrangement, Arrangement], now: tuple[Arrangement, Arrangement], own: str | None
) -> None:
    found = goes_further(then, now, own)
    assert found >= by_routing_since(then, now, own)
    assert found <= set(touched(*now, own))
    assert goes_further(now, now, own) == frozenset()


def by_routing_since(
    then: tuple[Arrangement, Arrangement], now: tuple[Arrangement, Arrangement], own: str | None
) -> set[str]:
    """Whoever has a part in an issue that goes another way, and did not go that way by the change as it was."""
    found: set[str] = set()
    for pair, facts in product(permutations(SIDES, 2), EVERYTHING):
        was, agreed, old, new = (way_of(routed(facts, each, pair), own) for each in (*then, *now))
        if old != new and (was == agreed or agreed != new):
            found |= {*pair, old[2], new[2], *(side for side, _ in {*old[3]} ^ {*new[3]})}
    return found - {own or ""}


def way_of(found: Routing, own: str | None) -> tuple[str, int, str, tuple[tuple[str, int], ...]]:
    leads = tuple(sorted(each for each in found.leads.items() if each[0] != own))
    return found.ladder.key, found.start, found.answers, leads


def test_a_route_that_stood_behind_another_goes_further_once_that_is_gone() -> None:
    shield, behind = Route("shield", {}, "operational"), Route("behind", {}, "operational")
    agreed = (replace(AGREED, routes=(shield, behind)), replace(AGREED, routes=(behind,)))
    assert touched(*agreed, "acute") == ()
    nosy = replace(behind, answers="acute")
    meant = (replace(AGREED, routes=(shield, nosy)), replace(AGREED, routes=(nosy,)))
    assert touched(agreed[0], meant[0], "acute") == ()
    assert goes_further(agreed, meant, "acute") == {"council", "community"}


def test_what_stands_in_front_of_it_by_now_lets_a_change_go_no_further() -> None:
    rule, first = Route("late", {}, "care"), Route("fallen", {"words": ("fall",)}, "care", start="steering")
    agreed = (AGREED, replace(AGREED, routes=(rule,)))
    meant = (replace(AGREED, routes=(first,)), replace(AGREED, routes=(first, rule)))
    assert goes_further(agreed, meant) == frozenset()
    assert goes_further(meant, agreed) == {*SIDES}


def test_a_route_by_which_the_own_organisation_joins_two_others_touches_both() -> None:
    rule = Route("nosy", {"organisation": ("council",), "with": ("community",)}, "operational", answers="acute")
    assert touched(AGREED, replace(AGREED, routes=(rule,)), "acute") == ("council", "community")


def test_a_service_area_in_which_the_own_organisation_answers_touches_the_others() -> None:
    area = ServiceArea("discharge", "Discharge", answers="acute")
    assert touched(AGREED, replace(AGREED, service_areas=(area,)), "acute") == ("council", "community")


def test_a_service_area_without_more_than_a_name_touches_nobody() -> None:
    assert touched(AGREED, replace(AGREED, service_areas=(ServiceArea("discharge", "Discharge"),)), "acute") == ()


def test_the_own_lead_of_the_first_tier_touches_nobody_and_anothers_touches_them() -> None:
    rule = Route("care", {"organisation": ("acute",), "with": ("council",)}, "operational")
    before = replace(AGREED, routes=(rule,))
    assert touched(before, replace(AGREED, routes=(replace(rule, leads={"acute": 11}),)), "acute") == ()
    assert touched(before, replace(AGREED, routes=(replace(rule, leads={"council": 21}),)), "acute") == ("council",)


def test_a_lead_who_has_left_is_taken_away_without_asking_anybody() -> None:
    before = replace(AGREED, routes=(Route("all", {}, "operational", leads={"council": 21}),))
    gone = {key: replace(each, roles={}, retired=True) if key == 21 else each for key, each in AGREED.people.items()}
    assert touched(before, replace(before, people=gone, routes=(replace(before.routes[0], leads={}),))) == ()


def test_a_route_behind_one_that_takes_every_issue_touches_nobody() -> None:
    every, never = Route("all", {}, "operational"), Route("never", {"severity": ("critical",)}, "care")
    assert touched(replace(AGREED, routes=(every,)), replace(AGREED, routes=(every, never))) == ()


def test_a_start_in_a_version_that_still_waits_counts() -> None:
    waits = replace(AGREED.ladders[1], id=3, version=2, tiers=AGREED.ladders[2].tiers, in_force=False, agreed_by=())
    before = replace(AGREED, ladders={**AGREED.ladders, 3: waits})
    rule = Route("late", {}, "operational", start="steering")
    assert touched(replace(before, routes=(replace(rule, start="front"),)), replace(before, routes=(rule,))) == SIDES


def test_before_any_ladder_is_agreed_routes_count_as_they_will() -> None:
    waits = {key: replace(each, in_force=False, agreed_by=("acute",)) for key, each in AGREED.ladders.items()}
    before = replace(AGREED, ladders=waits)
    rule = Route("nosy", {}, "care", answers="acute")
    assert touched(before, replace(before, routes=(rule,)), "acute") == ("council", "community")


BODIES = {"ops": Body(2, "ops", "Managers", TUESDAYS, (Seat(21, "council"),))}
PANEL = {"panel": Body(9, "panel", "Panel", None, (Seat(21, "council"), Seat(11, "acute")))}
MET = replace(AGREED, bodies={**AGREED.bodies, **BODIES, **PANEL})


@pytest.mark.parametrize(
    "after",
    [
        replace(MET, zone="Europe/Oslo"),
        replace(MET, clauses=(Clause("1.1", "GOV", "Why", ""),)),
        replace(MET, report=ReportTerms(thresholds={"recent_months": 9})),
        replace(MET, bodies={**MET.bodies, "ops": replace(BODIES["ops"], meets=THURSDAYS)}),
        replace(MET, bodies={**MET.bodies, "ops": replace(BODIES["ops"], meets=None)}),
        replace(MET, bodies={**MET.bodies, "ops": replace(BODIES["ops"], retired=True)}),
        replace(MET, organisations={**MET.organisations, 3: replace(MET.organisations[3], retired=True)}),
        replace(MET, ladders={**MET.ladders, 2: replace(MET.ladders[2], retired=True)}),
    ],
    ids=["zone", "clause", "numbers", "meetings", "no meetings", "body of a ladder", "organisation", "ladder"],
)  # fmt: skip
def test_what_all_share_touches_all_but_the_proposer(after: Arrangement) -> None:
    assert touched(MET, after, "acute") == ("council", "community")
    assert touched(MET, after) == SIDES


def test_a_body_outside_ladders_touches_those_who_sit_there() -> None:
    assert touched(MET, replace(MET, bodies={**AGREED.bodies, **BODIES}), "acute") == ("council",)


@pytest.mark.parametrize(
    "after",
    [
        replace(MET, name="Riverside together"),
        replace(MET, bodies={**MET.bodies, "ops": replace(BODIES["ops"], name="Opposite numbers", seats=())}),
        replace(MET, bodies={**MET.bodies, "ops": replace(BODIES["ops"], meets=without_meeting(TUESDAYS, FIRST))}),
        replace(MET, people={key: each for key, each in MET.people.items() if key != 22}),
    ],
    ids=["name", "seats and name of a body", "one meeting", "people"],
)  # fmt: skip
def test_what_is_nobody_elses_touches_nobody(after: Arrangement) -> None:
    assert touched(MET, after, "acute") == ()
