"""Changes of a charter as leads make them on screen."""

from datetime import date

import pytest

from tests.exchange.charter.charter_text import CHARTER
from tracker.exchange.charter.checking import check, recheck
from tracker.exchange.charter.revisions import (
    fingerprint,
    with_entry,
    with_leaver,
    with_member,
    with_route_moved,
    with_seats,
    without,
)
from tracker.exchange.charter.shapes import ClauseShape, SeatShape
from tracker.rules.refusals import WrongFile
from tracker.rules.rings import Role

TODAY = date(2026, 4, 27)
RIV = check(CHARTER, today=TODAY)


def test_a_new_entry_stands_at_the_end_and_a_changed_one_in_its_place() -> None:
    added = with_entry("clause", ClauseShape(key="1.1", topic="SCOPE", title="Scope"))(RIV)
    changed = with_entry("clause", ClauseShape(key="4.2", topic="GOV", title="Letters"))(added)
    assert [(key, clause.title) for key, clause in changed.clause.items()] == [("4.2", "Letters"), ("1.1", "Scope")]


def test_a_retired_entry_is_gone() -> None:
    assert without("clause", "4.2")(RIV).clause == {}


@pytest.mark.parametrize(
    "key, up, order",
    [
        ("risk", True, ["risk", "late-discharge"]),
        ("late-discharge", False, ["risk", "late-discharge"]),
        ("late-discharge", True, ["late-discharge", "risk"]),
        ("risk", False, ["late-discharge", "risk"]),
    ],
    ids=["up", "down", "up at the top", "down at the end"],
)
def test_a_route_moves_one_place(key: str, up: bool, order: list[str]) -> None:
    assert list(with_route_moved(key, up=up)(RIV).route) == order


def test_a_person_keeps_what_they_are_in_other_organisations() -> None:
    found = with_member("ingrid@both.example", "Ingrid Solberg", "acute", [Role.MANAGER])(RIV)
    assert found.person["ingrid@both.example"].roles_in("acute") == (Role.MANAGER,)
    assert found.person["ingrid@both.example"].roles_in("council") == (Role.FRONT_LINE,)


def test_a_deputy_inherits_the_seat_of_who_leaves() -> None:
    left = with_leaver("sam@acute.example", "acute")(RIV)
    assert [
        (seat.person, seat.holds, seat.deputy) for seat in left.body["front"].seats if seat.organisation == "acute"
    ] == [("jo@acute.example", True, None)]


def test_a_deputy_who_is_seated_already_gets_no_second_seat() -> None:
    twice = with_seats("front", "acute", [_seat("sam", deputy="jo"), _seat("jo")])(RIV)
    left = with_leaver("sam@acute.example", "acute")(twice)
    assert [seat.person for seat in left.body["front"].seats] == ["jo@acute.example", "kim@council.example"]


def test_who_leaves_leads_and_deputises_no_more() -> None:
    left = with_leaver("sam@acute.example", "acute")(RIV)
    assert "sam@acute.example" not in left.person
    assert left.service_area["discharge"].leads == {}
    assert {seat.deputy for seat in with_leaver("jo@acute.example", "acute")(RIV).body["front"].seats} == {None}


def test_who_leaves_one_organisation_stays_in_the_other() -> None:
    left = with_leaver("ingrid@both.example", "acute")(RIV)
    assert [each.key for each in left.person["ingrid@both.example"].organisations] == ["council"]
    assert [seat.organisation for seat in left.body["ops"].seats] == ["acute", "council"]


def test_the_last_lead_cannot_leave() -> None:
    with pytest.raises(WrongFile, match="council: has no lead"):
        recheck(with_leaver("kim@council.example", "council")(RIV), today=TODAY)


def test_seats_of_one_organisation_change_and_the_others_stay_in_place() -> None:
    found = with_seats("front", "acute", [_seat("jo"), _seat("sam")])(RIV)
    assert [seat.person.partition("@")[0] for seat in found.body["front"].seats] == ["jo", "sam", "kim"]


def test_a_fingerprint_changes_with_its_entry_alone() -> None:
    changed = with_entry("clause", ClauseShape(key="4.2", topic="GOV", title="Letters"))(RIV)
    assert fingerprint(changed, "clause", "4.2") != fingerprint(RIV, "clause", "4.2")
    assert fingerprint(changed, "route", "risk") == fingerprint(RIV, "route", "risk")
    assert fingerprint(RIV, "clause", "9.9") == ""


def _seat(name: str, deputy: str | None = None) -> SeatShape:
    heir = f"{deputy}@acute.example" if deputy else None
    return SeatShape(person=f"{name}@acute.example", organisation="acute", holds=True, deputy=heir)
