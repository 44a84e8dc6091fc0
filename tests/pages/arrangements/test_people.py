"""The people of an organisation: invited, changed and let go by its own lead, and by nobody else's."""

import re
from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import Any

import pytest
from litestar.routes import HTTPRoute
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, person_address, version_on
from tests.site import Site
from tracker.queries.people import key_in
from tracker.records.person import Membership, Person
from tracker.rules.arrangement import Absence
from tracker.rules.rings import Role

ACUTE = "/arrangements/RIV/organisations/acute"
EVERYTHING = {
    "name": "Mallory", "email": "mallory@acute.example", "roles": ["lead"], "away_from": "2026-05-01", "what": "Mine",
}  # fmt: skip
OTHERS = (
    ("RIV", "council", "kim@council.example"),
    ("RIV", "acute", "kim@council.example"),
    ("ELS", "north", "stan@north.example"),
)
NEWCOMER = {"email": "Ravi@acute.example", "name": "Ravi Das", "roles": ["front_line", "manager"]}


def test_a_lead_adds_a_person_who_can_then_sign_in(site: Site) -> None:
    assert site.guest("alex").post(f"{ACUTE}/people", NEWCOMER).status_code == 303
    ravi = next(each for each in agreed_in(site).people.values() if each.name == "Ravi Das")
    assert (ravi.email, ravi.roles) == ("ravi@acute.example", {"acute": frozenset({Role.FRONT_LINE, Role.MANAGER})})
    assert site.link("ravi@acute.example").startswith("/sign-in/")


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
    fields = {"roles": ["manager"], "away_from": "2026-05-04", "away_until": "2026-05-08"}
    assert _keep_person(site, "sam", fields) == 303
    sam = agreed_in(site).people[site.cast.sam.id]
    assert sam.roles == {"acute": frozenset({Role.MANAGER})}
    assert sam.absences == {"acute": Absence(date(2026, 5, 4), date(2026, 5, 8))}
    text = site.guest("chris").get("/arrangements/RIV/events").text
    assert "Sam Okafor is away from Mon 4 May to Fri 8 May at Riverside Hospitals, as Alex Hill said" in text
    assert "Alex Hill changed what Sam Okafor is for Riverside Hospitals: front line → manager" in text


def test_a_lead_sets_days_away_from_their_own_organisation_alone(site: Site) -> None:
    with site.db.write() as session:
        also = Membership(person_id=site.cast.sam.id, organisation_id=site.cast.council.id)
        also.take_roles([Role.MANAGER])
        session.add(also)
        session.merge(site.cast.partnership).changed()
    assert _keep_person(site, "sam", {"roles": ["manager"], "away_from": "2026-05-04"}) == 303
    assert agreed_in(site).people[site.cast.sam.id].absences == {"acute": Absence(date(2026, 5, 4))}


def test_away_days_that_run_backwards_keep_nothing_of_the_form(site: Site) -> None:
    fields = {"roles": ["manager"], "away_from": "2026-05-08", "away_until": "2026-05-04"}
    assert _keep_person(site, "sam", fields) == 422
    assert agreed_in(site).people[site.cast.sam.id].roles == {"acute": frozenset({Role.FRONT_LINE})}


def test_an_organisation_is_never_left_without_a_lead(site: Site) -> None:
    assert _keep_person(site, "alex", {"roles": ["manager"]}) == 422
    assert agreed_in(site).leads_of("acute")


def test_who_leaves_can_no_longer_come_in(site: Site) -> None:
    sam, alex = site.guest("sam"), site.guest("alex")
    address = person_address("acute", "sam@acute.example")
    answer = alex.post(f"{address}/leaving", {"version": version_on(alex, address)})
    assert answer.status_code == 303
    assert sam.get("/arrangements/RIV").status_code == 303
    assert agreed_in(site).bodies["front"].seats[0].organisation == "council"


def test_the_people_of_another_organisation_are_not_theirs_to_change(site: Site) -> None:
    address = person_address("acute", "sam@acute.example")
    chris = site.guest("chris")
    assert chris.get(address).status_code == 403
    assert chris.post(address, {"roles": ["lead"]}).status_code == 403
    for step in ("leaving", "correction"):
        assert chris.post(f"{address}/{step}", {"name": "Sam", "email": "sam@council.example"}).status_code == 403
    assert chris.post(f"{ACUTE}/people", NEWCOMER).status_code == 403
    assert site.guest("nora").get(address).status_code == 404


@pytest.mark.parametrize("name", ["alex", "jo", "nora"])
@pytest.mark.parametrize("key, side, email", OTHERS, ids=["the other side", "under one's own", "another partnership"])
def test_nobody_does_anything_to_the_people_of_others(site: Site, name: str, key: str, side: str, email: str) -> None:
    """Whatever there is to be done to somebody: a lead, and a manager, and a lead of elsewhere."""
    if (name, key) == ("nora", "ELS"):
        return
    guest, before = site.guest(name), _people(site)
    values = {"{key}": key, "{side_key}": side, "{person_key}": key_in(key, email)}
    for path in _done_to_people(site):
        address = reduce(lambda text, each: text.replace(*each), values.items(), path)
        assert guest.post(address, EVERYTHING).status_code in (403, 404), address
    assert _people(site) == before


def _done_to_people(site: Site) -> list[str]:
    """Every address by which something is done to one person."""
    routes = (each for each in site.app.routes if isinstance(each, HTTPRoute) and "POST" in each.methods)
    found = [re.sub(r":\w+}", "}", each.path_format) for each in routes]
    steps = [each for each in found if "{person_key}" in each]
    assert len(steps) >= 4
    return steps


def _people(site: Site) -> list[dict[str, Any]]:
    with site.db.read() as session:
        rows = (
            *session.exec(select(Person).order_by(col(Person.id))),
            *session.exec(select(Membership).order_by(col(Membership.person_id), col(Membership.organisation_id))),
        )
        return [each.model_dump() for each in rows]


def test_a_person_of_another_organisation_is_not_found_in_this_one(site: Site) -> None:
    assert site.guest("alex").get(person_address("acute", "kim@council.example")).status_code == 404


def _keep_person(site: Site, name: str, fields: Mapping[str, Any]) -> int:
    alex = site.guest("alex")
    address = person_address("acute", site.cast.people[name].email)
    return alex.post(address, {**fields, "version": version_on(alex, address)}).status_code


def test_what_somebody_leaves_behind_is_said_before_they_go(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    text = site.guest("alex").get(person_address("acute", "sam@acute.example")).text
    assert "a seat on Front line, which" in text
    assert f"1 open issue, which they hold: {ref}." in text
