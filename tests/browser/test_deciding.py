"""The steering group decides: from a number in the report to a decision, a published pack and its paper."""

from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.cast import BRID, COLM, DORA, ESI
from tests.browser.people import Door, Person
from tests.browser.serving import Tracker


def test_a_steering_member_goes_from_a_number_to_a_decision_and_a_published_pack(door: Door, tracker: Tracker) -> None:
    tracker.remember_a_year()
    brid, dora, colm, esi = door(BRID), door(DORA), door(COLM), door(ESI)
    title = "The family heard of the discharge from the driver"
    brid.raise_issue(title)
    form = brid.step("theme")
    form.locator("[name=theme]").select_option("info_flow")
    brid.press("Confirm", form)

    dora.open("/reports/NOR/themes")
    dora.page.locator("summary").filter(has_text="All themes").click()
    row = dora.page.locator("table.themes tr").filter(has=dora.page.locator('a[href*="theme=info_flow"]')).first
    dora.follow(row.locator("td[data-of='open now'] a"))
    assert title in dora.words

    dora.open("/bodies/NOR/steering")
    dora.follow(dora.page.get_by_role("link", name="Record a decision", exact=True))
    record(dora, "The ward rings the family before the driver comes")
    assert "Owned by Bríd Kelly (Northgate Hospital) and Colm Brennan (Northgate Council)" in dora.words
    assert "Did it help?" in dora.words

    dora.open("/packs/NOR")
    form = dora.page.locator("form#pack-steering")
    if not form.is_visible():
        dora.page.locator("details").filter(has=form).locator("summary").click()
    dora.press("Begin it", form)
    assert "A draft" in dora.words
    dora.page.locator("summary", has_text="Publish it").click()
    dora.press("Publish it now")
    assert "The ward rings the family before the driver comes" in dora.words
    assert download(dora, "PDF").startswith(b"%PDF-")
    assert download(dora, "Spreadsheet").startswith(b"PK")

    colm.open("/decisions/NOR")
    colm.follow(colm.page.get_by_role("link", name="The ward rings the family before the driver comes"))
    colm.page.locator("summary", has_text="Say that it is done").click()
    colm.press("It is done")
    assert "Done on" in colm.words
    esi.open("/packs/NOR")
    esi.follow(esi.page.locator(".item a").first)
    assert "done since" in esi.words


def test_what_was_decided_before_on_the_same_shows_while_one_decides(door: Door) -> None:
    dora = door(DORA)
    dora.open("/bodies/NOR/steering/decisions")
    record(dora, "Each side says within an hour who has the keys")
    dora.open("/bodies/NOR/steering/decisions")
    dora.page.get_by_role("checkbox", name="Information not shared").check()
    before = dora.page.locator("#precedents")
    expect(before).to_contain_text("Each side says within an hour who has the keys")


def record(person: Person, what: str) -> None:
    """Fills and sends the form that is open: owned by Bríd and Colm, due in two months, on what is not shared."""
    page = person.page
    page.get_by_label("What was decided").fill(what)
    page.get_by_label("Northgate Hospital", exact=True).select_option(label="Bríd Kelly")
    page.get_by_label("Northgate Council", exact=True).select_option(label="Colm Brennan")
    page.get_by_label("To be done by").fill((date.today() + timedelta(days=60)).isoformat())  # noqa: DTZ011
    page.get_by_role("checkbox", name="Information not shared").check()
    person.press("Record it")


def download(person: Person, link: str) -> bytes:
    """The file behind a link."""
    with person.page.expect_download() as found:
        person.page.get_by_role("link", name=link, exact=True).click()
    return Path(found.value.path()).read_bytes()
