"""What is wanted of the figures, and whether they show it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench import pages as names
from tests.bench.measure import Figures, Site, growth
from tests.bench.statements import Sent

_STEADY = (names.DESK, names.LIST, names.ISSUE, names.RAISE, names.NOTE, names.RARE_SEARCH)
_GROWING = (names.COMMON_SEARCH, names.SIMILAR, names.THEMES, names.LADDER, names.PAPER)
MOST_STATEMENTS, MOST_OF_THE_REPORT = 8, 9
_MOST_FLOORS, _MOST_CPU, _MOST_CPU_OF_PAPER, _MOST_LIST_KB = 4.0, 10.0, 500.0, 45.0
_MOST_GROWTH, _MOST_GROWTH_OF_OTHERS = 1.2, 2.0


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
    """Those a page may send: the theme report, in whatever shape, one more."""
    return MOST_OF_THE_REPORT if page in (names.THEMES, names.PAPER) or "/themes" in page else MOST_STATEMENTS


def verdicts(sites: list[Site], sent: dict[int, dict[str, Sent]]) -> Iterator[Verdict]:
    """All of them. `sites` from the smallest on; `sent` by the number of issues, then by page."""
    small, large = sites[0], sites[-1]
    figures = {name: Figures.of(rounds) for name, rounds in large.rounds.items()}
    floor = figures[names.FLOOR].p50
    for name in (names.LIST, names.ISSUE):
        yield Verdict(f"{name}: p50 in floors", figures[name].p50 / floor, _MOST_FLOORS)
    for name in (names.RAISE, names.NOTE):
        yield Verdict(f"{name}: CPU ms of the server", figures[name].cpu, _MOST_CPU)
    yield Verdict(f"{names.PAPER}: CPU ms of the server", figures[names.PAPER].cpu, _MOST_CPU_OF_PAPER)
    for name in (name for name in figures if name not in names.FORMS):
        most_sent = max(len(found[name].statements) for found in sent.values())
        yield Verdict(f"{name}: statements", most_sent, most_statements(name))
    yield Verdict(f"{names.LIST}: KB", sent[large.issues][names.LIST].size / 1000, _MOST_LIST_KB)
    for steady, most in ((_STEADY, _MOST_GROWTH), (_GROWING, _MOST_GROWTH_OF_OTHERS)):
        for name in steady:
            said = f"{name}: p50 at {large.issues:,} over p50 at {small.issues:,}"
            yield Verdict(said, growth(small, large, name), most)
