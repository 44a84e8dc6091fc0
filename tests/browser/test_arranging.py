"""What one lead arranges and others are touched by waits for a lead of each, who agree it or return it."""

from playwright.sync_api import Locator

from tests.browser.cast import AMINA, DORA, ESI, FEMI
from tests.browser.people import Door, Person


def test_a_route_that_has_another_organisation_answer_waits_for_its_lead(door: Door) -> None:
    amina, dora, esi, femi = door(AMINA), door(DORA), door(ESI), door(FEMI)
    add_route(dora, "oxygen", words="oxygen", answers="Fairfield Homes")
    assert "Not in force: it waits for a lead of Northgate Council and Fairfield Homes." in dora.words
    amina.raise_issue("Nobody came for the oxygen at the ward")
    assert "Colm Brennan answers by" in amina.words

    for lead, organisation in ((femi, "Fairfield Homes"), (esi, "Northgate Council")):
        open_from_desk(lead, "route oxygen added")
        assert "When it says oxygen" in lead.words
        assert "Who answers Fairfield Homes" in lead.words
        lead.press(f"Agree for {organisation}")
        assert f"{organisation}: agreed by" in lead.words
    assert "In force since" in esi.words

    ref = amina.raise_issue("The oxygen at home was not refilled")
    assert "Femi Adeyemi answers by" in amina.words
    assert "and it says “oxygen”, so it went to Front line" in amina.words
    femi.open("/")
    assert ref in femi.words


def test_a_route_is_returned_with_a_reason_that_its_lead_reads(door: Door) -> None:
    dora, esi = door(DORA), door(ESI)
    add_route(dora, "wheelchairs", words="wheelchair", answers="Fairfield Homes")
    open_from_desk(esi, "route wheelchairs added")
    esi.page.get_by_text("Return it for Northgate Council").click()
    esi.page.get_by_label("Why").fill("Wheelchairs are lent by the Council until June")
    esi.press("Return it")

    dora.open("/arrangements/NOR")
    dora.follow(dora.page.get_by_role("link", name="Proposed changes"))
    dora.follow(dora.page.get_by_role("link", name="route wheelchairs added"))
    assert "Returned by Esi Boateng" in dora.words
    assert "Wheelchairs are lent by the Council until June" in dora.words
    dora.open("/arrangements/NOR/routes")
    assert "wheelchairs" not in dora.words


def add_route(lead: Person, key: str, *, words: str, answers: str) -> None:
    """A route for what is raised by the hospital with the Council."""
    lead.open("/arrangements/NOR/routes")
    lead.page.get_by_text("Add a route").click()
    form = lead.page.locator("details#new form")
    form.get_by_label("Short name").fill(key)
    condition(form, "It was raised by").get_by_label("Northgate Hospital").check()
    condition(form, "It is with").get_by_label("Northgate Council").check()
    form.get_by_label("It says one of").fill(words)
    form.get_by_label("Who answers").select_option(label=answers)
    lead.press("Add it", form)


def condition(form: Locator, name: str) -> Locator:
    return form.get_by_role("group", name=name)


def open_from_desk(lead: Person, change: str) -> None:
    """The proposal to which the desk leads."""
    lead.open("/")
    lead.follow(lead.page.get_by_role("link", name=change))
