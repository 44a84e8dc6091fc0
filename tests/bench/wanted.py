"""What is wanted of the figures, and whether they show it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import pages as names
from tests.bench.measure import Figures, Site, growth
from tests.bench.statements import Sent

_STEADY = (names.DESK, names.FULL_DESK, names.LIST, names.ISSUE, names.RAISE, names.NOTE, names.RARE_SEARCH)
_OF_A_PERIOD = (names.LADDER, names.THEMES, names.PAPER, names.PACK)
_GROWING = (names.COMMON_SEARCH, names.SIMILAR)
_MOST_STATEMENTS = 8
_LADDER_ISSUES = "how each issue climbed"
# What a body reads first; sums and what is not in them yet; whole reports.
_MOST_STATEMENTS_OF = {names.THEMES: 12, names.PAPER: 12, names.LADDER: 10, _LADDER_ISSUES: 14, names.PACK: 16}
_MOST_LIST_KB = 45.0
_FLOORS = {names.LIST: 4.0, names.ISSUE: 4.0, names.FULL_DESK: 3.0}
# Milliseconds of the server; of the report on SQLite.
_CPU = {names.RAISE: 10.0, names.NOTE: 10.0, names.THEMES: 60.0, names.PAPER: 500.0, names.PACK: 500.0}
_MOST_GROWTH, _MOST_GROWTH_OF_A_PERIOD, _MOST_GROWTH_OF_OTHERS = 1.2, 1.3, 2.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing that is wanted: at most `most`, where `found` was measured."""

    what: str
    found: float
    most: float

    @property
    def is_met(self) -> bool:
        return self.found <= self.most


def most_statements(page: str) -> int:
    """How many a page may send, by its name or its address."""
    if "/issues" not in page and "/themes" in page:
        page = names.THEMES
    elif "/issues" not in page and "/ladder" in page:
        page = _LADDER_ISSUES if page.endswith(("csv", "xlsx")) else names.LADDER
    return _MOST_STATEMENTS_OF.get(page, _MOST_STATEMENTS)


def verdicts(small: Site, large: Site, busy: Site | None, sent: dict[str, dict[str, Sent]]) -> Iterator[Verdict]:
    """All of them. `sent` by the name of the size, then by page."""
    yield from _costs(large, sent)
    growths = (
        (_STEADY, _MOST_GROWTH),
        (_OF_A_PERIOD, _MOST_GROWTH_OF_A_PERIOD),
        (_GROWING, _MOST_GROWTH_OF_OTHERS),
    )
    for pages, most in growths:
        for name in pages:
            said = f"{name}: p50 at {large.size.issues:,} over p50 at {small.size.issues:,}"
            yield Verdict(said, growth(small, large, name), most)
    if busy:
        for name in (names.THEMES, names.PAPER):
            said = f"{name}: p50 at {busy.size.issues:,} in as many years over p50 at {small.size.issues:,}"
            yield Verdict(said, growth(small, busy, name), _MOST_GROWTH_OF_A_PERIOD)


def _costs(large: Site, sent: dict[str, dict[str, Sent]]) -> Iterator[Verdict]:
    figures = {name: Figures.of(rounds) for name, rounds in large.rounds.items()}
    for name, most in _FLOORS.items():
        yield Verdict(f"{name}: p50 in floors", figures[name].p50 / figures[names.FLOOR].p50, most)
    for name, most in _CPU.items():
        yield Verdict(f"{name}: CPU ms of the server", figures[name].cpu, most)
    for name in (name for name in figures if name not in names.FORMS):
        most_sent = max(len(found[name].statements) for found in sent.values() if name in found)
        yield Verdict(f"{name}: statements", most_sent, most_statements(name))
    yield Verdict(f"{names.LIST}: KB", sent[large.size.name][names.LIST].size / 1000, _MOST_LIST_KB)
