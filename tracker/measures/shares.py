"""Shares of a whole: so many of so many, with how sure that is, and no percentage of a few."""

from dataclasses import dataclass

from tracker.measures.rates import wilson
from tracker.measures.suppression import LEAST_DENOMINATOR


@dataclass(frozen=True, slots=True)
class Share:
    """`k` of `n`."""

    k: int
    n: int

    def __post_init__(self) -> None:
        """Refuses what is no share: ValueError."""
        if not 0 <= self.k <= self.n:
            raise ValueError(f"{self.k} of {self.n} is no share")

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of none."""
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval by Wilson, from 0 to 1; of none, anything."""
        return wilson(self.k, self.n) if self.n else (0.0, 1.0)

    @property
    def percent(self) -> int | None:
        """Rounded; None of fewer than ten, where a percentage would say more than is known (statistics.md 8)."""
        return round(100 * self.k / self.n) if self.n >= LEAST_DENOMINATOR else None
