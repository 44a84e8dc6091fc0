"""An organisation's own sign-in in a browser, against a provider that nobody of this house wrote."""

import re
import sqlite3
from collections.abc import Iterator

import pytest
from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, expect

from tests.browser import looks
from tests.browser.cast import AMINA, DORA
from tests.browser.people import Door, Person
from tests.browser.serving import Tracker

OURS = "/arrangements/NOR/organisations/hospital/sign-in/provider"
USERS = (
    User(sub="amina there", claims={"email": AMINA, "email_verified": True, "name": "Amina at the Hospital"}),
    User(sub="nia there", claims={"email": "nia@hospital.example", "email_verified": True, "name": "Nia Bell"}),
)


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Its address, as it calls itself."""
    with run_server_in_thread(user_claims=USERS) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[Tracker]:
    """A tracker that may call it."""
    found = Tracker(tmp_path_factory.mktemp("own"), TRACKER_MAY_CALL="localhost")
    found.set_up()
    with found.served():
        yield found


@pytest.fixture
def door(served: Tracker, chromium: Browser) -> Iterator[Door]:
    found = Door(served, chromium, {})
    yield found
    found.close()


@pytest.fixture(scope="module")
def named(served: Tracker, provider: str, chromium: Browser) -> str:
    """The provider, once a lead has named it; its domain as if its DNS had said so, which is asked nowhere here."""
    door = Door(served, chromium, {})
    dora = door(DORA)
    dora.open("/arrangements/NOR/organisations/hospital")
    dora.follow(dora.page.get_by_role("link", name=re.compile("The own sign-in of")))
    dora.look_every_way()
    dora.page.get_by_label("Its address (issuer)").fill(f"{provider}/elsewhere")
    dora.page.get_by_label("Our name there").fill("tracker")
    dora.page.get_by_label("Our secret there").fill("a secret")
    dora.press("Keep")
    assert "It was asked how it is reached" in dora.words
    dora.complaints.clear()  # of the browser, that the answer is 422
    dora.page.get_by_label("Its address (issuer)").fill(provider)
    dora.page.get_by_label("Our secret there").fill("a secret")
    dora.page.get_by_label("Whoever has an account there arrives as front line").check()
    dora.press("Keep")
    dora.page.get_by_label("A domain more").fill("hospital.example")
    dora.press("Add it")
    assert "_partnership-tracker.hospital.example" in dora.words
    dora.look_every_way()
    with sqlite3.connect(served.home / "tracker.sqlite3") as database:
        database.execute("UPDATE mail_domain SET confirmed_at = named_at")
    door.close()
    return provider


def go_from_the_door(person: Person, email: str, *, then: str = "") -> None:
    person.open(f"/sign-in{then}")
    person.page.get_by_label("Your e-mail address").fill(email)
    person.press("Send me a link")
    assert "sign in as everywhere at" in person.words
    if person.scripts:
        person.look_every_way()
    person.page.get_by_role("button", name=re.compile("^Sign in with ")).click()


def authorise(person: Person, provider: str, sub: str) -> None:
    """What they do at the provider, whose page is nobody's of this house: what a browser says of it is let be."""
    expect(person.page).to_have_url(re.compile(f"^{re.escape(provider)}/"))
    person.page.get_by_role("button", name=sub, exact=True).first.click()
    expect(person.page).not_to_have_url(re.compile(f"^{re.escape(provider)}/"))
    person.complaints[:] = [each for each in person.complaints if not each.startswith(provider)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_colleague_whom_nobody_invited_comes_in_by_the_organisations_sign_in(
    served: Tracker, door: Door, named: str, scripts: bool
) -> None:
    nia = door.stranger(size=looks.PHONE, scripts=scripts)
    go_from_the_door(nia, "nia@hospital.example", then="?next=/issues")
    authorise(nia, named, "nia there")
    expect(nia.page).to_have_url(f"{served.address}/issues")
    nia.open("/account")
    assert "Nia Bell" in nia.words


def test_an_account_is_linked_by_its_person_and_from_then_on_opened_there(
    served: Tracker, door: Door, named: str
) -> None:
    amina = door(AMINA)  # who has come in before is not known by an address alone
    unknown = door.stranger()
    go_from_the_door(unknown, AMINA)
    authorise(unknown, named, "amina there")
    expect(unknown.page.get_by_role("heading", name=re.compile("this site does not yet"))).to_be_visible()
    looks.check(unknown.page)
    unknown.complaints.clear()  # of the browser, that the answer is 403
    amina.open("/account")
    amina.page.get_by_role("button", name=re.compile("^Link it")).click()
    authorise(amina, named, "amina there")
    expect(amina.page.get_by_role("heading", name="Is this you?")).to_be_visible()
    amina.look_every_way()
    amina.press("Yes, link the two")
    assert "opens your account from now on" in amina.words
    again = door.stranger()
    go_from_the_door(again, AMINA)
    authorise(again, named, "amina there")
    expect(again.page).to_have_url(f"{served.address}/")


def test_who_refuses_there_is_let_in_nowhere(door: Door, named: str) -> None:
    person = door.stranger()
    go_from_the_door(person, AMINA)
    authorise(person, named, "Deny")
    expect(person.page.get_by_role("heading", name="This sign-in is over")).to_be_visible()  # it sends no state back
    looks.check(person.page)
    person.complaints.clear()
