"""What a lead sets up, and retires, on screen alone: organisations, bodies, ladders, themes, the name and the clock."""

import pytest
from sqlmodel import col, select

from tests.issue_makers import make_issue
from tests.makers import MONDAY
from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_on
from tests.pages.arrangements.test_ladders import PROPOSED
from tests.site import Guest, Site, went_to
from tracker.actions.people.belong import come_in
from tracker.records.session import SignInLink
from tracker.rules.arrangement import PaperSize
from tracker.rules.letters import LinkPurpose

AT = "/arrangements/RIV"
FREIGHT = {
    "key": "freight", "name": "Humber Freight", "zone": "Europe/Berlin", "mon": "08:00-16:00", "tue": "08:00-16:00",
    "lead_email": "lena@freight.example", "lead_name": "Lena Voss",
}  # fmt: skip


def send(guest: Guest, address: str, fields: dict[str, str] | None = None, page: str = "") -> tuple[int, str]:
    """The form at an address as it stands on its page, filled in: its status, and where it leads or what it says."""
    version = version_on(guest, page, address) if page else ""
    answer = guest.post(address, {**(fields or {}), "version": version})
    return answer.status_code, went_to(answer) or answer.text


def invited(site: Site) -> list[tuple[str, str]]:
    """To whom word of an invitation waits to go out, and what it says."""
    with site.db.read() as session:
        rows = session.exec(select(SignInLink).where(col(SignInLink.purpose) == LinkPurpose.INVITATION))
        return [(each.to_name, each.about) for each in rows]


def test_an_organisation_more_waits_for_all_and_its_first_lead_accepts_by_coming_in(site: Site) -> None:
    alex = site.guest("alex")
    assert send(alex, f"{AT}/organisations", FREIGHT) == (303, f"{AT}/proposals/1")
    assert "it waits for a lead of Riverside Council and Riverside Community Care" in alex.get(f"{AT}/proposals/1").text
    assert [each.key for each in agreed_in(site).active_organisations()] == ["acute", "council", "community"]
    assert invited(site) == []
    all_agree(site)
    agreed = agreed_in(site)
    assert agreed.active_organisations()[-1].name == "Humber Freight"
    said = f"Alex Hill of Riverside Hospitals invites you to {agreed.name}, for Humber Freight as partnership lead"
    assert invited(site) == [("Lena Voss", said)]
    lena = next(each for each in agreed.people.values() if each.email == "lena@freight.example")
    assert set(lena.invited) == {"freight"}
    with site.db.write() as session:
        come_in(session, lena.id, now=MONDAY)
    assert agreed_in(site).people[lena.id].is_lead_of("freight")


@pytest.mark.parametrize(
    "fields, said",
    [
        ({"key": "council"}, "There is an organisation with this short name"),
        ({"key": "two words"}, "Give a short name without spaces"),
        ({"mon": "", "tue": ""}, "Give opening hours on at least one weekday."),
        ({"mon": "01:00-02:00", "tue": ""}, "Humber Freight shares no working time on any weekday with"),
        ({"lead_email": "lena"}, "Give an address, like lena@north.example."),
    ],
    ids=["there already", "no short name", "never open", "never together", "no address"],
)
def test_an_organisation_that_cannot_be_comes_back_as_it_was_typed(
    site: Site, fields: dict[str, str], said: str
) -> None:
    status, text = send(site.guest("alex"), f"{AT}/organisations", {**FREIGHT, **fields})
    assert (status, said in text, 'value="Humber Freight"' in text) == (422, True, True)


def test_an_organisation_fewer_waits_for_all_and_goes_with_its_people_and_seats(site: Site) -> None:
    alex, page = site.guest("alex"), f"{AT}/organisations/community/retirement"
    assert send(alex, page, page=page) == (303, f"{AT}/proposals/1")
    all_agree(site)
    agreed = agreed_in(site)
    assert [each.key for each in agreed.active_organisations()] == ["acute", "council"]
    assert {seat.organisation for body in agreed.bodies.values() for seat in body.seats} == {"acute", "council"}
    assert not agreed.people[site.cast.mo.id].roles


def test_an_organisation_with_open_issues_stays_and_the_refusal_names_them(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    page = f"{AT}/organisations/council/retirement"
    status, text = send(site.guest("alex"), page, page=page)
    assert status == 422
    assert f"Riverside Council is a side of {ref} that are open; retire it once they are resolved." in text or (
        "Riverside Council is a side of 1 issue" in text
    )


def test_a_body_is_retired_with_its_seats_once_no_ladder_needs_it(site: Site) -> None:
    alex = site.guest("alex")
    send(alex, f"{AT}/bodies", {"key": "quality", "name": "Quality group"})
    send(alex, f"{AT}/bodies/quality/seats/acute", {"person1": "jo@acute.example"}, page=f"{AT}/bodies/quality")
    page = f"{AT}/bodies/quality"
    assert send(alex, f"{page}/retirement", page=page) == (303, AT)
    assert agreed_in(site).bodies["quality"].retired


def test_a_body_that_is_a_tier_stays_and_the_refusal_names_the_ladder(site: Site) -> None:
    page = f"{AT}/bodies/ops"
    status, text = send(site.guest("alex"), f"{page}/retirement", page=page)
    assert status == 422
    assert "group would be gone, and is still needed by the Operational ladder." in text


def test_a_ladder_is_begun_from_a_starter_and_waits_for_every_organisation(site: Site) -> None:
    alex = site.guest("alex")
    form = alex.get(f"{AT}/ladders?starter=contract").text
    for said in ('value="Outsourcing contract"', 'value="Contract leads"', 'value="15 working days"'):
        assert said in form
    fields = {**PROPOSED, "key": "contract", "name": "Contract"}
    assert send(alex, f"{AT}/ladders", fields) == (303, f"{AT}/ladders/contract")
    assert agreed_in(site).ladder_in_force("contract") is None
    all_agree(site)
    for name in ("alex", "chris", "tess"):
        guest = site.guest(name)
        assert guest.post(f"{AT}/ladders/contract/agreement", {"number": "1"}).status_code == 303
    ladder = agreed_in(site).ladder_in_force("contract")
    assert ladder is not None
    assert [tier.body for tier in ladder.tiers] == ["front", "ops", "steering"]
    assert agreed_in(site).default_ladder() != ladder


@pytest.mark.parametrize("name", ["operational", "care", "contract-expedited", "two-councils"])
def test_every_starter_fills_the_form(site: Site, name: str) -> None:
    assert site.guest("alex").get(f"{AT}/ladders?starter={name}").text.count("<legend>Tier") >= 6


def test_a_ladder_that_cannot_be_comes_back_with_every_reason(site: Site) -> None:
    fields = {**PROPOSED, "key": "operational", "name": "", "limit1": "soon"}
    status, text = send(site.guest("alex"), f"{AT}/ladders", fields)
    assert status == 422
    for said in ("Fill this in.", "“3 working days”", 'value="soon"'):
        assert said in text


def test_a_ladder_that_issues_take_is_not_retired(site: Site) -> None:
    page = f"{AT}/ladders/operational"
    status, text = send(site.guest("alex"), f"{page}/retirement", page=page)
    assert (status, "The Operational ladder is the one that issues take" in text) == (409, True)


def test_a_theme_is_added_changed_and_retired(site: Site) -> None:
    alex, themes = site.guest("alex"), f"{AT}/themes"
    fields = {"name": "Empty runs", "group": "deciding", "topic": "GOV", "phrases": "empty run, no load"}
    assert send(alex, themes, fields) == (303, themes)
    assert agreed_in(site).themes["empty_runs"].phrases == ("empty run", "no load")
    assert '<p class="fine">“empty run”, “no load”</p></li>' in alex.get(themes).text
    page = f"{themes}/empty_runs"
    assert send(alex, page, {**fields, "means": "Driven for nothing"}, page=page) == (303, themes)
    assert "Driven for nothing." in site.guest("mo").get(themes).text
    assert send(alex, f"{page}/retirement", page=page) == (303, themes)
    assert agreed_in(site).themes["empty_runs"].retired


def test_the_partnership_s_name_is_in_force_at_once_and_its_clock_waits_for_all(site: Site) -> None:
    alex, page = site.guest("alex"), f"{AT}/partnership"
    zone = agreed_in(site).zone
    said = {"never_name": "a driver", "identifiers": "gb, IE", "paper": "us-letter"}
    assert send(alex, page, {"name": "Humber", "zone": zone, **said}, page=page) == (303, AT)
    agreed = agreed_in(site)
    assert (agreed.name, agreed.never_name, list(agreed.identifiers)) == ("Humber", "a driver", ["GB", "IE"])
    assert agreed.paper is PaperSize.US_LETTER
    assert "Reports and packs are made for US Letter." in alex.get(AT).text
    assert send(alex, page, {"name": "Humber", "zone": "Europe/Berlin"}, page=page) == (303, f"{AT}/proposals/1")
    assert agreed_in(site).zone == zone
    all_agree(site)
    assert agreed_in(site).zone == "Europe/Berlin"


@pytest.mark.parametrize("page", ["organisations", "partnership", "ladders", "organisations/council/retirement"])
def test_the_forms_are_for_leads_alone(site: Site, page: str) -> None:
    assert [site.guest(name).get(f"{AT}/{page}").status_code for name in ("alex", "sam", "nora")] == [200, 403, 404]
