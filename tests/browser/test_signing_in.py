"""Somebody asks for a link at a desk and reads their mail on a phone."""

from datetime import UTC, datetime

from tests.browser.cast import AMINA, BRID
from tests.browser.looks import PHONE
from tests.browser.people import Door
from tests.browser.serving import Tracker


def test_who_reads_their_mail_on_a_phone_types_its_code_where_they_asked(tracker: Tracker, door: Door) -> None:
    desk, phone = door.stranger(), door.stranger(size=PHONE)
    desk.open("/sign-in")
    desk.page.get_by_label("Your e-mail address").fill(AMINA)
    desk.press("Send me a link")
    desk.look_every_way()
    tracker.ring(datetime.now(UTC))

    phone.open(tracker.mailed_link(AMINA))
    assert "Did you ask for this link?" in phone.words
    assert "with Chrome on Linux, from the network 127.0.0.x" in phone.words
    phone.press("I asked: show the code")
    assert "Nobody will ever ask you for it" in phone.words
    phone.look_every_way()

    desk.page.get_by_label("Do you read your mail elsewhere?").fill(phone.page.locator(".code").inner_text())
    desk.press("Sign in")
    desk.open("/account")
    assert AMINA in desk.words
    phone.page.goto("/account")
    assert "/sign-in" in phone.page.url


def test_without_scripts_a_code_works_likewise(tracker: Tracker, door: Door) -> None:
    desk, phone = door.stranger(scripts=False), door.stranger(size=PHONE, scripts=False)
    desk.open("/sign-in")
    desk.page.get_by_label("Your e-mail address").fill(BRID)
    desk.press("Send me a link")
    tracker.ring(datetime.now(UTC))
    phone.open(tracker.mailed_link(BRID))
    phone.press("I asked: show the code")
    desk.page.get_by_label("Do you read your mail elsewhere?").fill(phone.page.locator(".code").inner_text())
    desk.press("Sign in")
    desk.open("/account")
    assert BRID in desk.words
