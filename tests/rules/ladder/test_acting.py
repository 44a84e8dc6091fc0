"""Who acts for a side, against the sentences of the agreement told a second time and otherwise."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.rules.calendars import calendar
from tests.rules.ladder.test_ladder import Written
from tracker.rules.arrangement import Absence, Arrangement, Body, Ladder, Organisation, Person, Seat, Tier
from tracker.rules.ladder.acting import duty_of, who_acts
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring, Role

OURS, THEIRS = "ours", "theirs"
SIDES = {OURS: 1, THEIRS: 2}
PEOPLE = range(1, 9)  # ours; theirs have numbers from 11 on
TIERS = tuple(Tier(number, f"T{number}", f"body{number}", "1 day") for number in (1, 2, 3))
MONDAY = date(2026, 4, 27)
NOON = datetime(2026, 4, 27, 12, tzinfo=UTC)
DAYS = st.dates(MONDAY - timedelta(days=2), MONDAY + timedelta(days=2))


@dataclass
class HeldIssue:
    """An issue at a tier, with who was written down there."""

    holders: list[Written]
    tier: int = 1
    ring: Ring = Ring.SHARED
    state: State = State.OPEN
    ladder_version_id: int = 1
    body_id: int = field(default=1)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Arrangement, HeldIssue]:
    """Seats, deputies and absences of two organisations, and an issue that some of one of them were agreed for."""
    ids = st.sampled_from(PEOPLE)
    absences = draw(st.dictionaries(ids, st.builds(Absence, DAYS, st.none() | DAYS), max_size=8))
    gone = draw(st.sets(ids, max_size=1))
    bodies = {}
    for tier in TIERS:
        seats = [
            Seat(person, OURS, draw(st.booleans()), deputy_id=draw(st.none() | ids.filter(person.__ne__)))
            for person in draw(st.lists(ids, unique=True, max_size=3))
        ]
        seats.insert(draw(st.integers(0, len(seats))), Seat(10 + tier.number, THEIRS, holds=True))
        bodies[tier.body] = Body(tier.number, tier.body, tier.body, seats=tuple(seats))
    people = {
        each: Person(each, "", "", {} if each in gone else {OURS: frozenset(Role)}, absences=_of(absences, each))
        for each in PEOPLE
    }
    people |= {each: Person(each, "", "", {THEIRS: frozenset(Role)}) for each in range(11, 14)}
    organisations = {id_: Organisation(id_, key, key, calendar(), id_) for key, id_ in SIDES.items()}
    ladders = {1: Ladder(1, "l", 1, "L", True, TIERS)}
    agreed = Arrangement(1, "A", "A", "Europe/London", 1, organisations, people, bodies, ladders)
    number = draw(st.integers(1, 3))
    written = draw(st.lists(ids.filter(lambda each: each not in gone), unique=True, max_size=3))
    holders = [Written(n, 1, number, person, first=n == 0) for n, person in enumerate(written)]
    holders.append(Written(9, 2, number, 10 + number))
    ring = draw(st.sampled_from((Ring.SHARED, Ring.NAMED)))
    return agreed, HeldIssue(holders, number, ring, body_id=number)


def _of(absences: dict[int, Absence], person: int) -> dict[str, Absence]:
    return {OURS: absences[person]} if person in absences else {}


def _here(agreed: Arrangement, person: int | None) -> bool:
    """As the agreement has it: they belong there, and this is none of their days away."""
    if person is None or OURS not in agreed.people[person].roles:
        return False
    away = agreed.people[person].absences.get(OURS)
    return away is None or away.away_from > MONDAY or (away.away_until is not None and away.away_until < MONDAY)


def _of_seat(agreed: Arrangement, seat: Seat) -> Iterator[int]:
    """The holder, or while they are away the deputy."""
    if _here(agreed, seat.person_id):
        yield seat.person_id
    elif _here(agreed, seat.deputy_id):
        yield seat.deputy_id or 0


def chain(agreed: Arrangement, issue: HeldIssue) -> set[int]:
    """The holders, or their deputies; where none of them is there the seats that hold, then the side's next tier up."""
    written = [each.person_id for each in issue.holders if each.organisation_id == SIDES[OURS]]
    if not written:
        return set()
    acting: set[int] = set()
    for person in written:
        mine = [each for each in agreed.bodies[f"body{issue.tier}"].seats if each.person_id == person]
        acting |= set(_of_seat(agreed, mine[0] if mine else Seat(person, OURS)))
    last = issue.tier if issue.ring is Ring.NAMED else len(TIERS)
    number = issue.tier
    while not acting and number <= last:
        seats = [each for each in agreed.bodies[f"body{number}"].seats if each.organisation == OURS and each.holds]
        acting = {person for seat in seats for person in _of_seat(agreed, seat)}
        number += 1
    return acting


@given(worlds())
def test_who_acts_is_the_chain_of_the_agreement(world: tuple[Arrangement, HeldIssue]) -> None:
    agreed, issue = world
    assert set(who_acts(issue, agreed, SIDES[OURS], NOON)) == chain(agreed, issue)


@given(worlds())
def test_nobody_acts_only_where_nobody_of_that_side_is_there_and_never_somebody_of_another(
    world: tuple[Arrangement, HeldIssue],
) -> None:
    agreed, issue = world
    acting = who_acts(issue, agreed, SIDES[OURS], NOON)
    assert all(_here(agreed, each) for each in acting)
    held = [each for each in issue.holders if each.organisation_id == SIDES[OURS]]
    if held and issue.ring is Ring.SHARED and not acting:
        above = [seat for tier in TIERS[issue.tier - 1 :] for seat in agreed.bodies[tier.body].seats if seat.holds]
        assert not any(_here(agreed, each) for seat in above if seat.organisation == OURS for each in (seat.person_id,))
    assert who_acts(issue, agreed, SIDES[THEIRS], NOON) == (10 + issue.tier,)


@given(worlds())
def test_read_from_the_other_end_the_same_people_act(world: tuple[Arrangement, HeldIssue]) -> None:
    agreed, issue = world
    held = [each for each in issue.holders if each.organisation_id == SIDES[OURS]]
    found = {each for each in PEOPLE if _acts(each, agreed, issue, [each.person_id for each in held])}
    assert found == chain(agreed, issue)


def _acts(person: int, agreed: Arrangement, issue: HeldIssue, written: list[int]) -> bool:
    """As a condition on rows has it (`queries/issues.acts_for`)."""
    duty = duty_of(person, agreed, SIDES[OURS], NOON)
    mine = person in written and not duty.away and OURS in agreed.people[person].roles
    deputy = any(each.body_id == issue.body_id and each.person_id in written for each in duty.stands_in)
    reserve = any(
        each.tier == issue.tier
        and written
        and set(written) <= each.absent
        and (each.own or issue.ring is not Ring.NAMED)
        for each in duty.reserves
    )
    return bool(mine or deputy or reserve)


def test_the_day_is_that_of_the_organisation() -> None:
    """On a Monday noon in London it is Tuesday in Auckland."""
    away = Person(1, "", "", {OURS: frozenset(Role)}, absences={OURS: Absence(MONDAY, MONDAY)})
    there = Person(2, "", "", {OURS: frozenset(Role)})
    far = Organisation(1, OURS, OURS, calendar(zone="Pacific/Auckland"), 0)
    bodies = {"body1": Body(1, "body1", "", seats=(Seat(1, OURS, holds=True, deputy_id=2),))}
    ladders = {1: Ladder(1, "l", 1, "L", True, TIERS)}
    agreed = Arrangement(1, "A", "A", "Europe/London", 1, {1: far}, {1: away, 2: there}, bodies, ladders)
    issue = HeldIssue([Written(1, 1, 1, 1)])
    assert who_acts(issue, agreed, 1, NOON) == (1,)
    assert who_acts(issue, agreed, 1, NOON - timedelta(days=1)) == (2,)
