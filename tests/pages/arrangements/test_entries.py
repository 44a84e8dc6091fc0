"""Clauses, service areas and routes, as leads keep them."""

import re

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_in, version_on
from tests.site import Site, went_to

AT = "/arrangements/RIV"
ROUTE = {"key": "urgent", "ladder": "operational", "start": "ops", "severity": ["critical", "serious"]}


def test_a_lead_adds_a_clause(site: Site) -> None:
    answer = site.guest("alex").post(f"{AT}/clauses", {"key": "1.1", "topic": "SCOPE", "title": "Why", "text": "So."})
    assert (answer.status_code, went_to(answer)) == (303, f"{AT}/proposals/1")
    all_agree(site)
    clause = agreed_in(site).clause("1.1")
    assert clause is not None
    assert (clause.topic, clause.title, clause.text) == ("SCOPE", "Why", "So.")


def test_a_wrong_clause_comes_back_as_it_was_typed_with_the_reason(site: Site) -> None:
    answer = site.guest("alex").post(f"{AT}/clauses", {"key": "1 1", "topic": "FUN", "title": "Why"})
    assert answer.status_code == 422
    assert "without spaces." in answer.text
    assert "Choose a topic of the agreement." in answer.text
    assert 'value="Why"' in answer.text


def test_a_clause_that_is_there_already_is_not_added_again(site: Site) -> None:
    answer = site.guest("alex").post(f"{AT}/clauses", {"key": "4.2", "topic": "GOV", "title": "Another"})
    assert answer.status_code == 422
    assert "There is a clause 4.2 already." in answer.text


@pytest.mark.parametrize(
    "entries, fields, means",
    [
        ("clauses", {"key": "none", "topic": "GOV", "title": "Nothing"}, "those that name no clause."),
        ("service-areas", {"name": "None"}, "those that name no service area."),
    ],
)
def test_a_key_that_the_list_of_issues_takes_for_something_else_is_refused(
    site: Site, entries: str, fields: dict[str, str], means: str
) -> None:
    answer = site.guest("alex").post(f"{AT}/{entries}", fields)
    assert answer.status_code == 422
    assert f"“none” cannot be its short name; give another: in a list of issues it means {means}" in answer.text


def test_a_lead_changes_a_clause_and_its_number_stays(site: Site) -> None:
    alex = site.guest("alex")
    version = version_on(alex, f"{AT}/clauses/4.2")
    answer = alex.post(f"{AT}/clauses/4.2", {"version": version, "key": "9", "topic": "GOV", "title": "Letters"})
    assert answer.status_code == 303
    all_agree(site)
    clause = agreed_in(site).clause("4.2")
    assert clause is not None
    assert (clause.topic, clause.title) == ("GOV", "Letters")


def test_a_change_over_what_somebody_else_has_just_changed_is_refused_and_kept_on_the_page(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, f"{AT}/clauses/4.2")
    chris.post(f"{AT}/clauses/4.2", {"version": version, "topic": "STANDARD", "title": "Letters, by Chris"})
    all_agree(site)
    answer = alex.post(f"{AT}/clauses/4.2", {"version": version, "topic": "STANDARD", "title": "Letters, by Alex"})
    assert answer.status_code == 409
    assert "agreed proposal 1 for Riverside" in answer.text
    assert 'value="Letters, by Alex"' in answer.text
    again = {"version": version_in(answer.text), "topic": "STANDARD", "title": "Letters, by Alex"}
    assert alex.post(f"{AT}/clauses/4.2", again).status_code == 303


def test_a_retired_clause_is_no_longer_listed_and_stays_readable(site: Site) -> None:
    alex = site.guest("alex")
    version = version_on(alex, f"{AT}/clauses/4.2")
    alex.post(f"{AT}/clauses/4.2/retirement", {"version": version})
    all_agree(site)
    assert "Here will stand what the organisations promised" in alex.get(f"{AT}/clauses").text
    clause = agreed_in(site).clause("4.2")
    assert clause is not None
    assert clause.retired


def test_a_service_area_gets_its_key_from_its_name(site: Site) -> None:
    leads = ["acute sam@acute.example", "", "community mo@community.example"]
    site.guest("alex").post(f"{AT}/service-areas", {"name": "Care at home", "answers": "council", "leads": leads})
    all_agree(site)
    area = agreed_in(site).service_area("care_at_home")
    assert area is not None
    assert (area.name, area.answers) == ("Care at home", "council")
    assert area.leads == {"acute": site.cast.sam.id, "community": site.cast.mo.id}


def test_a_lead_of_another_organisation_cannot_lead_a_service_area(site: Site) -> None:
    fields = {"name": "Care at home", "leads": ["council sam@acute.example"]}
    answer = site.guest("alex").post(f"{AT}/service-areas", fields)
    assert answer.status_code == 422
    assert "does not belong to Riverside Council" in answer.text


def test_a_lead_adds_a_route_with_its_conditions(site: Site) -> None:
    assert site.guest("chris").post(f"{AT}/routes", {**ROUTE, "words": "fall, harm"}).status_code == 303
    all_agree(site)
    (route,) = agreed_in(site).routes
    assert route.when == {"severity": ("critical", "serious"), "words": ("fall", "harm")}
    assert (route.ladder, route.start) == ("operational", "ops")


def test_what_was_ticked_for_a_route_stays_ticked_when_it_is_wrong(site: Site) -> None:
    answer = site.guest("chris").post(f"{AT}/routes", {**ROUTE, "key": ""})
    assert answer.status_code == 422
    assert re.search(r'name="severity" value="critical" checked', answer.text)


def test_a_route_cannot_start_where_the_ladder_does_not_go(site: Site) -> None:
    site.guest("alex").post(f"{AT}/bodies", {"key": "panel", "name": "Panel"})
    answer = site.guest("chris").post(f"{AT}/routes", {**ROUTE, "start": "panel"})
    assert answer.status_code == 422
    assert "which is no tier of the Operational ladder" in answer.text


def test_a_route_can_be_tried_earlier(site: Site) -> None:
    alex = site.guest("alex")
    for key in ("first", "second"):
        alex.post(f"{AT}/routes", {**ROUTE, "key": key, "answers": "council" if key == "second" else ""})
        all_agree(site)
    page = alex.get(f"{AT}/routes").text
    version = version_in(page[page.index("routes/second/order") :])
    assert alex.post(f"{AT}/routes/second/order", {"version": version, "move": "up"}).status_code == 303
    all_agree(site)
    assert [each.key for each in agreed_in(site).routes] == ["second", "first"]


@pytest.mark.parametrize("name", ["jo", "kim", "ines"])
def test_who_leads_nothing_changes_nothing(site: Site, name: str) -> None:
    guest = site.guest(name)
    assert guest.post(f"{AT}/clauses", {"key": "1.1", "topic": "SCOPE", "title": "Why"}).status_code == 403
    assert guest.post(f"{AT}/clauses/4.2/retirement").status_code == 403
    assert [clause.retired for clause in agreed_in(site).clauses] == [False]


def test_a_lead_of_another_partnership_finds_nothing_to_change(site: Site) -> None:
    assert site.guest("nora").post(f"{AT}/clauses", {"key": "1.1", "topic": "SCOPE", "title": "Why"}).status_code == 404


def test_what_no_form_offers_makes_no_entry_and_is_said(site: Site) -> None:
    alex = site.guest("alex")
    route = {"key": "odd", "ladder": "operational"}
    odd = [
        ("routes", {**route, "severity": "grave"}), ("routes", {**route, "topic": "NONE"}),
        ("routes", {**route, "leads": "acute nobody"}), ("service-areas", {"name": "Odd", "leads": "<b> x"}),
    ]  # fmt: skip
    for entries, form in odd:
        answer = alex.post(f"/arrangements/RIV/{entries}", form)
        assert (answer.status_code, "not one of the choices" in answer.text) == (422, True), form


def test_a_lead_adds_a_group_of_themes_renames_it_and_takes_it_away(site: Site) -> None:
    alex = site.guest("alex")
    assert alex.post(f"{AT}/groups", {"name": "Money & time"}).status_code == 303
    all_agree(site)
    assert [each.key for each in agreed_in(site).theme_groups][-1] == "money_time"
    assert "Money &amp; time" in alex.get(f"{AT}/groups").text
    assert "There is a group money_time already." in alex.post(f"{AT}/groups", {"name": "Money time"}).text
    version = version_on(alex, f"{AT}/groups/money_time")
    assert alex.post(f"{AT}/groups/money_time", {"name": "Money", "version": version}).status_code == 303
    all_agree(site)
    assert [each.name for each in agreed_in(site).theme_groups][-1] == "Money"
    gone = {"version": version_on(alex, f"{AT}/groups/money_time")}
    assert alex.post(f"{AT}/groups/money_time/retirement", gone).status_code == 303
    all_agree(site)
    assert "money_time" not in [each.key for each in agreed_in(site).theme_groups]


def test_a_group_with_a_theme_in_it_stays(site: Site) -> None:
    alex, group = site.guest("alex"), agreed_in(site).theme_groups[0]
    answer = alex.post(f"{AT}/groups/{group.key}/retirement", {"version": version_on(alex, f"{AT}/groups/{group.key}")})
    assert answer.status_code == 422
    assert group in agreed_in(site).theme_groups


def test_a_group_is_kept_by_leads_alone(site: Site) -> None:
    assert site.guest("jo").post(f"{AT}/groups", {"name": "Mine"}).status_code == 403
    assert site.guest("nora").get(f"{AT}/groups").status_code == 404
    assert "Add a group" not in site.guest("jo").get(f"{AT}/groups").text
