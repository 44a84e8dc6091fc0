"""A ladder on screen: proposed by one lead, in force when a lead of every organisation has agreed."""

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_in, version_on
from tests.site import Guest, Site, went_to
from tracker.rules.arrangement import Ladder

LADDER = "/arrangements/RIV/ladders/operational"
LENGTHS = {"agree_silence": "5 working days", "pause_cap": "10 working days", "keep_in_loop": "5 working days"}
PROPOSED = {
    **LENGTHS,
    "reopens_to_escalate": "2",
    "body1": "front",
    "limit1": "2 working days",
    "acknowledge1": "1 working day",
    "warn1": "1 working day",
    "body2": "ops",
    "limit2": "5 working days",
    "body3": "",
    "limit3": "",
    "body4": "steering",
    "limit4": "next meeting",
    "or_at_most4": "20 working days",
    "paper4": "yes",
    "whole_body4": "yes",
}


def test_a_lead_proposes_a_version_which_waits_while_the_old_one_stays_in_force(site: Site) -> None:
    assert _propose(site.guest("alex")) == 303
    ladder = _in_force(site)
    assert (ladder.version, len(ladder.tiers)) == (1, 4)
    text = site.guest("mo").get(LADDER).text
    assert "Version 2, which waits to be agreed" in text
    assert "tier Front line, limit: 3 working days → 2 working days" in text


def test_a_version_comes_into_force_with_the_last_lead_who_agrees(site: Site) -> None:
    _propose(site.guest("alex"))
    for name in ("alex", "chris"):
        assert _agree(site.guest(name)) == 303
    assert _in_force(site).version == 1
    assert "Community Care</b>: not agreed yet" in site.guest("mo").get(LADDER).text
    assert _agree(site.guest("tess")) == 303
    ladder = _in_force(site)
    assert (ladder.version, [tier.limit for tier in ladder.tiers]) == (
        2,
        ["2 working days", "5 working days", "next meeting"],
    )


def test_who_agreed_and_when_stands_on_the_page(site: Site) -> None:
    _propose(site.guest("alex"))
    _agree(site.guest("alex"))
    assert "agreed by Alex Hill, <time" in site.guest("mo").get(LADDER).text


def test_only_who_has_not_agreed_is_asked_to(site: Site) -> None:
    alex = site.guest("alex")
    _propose(alex)
    assert "Agree version 2 for Riverside Hospitals" in alex.get(LADDER).text
    _agree(alex)
    assert "Agree version 2" not in alex.get(LADDER).text


def test_a_version_that_was_replaced_meanwhile_cannot_be_agreed_unseen(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    _propose(alex)
    _propose(chris, limit1="1 working day")
    answer = alex.post(f"{LADDER}/agreement", {"number": "2"})
    assert answer.status_code == 409
    assert "Version 3 was proposed since" in answer.text


def test_a_proposal_can_be_taken_back(site: Site) -> None:
    alex = site.guest("alex")
    _propose(alex)
    version = version_in(alex.get(LADDER).text, form=f"{LADDER}/withdrawal")
    assert alex.post(f"{LADDER}/withdrawal", {"version": version}).status_code == 303
    assert "which waits to be agreed" not in alex.get(LADDER).text
    assert _in_force(site).version == 1


def test_proposing_what_is_in_force_proposes_nothing(site: Site) -> None:
    alex = site.guest("alex")
    _propose(alex, limit1="3 working days", body3="directors", limit3="10 working days")
    assert "which waits to be agreed" not in alex.get(LADDER).text


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("limit2", "soon", "“soon” does not fit here; give “3 working days”"),
        ("limit2", "", "Give a limit, in every tier but one that is outside both."),
        ("acknowledge1", "next meeting", "“next meeting” does not fit here; give “3 working days”"),
        ("reopens_to_escalate", "often", "“often” does not fit here; give a whole number."),
        ("pause_cap", "a while", "“a while” does not fit here; give"),
    ],
    ids=["no length", "no limit", "no meeting here", "no number", "no cap"],
)
def test_a_wrong_version_comes_back_as_it_was_typed_with_the_reason(
    site: Site, field: str, typed: str, said: str
) -> None:
    alex = site.guest("alex")
    answer = alex.post(f"{LADDER}/proposal", {**PROPOSED, field: typed})
    assert answer.status_code == 422
    assert f'href="#ladder-{field}">{said}' in answer.text
    assert f'name="{field}" value="{typed}"' in answer.text


def test_a_proposal_over_one_that_came_meanwhile_is_refused_and_kept_on_the_page(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, f"{LADDER}/proposal")
    _propose(chris, limit1="1 working day")
    answer = alex.post(f"{LADDER}/proposal", {**PROPOSED, "version": version})
    assert answer.status_code == 409
    assert "Chris Vale changed the arrangement" in answer.text
    assert 'value="2 working days"' in answer.text


def test_only_leads_propose_agree_and_take_back(site: Site) -> None:
    _propose(site.guest("alex"))
    jo, nora = site.guest("jo"), site.guest("nora")
    for step in ("proposal", "agreement", "withdrawal"):
        assert jo.post(f"{LADDER}/{step}", PROPOSED).status_code == 403
        assert nora.post(f"{LADDER}/{step}", PROPOSED).status_code == 404
    assert _in_force(site).version == 1


def test_another_ladder_becomes_the_one_that_issues_take_when_all_leads_agree(site: Site) -> None:
    alex = site.guest("alex")
    fields = {**PROPOSED, "key": "contract", "name": "Contract"}
    assert alex.post("/arrangements/RIV/ladders", fields).status_code == 303
    contract = "/arrangements/RIV/ladders/contract"
    assert "Let issues take this ladder" not in alex.get(contract).text
    refused = alex.post(f"{contract}/default", {"version": version_on(alex, f"{contract}/proposal")})
    assert refused.status_code == 409
    assert "No version of the Contract ladder is in force yet" in refused.text
    for lead in ("alex", "chris", "tess"):
        assert site.guest(lead).post(f"{contract}/agreement", {"number": "1"}).status_code == 303
    page = alex.get(contract).text
    assert "issues take the Operational ladder now" in page
    sent = alex.post(f"{contract}/default", {"version": version_in(page, form=f"{contract}/default")})
    assert (sent.status_code, "/proposals/" in went_to(sent)) == (303, True)
    assert _default(site) == "operational"
    all_agree(site)
    assert _default(site) == "contract"
    assert "Issues take it unless a route says otherwise." in alex.get(contract).text


def test_only_leads_say_which_ladder_issues_take(site: Site) -> None:
    assert site.guest("jo").post(f"{LADDER}/default", {}).status_code == 403
    assert site.guest("nora").post(f"{LADDER}/default", {}).status_code == 404


def _default(site: Site) -> str:
    ladder = agreed_in(site).default_ladder()
    assert ladder is not None
    return ladder.key


def _propose(guest: Guest, **changed: str) -> int:
    version = version_on(guest, f"{LADDER}/proposal")
    return guest.post(f"{LADDER}/proposal", {**PROPOSED, **changed, "version": version}).status_code


def _agree(guest: Guest, number: str = "2") -> int:
    guest.get(LADDER)
    return guest.post(f"{LADDER}/agreement", {"number": number}).status_code


def _in_force(site: Site) -> Ladder:
    ladder = agreed_in(site).ladder_in_force("operational")
    assert ladder
    return ladder
