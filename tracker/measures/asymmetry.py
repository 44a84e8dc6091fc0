"""What differs between two organisations: who raises, what each sees.

Both directions, never a league table: results stand in the order in which the organisations are given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot

from tracker.measures.rates import Share, between, rate_ratio, times

NO_CLEAR_DIFFERENCE = "no clear difference"


@dataclass(frozen=True, slots=True)
class RaisedIssues:
    """How many issues an organisation raised with the other, and its own exposure (statistics.md 1), above 0."""

    organisation: str
    count: int
    exposure: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as often `one` raises as `other`, by the exposure of each, with its 95 % interval."""

    one: str
    other: str
    ratio: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 1 out."""
        return self.low > 1 or self.high < 1

    @property
    def words(self) -> str:
        """“2.5 times as often (1.2 to 5.3)”, “no clear difference”."""
        if not self.is_clear:
            return NO_CLEAR_DIFFERENCE
        return f"{times(self.ratio)} times as often ({between(self.low, self.high)})"


def raising(one: RaisedIssues, other: RaisedIssues) -> tuple[Ratio, Ratio]:
    """Both directions side by side: one against the other, and the other against the one (statistics.md 3, 7)."""
    return _ratio(one, other), _ratio(other, one)


@dataclass(frozen=True, slots=True)
class Perception:
    """What two organisations see of a theme: its share of what each raised. `gap` is in shares, -1 to 1, with its 95 %
    interval (Newcombe 1998, method 10, from the two Wilson intervals); None where one has raised nothing."""

    theme: str
    one: Share
    other: Share

    @property
    def gap(self) -> float | None:
        if self.one.value is None or self.other.value is None:
            return None
        return self.one.value - self.other.value

    @property
    def interval(self) -> tuple[float, float]:
        if self.gap is None or self.one.value is None or self.other.value is None:
            return -1.0, 1.0
        (low, high), (other_low, other_high) = self.one.interval, self.other.interval
        below = hypot(self.one.value - low, other_high - self.other.value)
        above = hypot(high - self.one.value, self.other.value - other_low)
        return max(-1.0, self.gap - below), min(1.0, self.gap + above)

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        low, high = self.interval
        return low > 0 or high < 0


def theme_mix(themes: Iterable[str], one: Mapping[str, int], other: Mapping[str, int]) -> tuple[Perception, ...]:
    """Each theme as the two see it, in the order given: counts of what each raised, by theme. The whole is all that
    each raised, themes that are not asked about included."""
    ours, theirs = sum(one.values()), sum(other.values())
    return tuple(Perception(each, Share(one.get(each, 0), ours), Share(other.get(each, 0), theirs)) for each in themes)


def _ratio(one: RaisedIssues, other: RaisedIssues) -> Ratio:
    ratio, low, high, _ = rate_ratio(one.count, one.exposure, other.count, other.exposure)
    return Ratio(one.organisation, other.organisation, ratio, low, high)
