"""Passkeys: made on the account page, used at the door; what is replayed, foreign or made up opens nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response
from sqlmodel import select

from tests.makers import MONDAY, Cast
from tests.pages.account.authenticator import Device
from tests.site import Guest, Site, opened_site
from tracker.actions.people.keep_passkeys import CHALLENGE_LIVES, MOST_PASSKEYS
from tracker.database import Database
from tracker.queries.visitors import visitor_by_token
from tracker.records.person import Membership
from tracker.records.session import Passkey
from tracker.rules.rings.doors import Door

UNREADABLE = ("", "{}", "[]", "null", '{"id": 1}', "{" * 5_000, '{"response": {"clientDataJSON": 7}}')
OPENS_NOTHING = "This passkey opens nothing here"


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    """With a name: for a number no browser makes passkeys."""
    with opened_site(db, tmp_path, cast, TRACKER_BASE_URL="https://tracker.example.org") as made:
        yield made


def test_a_passkey_is_made_listed_used_and_taken_away(site: Site) -> None:
    sam, device = site.guest("sam"), _device(site)
    made = sam.follow(_made(sam, device, name="my watch").headers["location"]).text
    assert "From now on it signs you in, without a letter." in made
    assert "my watch" in made
    assert "not used yet" in sam.get("/account").text
    assert "Sam Okafor" in _signed_in(site, device).get("/account").text
    page = sam.get("/account").text
    assert "last used" in page.partition("my watch")[2].partition("</li>")[0]
    (removal,) = re.findall(r"/account/passkeys/\d+/removal", page)
    assert sam.post(removal).status_code == 303
    assert "my watch" not in sam.get("/account").text
    assert _used(site.stranger(), device).status_code == 422


def test_a_session_knows_that_it_came_by_a_passkey(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    guest = _signed_in(site, device)
    with site.db.read() as session:
        visitor = visitor_by_token(session, guest.session, site.now)
    assert visitor is not None
    assert visitor.session is not None
    assert visitor.session.doors == (Door.PASSKEY,)


def test_whoever_comes_by_a_passkey_gets_where_they_wanted_and_nowhere_else(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    assert _used(site.stranger(), device, next="/issues").headers["location"] == "/issues"
    assert _used(site.stranger(), device, next="//evil.example").headers["location"] == "/"


def test_without_a_name_nothing_is_made_and_the_form_comes_back(site: Site) -> None:
    answer = _made(site.guest("sam"), _device(site), name="")
    assert answer.status_code == 422
    assert "Give it a name, by which you will know it." in answer.text
    assert _kept(site) == []


def test_what_was_answered_once_opens_nothing_a_second_time(site: Site) -> None:
    device, stranger = _device(site), site.stranger()
    _made(site.guest("sam"), device)
    said = device.sign(_challenge(stranger, "/sign-in"))
    assert stranger.post("/sign-in/passkey", {"answer": said}).status_code == 303
    stranger.get("/sign-in")
    answer = stranger.post("/sign-in/passkey", {"answer": said})
    assert answer.status_code == 422
    assert OPENS_NOTHING in answer.text


def test_what_was_asked_of_another_browser_opens_nothing(site: Site) -> None:
    device, asked, other = _device(site), site.stranger(), site.stranger()
    _made(site.guest("sam"), device)
    said = device.sign(_challenge(asked, "/sign-in"))
    other.get("/sign-in")
    assert other.post("/sign-in/passkey", {"answer": said}).status_code == 422


def test_a_challenge_of_ones_own_making_opens_nothing(site: Site) -> None:
    device, stranger = _device(site), site.stranger()
    _made(site.guest("sam"), device)
    stranger.get("/sign-in")
    assert stranger.post("/sign-in/passkey", {"answer": device.sign("A" * 54)}).status_code == 422


def test_a_page_that_stood_open_too_long_says_to_try_again(site: Site) -> None:
    device, stranger = _device(site), site.stranger()
    _made(site.guest("sam"), device)
    challenge = _challenge(stranger, "/sign-in")
    site.now = MONDAY + CHALLENGE_LIVES
    answer = stranger.post("/sign-in/passkey", {"answer": device.sign(challenge)})
    assert "or the page was open too long" in answer.text
    assert stranger.post("/sign-in/passkey", {"answer": device.sign(_in(answer))}).status_code == 303


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://{host}", "https://{host}:8443", "https://www.{host}"]
)
def test_an_answer_from_another_site_opens_nothing(site: Site, origin: str) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    device.origin = origin.format(host=device.host)
    assert _used(site.stranger(), device).status_code == 422


def test_a_device_that_does_not_ask_its_person_opens_nothing_and_is_not_kept(site: Site) -> None:
    device = Device(site.settings.base_url, asks=False)
    assert _made(site.guest("sam"), device).status_code == 422
    assert _kept(site) == []


def test_a_copy_of_a_device_that_has_signed_less_opens_nothing(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    assert _used(site.stranger(), device).status_code == 303
    device.count = 0
    assert _used(site.stranger(), device).status_code == 422


def test_another_key_under_the_same_name_opens_nothing(site: Site) -> None:
    device, forged = _device(site), _device(site)
    _made(site.guest("sam"), device)
    forged.id = device.id
    assert _used(site.stranger(), forged).status_code == 422


def test_a_passkey_is_one_accounts(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    assert _made(site.guest("kim"), device).status_code == 422
    assert len(_kept(site)) == 1


def test_there_is_one_answer_for_passkeys_that_are_unknown_and_that_are_wrong(site: Site) -> None:
    device, forged = _device(site), _device(site)
    _made(site.guest("sam"), device)
    forged.id = device.id
    wrong, unknown = (_used(site.stranger(), each).text for each in (forged, _device(site)))
    assert _plain(wrong) == _plain(unknown)


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", '{"id": 1}', "{" * 5_000, '{"response": {"clientDataJSON": 7}}']
)
def test_what_cannot_be_read_is_refused_in_words(site: Site, said: str) -> None:
    stranger, sam = site.stranger(), site.guest("sam")
    stranger.get("/sign-in")
    assert OPENS_NOTHING in stranger.post("/sign-in/passkey", {"answer": said}).text
    assert OPENS_NOTHING in sam.post("/account/passkeys", {"name": "phone", "answer": said}).text


def test_who_has_left_comes_in_by_no_passkey(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    with site.db.write() as session:
        for each in session.exec(select(Membership)):
            each.end(site.now)
    assert _used(site.stranger(), device).status_code == 422


def test_nobody_takes_somebody_elses_passkey_away(site: Site) -> None:
    device, sam = _device(site), site.guest("sam")
    _made(sam, device)
    (removal,) = re.findall(r"/account/passkeys/\d+/removal", sam.get("/account").text)
    assert site.guest("kim").post(removal).status_code == 404
    assert len(_kept(site)) == 1


def test_nobody_has_more_passkeys_than_can_be_looked_through(site: Site) -> None:
    sam = site.guest("sam")
    for _ in range(MOST_PASSKEYS):
        assert _made(sam, _device(site)).status_code == 303
    assert "Take one away first." in _made(sam, _device(site)).text


def test_used_up_challenges_are_forgotten_with_the_rest(site: Site) -> None:
    device = _device(site)
    _made(site.guest("sam"), device)
    site.later(days=2)
    assert _used(site.stranger(), device).status_code == 303
    assert timedelta(days=1) > CHALLENGE_LIVES


def test_a_site_whose_address_is_a_number_says_that_it_has_none(db: Database, cast: Cast, tmp_path: Path) -> None:
    with opened_site(db, tmp_path, cast, TRACKER_BASE_URL="http://192.0.2.1:8000") as site:
        assert "Passkeys need a site with a name" in site.guest("sam").get("/account").text
        assert "passkey" not in site.stranger().get("/sign-in").text


def _device(site: Site) -> Device:
    return Device(site.settings.base_url)


def _made(guest: Guest, device: Device, *, name: str = "a key") -> Response:
    answer = device.make(_challenge(guest, "/account"))
    return guest.post("/account/passkeys", {"name": name, "answer": answer})


def _used(guest: Guest, device: Device, **fields: str) -> Response:
    return guest.post("/sign-in/passkey", {"answer": device.sign(_challenge(guest, "/sign-in")), **fields})


def _signed_in(site: Site, device: Device) -> Guest:
    guest = site.stranger()
    assert _used(guest, device).status_code == 303
    return guest


def _challenge(guest: Guest, path: str) -> str:
    return _in(guest.get(path))


def _in(page: Response) -> str:
    (found,) = re.findall(r'data-challenge="([^"]+)"', page.text)
    return str(found)


def _plain(page: str) -> str:
    return re.sub(r'(content|value|data-challenge)="[^"]*"', "", page)


def _kept(site: Site) -> list[Passkey]:
    with site.db.read() as session:
        return [*session.exec(select(Passkey))]
