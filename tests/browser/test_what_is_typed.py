"""Nothing typed is lost: without a network, after a session ended, in another tab; and nobody else finds it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from tests.browser import looks
from tests.browser.cast import AMINA, BRID, COLM
from tests.browser.people import Door, fill_raising, ref_of
from tests.browser.serving import Tracker

TITLE, DETAIL = "The oxygen came without a regulator", "Third time at the harbour ward, and nobody rang."
WORDS = ("oxygen", "regulator", "harbour", "nobody")  # long enough not to come about by chance
EVERYTHING = """() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])"""
KEPT = "[data-typed]"


def test_on_a_phone_without_a_network_the_form_stays_and_is_sent_once_there_is_one(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE)
    amina.open("/issues/new")
    page = amina.page
    fill_raising(page, TITLE, DETAIL)
    with offline(page):
        page.get_by_role("button", name="Raise it").click()
        expect(page.locator(KEPT)).to_have_text("There is no network: what you wrote is kept here. Send it again.")
        expect(page.get_by_label("What happened, in one line")).to_have_value(TITLE)
    looks.check_width(page)
    amina.press("Raise it")
    assert ref_of(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert drafts(page) == 0
    amina.complaints.clear()  # the browser notes that there was no network


def test_after_a_reload_back_and_in_another_tab_what_was_typed_stands_in_the_form(door: Door) -> None:
    amina = door(AMINA)
    amina.open("/issues/new")
    page = amina.page
    fill_raising(page, TITLE, DETAIL)
    wait_until_kept(page)
    page.reload()
    stands_filled(page)
    looks.check(page)
    page.goto("/")
    page.go_back()
    stands_filled(page)
    other_tab = page.context.new_page()
    other_tab.goto("/issues/new")
    stands_filled(other_tab)
    expect(other_tab.locator(KEPT)).to_have_text(re.compile(r"^Kept from \d\d:\d\d\. Discard$"))
    other_tab.get_by_role("button", name="Discard").click()
    expect(other_tab.get_by_label("What happened, in one line")).to_have_value("")
    assert drafts(other_tab) == 0
    other_tab.reload()
    expect(other_tab.get_by_label("What happened, in one line")).to_have_value("")
    expect(other_tab.locator(KEPT)).to_have_count(0)


def test_what_lies_on_the_device_is_not_to_be_read(door: Door) -> None:
    brid = door(BRID)
    ref = brid.raise_issue("The porter had the wrong list")
    brid.step("notes").get_by_label("Say something").fill(DETAIL)
    wait_until_kept(brid.page)
    kept = brid.page.evaluate(EVERYTHING)
    for word in (*WORDS, ref, "notes", "issues", BRID):
        assert word not in kept, word
    assert brid.page.locator('meta[name="drafts"]').count() == 0
    brid.page.reload()
    expect(brid.step("notes").get_by_label("Say something")).to_have_value(DETAIL)


def test_what_somebody_else_was_quicker_than_stands_in_its_form_and_still_does_when_the_page_is_shown_anew(
    door: Door,
) -> None:
    brid, colm = door(BRID), door(COLM)
    ref = brid.raise_issue("The bed list was a day old")
    colm.open(f"/issues/{ref}")
    form = colm.step("proposal")
    form.get_by_role("radio").first.check()
    form.get_by_label("What was done").fill(DETAIL)
    wait_until_kept(colm.page)
    brid.step("amendment").get_by_label("In one line").fill("The bed list was two days old")
    brid.press("Keep the change", brid.step("amendment"))
    form.get_by_role("button", name="Propose it").click()
    expect(colm.page.get_by_text("Somebody was quicker")).to_be_visible()
    expect(colm.step("proposal").get_by_label("What was done")).to_have_value(DETAIL)
    colm.page.goto(f"/issues/{ref}")
    expect(colm.step("proposal").get_by_label("What was done")).to_have_value(DETAIL)
    colm.press("Propose it", colm.step("proposal"))
    assert drafts(colm.page) == 0
    colm.complaints.clear()  # the browser notes that an answer was a 409


def test_whoever_signs_in_next_at_the_same_browser_finds_nothing(door: Door, tracker: Tracker) -> None:
    amina = door(AMINA)
    page = amina.page
    amina.open("/issues/new")
    fill_raising(page, TITLE, DETAIL)
    wait_until_kept(page)
    page.context.clear_cookies()  # she left without signing out, and her session is over
    sign_in(page, tracker, BRID)
    page.goto("/issues/new")
    expect(page.get_by_label("What happened, in one line")).to_have_value("")
    expect(page.locator(KEPT)).to_have_count(0)
    assert not any(word in page.evaluate(EVERYTHING) for word in WORDS)
    page.context.clear_cookies()
    sign_in(page, tracker, AMINA)
    page.goto("/issues/new")
    stands_filled(page)
    sign_out(page)
    assert drafts(page) == 0
    sign_in(page, tracker, AMINA)
    page.goto("/issues/new")
    expect(page.get_by_label("What happened, in one line")).to_have_value("")
    amina.complaints.clear()  # the browser notes a 401 of what looks for similar issues


def test_signing_out_empties_the_forms_of_other_tabs_too(door: Door, tracker: Tracker) -> None:
    amina = door(AMINA)
    amina.page.context.clear_cookies()  # others use that session, too
    sign_in(amina.page, tracker, AMINA)
    amina.open("/issues/new")
    fill_raising(amina.page, TITLE, DETAIL)
    other_tab = amina.page.context.new_page()
    other_tab.goto("/")
    sign_out(other_tab)
    expect(amina.page.get_by_label("What happened, in one line")).to_have_value("")
    assert drafts(amina.page) == 0


def test_a_draft_of_more_than_seven_days_is_gone(door: Door) -> None:
    amina = door(AMINA)
    amina.open("/issues/new")
    fill_raising(amina.page, TITLE, DETAIL)
    wait_until_kept(amina.page)
    amina.page.evaluate("""() => { for (const name of Object.keys(localStorage)) if (name.startsWith("draft:"))
        localStorage[name] = localStorage[name].replace(/^\\d+/, (day) => day - 7) }""")
    amina.page.reload()
    expect(amina.page.get_by_label("What happened, in one line")).to_have_value("")
    assert drafts(amina.page) == 0


def test_a_session_that_ends_while_somebody_types_loses_nothing(door: Door, tracker: Tracker) -> None:
    amina = door(AMINA)
    page = amina.page
    amina.open("/issues/new")
    fill_raising(page, TITLE, DETAIL)
    wait_until_kept(page)
    page.context.clear_cookies()
    page.get_by_label("Tell it as you would").press_sequentially(" Ask the stores")
    expect(page.locator("#refusal")).to_contain_text("You were signed out")
    page.get_by_label("Tell it as you would").fill(DETAIL)
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
    send_after_signing_in(page, tracker)
    assert drafts(page) == 0
    amina.complaints.clear()  # the browser notes the 401


def test_without_scripts_a_session_that_ended_loses_nothing_either(door: Door, tracker: Tracker) -> None:
    amina = door(AMINA, scripts=False)
    page = amina.page
    page.goto("/issues/new")
    fill_raising(page, TITLE, DETAIL)
    page.context.clear_cookies()
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were signed out")
    assert DETAIL not in page.content()
    send_after_signing_in(page, tracker)
    amina.complaints.clear()  # the browser notes the 401


def send_after_signing_in(page: Page, tracker: Tracker) -> None:
    """In another tab, as one does it; then back to the one with what was written."""
    looks.check_width(page)
    beside = page.context.new_page()
    sign_in(beside, tracker, AMINA)
    page.get_by_role("button", name="I have signed in: show me what I wrote").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What you wrote is here")
    page.get_by_role("button", name="Show it in its form").click()
    expect(page.get_by_label("Tell it as you would")).to_have_value(DETAIL)
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def sign_in(page: Page, tracker: Tracker, email: str) -> None:
    page.goto(tracker.run("link", email).strip())
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Raise").first).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator("details.who summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@contextmanager
def offline(page: Page) -> Iterator[None]:
    page.context.set_offline(True)
    yield
    page.context.set_offline(False)


def stands_filled(page: Page) -> None:
    expect(page.get_by_label("What happened, in one line")).to_have_value(TITLE)
    expect(page.get_by_label("Tell it as you would")).to_have_value(DETAIL)
    expect(page.get_by_role("radio", name="serious")).to_be_checked()


def drafts(page: Page) -> int:
    found: int = page.evaluate("() => Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length")
    return found


def wait_until_kept(page: Page) -> None:
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.startsWith('draft:'))")
