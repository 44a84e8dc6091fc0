"""What was agreed, as one value: which ladder is in force, who acts, whose time is shared."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tracker.rules.agreement import ServiceArea
from tracker.rules.arrangement import Absence, Arrangement, Body, Ladder, Organisation, Person, Seat, Tier
from tracker.rules.arranging import led_by, may_arrange, require_lead
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Membership, Ring, Role, Viewer
from tracker.rules.rings.readers import only_text
from tracker.rules.working_time import Calendar

MONDAY = date(2026, 4, 27)
NOON = datetime(2026, 4, 27, 11, tzinfo=UTC)
MORNING = Calendar("Europe/London", {0: ((time(9), time(12)),)}, name="Morning")
DAY = Calendar("Europe/London", {0: ((time(10), time(17)),)}, name="Day")
SAM = Person(1, "sam@acute.example", "Sam", {"acute": frozenset({Role.FRONT_LINE, Role.LEAD})})
JO = Person(2, "jo@acute.example", "Jo", {"acute": frozenset({Role.MANAGER})})
SEAT = Seat(person_id=1, organisation="acute", holds=True, deputy_id=2)
LADDER = Ladder(1, "operational", 1, "Operational", True, (Tier(1, "Front line", "front", "3 working days"),))
AGREED = Arrangement(
    id=1,
    key="RIV",
    name="Riverside",
    zone="Europe/London",
    version=1,
    organisations={
        7: Organisation(7, "acute", "Hospitals", MORNING, position=1),
        8: Organisation(8, "council", "Council", DAY, position=0),
        9: Organisation(9, "gone", "Gone", DAY, position=2, retired=True),
    },
    people={1: SAM, 2: JO},
    bodies={"front": Body(3, "front", "Front line", seats=(SEAT,))},
    ladders={1: replace(LADDER, in_force=True)},
    service_areas=(ServiceArea("discharge", "Discharge"),),
)


def away(person: Person, since: date, until: date | None = None, organisation: str = "acute") -> Person:
    return replace(person, absences={organisation: Absence(since, until)})


def test_organisations_stand_in_their_positions_without_those_that_left() -> None:
    assert [each.key for each in AGREED.active_organisations()] == ["council", "acute"]


def test_one_that_left_is_still_found_by_its_key() -> None:
    assert AGREED.organisation("gone").name == "Gone"


@pytest.mark.parametrize(
    "versions, found",
    [
        ([(1, True)], 1),
        ([(1, True), (2, False)], 1),
        ([(1, True), (2, True)], 2),
        ([(1, False)], None),
        ([], None),
    ],
    ids=["agreed", "one waits", "both agreed", "none agreed", "none"],
)
def test_the_newest_version_that_all_agreed_is_in_force(versions: list[tuple[int, bool]], found: int | None) -> None:
    ladders = {n: replace(LADDER, id=n, version=n, in_force=in_force) for n, in_force in versions}
    ladder = replace(AGREED, ladders=ladders).ladder_in_force("operational")
    assert (ladder.version if ladder else None) == found


def test_a_retired_ladder_is_in_force_no_more() -> None:
    ladders = {1: replace(LADDER, in_force=True, retired=True)}
    assert replace(AGREED, ladders=ladders).default_ladder() is None


@pytest.mark.parametrize(
    "person, deputy, acts",
    [
        (SAM, JO, 1),
        (away(SAM, MONDAY), JO, 2),
        (away(SAM, MONDAY, MONDAY), JO, 2),
        (away(SAM, date(2026, 4, 28)), JO, 1),
        (away(SAM, date(2026, 4, 20), date(2026, 4, 26)), JO, 1),
        (away(SAM, MONDAY), away(JO, MONDAY), None),
        (away(SAM, MONDAY), replace(JO, retired=True, roles={}), None),
        (away(SAM, MONDAY, organisation="council"), JO, 1),
        (replace(SAM, retired=True, roles={}), JO, 2),
        (replace(SAM, roles={"council": frozenset({Role.LEAD})}), JO, 2),
    ],
    ids=[
        "here",
        "away",
        "away for a day",
        "not away yet",
        "back again",
        "both away",
        "no deputy left",
        "away from another organisation",
        "left",
        "moved",
    ],
)
def test_the_deputy_acts_while_a_person_is_away_or_has_left(person: Person, deputy: Person, acts: int | None) -> None:
    assert replace(AGREED, people={1: person, 2: deputy}).acting(SEAT, NOON) == acts


def test_without_a_deputy_nobody_acts_for_a_seat_meanwhile() -> None:
    agreed = replace(AGREED, people={1: away(SAM, MONDAY)})
    assert agreed.acting(replace(SEAT, deputy_id=None), NOON) is None


def test_shared_time_is_when_all_are_open_and_reckoned_once() -> None:
    shared = AGREED.joint_calendar([7, 8])
    assert [closes - opens for opens, closes in shared.spans_on(MONDAY)] == [timedelta(hours=2)]
    assert AGREED.joint_calendar((8, 7)) is shared


@pytest.mark.parametrize(
    "condition, value, said",
    [
        ("service_area", "discharge", "Discharge"),
        ("service_area", "gone", "gone"),
        ("with", "council", "Council"),
        ("organisation", "acute", "Hospitals"),
        ("kind", "early_warning", "early warning"),
    ],
)
def test_a_value_of_a_condition_reads_by_its_name(condition: str, value: str, said: str) -> None:
    assert AGREED.name_of(condition, value) == said


def test_leads_are_found_by_organisation() -> None:
    assert [each.name for each in AGREED.leads_of("acute")] == ["Sam"]
    assert AGREED.leads_of("council") == ()


def test_a_lead_arranges_what_is_shared_and_what_is_their_own() -> None:
    lead = _viewer(Role.LEAD)
    assert led_by(lead, AGREED) == ("acute",)
    assert may_arrange(lead, AGREED)
    assert may_arrange(lead, AGREED, "acute")
    assert not may_arrange(lead, AGREED, "council")


@pytest.mark.parametrize("role", [Role.FRONT_LINE, Role.MANAGER, Role.STEERING])
def test_nobody_else_arranges_anything(role: Role) -> None:
    with pytest.raises(MayNot, match="for a lead of one of the organisations"):
        require_lead(_viewer(role), AGREED)


def test_what_is_one_organisations_own_names_whose_lead_may() -> None:
    with pytest.raises(MayNot, match="changed by a lead of Council"):
        require_lead(_viewer(Role.LEAD), AGREED, "council")


def test_a_lead_elsewhere_leads_nothing_here() -> None:
    assert led_by(_viewer(Role.LEAD, partnership=2), AGREED) == ()


def _viewer(role: Role, partnership: int = 1) -> Viewer:
    return Viewer(1, "Sam", (Membership(7, "acute", partnership, "RIV", frozenset({role})),))


def test_a_tier_that_a_ladder_does_not_have_has_no_name() -> None:
    assert [LADDER.tier_name(number) for number in (0, 1, 2)] == ["", "Front line", ""]


@pytest.mark.parametrize(
    "ring, organisation, tier, people, text",
    [
        (Ring.SHARED, "Hospitals", "Front line", ("you",), ""),
        (Ring.ORGANISATION, "Hospitals", "", (), "only Hospitals"),
        (Ring.ORGANISATION, "", "", (), ""),
        (Ring.TIER, "", "Front line", (), "only who holds it at Front line or above"),
        (Ring.TIER, "", "", (), "only who holds it"),
        (Ring.NAMED, "", "", ("you", "Jo", "Sam"), "only you, Jo and Sam"),
        (Ring.NAMED, "", "", (), "only who wrote the note and whom it names"),
    ],
)
def test_who_reads_what_is_for_some_alone_is_said_as_far_as_it_is_known(
    ring: Ring, organisation: str, tier: str, people: tuple[str, ...], text: str
) -> None:
    assert only_text(ring, organisation, tier, people) == text
