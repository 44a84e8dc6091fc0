"""Everybody in a partnership reads what was agreed; only leads see what was changed, and strangers nothing."""

import re

import pytest
from sqlmodel import select

from tests.pages.arrangements.forms_on_page import all_agree, version_on
from tests.site import Site, went_to
from tracker.records.governance import Seat

PAGES = (
    "",
    "/organisations/acute",
    "/bodies/ops",
    "/ladders/operational",
    "/clauses",
    "/service-areas",
    "/routes",
    "/themes",
    "/charter",
)
FOR_LEADS = ("/events", "/bodies", "/clauses/4.2", "/service-areas/discharge", "/ladders/operational/proposal")


@pytest.mark.parametrize("page", PAGES)
def test_everybody_in_the_partnership_reads_what_was_agreed(site: Site, page: str) -> None:
    assert site.guest("mo").get(f"/arrangements/RIV{page}").status_code == 200


@pytest.mark.parametrize("page", [*PAGES, *FOR_LEADS])
def test_for_strangers_there_is_nothing(site: Site, page: str) -> None:
    assert site.guest("nora").get(f"/arrangements/RIV{page}").status_code == 404


@pytest.mark.parametrize("page", FOR_LEADS)
def test_what_is_for_leads_is_refused_to_others(site: Site, page: str) -> None:
    assert site.guest("jo").get(f"/arrangements/RIV{page}").status_code == 403
    assert site.guest("alex").get(f"/arrangements/RIV{page}").status_code == 200


@pytest.mark.parametrize("page", ["/organisations/none", "/bodies/none", "/clauses/9.9", "/ladders/none", "/nothing"])
def test_what_is_not_there_is_not_found(site: Site, page: str) -> None:
    assert site.guest("alex").get(f"/arrangements/RIV{page}").status_code == 404


def test_the_overview_says_when_each_side_is_open_and_which_ladder_is_in_force(site: Site) -> None:
    text = site.guest("mo").get("/arrangements/RIV").text
    assert "Mon to Fri 09:00-17:00" in text
    assert "Version 1 is in force: Front line → Operational managers&#39; group → Directors → Steering group." in text


@pytest.mark.parametrize("page", ["/organisations/acute", "/ladders/operational", "/service-areas"])
def test_a_wide_table_folds_on_a_phone(site: Site, page: str) -> None:
    assert '<table class="fold">' in site.guest("mo").get(f"/arrangements/RIV{page}").text


def test_only_a_lead_is_offered_to_change_anything(site: Site) -> None:
    assert "<form method" not in _main(site.guest("mo").get("/arrangements/RIV/organisations/community").text)
    assert "Add a person" in site.guest("tess").get("/arrangements/RIV/organisations/community").text
    assert "Add a person" not in site.guest("tess").get("/arrangements/RIV/organisations/acute").text


def test_the_charter_can_be_taken_along_as_a_file(site: Site) -> None:
    answer = site.guest("mo").get("/arrangements/RIV/charter")
    assert answer.headers["content-disposition"] == 'attachment; filename="RIV.toml"'
    assert answer.text.startswith('[partnership]\nkey = "RIV"')


def test_a_lead_reads_what_was_changed_and_by_whom(site: Site) -> None:
    alex = site.guest("alex")
    alex.post("/arrangements/RIV/service-areas", {"name": "Transport"})
    text = site.guest("chris").get("/arrangements/RIV/events").text
    assert "Alex Hill changed the arrangement: service area Transport added" in text


def test_a_page_without_events_says_what_will_be_here(site: Site) -> None:
    assert "Nothing has been changed yet" in site.guest("alex").get("/arrangements/RIV/events").text


def test_opposite_numbers_face_each_other_body_by_body(site: Site) -> None:
    text = _main(site.guest("jo").get("/people/RIV").text)
    ops = text[text.index('id="body-ops"') : text.index('id="body-directors"')]
    assert re.findall(r"<b>([^<]+)</b>", ops) == ["Jo Lind", "Lee Ford", "Bea Lund"]


def test_who_is_away_is_said_with_who_acts(site: Site) -> None:
    lee = site.guest("lee")
    with site.db.write() as session:
        session.exec(select(Seat).where(Seat.person_id == site.cast.lee.id)).one().deputy_id = site.cast.owen.id
    lee.post("/account/absence", {"away_from": "2026-04-20"})
    assert "Away: Owen Pugh acts" in site.guest("jo").get("/people/RIV").text


def test_strangers_find_no_people(site: Site) -> None:
    assert site.guest("stan").get("/people/RIV").status_code == 404


def _main(text: str) -> str:
    return text[text.index("<main") :]


def test_what_is_hardly_meant_is_worth_a_look_to_leads_alone(site: Site) -> None:
    alex, page = site.guest("alex"), "/arrangements/RIV/bodies/ops"
    assert "Worth a look" not in alex.get("/arrangements/RIV").text
    seats = {"person1": "jo@acute.example", "version": version_on(alex, page)}
    assert alex.post(f"{page}/seats/acute", seats).status_code == 303
    remark = "nobody holds there for Riverside Hospitals"
    for address in ("/arrangements/RIV", page):
        assert remark in alex.get(address).text, address
        assert remark not in site.guest("sam").get(address).text, address


def test_a_proposal_says_what_would_be_worth_a_look_by_it(site: Site) -> None:
    alex, routes = site.guest("alex"), "/arrangements/RIV/routes"
    for key, start, severity in (("urgent", "ops", ["critical"]), ("all", "directors", [])):
        alex.post(routes, {"key": key, "ladder": "operational", "start": start, "severity": severity})
        all_agree(site)
    move = {"move": "up", "version": version_on(alex, routes, f"{routes}/all/order")}
    where = went_to(alex.post(f"{routes}/all/order", move))
    assert "is never taken: all it asks for goes by route all, tried first" in alex.get(where).text
    assert "Worth a look" not in alex.get(routes).text
    all_agree(site)
    assert "Worth a look" in alex.get(routes).text
