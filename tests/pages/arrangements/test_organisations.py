"""An organisation's people and calendar: read by all, changed by its own lead."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from httpx import Response

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, version_on
from tests.site import Guest, Site
from tracker.records.person import Membership
from tracker.rules.arrangement import Absence
from tracker.rules.rings import Role

ACUTE = "/arrangements/RIV/organisations/acute"
WEEK = {"mon": "09:00-17:00", "tue": "09:00-17:00", "wed": "09:00-12:30 and 13:00-17:00", "thu": "9:00-17:00"}
CALENDAR = {"name": "Riverside Hospitals", "zone": "Europe/London", "holidays": "GB-ENG", **WEEK}
NEWCOMER = {"email": "Ravi@acute.example", "name": "Ravi Das", "roles": ["front_line", "manager"]}


def test_a_lead_changes_the_calendar_of_their_organisation(site: Site) -> None:
    extra = {"closed": "2026-12-24\n2026-12-31", "open": "2026-12-27 10:00-14:00"}
    assert _keep_calendar(site.guest("alex"), **extra).status_code == 303
    calendar = agreed_in(site).organisation("acute").calendar
    assert calendar.is_open(datetime(2026, 12, 27, 11, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 4, 29, 11, 45, tzinfo=UTC))
    assert {date(2026, 12, 24), date(2026, 12, 31)} <= calendar.closed


def test_a_changed_calendar_moves_limits_and_the_lead_reads_who_did_it(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
    _keep_calendar(site.guest("alex"), closed="2026-04-28")
    assert "The limit was worked out anew" in site.guest("sam").get(f"/issues/{issue.ref}").text
    assert "organisation Riverside Hospitals changed" in site.guest("tess").get("/arrangements/RIV/events").text


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("mon", "nine to five", "“nine to five” is no opening span"),
        ("mon", "09:00-12:00, 11:00-17:00", "overlap"),
        ("zone", "Europe/Londn", "Give a time zone by its name"),
        ("holidays", "XX", "Give a country or a part of one"),
        ("closed", "24 December", "“24 December” is no date; give one as in 2026-12-24."),
        ("open", "2026-12-27", "2026-12-27 has no hours"),
        ("name", "", "Fill this in."),
    ],
    ids=["hours", "overlap", "zone", "holidays", "date", "open without hours", "name"],
)
def test_a_wrong_calendar_comes_back_as_it_was_typed(site: Site, field: str, typed: str, said: str) -> None:
    answer = _keep_calendar(site.guest("alex"), **{field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert typed in answer.text


def test_an_organisation_that_is_never_open_is_refused(site: Site) -> None:
    answer = _keep_calendar(site.guest("alex"), mon="", tue="", wed="", thu="")
    assert answer.status_code == 422
    assert "Give opening hours on at least one weekday." in answer.text


def test_a_calendar_that_shares_no_time_with_another_is_refused(site: Site) -> None:
    answer = _keep_calendar(site.guest("alex"), mon="01:00-05:00", tue="", wed="", thu="")
    assert answer.status_code == 422
    assert "Riverside Hospitals and Riverside Council share no working time on any weekday" in answer.text


def test_the_calendar_of_another_organisation_is_not_theirs_to_change(site: Site) -> None:
    assert site.guest("chris").post(ACUTE, CALENDAR).status_code == 403
    assert site.guest("jo").post(ACUTE, CALENDAR).status_code == 403
    assert site.guest("nora").post(ACUTE, CALENDAR).status_code == 404


def test_a_lead_adds_a_person_who_can_then_sign_in(site: Site) -> None:
    assert site.guest("alex").post(f"{ACUTE}/people", NEWCOMER).status_code == 303
    ravi = next(each for each in agreed_in(site).people.values() if each.name == "Ravi Das")
    assert (ravi.email, ravi.roles) == ("ravi@acute.example", {"acute": frozenset({Role.FRONT_LINE, Role.MANAGER})})
    assert site.link("ravi@acute.example").startswith("/sign-in/")


def test_a_person_of_another_partnership_keeps_the_name_of_their_account(site: Site) -> None:
    site.guest("alex").post(f"{ACUTE}/people", {**NEWCOMER, "email": "stan@north.example"})
    assert agreed_in(site).people[site.cast.stan.id].name == "Stan Pike"


@pytest.mark.parametrize(
    "fields, said",
    [
        ({**NEWCOMER, "email": "ravi"}, "Give an address, like sam@acute.example."),
        ({**NEWCOMER, "email": "jörg.müller@acute.example"}, "Give an address that mail arrives at: plain letters"),
        ({**NEWCOMER, "email": "sam@acute.example"}, "Somebody with this address belongs here already."),
        ({**NEWCOMER, "roles": []}, "Choose at least one role."),
        ({**NEWCOMER, "name": " "}, "Fill this in."),
    ],
    ids=["no address", "no mail", "already here", "no role", "no name"],
)
def test_a_person_who_cannot_be_added_comes_back_with_the_reason(
    site: Site, fields: Mapping[str, Any], said: str
) -> None:
    answer = site.guest("alex").post(f"{ACUTE}/people", dict(fields))
    assert answer.status_code == 422
    assert said in answer.text


def test_a_lead_changes_roles_and_says_who_is_away(site: Site) -> None:
    fields = {"name": "Sam O.", "roles": ["manager"], "away_from": "2026-05-04", "away_until": "2026-05-08"}
    assert _keep_person(site, "sam", fields) == 303
    sam = agreed_in(site).people[site.cast.sam.id]
    assert (sam.name, sam.roles) == ("Sam O.", {"acute": frozenset({Role.MANAGER})})
    assert sam.absences == {"acute": Absence(date(2026, 5, 4), date(2026, 5, 8))}
    text = site.guest("chris").get("/arrangements/RIV/events").text
    assert "Sam Okafor is away from Mon 4 May to Fri 8 May" in text


def test_a_lead_sets_days_away_from_their_own_organisation_alone(site: Site) -> None:
    with site.db.write() as session:
        also = Membership(person_id=site.cast.sam.id, organisation_id=site.cast.council.id)
        also.take_roles([Role.MANAGER])
        session.add(also)
        session.merge(site.cast.partnership).changed()
    assert _keep_person(site, "sam", {"name": "Sam O.", "roles": ["manager"], "away_from": "2026-05-04"}) == 303
    assert agreed_in(site).people[site.cast.sam.id].absences == {"acute": Absence(date(2026, 5, 4))}


def test_away_days_that_run_backwards_keep_nothing_of_the_form(site: Site) -> None:
    fields = {"name": "Sam O.", "roles": ["manager"], "away_from": "2026-05-08", "away_until": "2026-05-04"}
    assert _keep_person(site, "sam", fields) == 422
    assert agreed_in(site).people[site.cast.sam.id].name == "Sam Okafor"


def test_an_organisation_is_never_left_without_a_lead(site: Site) -> None:
    assert _keep_person(site, "alex", {"name": "Alex Hill", "roles": ["manager"]}) == 422
    assert agreed_in(site).leads_of("acute")


def test_who_leaves_can_no_longer_come_in(site: Site) -> None:
    sam, alex = site.guest("sam"), site.guest("alex")
    address = f"{ACUTE}/people/{site.cast.sam.id}"
    answer = alex.post(f"{address}/leaving", {"version": version_on(alex, address)})
    assert answer.status_code == 303
    assert sam.get("/arrangements/RIV").status_code == 303
    assert agreed_in(site).bodies["front"].seats[0].organisation == "council"


def test_the_people_of_another_organisation_are_not_theirs_to_change(site: Site) -> None:
    address = f"{ACUTE}/people/{site.cast.sam.id}"
    chris = site.guest("chris")
    assert chris.get(address).status_code == 403
    assert chris.post(address, {"name": "Sam", "roles": ["lead"]}).status_code == 403
    assert chris.post(f"{address}/leaving").status_code == 403
    assert chris.post(f"{ACUTE}/people", NEWCOMER).status_code == 403
    assert site.guest("nora").get(address).status_code == 404


def test_a_person_of_another_organisation_is_not_found_in_this_one(site: Site) -> None:
    assert site.guest("alex").get(f"{ACUTE}/people/{site.cast.kim.id}").status_code == 404


def _keep_calendar(guest: Guest, **fields: str) -> Response:
    version = version_on(guest, ACUTE, form=ACUTE)
    return guest.post(ACUTE, {**CALENDAR, **fields, "version": version})


def _keep_person(site: Site, name: str, fields: Mapping[str, Any]) -> int:
    alex = site.guest("alex")
    address = f"{ACUTE}/people/{site.cast.people[name].id}"
    return alex.post(address, {**fields, "version": version_on(alex, address)}).status_code
