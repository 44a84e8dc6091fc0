"""Who hears: every kind of hearer, by the seats, holders and deputies of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.rules.calendars import calendar
from tracker.rules.arrangement import Absence, Arrangement, Body, Ladder, Organisation, Person, Seat, Tier
from tracker.rules.events.kinds import EventKind, Recipients
from tracker.rules.events.recipients import Hearing, hearers
from tracker.rules.ladder import HolderAt
from tracker.rules.rings import Role

A, B, C = 1, 2, 3  # organisations
DAY = date(2026, 4, 27)
NOON = datetime(2026, 4, 27, 11, tzinfo=UTC)
# Persons: the tens say the organisation, the ones the tier; 9 is the lead, 8 whoever raised it.
NAMES = {key: each for each, key in ((A, "a"), (B, "b"), (C, "c"))}


def person(number: int, *roles: Role, away: bool = False) -> Person:
    key = "abc"[number // 10 - 1]
    given = {key: frozenset(roles or {Role.MANAGER})}
    absences = {key: Absence(DAY)} if away else {}
    return Person(number, f"{number}@example.org", str(number), given, absences=absences)


def body(tier: int) -> Body:
    seats = [Seat(10 * place + tier, key, holds=True, chair=key == "a") for key, place in NAMES.items()]
    return Body(tier, f"body{tier}", f"Body {tier}", seats=tuple(seats))


PEOPLE = {
    each: person(each, *([Role.LEAD] if each % 10 == 9 else []))
    for place in (10, 20, 30)
    for each in (*range(place + 1, place + 5), place + 8, place + 9)
}
ARRANGEMENT = Arrangement(
    id=1,
    key="ABC",
    name="A, B and C",
    zone="Europe/London",
    version=1,
    organisations={each: Organisation(each, key, key.upper(), calendar(), each) for key, each in NAMES.items()},
    people=PEOPLE,
    bodies={f"body{tier}": body(tier) for tier in range(1, 5)},
    ladders={},
)
LADDER = Ladder(1, "l", 1, "L", True, tuple(Tier(each, f"T{each}", f"body{each}", "1 day") for each in range(1, 5)))
HEARING = Hearing(
    ARRANGEMENT,
    NOON,
    LADDER,
    sides=(A, B),
    raiser_id=18,
    holders=tuple(HolderAt(side, tier, 10 * side + tier, True) for tier in (1, 2) for side in (A, B)),
    tier=2,
    body=body(4),
    owners=(12, 23),
    asked=(18, 11),
)


class MeasuredEvent(EventKind):
    """Something that is told to whom a test says; `side`, `skipped` and `mentions` as real kinds have them."""

    side: str = "b"
    skipped: tuple[int, ...] = (3,)
    from_tier: int = 1
    mentions: tuple[int, ...] = (13, 21)


def told(hear: Recipients, hearing: Hearing = HEARING, **said: object) -> set[int]:
    class Kind(MeasuredEvent):
        hears = frozenset({hear})

    return set(hearers(Kind(**said), hearing))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "hear, people",
    [
        (Recipients.RAISER, {18}),
        (Recipients.HOLDERS, {12, 22}),
        (Recipients.OTHER_HOLDERS, {12, 22}),
        (Recipients.BELOW, {11, 21}),
        (Recipients.DECIDERS, {11, 21}),
        (Recipients.SKIPPED, {13, 23}),
        (Recipients.NEXT_UP, {23}),
        (Recipients.ABOVE, {13, 23}),
        (Recipients.SIDE, {22}),
        (Recipients.CHAIRS, {12}),
        (Recipients.LEADS, {19, 29}),
        (Recipients.ALL_LEADS, {19, 29, 39}),
        (Recipients.ASKED, {18, 11}),
        (Recipients.SIDE_LEADS, {29}),
        (Recipients.OWNERS, {12, 23}),
        (Recipients.MEMBERS, {14, 24, 34}),
        (Recipients.MENTIONED, {13, 21}),
    ],
    ids=str,
)
def test_every_kind_of_hearer_is_somebody(hear: Recipients, people: set[int]) -> None:
    assert told(hear) == people


def test_there_is_no_other_kind_of_hearer() -> None:
    assert all(told(hear) for hear in Recipients)


@pytest.mark.parametrize("hear", Recipients, ids=str)
def test_the_doer_never_hears(hear: Recipients) -> None:
    for each in told(hear):
        assert each not in told(hear, replace(HEARING, doer_id=each))


@pytest.mark.parametrize("hear", Recipients, ids=str)
def test_whoever_has_left_never_hears(hear: Recipients) -> None:
    for each in told(hear):
        people = {**PEOPLE, each: replace(PEOPLE[each], retired=True, roles={})}
        assert each not in told(hear, replace(HEARING, arrangement=replace(ARRANGEMENT, people=people)))


def test_the_other_holders_are_those_of_the_sides_that_did_not_do_it() -> None:
    assert told(Recipients.OTHER_HOLDERS, replace(HEARING, spoke_for=A)) == {22}


@pytest.mark.parametrize(
    "hear, tier",
    [
        (Recipients.HOLDERS, 2),
        (Recipients.BELOW, 1),
        (Recipients.SKIPPED, 3),
        (Recipients.NEXT_UP, 3),
        (Recipients.SIDE, 2),
        (Recipients.CHAIRS, 2),
    ],
    ids=str,
)
def test_the_deputy_hears_for_whoever_is_away(hear: Recipients, tier: int) -> None:
    seats = tuple(replace(seat, deputy_id=28) for seat in body(tier).seats if seat.organisation == "b")
    chaired = tuple(replace(seat, chair=True) for seat in seats)
    bodies = {**ARRANGEMENT.bodies, f"body{tier}": replace(body(tier), seats=chaired)}
    people = {**PEOPLE, 20 + tier: person(20 + tier, away=True)}
    away = replace(HEARING, arrangement=replace(ARRANGEMENT, bodies=bodies, people=people))
    assert 28 in told(hear, away)
    assert 20 + tier not in told(hear, away)


def test_the_next_tier_up_is_the_next_on_which_the_side_has_somebody() -> None:
    bodies = {**ARRANGEMENT.bodies, "body3": replace(body(3), seats=())}
    assert told(Recipients.NEXT_UP, replace(HEARING, arrangement=replace(ARRANGEMENT, bodies=bodies))) == {24}


def test_at_the_top_a_side_that_is_late_has_its_leads_told() -> None:
    assert told(Recipients.NEXT_UP, replace(HEARING, tier=4)) == {29}


def test_where_a_body_has_no_chair_the_seats_of_the_sides_are_told() -> None:
    seats = tuple(replace(seat, chair=False) for seat in body(2).seats)
    bodies = {**ARRANGEMENT.bodies, "body2": replace(body(2), seats=seats)}
    assert told(Recipients.CHAIRS, replace(HEARING, arrangement=replace(ARRANGEMENT, bodies=bodies))) == {12, 22}
