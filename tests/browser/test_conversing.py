"""On a phone the conversation comes first, and the page is where something was just done; without scripts too."""

from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import looks
from tests.browser.cast import AMINA, COLM
from tests.browser.people import Door, Person, fill_raising

IN_ORDER = (".lead .next", "#story", "#notes", ".steps", "#ladder")
NOTES = 60
_FOLLOWS = """([one, other]) => Boolean(document.querySelector(one)
    .compareDocumentPosition(document.querySelector(other)) & Node.DOCUMENT_POSITION_FOLLOWING)"""


def test_where_it_stands_comes_first_then_what_was_said_then_the_reply_and_last_the_ladder(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE)
    amina.raise_issue("The night staff were not told of the move")
    for one, other in pairwise(IN_ORDER):
        assert amina.page.evaluate(_FOLLOWS, [one, other]), f"{other} is read before {one}"
        assert _box(amina.page.locator(one))["y"] < _box(amina.page.locator(other))["y"]


def test_on_a_phone_the_ladder_is_one_line_that_unfolds_and_on_a_desk_it_stands_beside(door: Door) -> None:
    amina = door(AMINA, size=looks.PHONE)
    amina.raise_issue("The ramp was not there")
    page = amina.page
    expect(page.locator("#ladder .rungs")).to_be_hidden()
    assert _box(page.locator("#ladder"))["height"] < 110
    page.get_by_label("Show the ladder").focus()
    page.keyboard.press("Space")
    expect(page.locator("#ladder .rungs")).to_be_visible()
    page.keyboard.press("Space")
    page.set_viewport_size(looks.DESK)
    expect(page.locator("#ladder .rungs")).to_be_visible()
    ladder, lead = _box(page.locator("#ladder")), _box(page.locator(".lead"))
    assert ladder["x"] > lead["x"] + lead["width"]
    assert ladder["y"] == lead["y"]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_below_sixty_notes_the_reply_is_at_hand(door: Door, scripts: bool) -> None:
    amina = door(AMINA, size=looks.PHONE, scripts=scripts)
    page = amina.page
    page.goto("/issues/new")
    fill_raising(page, f"The form asks twice for the same, {'with' if scripts else 'without'}")
    page.get_by_role("button", name="Raise it").click()
    expect(page.locator("#done")).to_contain_text("Raised.")
    _say_often(amina)
    page.reload()
    jump = page.locator(".jumps").get_by_role("link", name="Say something")
    assert _is_in_view(page, jump), "without scrolling"
    page.locator("#story > article").nth(10).scroll_into_view_if_needed()
    assert _is_in_view(page, page.locator(".reply a")), "while reading"
    page.locator(".reply a").click()
    expect(page.locator("#notes-text")).to_be_focused()
    page.locator("#notes-text").fill("We meet on Friday.")
    page.locator("#notes").get_by_role("button", name="Add", exact=True).click()
    expect(page.locator("#done")).to_be_focused()
    expect(page.locator("#done")).to_contain_text("Your note is kept.")
    assert _is_in_view(page, page.locator("#done"))
    expect(page.locator("#story article").last).to_contain_text("We meet on Friday.")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_what_may_identify_a_person_is_reached_at_once_and_sent_by_one_button_and_never_by_enter(
    door: Door, scripts: bool
) -> None:
    amina = door(AMINA, size=looks.PHONE, scripts=scripts)
    page = amina.page
    page.goto("/issues/new")
    fill_raising(page, f"Ring 07700 900{'123' if scripts else '124'} about the bed")
    page.get_by_role("button", name="Raise it").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("a phone number: 07700 900")
    page.locator("#raise-title").press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("button", name="Send it as it is").click()
    expect(page.locator("#done")).to_contain_text("Raised.")
    amina.complaints.clear()  # the browser notes that two answers were a 422


def test_a_manager_who_acknowledges_reads_on_top_that_it_is_done(door: Door) -> None:
    amina, colm = door(AMINA), door(COLM, scripts=False)
    ref = amina.raise_issue("The parking permit had run out")
    colm.page.goto(f"/issues/{ref}")
    colm.page.get_by_role("button", name="Acknowledge", exact=True).click()
    expect(colm.page.locator("#done")).to_be_focused()
    expect(colm.page.locator("#done")).to_contain_text("Acknowledged. Amina")


def _say_often(person: Person) -> None:
    page = person.page
    token = page.locator('meta[name="csrf"]').get_attribute("content") or ""
    address = page.url.partition("?")[0]
    for number in range(NOTES):
        sent = page.request.post(f"{address}/notes", form={"csrf": token, "text": f"Note {number}, of some length."})
        assert sent.ok


def _box(what: Locator) -> dict[str, float]:
    found = what.first.bounding_box()
    assert found is not None
    return {side: found[side] for side in ("x", "y", "width", "height")}


def _is_in_view(page: Page, what: Locator) -> bool:
    box, size = _box(what), page.viewport_size or looks.PHONE
    return box["y"] >= 0 and box["y"] + box["height"] <= size["height"]
