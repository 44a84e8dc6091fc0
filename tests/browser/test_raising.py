"""The front line raises an issue: on a phone, without scripts, by keyboard alone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser import looks
from tests.browser.cast import AMINA
from tests.browser.people import Door, fill_raising, ref_of


def test_on_a_phone_an_issue_is_raised_and_its_page_says_who_has_it_by_when_and_what_comes_next(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE)
    amina.open("/")
    amina.follow(amina.page.get_by_role("link", name="Raise").first)
    fill_raising(amina.page, "Two people went home without their letter")
    amina.press("Raise it")
    assert "It is the turn of Northgate Council" in amina.words
    assert "Colm Brennan answers by" in amina.words
    assert "If nothing happens, it goes to Operations group" in amina.words
    assert amina.page.locator("#ladder .rungs > li").count() == 4


def test_without_scripts_an_issue_is_raised_all_the_same(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE, scripts=False)
    amina.page.goto("/issues/new")
    fill_raising(amina.page, "The ward was not told who fetches the bed")
    amina.page.get_by_role("button", name="Raise it").click()
    expect(amina.page.get_by_role("heading", level=1)).to_have_text("The ward was not told who fetches the bed")
    assert ref_of(amina.page)
    assert "It is the turn of Northgate Council" in amina.words


def test_a_form_with_nothing_in_it_comes_back_with_the_reason_beside_each_field(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE, scripts=False)
    amina.page.goto("/issues/new")
    amina.page.get_by_role("button", name="Raise it").click()
    assert "Say in one line what went wrong." in amina.words
    assert "Choose whom it is with." in amina.words
    looks.check_width(amina.page)
    amina.complaints.clear()  # the browser notes that the answer was a 422


def test_issues_like_it_appear_while_it_is_typed(door: Door) -> None:
    amina = door(AMINA)
    ref = amina.raise_issue("The wheelchair was delivered to the wrong address")
    amina.open("/issues/new")
    amina.page.get_by_label("What happened, in one line").press_sequentially("wheelchair delivered to wrong address")
    similar = amina.page.locator("#similar")
    expect(similar.get_by_role("link", name="The wheelchair was delivered to the wrong address")).to_be_visible()
    looks.check(amina.page)
    amina.press("This happened to me too : The wheelchair was delivered to the wrong address", similar)
    assert "Did this happen to you too?" in amina.words
    assert "happened 2 times" not in amina.words
    amina.press("Add this time", amina.page.locator("#occurrences"))
    assert ref_of(amina.page) == ref
    assert "happened 2 times" in amina.words


@pytest.mark.parametrize("size", [looks.PHONE, looks.DESK], ids=["phone", "desk"])
def test_what_is_similar_never_moves_the_form(door: Door, size: ViewportSize) -> None:
    amina = door(AMINA, size=size)
    for number in range(3):
        amina.raise_issue(f"The walking frame was delivered to a wrong address, ward {number}")
    amina.open("/issues/new")
    before = amina.page.evaluate(_PLACES)
    amina.page.get_by_label("What happened, in one line").press_sequentially("walking frame delivered to wrong address")
    expect(amina.page.locator("#similar li")).to_have_count(3)
    assert amina.page.evaluate(_PLACES) == before
    assert len(before) > 8


_PLACES = """() => [...document.querySelectorAll("#raise > *, #raise fieldset, #raise button")]
    .filter(each => each.getClientRects().length && !each.closest("#similar li"))
    .map(each => { const {left, top, width, height} = each.getBoundingClientRect();
        return [left + scrollX, top + scrollY, width, height].map(Math.round).join(" "); })"""


def test_by_keyboard_alone_an_issue_is_filled_in_and_sent(door: Door) -> None:
    amina = door(AMINA)
    amina.open("/issues/new")
    page, typing = amina.page, amina.page.keyboard
    _tab_to(page, "input[name=with]")
    typing.press("ArrowDown")
    _tab_to(page, "#raise-title")
    typing.type("The key safe has no code")
    _tab_to(page, "input[name=severity]")
    typing.press("ArrowDown")
    _tab_to(page, "#raise button:not([formaction])")
    with page.expect_navigation():
        typing.press("Enter")
    assert ref_of(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("The key safe has no code")


def _tab_to(page: Page, what: str, most: int = 40) -> None:
    """Presses Tab until the focus is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    raise AssertionError(f"{what} cannot be reached by Tab")
