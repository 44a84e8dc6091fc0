"""The figures on a page, read back from it by nothing but what stands there: those that are links, and the others."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

_HOLDS = {"td", "li", "dd"}
_UNREAD = {"svg", "nav", "a", "details.why"}
_ISSUES = re.compile(r"/(?:issues|reports/[^/]+/issues(?:/[^/?]+)?)\?")
_VOID = {"br", "img", "input", "link", "meta", "path", "polyline", "circle"}


@dataclass
class Held:
    """A cell, an item or a definition: the label of the table it stands in, and what it says outside its links."""

    where: str
    text: str = ""


@dataclass(frozen=True)
class Led:
    """A link to a list of issues: what it reads."""

    text: str
    href: str

    @property
    def count(self) -> int | None:
        """What it counts: of “11 of 18” the 11; None for words, a clause (“6.1 Letters”), a percentage and a rate."""
        found = re.match(r"(\d+)(?![.\d]| ?%| a month| per )", self.text)
        return int(found[1]) if found else None


@dataclass
class Figures:
    """What stands in the main part of a page."""

    led: list[Led] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)


def figures_of(page: str, at: str = "/reports/RIV/themes") -> Figures:
    """Every link to a list of issues; and every cell, item and definition. `at`: the address of the page."""
    reading = _Reading(at)
    reading.feed(page.partition("<main")[2].partition("</main>")[0])
    return reading.found


class _Reading(HTMLParser):
    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at
        self.found = Figures()
        self._within: list[str] = []
        self._label = self._href = self._words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._within.append(f"{tag}.{given['class']}" if tag == "details" and "class" in given else tag)
        if tag in {"h1", "h2", "h3"} or given.get("role") == "region":
            self._label = given.get("aria-label", "")
        if tag in _HOLDS and not _UNREAD.intersection(self._within):
            self.found.held.append(Held(self._label))
        if tag == "a":
            self._href, self._words = urljoin(self._at, given["href"]), ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and _ISSUES.match(self._href):
            self.found.led.append(Led(self._words, self._href))
        while self._within and self._within.pop().partition(".")[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        self._words += data
        if "caption" in self._within:
            self._label = data
        if _HOLDS.intersection(self._within) and not _UNREAD.intersection(self._within):
            self.found.held[-1].text += data
