"""The ladder stands as it is meant to for one side, two and three, however wide the page is, and on paper."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, StorageState, ViewportSize

from tests.browser.cast import BRID
from tests.browser.looks import DESK, PHONE
from tests.browser.measuring import SLACK, Box, DrawnLadder, drawn_ladder
from tests.browser.people import Door, fill_raising
from tests.browser.serving import Tracker
from tests.pages.view_makers import HOSPITALS, a_ladder, part

WIDE: dict[str, ViewportSize] = {
    "at 200 %": {"width": DESK["width"] // 2, "height": DESK["height"] // 2},
    "a tablet": {"width": 768, "height": 1024},
    "a phone on its side": {"width": 844, "height": 390},
    "a desk": DESK,
    "paper": {"width": 794, "height": 1123},  # A4
}
LONG = "Hubert Wolfeschlegelsteinhausenbergerdorff"


@pytest.fixture(scope="module")
def pages(
    tracker: Tracker, chromium: Browser, cookies: dict[str, tuple[float, StorageState]]
) -> Iterator[dict[int, Page]]:
    """The page of an issue by how many sides it has. One side climbs no ladder yet: how it would is drawn in."""
    door = Door(tracker, chromium, cookies)
    found = {number: _issue_of(door, number) for number in (1, 2, 3)}
    alone = part("ladder", "ladder", a_ladder(HOSPITALS))
    found[1].locator("section.ladder").evaluate("(section, drawn) => { section.outerHTML = drawn }", str(alone))
    yield found
    door.close()


@pytest.mark.parametrize("sides", [1, 2, 3])
def test_on_a_phone_the_seats_stand_below_their_rung_one_after_the_other(pages: dict[int, Page], sides: int) -> None:
    pages[sides].set_viewport_size(PHONE)
    pages[sides].get_by_label("Show the ladder").check(force=True)
    ladder = _look(pages[sides], PHONE)
    assert ladder.faults == ()
    assert ladder.heads == ()
    for tier in ladder.tiers:
        assert len(tier.seats) == sides
        column = (tier.rung, *tier.seats)
        assert all(upper.is_above(lower) for upper, lower in pairwise(column))


@pytest.mark.parametrize("look", WIDE)
def test_where_there_is_room_two_sides_face_each_other_across_straight_rails(pages: dict[int, Page], look: str) -> None:
    ladder = _look(pages[2], WIDE[look], look)
    assert ladder.faults == ()
    assert _is_straight([tier.rung for tier in ladder.tiers])
    assert [len(tier.rails) for tier in ladder.tiers] == [2, 2, 2, 0]
    for tier in ladder.tiers:
        left, right = tier.seats
        assert left.is_beside(tier.rung)
        assert tier.rung.is_beside(right)
    for side, head in enumerate(ladder.heads):
        assert _is_straight([head, *(tier.seats[side] for tier in ladder.tiers)])
    assert len(ladder.heads) == 2


@pytest.mark.parametrize("look", WIDE)
def test_where_there_is_room_three_sides_have_a_column_each_below_the_rung(pages: dict[int, Page], look: str) -> None:
    ladder = _look(pages[3], WIDE[look], look)
    assert ladder.faults == ()
    assert len(ladder.heads) == 3
    for tier in ladder.tiers:
        assert all(tier.rung.is_above(seat) for seat in tier.seats)
        assert all(one.is_beside(other) for one, other in pairwise(tier.seats))
    for side, head in enumerate(ladder.heads):
        assert _is_straight([head, *(tier.seats[side] for tier in ladder.tiers)])


@pytest.mark.parametrize("look", WIDE)
def test_where_there_is_room_one_side_stands_beside_its_rungs(pages: dict[int, Page], look: str) -> None:
    ladder = _look(pages[1], WIDE[look], look)
    assert ladder.faults == ()
    assert _is_straight([tier.rung for tier in ladder.tiers])
    assert all(tier.rung.is_beside(tier.seats[0]) for tier in ladder.tiers)


def test_a_very_long_name_bends_no_column_and_stays_on_the_card(pages: dict[int, Page]) -> None:
    page = pages[2]
    for place in (".heads > span", ".seat > span"):
        page.locator(place).first.evaluate("(name, long) => { name.textContent = long }", LONG)
    ladder = _look(page, DESK)
    assert [fault for fault in ladder.faults if not fault.startswith("broken: ")] == []
    assert _is_straight([tier.rung for tier in ladder.tiers])
    for side, head in enumerate(ladder.heads):
        assert _is_straight([head, *(tier.seats[side] for tier in ladder.tiers)])


def _issue_of(door: Door, sides: int) -> Page:
    brid = door(BRID)
    brid.open("/issues/new")
    page = brid.page
    fill_raising(page, f"Nobody answers the line after four, seen by {sides}")
    page.locator("details.step > summary").click()
    if sides == 1:
        page.get_by_role("checkbox", name="Only my organisation sees this").check()
    if sides == 3:
        page.locator("[name=service_area]").select_option(label="Equipment")
    brid.press("Raise it")
    return page


def _look(page: Page, size: ViewportSize, look: str = "") -> DrawnLadder:
    page.set_viewport_size(size)
    page.emulate_media(media="print" if look == "paper" else "screen")
    return drawn_ladder(page)


def _is_straight(column: list[Box]) -> bool:
    """All of one width, one below the other."""
    first = column[0]
    return all(abs(each.left - first.left) + abs(each.right - first.right) <= SLACK for each in column)
