"""The ladder of a page as the browser drew it: boxes of what is on it, and what is wrong with any of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, pairwise

from playwright.sync_api import Page

SLACK = 1.0  # pixels by which rounding may shift an edge
LINE = 4.0  # pixels: the widest line that is drawn on purpose

_MEASURE = """ladder => {
    const box = ({left, top, right, bottom}) => ({left, top, right, bottom});
    const seen = each => each.getClientRects().length > 0;
    const name = each => `${each.tagName.toLowerCase()}.${each.getAttribute("class") || ""}`;
    const boxes = each => [...each].filter(seen).map(one => box(one.getBoundingClientRect()));
    const words = function* (within) {
        const texts = document.createTreeWalker(within, NodeFilter.SHOW_TEXT), range = document.createRange();
        while (texts.nextNode()) for (const {0: word, index} of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
            range.setStart(texts.currentNode, index);
            range.setEnd(texts.currentNode, index + word.length);
            const home = texts.currentNode.parentElement.closest(".rung, .seat, .heads > *, h2");
            yield {word, lines: range.getClientRects().length,
                at: box(range.getBoundingClientRect()), home: box(home.getBoundingClientRect())};
        }
    };
    const lined = each => {
        const style = getComputedStyle(each);
        return ["Left", "Right"].some(side => parseFloat(style[`border${side}Width`]) > 0);
    };
    const marks = each => ["::before", "::after"].map(mark => getComputedStyle(each, mark))
        .filter(style => style.content !== "none" && style.position === "absolute")
        .map(style => ({width: parseFloat(style.width), height: parseFloat(style.height)}));
    const all = [...ladder.querySelectorAll("*")].filter(seen);
    return {
        card: box(ladder.getBoundingClientRect()),
        screen: document.documentElement.clientWidth,
        roll: document.documentElement.scrollWidth,
        heads: boxes(ladder.querySelectorAll(".heads > *")),
        tiers: [...ladder.querySelectorAll(".rungs > li")].map(tier => ({
            rung: boxes(tier.querySelectorAll(".rung"))[0],
            rails: marks(tier.querySelector(".rung")),
            seats: boxes(tier.querySelectorAll(".seat")),
        })),
        inside: boxes(all),
        lined: all.filter(lined).filter(each => !each.matches(".rung, .seat")).map(name),
        words: [...words(ladder)].filter(each => each.lines),
    };
}"""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Box") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > SLACK and down > SLACK

    def holds(self, other: "Box") -> bool:
        across = self.left - SLACK <= other.left and other.right <= self.right + SLACK
        return across and self.top - SLACK <= other.top and other.bottom <= self.bottom + SLACK

    def is_beside(self, other: "Box") -> bool:
        """To its left, on one line with it."""
        on_one_line = min(self.bottom, other.bottom) > max(self.top, other.top)
        return self.right <= other.left + SLACK and on_one_line

    def is_above(self, other: "Box") -> bool:
        return self.bottom <= other.top + SLACK


@dataclass(frozen=True)
class DrawnTier:
    """A rung with its seats, first side first. `rails`: how wide and how tall the lines to the next rung are."""

    rung: Box
    seats: tuple[Box, ...]
    rails: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DrawnLadder:
    """The tiers, top first. `heads`: the names of the sides above the columns; none seen where there is one column."""

    tiers: tuple[DrawnTier, ...]
    heads: tuple[Box, ...]
    faults: tuple[str, ...]


def drawn_ladder(page: Page) -> DrawnLadder:
    """The ladder as it stands on the page now."""
    found = page.locator("section.ladder").evaluate(_MEASURE)
    tiers = tuple(
        DrawnTier(
            Box(**tier["rung"]), _boxes(tier["seats"]), tuple((rail["width"], rail["height"]) for rail in tier["rails"])
        )
        for tier in found["tiers"]
    )
    heads = _boxes(found["heads"])
    faults = [
        *(f"broken: {each['word']}" for each in found["words"] if each["lines"] > 1),
        *(f"cut: {each['word']}" for each in found["words"] if not Box(**each["home"]).holds(Box(**each["at"]))),
        *(f"a line at {each}" for each in found["lined"]),
        *(f"outside the card: {each}" for each in _boxes(found["inside"]) if not Box(**found["card"]).holds(each)),
        *_faults(tiers, heads),
    ]
    if found["roll"] > found["screen"]:
        faults.append(f"the page is {found['roll']} wide where {found['screen']} can be seen")
    return DrawnLadder(tiers, heads, tuple(faults))


def _faults(tiers: tuple[DrawnTier, ...], heads: tuple[Box, ...]) -> Iterator[str]:
    pieces = [*heads, *(each for tier in tiers for each in (tier.rung, *tier.seats))]
    yield from (f"{one} overlaps {other}" for one, other in combinations(pieces, 2) if one.overlaps(other))
    for upper, lower in pairwise(tiers):
        if not all(
            above.is_above(below) for above in (upper.rung, *upper.seats) for below in (lower.rung, *lower.seats)
        ):
            yield f"{upper} is not above {lower}"
        room = lower.rung.top - upper.rung.bottom
        yield from (f"a bar of {rail}" for rail in upper.rails if rail[0] > LINE or rail[1] > room + LINE)
    yield from (f"a bar of {rail} below the lowest rung" for tier in tiers[-1:] for rail in tier.rails)


def _boxes(found: list[dict[str, float]]) -> tuple[Box, ...]:
    return tuple(Box(**each) for each in found)
