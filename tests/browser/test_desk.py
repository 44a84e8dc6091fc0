"""A manager's desk: 25 things cleared by keyboard, and without scripts; what is new, then not; a step taken back."""

from tests.browser.cast import AMINA, BRID, COLM
from tests.browser.people import Door, Person

MANY = 25


def _look(person: Person, ref: str) -> None:
    """They open the page of an issue that has something new, and its script says that they did."""
    with person.page.expect_response(lambda answer: answer.url.endswith(f"/issues/{ref}/look")):
        person.open(f"/issues/{ref}")


def _row(person: Person, ref: str) -> str:
    return " ".join(person.page.get_by_role("row").filter(has_text=f"{ref} ").inner_text().split())


def _press_key(person: Person, key: str) -> None:
    """A key that leads to another page."""
    with person.page.expect_event("load"):
        person.page.keyboard.press(key)


def test_a_manager_clears_25_things_by_keyboard_and_again_without_scripts(door: Door) -> None:
    amina, colm = door(AMINA), door(COLM)
    refs = [amina.raise_issue(f"Transport number {number} came too early") for number in range(MANY)]

    colm.open("/?pile=new")
    marked: set[str] = set()
    while not marked.issuperset(refs):
        colm.page.keyboard.press("j")
        focused = str(colm.page.evaluate("document.activeElement.value"))
        assert focused not in marked, "the last row was reached"
        colm.page.keyboard.press("Space")
        marked.add(focused)
    _press_key(colm, "a")
    assert not [ref for ref in refs if f"{ref} " in colm.words]

    still = door(COLM, scripts=False)
    still.open("/?pile=mine")
    for ref in refs:
        still.page.get_by_role("checkbox", name=ref, exact=True).check()
    still.page.locator("form#several summary").click()
    still.page.get_by_label("How they end").select_option("Solved")
    still.page.get_by_label("What was done").fill("The taxi is booked by the ward now")
    still.press("Propose it for each")
    assert not [ref for ref in refs if f"{ref} " in still.words]
    amina.open(f"/issues/{refs[-1]}")
    assert "The taxi is booked by the ward now" in amina.words


def test_keys_lead_from_row_to_row_and_from_page_to_page(door: Door) -> None:
    amina, colm = door(AMINA), door(COLM)
    amina.raise_issue("The key safe was empty")
    ref = amina.raise_issue("The key safe had another code")
    colm.open("/issues")
    for key, focused in (("j", 0), ("j", 1), ("k", 0)):
        colm.page.keyboard.press(key)
        boxes = colm.page.locator('.rows input[name="ref"]')
        assert colm.page.evaluate("document.activeElement.value") == boxes.nth(focused).input_value()
    colm.page.get_by_role("checkbox", name=ref, exact=True).focus()
    _press_key(colm, "Enter")
    assert colm.page.url.endswith(f"/issues/{ref}")
    colm.page.keyboard.press("r")
    assert colm.page.evaluate("document.activeElement.id") == "notes-text"
    colm.page.keyboard.type("j and d are letters here")
    assert colm.page.locator("#notes-text").input_value() == "j and d are letters here"
    colm.page.locator("h1").click()
    for key, address in (("g", "/issues"), ("c", "/issues/new"), ("?", "/keys")):
        colm.open(f"/issues/{ref}")
        _press_key(colm, key)
        assert colm.page.url.endswith(address)
    colm.page.keyboard.press("/")
    assert colm.page.evaluate("document.activeElement.name") == "q"


def test_switched_off_no_key_does_anything(door: Door) -> None:
    brid = door(BRID)
    brid.open("/keys")
    brid.press("Switch them off")
    try:
        brid.open("/issues")
        brid.page.keyboard.press("j")
        assert brid.page.evaluate("document.activeElement.tagName") == "BODY"
    finally:
        brid.open("/keys")
        brid.press("Switch them on")


def test_a_new_note_is_seen_as_new_and_then_not(door: Door) -> None:
    amina, colm = door(AMINA), door(COLM)
    ref = amina.raise_issue("The discharge letter lacks a phone number")
    _look(colm, ref)
    colm.open("/issues")
    assert "new" not in _row(colm, ref)
    amina.say("It is the number of the ward that is missing")
    colm.open("/issues")
    assert "1 new" in _row(colm, ref)
    _look(colm, ref)
    assert "1 new since you looked" in colm.words
    assert "New since you looked Amina" in colm.words
    colm.open("/issues")
    assert "1 new" not in _row(colm, ref)
    colm.open(f"/issues/{ref}")
    assert "new since you looked" not in colm.words.lower()


def test_a_proposal_is_taken_back_before_it_is_answered(door: Door) -> None:
    amina, brid, colm = door(AMINA), door(BRID), door(COLM)
    ref = amina.raise_issue("The frame was delivered without its tray")
    colm.open(f"/issues/{ref}")
    form = colm.step("proposal")
    form.get_by_role("radio", name="Solved", exact=True).check()
    form.get_by_label("What was done").fill("The tray is on its way")
    colm.press("Propose it", form)
    brid.open(f"/issues/{ref}")
    assert brid.page.get_by_role("button", name="Agree", exact=True).count() == 1
    colm.press("Take it back", colm.step("taking-back"))
    brid.open(f"/issues/{ref}")
    assert "took the proposal back" in brid.words
    assert brid.page.get_by_role("button", name="Agree", exact=True).count() == 0
