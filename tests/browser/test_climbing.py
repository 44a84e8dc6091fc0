"""Nobody acts: the clock takes an issue up tier by tier, and tells those it is with."""

from datetime import datetime, timedelta

from playwright.sync_api import Page

from tests.browser.cast import AMINA, BRID, COLM, DORA, ESI
from tests.browser.people import Door, Person
from tests.browser.serving import Tracker


def test_an_issue_that_nobody_acts_on_climbs_to_the_agenda_of_the_steering_group(door: Door, tracker: Tracker) -> None:
    amina, dora = door(AMINA), door(DORA)
    ref = amina.raise_issue("Nobody knows who pays for the hospital bed at home")
    for tier in ("Operations group", "Directors", "Steering group"):
        tracker.ring(limit_of(amina.page) + timedelta(minutes=1))
        amina.open(f"/issues/{ref}")
        assert tier in amina.page.locator("#ladder li.now, #ladder li.passed").inner_text()
    dora.open("/bodies")
    dora.follow(dora.page.get_by_role("link", name="Steering group"))
    assert "/bodies/NOR/steering" in dora.page.url
    assert ref in dora.words
    told = {letter["To"].addresses[0].addr_spec for letter in tracker.letters(ref)}
    assert {BRID, COLM, DORA, ESI} <= told


def test_whoever_an_issue_goes_up_to_has_mail_that_says_so(door: Door, tracker: Tracker) -> None:
    amina = door(AMINA)
    ref = amina.raise_issue("The transport came for somebody else")
    for _ in range(2):
        tracker.ring(limit_of(amina.page) + timedelta(minutes=1))
        amina.open(f"/issues/{ref}")
    letters = {letter["To"].addresses[0].addr_spec: letter for letter in tracker.letters(ref)}
    assert {DORA, ESI} <= letters.keys()
    text = letters[ESI].get_body(("plain",))
    assert text is not None
    words = text.get_content()
    assert "Directors" in words
    assert f"{tracker.address}/issues/{ref}" in words


def test_the_chair_takes_the_issue_from_the_agenda_and_ends_it(door: Door, tracker: Tracker) -> None:
    amina, esi, dora = door(AMINA), door(ESI), door(DORA)
    ref = amina.raise_issue("The two assessments ask the same questions")
    for _ in range(3):
        tracker.ring(limit_of(amina.page) + timedelta(minutes=1))
        amina.open(f"/issues/{ref}")
    esi.open("/bodies/NOR/steering")
    esi.follow(esi.page.get_by_role("link", name="The two assessments ask the same questions", exact=True))
    _propose(esi, "One form for both from June")
    dora.open(f"/issues/{ref}")
    dora.press("Agree", dora.step("agreement"))
    assert "Resolved, solved" in dora.words


def limit_of(page: Page) -> datetime:
    """The moment by which an answer is due, as the sentence on top says it; by when to acknowledge is before it."""
    told = [each.get_attribute("datetime") for each in page.locator(".next time").all()]
    return max(datetime.fromisoformat(iso or "") for iso in told)


def _propose(person: Person, done: str) -> None:
    form = person.step("proposal")
    form.get_by_role("radio", name="Solved", exact=True).check()
    form.get_by_label("What was done").fill(done)
    person.press("Propose it", form)
