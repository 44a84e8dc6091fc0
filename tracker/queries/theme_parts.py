"""What stands below the themes of a report, as frozen values: both ways, who reports, fixes, how far to trust it."""

from dataclasses import dataclass

from tracker.measures.asymmetry import Perception, Ratio
from tracker.measures.breadth import is_silent
from tracker.measures.rates import Share
from tracker.queries.tallies import LAGS, PROMPT

Pair = tuple[str, str]  # organisation keys, in the order of their positions


@dataclass(frozen=True, slots=True)
class BothWays:
    """Two organisations held against each other, both ways: who reports how often, by the exposure of each or, where
    that is not known (None), the people it has on the record; and how the themes of what each reports differ."""

    pair: Pair
    raised: tuple[int, int]
    people: tuple[int, int]
    exposures: tuple[float, float] | None
    ratios: tuple[Ratio, Ratio] | None
    mix: tuple[Perception, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Distinct people of an organisation that reported something, in the recent months and in as many before them;
    how many people it has on the record, and how many reports were to be expected of them (statistics.md 8)."""

    organisation: str
    recent: int
    before: int
    people: int
    reports: int
    expected: float

    @property
    def is_silent(self) -> bool:
        """Nothing was reported though something was to be expected."""
        return is_silent(self.reports, self.expected)


@dataclass(frozen=True, slots=True)
class Chain:
    """Issues that are each other again, the first one first: how many there are, and the references of those that the
    reader may see."""

    theme: str
    length: int
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long fixes last, each followed for `within` days at most. `back`: after so many a linked issue came; `alike`:
    one that is only like it. `curve`: (days, share that still lasts), Kaplan-Meier; `share`: after `within` days, with
    its 95 % interval, None of fewer than `least` fixes."""

    fixes: int
    back: int
    alike: int
    curve: tuple[tuple[float, float], ...]
    share: tuple[float, float, float] | None
    chains: tuple[Chain, ...]
    within: int
    least: int


@dataclass(frozen=True, slots=True)
class EntryLag:
    """How long after it happened each of `occurrences` was recorded: how many `within` 0, 1, 2, 7 and 28 days (LAGS);
    () of none."""

    within: tuple[int, ...]
    occurrences: int

    @property
    def prompt(self) -> Share:
        """Those recorded within two days."""
        return Share(dict(zip(LAGS, self.within, strict=False)).get(PROMPT, 0), self.occurrences)

    @property
    def median(self) -> int | None:
        """Within how many days half of them were: one of LAGS; None: more than the last, or nothing was recorded."""
        return next(
            (lag for lag, count in zip(LAGS, self.within, strict=False) if 0 < self.occurrences <= count * 2), None
        )


@dataclass(frozen=True, slots=True)
class Trust:
    """How far to trust the numbers: shares of issues and occurrences."""

    untagged: Share
    entered: EntryLag
    unconfirmed: Share  # of what was asked about, what nobody has answered
