"""What touches others is done by who showed just now that it is they: by a link, a code or a passkey."""

import re
from pathlib import Path

import pytest
from pyotp import TOTP
from sqlmodel import select

from tests.makers import Cast
from tests.pages.account.authenticator import Device
from tests.site import Guest, Site, opened_site
from tracker.database import Database
from tracker.queries.visitors import visitor_by_token
from tracker.records.session import OrganisationToken
from tracker.rules.rings.doors import ANEW_FOR, Door

TOKENS = "/arrangements/RIV/organisations/acute/tokens"
NAMED = "http://tracker.example"
NAME = {"name": "The copy at home"}
# Addresses of what touches others: ladders, people, redaction, tokens, the log's key; and of ways to show who one is,
# and where one has.
ANEW = {
    "/account/sessions/end", "/account/sessions/{session_id}/end",
    "/account/authenticator", "/account/passkeys", "/account/passkeys/{passkey_number}/removal",
    "/arrangements/{key}/ladders", "/arrangements/{key}/ladders/{ladder_key}/agreement",
    "/arrangements/{key}/ladders/{ladder_key}/default", "/arrangements/{key}/ladders/{ladder_key}/proposal",
    "/arrangements/{key}/ladders/{ladder_key}/retirement", "/arrangements/{key}/ladders/{ladder_key}/withdrawal",
    "/arrangements/{key}/organisations/{side_key}/newcomers", "/arrangements/{key}/organisations/{side_key}/people",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/correction",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/leaving",
    "/arrangements/{key}/organisations/{side_key}/people/{person_key}/sessions",
    "/arrangements/{key}/organisations/{side_key}/sign-in", "/arrangements/{key}/organisations/{side_key}/tokens",
    "/account/providers",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/retirement",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/confirmation",
    "/arrangements/{key}/organisations/{side_key}/sign-in/provider/domains/{domain}/removal",
    "/arrangements/{key}/organisations/{side_key}/tokens/{number}/revocation",
    "/arrangements/{key}/organisations/{side_key}/directory",
    "/arrangements/{key}/organisations/{side_key}/directory/{number}/revocation",
    "/arrangements/{key}/proposals/{number}/agreement", "/arrangements/{key}/record/epoch", "/issues/{ref}/words",
}  # fmt: skip


def test_what_asks_to_confirm_anew_is_what_touches_others(site: Site) -> None:
    handlers = [(route.path_format, each) for route in site.app.routes for each in getattr(route, "route_handlers", ())]
    assert {path for path, each in handlers if each.opt.get("anew")} == ANEW


def test_just_after_signing_in_nobody_is_asked(site: Site) -> None:
    alex = site.guest("alex")
    site.now += ANEW_FOR / 2
    assert alex.post(TOKENS, NAME).status_code == 201
    assert len(_tokens(site)) == 1


def test_later_nothing_is_done_and_nothing_typed_is_lost(site: Site) -> None:
    alex = _later(site)
    answer = alex.post(TOKENS, NAME)
    assert answer.status_code == 403
    assert "Is it still you?" in answer.text
    assert "The copy at home" in answer.text
    assert f'action="{TOKENS}"' in answer.text
    assert _tokens(site) == []


def test_for_a_part_of_a_page_the_way_is_said_on_top_of_it(site: Site) -> None:
    answer = _later(site).send_htmx(TOKENS, "main", NAME)
    assert (answer.status_code, answer.headers["hx-retarget"]) == (403, "#refusal")
    assert "What you typed stays here." in answer.text


def test_a_link_opened_in_this_browser_confirms_and_what_was_typed_is_sent_again(site: Site) -> None:
    alex = _later(site)
    waiting = alex.post(TOKENS, NAME).text
    assert alex.get("/account/confirmation").status_code == 200
    assert alex.post("/account/confirmation/link").headers["location"] == "/sign-in/sent"
    link = site.link("alex@acute.example")
    alex.get(link)
    assert alex.post(link).status_code == 303
    assert "It is you" in alex.get("/account/confirmation").text
    assert _sent_again(alex, waiting) == 201
    assert len(_tokens(site)) == 1


def test_a_code_confirms_and_a_wrong_one_does_not(site: Site) -> None:
    alex = site.guest("alex")
    page = alex.get("/account/authenticator").text
    (key,), (seed,) = re.findall(r"Key: <code>([A-Z2-7 ]+)</code>", page), re.findall(r'"seed" value="([^"]+)"', page)
    app = TOTP(key.replace(" ", ""))
    alex.post("/account/authenticator", {"code": app.at(site.now), "seed": seed})
    site.now += ANEW_FOR
    alex.get("/account")
    waiting = alex.post(TOKENS, NAME).text
    alex.get("/account/confirmation")
    assert alex.post("/account/confirmation", {"code": "000000"}).status_code == 422
    assert alex.post(TOKENS, NAME).status_code == 403
    assert alex.post("/account/confirmation", {"code": app.at(site.now)}).status_code == 303
    assert _sent_again(alex, waiting) == 201


def test_a_passkey_confirms_and_somebody_elses_does_not(db: Database, cast: Cast, tmp_path: Path) -> None:
    with opened_site(db, tmp_path, cast, TRACKER_BASE_URL=NAMED) as site:
        alex, kim = site.guest("alex"), site.guest("kim")
        mine, theirs = Device(NAMED), Device(NAMED)
        for guest, device in ((alex, mine), (kim, theirs)):
            made = {"name": "a key", "answer": device.make(_challenge(guest, "/account"))}
            assert guest.post("/account/passkeys", made).status_code == 303
        site.now += ANEW_FOR
        alex.get("/account")
        waiting = alex.post(TOKENS, NAME).text
        address = "/account/confirmation/passkey"
        answer = theirs.sign(_challenge(alex, "/account/confirmation"))
        assert alex.post(address, {"answer": answer}).status_code == 422
        assert alex.post(TOKENS, NAME).status_code == 403
        answer = mine.sign(_challenge(alex, "/account/confirmation"))
        assert alex.post(address, {"answer": answer}).headers["location"] == "/account/confirmation"
        assert _sent_again(alex, waiting) == 201


def test_nobody_is_signed_out_elsewhere_by_who_only_finds_a_browser_open(site: Site) -> None:
    phone = site.guest("alex")
    desk = _later(site)
    (address, *_) = re.findall(r"/account/sessions/\d+/end", desk.get("/account").text)
    assert [desk.post(each).status_code for each in (address, "/account/sessions/end")] == [403, 403]
    assert phone.get("/account").status_code == 200


def test_who_has_no_app_confirms_with_no_code(site: Site) -> None:
    alex = _later(site)
    assert alex.post("/account/confirmation", {"code": "123456"}).status_code == 422
    assert alex.post("/account/confirmation/passkey", {"answer": "{}"}).status_code == 422
    assert alex.post(TOKENS, NAME).status_code == 403


def test_confirming_is_for_a_quarter_of_an_hour(site: Site) -> None:
    alex = _later(site)
    link = site.link("alex@acute.example")
    alex.get(link)
    alex.post(link)
    site.now += ANEW_FOR
    alex.get("/account")
    assert alex.post(TOKENS, NAME).status_code == 403


def test_in_a_demonstration_nobody_is_asked(site: Site) -> None:
    alex = site.guest("alex", Door.DEMONSTRATION)
    site.now += ANEW_FOR
    alex.get("/account")
    assert alex.post(TOKENS, NAME).status_code == 201


@pytest.mark.parametrize("name", ["sam", "kim", "chris"])
def test_confirming_opens_nothing_that_is_for_others(site: Site, name: str) -> None:
    guest = site.guest(name)
    assert guest.post(TOKENS, NAME).status_code in (403, 404)
    assert _tokens(site) == []


def test_the_session_goes_on_under_another_token(site: Site) -> None:
    alex = _later(site)
    before, link = alex.session, site.link("alex@acute.example")
    alex.get(link)
    alex.post(link)
    with site.db.read() as session:
        assert visitor_by_token(session, before, site.now) is None
        assert visitor_by_token(session, alex.session, site.now) is not None


def _challenge(guest: Guest, path: str) -> str:
    return str(re.findall('data-challenge="([^"]+)"', guest.get(path).text)[0])


def _later(site: Site) -> Guest:
    alex = site.guest("alex")
    site.now += ANEW_FOR
    alex.get("/account")
    return alex


def _sent_again(guest: Guest, waiting: str) -> int:
    """What becomes of the form of the page that waited, with the token that it was drawn with."""
    form = waiting.partition('id="again"')[2]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea name="(\w+)"[^>]*>\n([^<]*)<', form))
    return guest.post(TOKENS, fields).status_code


def _tokens(site: Site) -> list[OrganisationToken]:
    with site.db.read() as session:
        return [*session.exec(select(OrganisationToken))]
