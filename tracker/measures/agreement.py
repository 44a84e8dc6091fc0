"""How far two sides see the same: agreement beyond chance, and the gap between what each sees most."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.measures.rates import cohen_kappa

LEAST_FOR_SHARES = 10  # things both have called something; of fewer no share is said (statistics.md 8)


@dataclass(frozen=True, slots=True)
class Gap:
    """How often each of two sides sees one thing: counts, and shares of `of` while that is enough for shares."""

    key: str
    one: int
    other: int
    of: int

    @property
    def difference(self) -> float | None:
        """The share of the one less that of the other: the perception gap, from -1 to 1 (statistics.md 7)."""
        return (self.one - self.other) / self.of if self.of >= LEAST_FOR_SHARES else None


@dataclass(frozen=True, slots=True)
class SharedCalls:
    """What two sides called the same things: `counts[a, b]` of them the one called a and the other b."""

    counts: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        """The things that both have called something."""
        return sum(self.counts.values())

    @property
    def same(self) -> int:
        """Those that both called the same."""
        return sum(count for (one, other), count in self.counts.items() if one == other)

    @property
    def keys(self) -> tuple[str, ...]:
        """Everything that either called anything, in order of the letters."""
        return tuple(sorted({key for pair, count in self.counts.items() if count for key in pair}))

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa; None while there are too few to say."""
        if self.total < LEAST_FOR_SHARES:
            return None
        keys = self.keys
        return cohen_kappa([[self.counts.get((one, other), 0) for other in keys] for one in keys])

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """One for each key, the most seen by both together first."""
        seen = [(key, self._seen(0, key), self._seen(1, key)) for key in self.keys]
        gaps = [Gap(key, one, other, self.total) for key, one, other in seen]
        return tuple(sorted(gaps, key=lambda gap: (-(gap.one + gap.other), gap.key)))

    def _seen(self, place: int, key: str) -> int:
        return sum(count for pair, count in self.counts.items() if pair[place] == key)
