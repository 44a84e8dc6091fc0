"""An organisation asks for a second factor: its lead sets it, and nothing of it shows in a session without one."""

import re
from datetime import timedelta

import pytest
from httpx import Response
from pyotp import TOTP
from sqlmodel import select
from structlog.testing import capture_logs

from tests.api.calling import token_of
from tests.issue_makers import doer, make_issue
from tests.pages.account.test_codes import _secret, _seed
from tests.pages.account.test_invitations import ELSEWHERE, invite
from tests.pages.arrangements.forms_on_page import person_address
from tests.pages.test_who_may_read import MARKS, addresses, digest, marks_in, plant, read_out
from tests.site import Guest, Site
from tracker.actions.add_note import add_note
from tracker.actions.welcome import make_link
from tracker.queries.arrangements import by_key
from tracker.records.partnership import Organisation
from tracker.records.person import Membership
from tracker.records.session import LINK_KEY, Passkey
from tracker.rules.rings import Ring, Role
from tracker.rules.rings.doors import ANEW_FOR, Demand, Door

both_databases = pytest.mark.both_databases
SIGN_IN = "/arrangements/RIV/organisations/acute/sign-in"
ASKED = "/account/second-factor"
# Pages by which somebody does what is asked; each is about their own account alone.
TO_SHOW = ("/account/confirmation/", "/account/passkeys")  # forms likewise
OPEN = {ASKED, "/account/authenticator", "/account/confirmation"}


def version_on(guest: Guest, address: str = SIGN_IN) -> str:
    found = re.search(r'name="version" value="(\w+)"', guest.get(address).text)
    return found[1] if found else ""


def asks(site: Site, *, by: str = "alex", door: Door = Door.PASSKEY, require: str = "second_factor") -> Response:
    lead = site.guest(by, door)
    return lead.post(SIGN_IN, {"require": require, "version": version_on(lead)})


def demand_of(site: Site, key: str = "acute") -> Demand | None:
    with site.db.read() as session:
        return by_key(session, "RIV").organisation(key).demand


@pytest.fixture
def demanding(site: Site) -> Site:
    assert asks(site).status_code == 303
    return site


@pytest.fixture
def stan(site: Site) -> Guest:
    """Of another partnership, and by now of Riverside Hospitals, too."""
    invite(site, ELSEWHERE)
    found = site.guest("stan")
    found.post("/invitations/RIV/acute/acceptance")
    assert found.get("/people/RIV").status_code == 200
    return found


def joins(site: Site, name: str, organisation: str = "acute") -> None:
    """Somebody of one organisation is front line in another, too."""
    with site.db.write() as session:
        member = Membership(
            person_id=site.cast.people[name].id, organisation_id=site.cast.organisations[organisation].id
        )
        member.take_roles([Role.FRONT_LINE])
        session.add(member)


# Setting it


@both_databases
def test_a_lead_sets_it_and_every_lead_reads_that_it_changed(site: Site) -> None:
    lead = site.guest("alex", Door.PASSKEY)
    answer = lead.post(SIGN_IN, {"require": "second_factor", "version": version_on(lead)})
    told = "organisation Riverside Hospitals changed (signing in, asks for: a link alone → a second factor)"
    assert f"You changed the arrangement: {told}" in lead.follow(answer.headers["location"]).text
    assert demand_of(site) is Demand.SECOND_FACTOR
    assert f"Alex Hill changed the arrangement: {told}" in site.guest("chris").get("/arrangements/RIV/events").text
    assert asks(site, require="link").status_code == 303
    assert demand_of(site) is None
    assert lead.get("/people/RIV").status_code == 200


def test_no_lead_sets_what_they_have_not_shown_and_so_none_is_shut_out(site: Site) -> None:
    answer = asks(site, door=Door.LINK)
    assert answer.status_code == 409
    assert "Show a second factor yourself first" in answer.text
    assert re.search(r'value="second_factor" checked', answer.text), "what was chosen stays chosen"
    assert f'href="{ASKED}" target="_blank"' in answer.text
    assert demand_of(site) is None


def test_it_is_asked_anew_who_they_are(site: Site) -> None:
    lead = site.guest("alex", Door.PASSKEY)
    version = version_on(lead)
    site.now += ANEW_FOR
    lead.get("/account")
    answer = lead.post(SIGN_IN, {"require": "second_factor", "version": version})
    assert (answer.status_code, demand_of(site)) == (403, None)
    assert "Is it still you?" in answer.text


@pytest.mark.parametrize("who, status", [("chris", 403), ("sam", 403), ("jo", 403), ("tess", 403), ("stan", 404)])
def test_only_a_lead_of_the_organisation_sees_and_sets_it(site: Site, who: str, status: int) -> None:
    guest = site.guest(who, Door.PASSKEY)
    assert guest.get(SIGN_IN).status_code == status
    assert guest.post(SIGN_IN, {"require": "second_factor"}).status_code == status
    assert demand_of(site) is None


@both_databases
def test_before_it_is_set_the_page_says_how_many_would_be_asked(site: Site) -> None:
    lead = site.guest("alex")
    assert "Without a second factor so far: 5 of 5 people." in lead.get(SIGN_IN).text
    with site.db.write() as session:
        for name in ("sam", "kim"):
            person, at = site.cast.people[name].id, site.now
            session.add(
                Passkey(
                    person_id=person, credential_id=name.encode(), public_key=b"", sign_count=0, name="", made_at=at
                )
            )
    assert "Without a second factor so far: 4 of 5 people." in lead.get(SIGN_IN).text


def test_what_somebody_else_set_meanwhile_is_not_put_over(site: Site) -> None:
    lead = site.guest("alex", Door.PASSKEY)
    version = version_on(lead)
    asks(site)
    answer = lead.post(SIGN_IN, {"require": "link", "version": version})
    assert (answer.status_code, demand_of(site)) == (409, Demand.SECOND_FACTOR)
    assert "Since you opened this page it was changed" in answer.text


@pytest.mark.parametrize("require", ["sso", "third_factor", "x" * 500])
def test_what_cannot_be_asked_for_is_refused(site: Site, require: str) -> None:
    assert asks(site, require=require).status_code in (409, 422)
    assert demand_of(site) is None


# What shows without one


@pytest.mark.parametrize("name", ["sam", "alex"])
def test_no_route_shows_or_does_anything_in_a_session_without_one(demanding: Site, name: str) -> None:
    plant(demanding)
    before, guest = digest(demanding), demanding.guest(name)
    for address in addresses(demanding, "GET"):
        for headers in ({}, {"hx-request": "true", "hx-target": "section#story"}):
            answer = guest.get(address, headers=headers)
            assert not marks_in(read_out(answer)), address
            if address.startswith(("/sign-in", "/static", "/health", "/metrics", "/favicon")) or address in OPEN:
                continue
            assert answer.status_code == (403 if headers else 303), address
            if not headers:
                assert answer.headers["location"].startswith(f"{ASKED}?next="), address
    guest.get(ASKED)
    for address in (each for each in addresses(demanding, "POST") if not each.startswith("/sign-")):
        answer = guest.post(address, {"title": "Mine", "text": "Mine", "version": "1"})
        assert answer.status_code == 403 or address in OPEN or address.startswith(TO_SHOW), address
    assert digest(demanding) == before


def test_with_one_everything_shows_as_before(demanding: Site) -> None:
    plant(demanding)
    for door in (Door.PASSKEY, Door.CODE):
        sam = demanding.guest("sam", door)
        assert sam.get("/issues/RIV-1").status_code == 200
        assert "markprivateacute" in sam.get("/issues/RIV-1").text
    assert {mark for mark in MARKS if mark in demanding.guest("kim").get("/issues/RIV-1").text.lower()}


@both_databases
def test_sessions_that_are_open_end_up_there_at_once_and_nothing_typed_is_lost(site: Site) -> None:
    sam = site.guest("sam")
    sam.get("/issues/new")
    asks(site)
    answer = sam.post("/issues/new", {"title": "Letters come late", "detail": "Again this week."})
    assert answer.status_code == 403
    assert "Riverside Hospitals asks for a second factor before what is its own shows" in answer.text
    assert "Letters come late" in answer.text
    assert 'action="/issues/new"' in answer.text
    assert f'href="{ASKED}" target="_blank"' in answer.text
    part = sam.send_htmx("/issues/new", "main", {"title": "Letters come late"})
    assert (part.status_code, part.headers["hx-retarget"]) == (403, "#refusal")
    assert "What you typed stays here." in part.text


def test_a_lead_without_one_leads_nothing(demanding: Site) -> None:
    lead = demanding.guest("alex")
    assert lead.get("/arrangements/RIV").status_code == 303
    assert lead.post(SIGN_IN, {"require": "link"}).status_code == 403
    assert demand_of(demanding) is Demand.SECOND_FACTOR


def test_other_organisations_and_their_people_go_on(demanding: Site) -> None:
    kim = demanding.guest("kim")
    assert kim.get("/people/RIV").status_code == 200
    assert "Sam Okafor" in kim.get("/people/RIV").text


def test_where_it_is_asked_for_no_more_everybody_goes_on(demanding: Site) -> None:
    sam = demanding.guest("sam")
    assert sam.get("/").status_code == 303
    asks(demanding, require="link")
    assert sam.get("/").status_code == 200


# Several organisations


def test_what_is_of_another_organisation_counts_and_the_rest_says_what_is_asked(site: Site, stan: Guest) -> None:
    asks(site)
    assert stan.get("/people/ELS").status_code == 200
    for address in ("/people/RIV", "/arrangements/RIV", "/issues/RIV-1", "/reports/RIV/themes"):
        answer = stan.get(address)
        assert answer.status_code == 404, address
        assert "Riverside Hospitals asks for a second factor" in answer.text
        assert f"{ASKED}?next=%2F{address[1:].replace('/', '%2F')}" in answer.text
    assert "Riverside Hospitals asks for a second factor" in stan.get("/").text
    assert "<b>Riverside Hospitals</b>: it asks for a second factor" in stan.get("/account").text
    assert "asks for a second factor" not in site.guest("nils").get("/people/RIV").text


def test_what_was_typed_about_it_comes_back_to_be_sent_again(site: Site, stan: Guest) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    asks(site)
    stan.get("/account")
    answer = stan.post(f"/issues/{ref}/notes", {"text": "Rang them twice.", "ring": "shared", "version": "1"})
    assert answer.status_code == 404
    assert "Rang them twice." in answer.text
    assert f'action="/issues/{ref}/notes"' in answer.text


@both_databases
def test_of_two_sides_of_one_issue_only_the_one_counts_that_asks_for_nothing(site: Site) -> None:
    joins(site, "kim")
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        add_note(session, ref, doer(site.cast, "sam"), text="Between us in the Hospitals", ring=Ring.ORGANISATION)
        inside = make_issue(session, site.cast, ring=Ring.ORGANISATION, title="Our own").ref
    kim = site.guest("kim")
    assert "Between us in the Hospitals" in kim.get(f"/issues/{ref}").text
    asks(site)
    assert kim.get(f"/issues/{ref}").status_code == 200
    assert "Between us in the Hospitals" not in kim.get(f"/issues/{ref}").text
    assert kim.get(f"/issues/{inside}").status_code == 404
    assert "Our own" not in kim.get("/issues").text
    fields = {"text": "For the Hospitals", "ring": "organisation", "speaking_for": "acute"}
    assert kim.post(f"/issues/{ref}/notes", fields).status_code == 422
    both = site.guest("kim", Door.CODE)
    assert "Between us in the Hospitals" in both.get(f"/issues/{ref}").text


def test_who_was_signed_out_by_a_lead_is_not_kept_signed_in_by_it(demanding: Site) -> None:
    jo = demanding.guest("jo")
    lead = demanding.guest("alex", Door.PASSKEY)
    demanding.later(minutes=1)
    assert lead.post(f"{person_address('acute', 'jo@acute.example')}/sessions").status_code == 303
    assert jo.get(ASKED).headers["location"].startswith("/sign-in")


def test_a_token_of_a_program_goes_on_and_none_is_made_without_one(site: Site) -> None:
    token = token_of(site, "acute")
    asks(site)
    feed = "/api/v1/partnerships/RIV/feed"
    answer = site.stranger().client.get(feed, headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    refused = site.guest("alex").post("/arrangements/RIV/organisations/acute/tokens", {"name": "Another"})
    assert refused.status_code == 403


# Doing what is asked


def test_an_app_is_set_up_and_leads_to_where_one_was(demanding: Site) -> None:
    sam = demanding.guest("sam")
    address = sam.get("/issues?state=open").headers["location"]
    page = sam.get(address).text
    assert "Riverside Hospitals asks for a second factor" in page
    (set_up,) = re.findall(r'href="(/account/authenticator[^"]*)"', page)
    page = sam.get(set_up).text
    fields = {"code": TOTP(_secret(page)).at(demanding.now), "seed": _seed(page), "next": "/issues?state=open"}
    assert '<input type="hidden" name="next" value="/issues?state=open">' in page
    answer = sam.post("/account/authenticator", fields)
    assert 'href="/issues?state=open">I have them' in answer.text
    assert sam.get("/issues?state=open").status_code == 200


def test_where_one_was_is_a_page_of_this_site(demanding: Site) -> None:
    sam = demanding.guest("sam")
    page = sam.get(f"{ASKED}?next=//evil.example").text
    assert "evil.example" not in page
    assert "evil.example" not in sam.get("/account/authenticator?next=https://evil.example").text


def test_with_one_shown_the_page_leads_on_or_says_so(demanding: Site) -> None:
    sam = demanding.guest("sam", Door.PASSKEY)
    assert sam.get(f"{ASKED}?next=/issues").headers["location"] == "/issues"
    assert "You have shown a second factor" in sam.get(ASKED).text
    kim = demanding.guest("kim")
    assert "A second factor" in kim.get(ASKED).text
    assert "Riverside" not in kim.get(ASKED).text.partition("<main")[2]


def test_who_has_a_passkey_shows_it_and_makes_nothing_else_by_a_link(demanding: Site) -> None:
    with demanding.db.write() as session:
        person, at = demanding.cast.people["sam"].id, demanding.now
        key = Passkey(person_id=person, credential_id=b"1", public_key=b"", sign_count=0, name="My phone", made_at=at)
        session.add(key)
        removal = f"/account/passkeys/{key.number}/removal"
    sam = demanding.guest("sam")
    page = sam.get(ASKED).text
    assert "Did you lose it?" in page
    assert "/account/authenticator" not in page
    assert sam.get("/account/authenticator").status_code == 403
    fields = {"code": "123456", "seed": "x", "name": "Theirs", "answer": "{}"}
    with capture_logs():
        answers = [
            sam.post(each, fields).status_code for each in ("/account/authenticator", "/account/passkeys", removal)
        ]
    assert answers == [403, 403, 403]
    assert sam.get("/").status_code == 303


@both_databases
def test_who_lost_their_passkey_is_let_in_anew_and_leads_see_it(demanding: Site) -> None:
    with demanding.db.write() as session:
        person, at = demanding.cast.people["sam"].id, demanding.now
        session.add(Passkey(person_id=person, credential_id=b"1", public_key=b"", sign_count=0, name="", made_at=at))
    with demanding.db.write() as session:
        key = demanding.settings.key(LINK_KEY)
        token = make_link(session, "sam@acute.example", now=demanding.now, key=key, ending_passkeys=True)
        assert session.exec(select(Passkey)).all() == []
    sam = demanding.stranger()
    sam.get(f"/sign-in/{token}")
    assert sam.post(f"/sign-in/{token}").status_code == 303
    assert "/account/authenticator" in sam.get(ASKED).text
    told = "A sign-in link for Sam Okafor was made on the server, and their passkeys ended"
    assert told in demanding.guest("alex", Door.PASSKEY).get("/arrangements/RIV/events").text


def test_after_a_while_it_is_asked_anew_who_they_are_before_one_is_set_up(demanding: Site) -> None:
    sam = demanding.guest("sam")
    demanding.now += ANEW_FOR + timedelta(minutes=1)
    page = sam.get("/account/authenticator").text
    answer = sam.post("/account/authenticator", {"code": TOTP(_secret(page)).at(demanding.now), "seed": _seed(page)})
    assert "Is it still you?" in answer.text
    assert sam.get("/account/confirmation").status_code == 200


def test_a_demand_that_only_the_database_has_is_kept_to_as_well(site: Site) -> None:
    with site.db.write() as session:
        row = session.get(Organisation, site.cast.organisations["acute"].id)
        assert row is not None
        row.demand = Demand.SECOND_FACTOR
        session.add(row)
    assert site.guest("sam").get("/issues").status_code == 303
