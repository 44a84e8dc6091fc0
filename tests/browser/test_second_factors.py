"""Passkeys and codes of an app beside links, in a browser with a device that asks for a finger, and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, expect
from pyotp import TOTP

from tests.browser import looks
from tests.browser.cast import AMINA, COLM, DORA, FEMI, GITA
from tests.browser.people import Door, Person, fill_raising
from tests.browser.serving import Tracker

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    """A tracker whose address is a name: browsers make no passkeys for a number."""
    found = Tracker(tmp_path_factory.mktemp("named"), host="localhost")
    found.set_up()
    with found.served():
        yield found


@pytest.fixture
def door(named: Tracker, chromium: Browser) -> Iterator[Door]:
    found = Door(named, chromium, {})
    yield found
    found.close()


def test_a_passkey_is_made_and_signs_in(door: Door) -> None:
    amina = door(AMINA)
    browser, device = _with_device(amina)
    amina.open("/account")
    amina.page.get_by_label("Name", exact=True).last.fill("my phone")
    amina.press("Make a passkey")
    assert "From now on it signs you in, without a letter." in amina.words
    assert "my phone" in amina.words
    amina.look_every_way()
    amina.page.context.clear_cookies()
    amina.open("/sign-in?next=/issues")
    amina.press("Sign in with a passkey")
    expect(amina.page).to_have_url(f"{_site(amina)}/issues")
    browser.send("WebAuthn.setUserVerified", {**device, "isUserVerified": False})
    amina.page.context.clear_cookies()
    amina.open("/sign-in")
    amina.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(amina.page.get_by_text("No passkey was used. Try again, or go on without.")).to_be_visible()
    amina.look_every_way()


def test_a_device_makes_one_passkey_for_an_account(door: Door) -> None:
    amina = door(AMINA)
    _with_device(amina)
    amina.open("/account")
    amina.page.get_by_label("Name", exact=True).last.fill("my phone")
    amina.press("Make a passkey")
    amina.page.get_by_label("Name", exact=True).last.fill("my phone again")
    amina.page.get_by_role("button", name="Make a passkey").click()
    expect(amina.page.get_by_text("This device has a passkey of yours already.")).to_be_visible()


def test_without_scripts_the_page_says_that_links_go_on_signing_in(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE, scripts=False)
    amina.open("/account")
    assert "This browser makes no passkeys here, or scripts are switched off in it." in amina.words
    assert amina.page.get_by_role("button", name="Make a passkey").count() == 0
    amina.page.context.clear_cookies()
    amina.open("/sign-in")
    assert amina.page.get_by_role("button", name="Sign in with a passkey").count() == 0


@pytest.mark.parametrize("scripts", [True, False])
def test_an_app_is_set_up_and_its_code_asked_for_after_a_link(named: Tracker, door: Door, scripts: bool) -> None:
    colm = door(COLM if scripts else DORA, size=looks.PHONE, scripts=scripts)
    colm.open("/account")
    colm.follow(colm.page.get_by_role("link", name="Set it up"))
    app = TOTP(colm.page.locator("code").inner_text().replace(" ", ""))
    if scripts:
        colm.look_every_way()
    colm.page.get_by_label("Code").fill(app.now())
    colm.press("Ask me for codes from now on")
    assert "These codes are shown this once." in colm.words
    paper = colm.page.locator("pre").inner_text().split()[0]
    colm.page.context.clear_cookies()
    colm.open(named.run("link", COLM if scripts else DORA).strip())
    colm.press("Sign in")
    assert "The code of your app" in colm.words
    if scripts:
        colm.look_every_way()
    colm.page.get_by_label("Code").fill(paper)
    colm.press("Go on")
    colm.open("/account")
    assert "9 codes on paper are left" in colm.words
    if scripts:
        colm.look_every_way()


def test_an_organisation_asks_for_one_and_whoever_has_none_sets_it_up_and_goes_on_where_they_were(door: Door) -> None:
    gita, femi = door(GITA, size=looks.PHONE), door(FEMI)
    gita.open("/issues/new")
    femi.open("/arrangements/NOR/organisations/homes/sign-in")
    femi.page.get_by_role("radio", name="A passkey, or a code of an app").check()
    femi.press("Keep")
    assert "Show a second factor yourself first, so that you are not shut out." in femi.words
    femi.look_every_way()
    femi.open("/account/authenticator")
    _set_up(femi)
    femi.open("/arrangements/NOR/organisations/homes/sign-in")
    femi.page.get_by_role("radio", name="A passkey, or a code of an app").check()
    femi.press("Keep")
    assert "signing in, asks for: a link alone → a second factor" in femi.words
    femi.look_every_way()
    fill_raising(gita.page, "Keys came late", "Again this week.", "Northgate Hospital")
    gita.press("Raise it")
    assert "asks for a second factor before what is its own shows" in gita.words
    gita.look_every_way()
    with gita.page.context.expect_page() as opened:
        gita.page.get_by_role("link", name="Show a second factor").click()
    beside = Person(opened.value)
    beside.page.wait_for_load_state("load")
    assert "asks for a second factor" in beside.words
    beside.look_every_way()
    beside.follow(beside.page.get_by_role("link", name="Set it up"))
    _set_up(beside)
    beside.follow(beside.page.get_by_role("link", name="I have them"))
    gita.press("Send it again")
    assert "Keys came late" in gita.words
    for each in (gita, femi):
        each.complaints.clear()  # the browsers note that the answers were a 403 and a 409


def _set_up(person: Person) -> None:
    app = TOTP(person.page.locator("code").inner_text().replace(" ", ""))
    person.page.get_by_label("Code").fill(app.now())
    person.press("Ask me for codes from now on")


def _with_device(person: Person) -> tuple[CDPSession, dict[str, str]]:
    browser = person.page.context.new_cdp_session(person.page)
    browser.send("WebAuthn.enable")
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return browser, {"authenticatorId": str(made["authenticatorId"])}


def _site(person: Person) -> str:
    return "/".join(person.page.url.split("/")[:3])
