"""The steering group reads what keeps getting in the way, and every page that the menu offers is fit to be seen."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.cast import AMINA, BRID, DORA
from tests.browser.looks import DESK, PHONE, check_targets, check_width
from tests.browser.people import Door
from tests.browser.serving import Tracker
from tracker.records.proofs.signing import SigningKey
from tracker.rules.proofs.notes import SignatureType

RECORD = "/arrangements/NOR/record"
WITNESS = str(SigningKey(b"d" * 32).verifier("hospital.example/witness", SignatureType.COSIGNATURE))


def test_a_number_in_the_theme_report_leads_to_the_issues_behind_it(door: Door, tracker: Tracker) -> None:
    tracker.remember_a_year()
    brid, dora = door(BRID), door(DORA)
    title = "The discharge letter came without the medicines"
    brid.raise_issue(title)
    form = brid.step("theme")
    form.locator("[name=theme]").select_option("info_flow")
    brid.press("Confirm", form)
    dora.open("/reports/NOR/themes")
    dora.page.locator("summary").filter(has_text="All themes").click()
    row = dora.page.locator("table.themes tr").filter(has=dora.page.locator('a[href*="theme=info_flow"]')).first
    dora.follow(row.locator("td[data-of='open now'] a"))
    assert dora.page.get_by_role("link", name=title).is_visible()


def test_a_theme_leads_to_its_own_page_and_that_to_what_is_open(door: Door, tracker: Tracker) -> None:
    page = the_report(door, tracker)
    page.locator("summary").filter(has_text="All themes").click()
    page.locator("table.themes").get_by_role("link", name="Information not shared").click()
    expect(page.get_by_role("heading", name="Information not shared", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Open now", level=2)).to_be_visible()
    page.set_viewport_size(PHONE)
    check_width(page)


def test_every_page_that_the_menu_offers_a_lead_is_fit_to_be_seen(door: Door) -> None:
    door(AMINA).raise_issue("The lift was out of order again")
    dora = door(DORA)
    dora.open("/")
    links = dora.page.locator("header nav a, header .menu a").evaluate_all("all => all.map(each => each.pathname)")
    assert {"/", "/issues", "/bodies"} <= {*links, "/"}
    for link in links:
        dora.open(link)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_pressed_is_large_enough_for_a_finger(door: Door, size: ViewportSize) -> None:
    ref = door(AMINA).raise_issue("The porter went to the old ward")
    manager, lead = door(BRID, size=size), door(DORA, size=size)
    for address in ("/", "/issues", f"/issues/{ref}", "/issues/new", "/account", "/arrangements/NOR/bodies/front"):
        for person in (manager, lead):
            person.open(address)
            person.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
            check_targets(person.page)


def test_how_the_record_is_proven_and_copied_is_fit_to_be_seen(door: Door, tracker: Tracker) -> None:
    dora = door(DORA)
    now = datetime.now(UTC)
    tracker.ring(now)  # begins the log
    tracker.ring(now + timedelta(days=8))  # makes a checkpoint, later than those of any other test
    dora.open(RECORD)
    dora.page.locator("summary", has_text="Name your witness").click()
    dora.page.get_by_label("Its key").fill(WITNESS)
    dora.press("Keep")
    dora.page.locator("details").evaluate_all("all => all.forEach(each => each.open = true)")
    dora.look_every_way()

    dora.open("/arrangements/NOR/organisations/hospital/tokens")
    dora.look_every_way()
    dora.page.get_by_label("What it is for").fill("our own copy")
    dora.press("Make it")
    expect(dora.page.get_by_label("What it is for")).to_have_value("")
    dora.look_every_way()


@pytest.mark.parametrize("page", ["mail", "service-areas", "ladders/operational", "organisations/hospital"])
def test_no_table_of_the_arrangement_is_wider_than_a_phone(door: Door, page: str) -> None:
    dora = door(DORA)
    dora.page.set_viewport_size(PHONE)
    dora.open(f"/arrangements/NOR/{page}")
    check_width(dora.page)  # once more: `open` looks at what has the same shape but once


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_below_the_first_screen_the_sections_of_the_theme_report_unfold_by_keyboard(
    door: Door, tracker: Tracker, size: ViewportSize
) -> None:
    page = the_report(door, tracker)
    page.set_viewport_size(size)
    heading = page.get_by_role("heading", name="Who reports", level=2)
    expect(heading).to_have_count(1)
    expect(page.get_by_role("heading", name="What stands out", level=2)).to_be_visible()
    expect(page.get_by_role("table").filter(has_text="People on the record")).to_have_count(0)
    page.locator("summary").filter(has=heading).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").filter(has_text="People on the record")).to_be_visible()
    check_width(page)


def test_on_paper_they_lie_open(door: Door, tracker: Tracker) -> None:
    page = the_report(door, tracker)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Who reports", level=2)).to_have_count(1)
    expect(page.get_by_role("table").filter(has_text="People on the record")).to_be_visible()


def the_report(door: Door, tracker: Tracker) -> Page:
    """The theme report, with something in it."""
    tracker.remember_a_year()
    door(BRID).raise_issue("The ward rang twice about the same bed")
    dora = door(DORA)
    dora.open("/reports/NOR/themes")
    return dora.page


def test_on_a_phone_the_lower_sections_of_the_ladder_report_unfold_by_keyboard(door: Door) -> None:
    page = the_ladder_report(door)
    page.set_viewport_size(PHONE)
    part = page.locator("div.part").last
    expect(part.get_by_role("heading", level=2)).to_have_count(1)
    expect(part.get_by_role("table")).to_have_count(0)
    part.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(part.get_by_role("table").first).to_be_visible()


OPEN: dict[str, Callable[[Page], object]] = {
    "wide": lambda page: page.set_viewport_size(DESK),
    "on paper": lambda page: page.emulate_media(media="print"),
    "kept": lambda page: page.evaluate("document.body.classList.add('kept')"),
}


@pytest.mark.parametrize("look", OPEN.values(), ids=OPEN)
def test_elsewhere_they_lie_open_below_a_plain_heading(door: Door, look: Callable[[Page], object]) -> None:
    page = the_ladder_report(door)
    page.set_viewport_size(PHONE)
    look(page)
    part = page.locator("div.part").last
    expect(part.get_by_role("heading", level=2)).to_have_count(1)
    expect(part.get_by_role("table").first).to_be_visible()
    expect(part.locator("summary").first).to_be_hidden()


def the_ladder_report(door: Door) -> Page:
    door(BRID).raise_issue("The ward rang twice about the same bed")
    dora = door(DORA)
    dora.open("/reports/NOR/ladder")
    return dora.page
