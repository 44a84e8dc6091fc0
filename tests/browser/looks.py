"""What must hold on every page: nothing axe finds, in light and dark; nothing wider than a phone."""

import os
import re
from itertools import count
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

NARROW: ViewportSize = {"width": 320, "height": 700}
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
SHOTS = os.environ.get("TRACKER_TEST_SHOTS")  # a folder to keep a picture of every page in

_RUN = """axe.run({resultTypes: ["violations"]}).then(found => found.violations.map(
    each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.target).join(", ")}`))"""
_SHAPE = """[...new Set([...document.querySelectorAll("body *")].map(
    each => `${each.tagName} ${each.getAttribute("class")} ${each.hidden}`))].sort().join()"""
_SMALL = """[...document.querySelectorAll("button, summary, input, select, textarea")]
    .filter(each => each.checkVisibility() && !each.matches("[tabindex='-1']"))
    .map(each => [each, ...(each.labels || [])].map(one => one.getBoundingClientRect()))
    .filter(all => !all.some(box => Math.min(box.width, box.height) >= 23.9))
    .map(([box]) => `${box.width} x ${box.height} at ${box.left}, ${box.top}`)"""
_numbers = count(1)
_seen: set[str] = set()


def check(page: Page) -> None:
    """Looks at the page as it stands: as wide as it is in the light, and in the dark on a phone; leaves it as it was.

    A page made of the same pieces as one that was looked at has nothing new to show.
    """
    shape = page.evaluate(_SHAPE)
    if shape in _seen:
        return
    _seen.add(shape)
    size = page.viewport_size or DESK
    page.evaluate(AXE_SCRIPT)
    _check_rules(page, "light")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)
    _check_rules(page, "dark, on a phone")
    check_width(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)


def check_every_way(page: Page) -> None:
    """Looks at the page as it stands, narrow and wide, in the light and in the dark; leaves it as it was."""
    size = page.viewport_size or DESK
    page.evaluate(AXE_SCRIPT)
    for light in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if light == "dark" else "light")
        for width in (NARROW, DESK):
            page.set_viewport_size(width)
            _check_rules(page, f"{light}, {width['width']} wide")
            check_width(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)


def _check_rules(page: Page, how: str) -> None:
    _keep_picture(page, how.partition(",")[0])
    found = page.evaluate(_RUN)
    assert not found, f"{page.url}, {how}: {found}"


def check_width(page: Page) -> None:
    """Nobody scrolls sideways to read."""
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= seen, f"{page.url} is {wide} wide where {seen} can be seen"


def check_targets(page: Page) -> None:
    """Whatever is pressed, but a link in a line, is 24 pixels wide and high or more, its label with it (WCAG 2.5.8)."""
    small = page.evaluate(_SMALL)
    assert not small, f"{page.url}: {small}"


def _keep_picture(page: Page, name: str) -> None:
    if SHOTS:
        address = re.sub(r"[^a-zA-Z0-9]+", "-", page.url.partition("//")[2].partition("/")[2])[:60] or "desk"
        page.screenshot(path=Path(SHOTS) / f"{address}-{os.getpid()}-{next(_numbers):03}-{name}.png", full_page=True)
