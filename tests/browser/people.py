"""People at their browsers: they come in by a link, open pages, fill forms, press buttons."""

import re
from contextlib import suppress
from time import monotonic
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    StorageState,
    ViewportSize,
    expect,
)
from playwright.sync_api import (
    TimeoutError as NotInTime,
)

from tests.browser import looks
from tests.browser.serving import Tracker

FRESH = 300.0  # seconds: whoever came in longer ago would be asked to confirm what touches others
_FOLDS = 5  # a form lies in two at most
_FOLDED_FOR = 2_000  # milliseconds


class Person:
    """Somebody signed in, at one page. Every page they come to is looked at (`looks.check`), where scripts run: without
    them axe never answers."""

    def __init__(self, page: Page, *, scripts: bool = True) -> None:
        self.page, self.scripts = page, scripts
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> None:
        """A page that is there."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.ok, f"{address}: {answer.status}"
        self._look()

    def press(self, button: str, within: Locator | None = None) -> None:
        """A button that leads to another page."""
        with self.page.expect_event("load"):
            (within or self.page).get_by_role("button", name=button, exact=True).click()
        self._look()

    def follow(self, link: Locator) -> None:
        with self.page.expect_event("load"):
            link.click()
        self._look()

    def step(self, name: str) -> Locator:
        """The form of a step on an issue, unfolded."""
        form = self.page.locator(f"form#{name}")
        for _ in range(_FOLDS):
            if form.is_visible():
                break
            with suppress(NotInTime):  # what is kept for a form unfolds it meanwhile
                closed = self.page.locator("details.step:not([open])").filter(has=form).first
                closed.locator("> summary").click(timeout=_FOLDED_FOR)
        expect(form).to_be_visible()
        return form

    def unfold(self) -> None:
        """All the steps on an issue."""
        self.page.locator("details.step").evaluate_all("all => all.forEach(each => each.open = true)")

    def look_every_way(self) -> None:
        looks.check_every_way(self.page)

    def raise_issue(self, title: str, *, detail: str = "", with_: str = "Northgate Council") -> str:
        """The reference of the issue that came of the form."""
        self.open("/issues/new")
        fill_raising(self.page, title, detail, with_)
        self.press("Raise it")
        return ref_of(self.page)

    def say(self, text: str, *, only_us: bool = False, spoke: bool = False) -> None:
        """A note on the issue that is open."""
        form = self.step("notes")
        form.get_by_label("Say something").fill(text)
        if only_us:
            form.get_by_role("radio", name="Only my organisation").check()
        if spoke:
            form.get_by_role("checkbox", name="We spoke").check()
        self.press("Add", form)

    @property
    def words(self) -> str:
        """What the page says, as it is read."""
        return " ".join(self.page.locator("main").inner_text().split())

    def _look(self) -> None:
        if self.scripts:
            looks.check(self.page)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")


class Door:
    """Lets people in, and out at the end. A link of a person's is spent once for the tests of some minutes."""

    def __init__(self, tracker: Tracker, browser: Browser, cookies: dict[str, tuple[float, StorageState]]) -> None:
        self._tracker, self._browser, self._cookies = tracker, browser, cookies
        self._contexts: list[BrowserContext] = []
        self._people: list[Person] = []

    def __call__(self, email: str, *, size: ViewportSize = looks.DESK, scripts: bool = True) -> Person:
        now, before = monotonic(), self._cookies.get(email)
        if before is None or now - before[0] > FRESH:
            self._cookies[email] = now, self._spend_link(email)
        context = self._context(size, scripts, self._cookies[email][1])
        person = Person(context.new_page(), scripts=scripts)
        self._people.append(person)
        return person

    def stranger(self, *, size: ViewportSize = looks.DESK, scripts: bool = True) -> Person:
        """A browser in which nobody is signed in."""
        found = Person(self._context(size, scripts, None).new_page(), scripts=scripts)
        self._people.append(found)
        return found

    def close(self) -> None:
        """Everybody goes home; nobody's browser complained of anything."""
        for context in self._contexts:
            context.close()
        complaints = [complaint for person in self._people for complaint in person.complaints]
        assert not complaints, "\n".join(complaints)

    def _spend_link(self, email: str) -> StorageState:
        stranger = self.stranger()
        stranger.open(self._tracker.run("link", email).strip())
        stranger.press("Sign in")
        return stranger.page.context.storage_state()

    def _context(self, size: ViewportSize, scripts: bool, cookies: StorageState | None) -> BrowserContext:
        context = self._browser.new_context(
            base_url=self._tracker.address, viewport=size, java_script_enabled=scripts,
            storage_state=cookies, reduced_motion="reduce", locale="en-GB", timezone_id="Europe/London",
        )  # fmt: skip
        context.set_default_timeout(60_000)
        self._contexts.append(context)
        return context


def fill_raising(page: Page, title: str, detail: str = "", with_: str = "Northgate Council") -> None:
    """The few fields that must be filled."""
    page.get_by_role("radio", name=with_).check()
    page.get_by_label("What happened, in one line").fill(title)
    page.get_by_label("Tell it as you would").fill(detail)
    page.get_by_role("radio", name="serious").check()


def ref_of(page: Page) -> str:
    """The reference of the issue whose page this is."""
    expect(page).to_have_url(re.compile("/issues/NOR-[0-9]+"))
    return urlsplit(page.url).path.rpartition("/")[2]
