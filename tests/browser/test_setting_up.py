"""Two freight firms in two zones: begun from the charter that a command writes, set up on screen alone, and used."""

import re
from pathlib import Path

import pytest

from tests.browser.people import Door, Person, fill_raising
from tests.browser.serving import Tracker

HULL, ROTTERDAM = "lead@north.example", "lead@south.example"
AT = "/arrangements/HUM"
OF_CARE = re.compile(
    r"\b(patients?|hospitals?|nurses?|wards?|clinic\w*|discharge\w*|NHS|council|public)\b", re.IGNORECASE
)


@pytest.fixture
def begun(tracker: Tracker, tmp_path: Path) -> Tracker:
    """The partnership as `tracker charter new` has it."""
    file = tmp_path / "hum.toml"
    tracker.run("charter", "new", "HUM", "-o", str(file))
    assert "is in order" in tracker.run("charter", "check", str(file))
    tracker.run("charter", "load", str(file))
    return tracker


def look(person: Person, *addresses: str) -> None:
    """These pages, on none of which anything is said of another trade."""
    for address in addresses:
        person.open(address)
        assert OF_CARE.findall(person.words) == [], address


def rename(lead: Person, side: str, name: str, zone: str, hours: str) -> None:
    """What an organisation is called, and when it is open."""
    look(lead, f"{AT}/organisations/{side}")
    lead.page.get_by_text("Change the name or the calendar").click()
    form = lead.page.locator("#calendar form")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Time zone").fill(zone)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        form.get_by_label(day).fill(hours)
    lead.press("Keep", form)
    assert "In force now." in lead.words


def agree(lead: Person, address: str, button: str) -> None:
    look(lead, address)
    lead.press(button)


def test_a_lead_sets_up_two_freight_firms_in_two_zones_and_an_issue_is_raised(begun: Tracker, door: Door) -> None:
    hull, rotterdam = door(HULL), door(ROTTERDAM)
    rename(hull, "north", "Hull Haulage", "Europe/London", "06:00-18:00")
    rename(rotterdam, "south", "Rotterdam Road", "Europe/Amsterdam", "07:00-17:00")

    look(hull, AT, f"{AT}/partnership")
    hull.page.get_by_label("Name", exact=True).fill("North Sea Freight")
    hull.page.get_by_label("Time zone").fill("Europe/Amsterdam")
    hull.page.get_by_label("Whom issues never name").fill("a driver")
    hull.press("Keep")
    assert "it waits for a lead of Rotterdam Road" in hull.words
    agree(rotterdam, f"{AT}/proposals/1", "Agree for Rotterdam Road")
    assert "In force since" in rotterdam.words

    add_a_dispatcher(rotterdam)
    add_a_theme_and_a_ladder(hull)
    for lead, name in ((hull, "Hull Haulage"), (rotterdam, "Rotterdam Road")):
        agree(lead, f"{AT}/ladders/operational", f"Agree version 1 for {name}")
        agree(lead, f"{AT}/ladders/contract", f"Agree version 1 for {name}")
    assert "Version 1 is in force" in rotterdam.words
    look(
        hull,
        f"{AT}/routes",
        f"{AT}/clauses",
        f"{AT}/service-areas",
        f"{AT}/bodies/front",
        f"{AT}/report",
        "/people/HUM",
    )

    driver = door("front@north.example")
    look(driver, "/", "/issues/new")
    fill_raising(driver.page, "Trailer not at the dock", "Two hours waiting at gate 4.", "Rotterdam Road")
    driver.press("Raise it")
    assert driver.page.url.partition("?")[0].endswith("/issues/HUM-1")
    assert OF_CARE.findall(driver.words) == []
    assert "Dirk Vos" in driver.words
    look(door("manager@south.example"), "/", "/issues", "/issues/HUM-1", "/reports/HUM/themes", "/account")


def add_a_dispatcher(lead: Person) -> None:
    """Somebody new, who is at once the first to hold what reaches the front line of their firm."""
    look(lead, f"{AT}/organisations/south")
    lead.page.get_by_text("Add a person").click()
    form = lead.page.locator("#newcomer form")
    form.get_by_label("Address").fill("dirk@south.example")
    form.get_by_label("Name", exact=True).fill("Dirk Vos")
    lead.press("Add them", form)
    look(lead, f"{AT}/bodies/front")
    lead.page.get_by_text("Change the seats of Rotterdam Road").click()
    form = lead.page.locator("#seats-south form")
    form.get_by_label("Person in row 1", exact=True).select_option(label="Dirk Vos")
    lead.press("Keep", form)
    assert "In force now." in lead.words


def add_a_theme_and_a_ladder(lead: Person) -> None:
    look(lead, f"{AT}/themes")
    lead.page.get_by_text("Add a theme").click()
    form = lead.page.locator("#new form")
    form.get_by_label("Name", exact=True).fill("Empty runs")
    form.get_by_label("Words by which it is suggested").fill("empty run, nothing to load")
    lead.press("Add it", form)
    assert "Empty runs" in lead.words
    look(lead, f"{AT}/ladders")
    lead.follow(lead.page.get_by_role("link", name="Outsourcing contract", exact=True))
    for number, body in enumerate(("Counterparts", "Managers", "Steering group"), start=1):
        tier = lead.page.get_by_role("group", name=f"Tier {number}", exact=True)
        tier.get_by_label("Body", exact=True).select_option(label=body)
    for number in (4, 5):
        tier = lead.page.get_by_role("group", name=f"Tier {number}", exact=True)
        for label in ("Name", "Limit", "To acknowledge within"):
            tier.get_by_label(label, exact=True).fill("")
        tier.get_by_role("checkbox", name="Outside both, like a mediator").uncheck()
    lead.page.get_by_label("Short name").fill("contract")
    lead.press("Propose it")
    assert "which waits to be agreed" in lead.words
