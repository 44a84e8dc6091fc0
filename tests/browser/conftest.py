"""A Chromium and a served tracker for each worker; a door through which each test lets its people in."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser.people import Door
from tests.browser.serving import Tracker

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("TRACKER_TEST_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("No Chromium: install the package `chromium`, or name one in TRACKER_TEST_CHROMIUM.")
    expect.set_options(timeout=60_000)  # milliseconds: far more than it takes, also on a machine that is busy
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *as_root])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tracker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tracker]:
    """Set up by its commands, as a new user would."""
    found = Tracker(tmp_path_factory.mktemp("tracker"))
    found.set_up()
    with found.served():
        yield found


@pytest.fixture(scope="session")
def cookies() -> dict[str, tuple[float, StorageState]]:
    """Who has come in already, and when (`time.monotonic`)."""
    return {}


@pytest.fixture
def door(tracker: Tracker, chromium: Browser, cookies: dict[str, tuple[float, StorageState]]) -> Iterator[Door]:
    found = Door(tracker, chromium, cookies)
    yield found
    found.close()
