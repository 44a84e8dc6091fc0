"""Many reports of one made partnership, and how often each trend was said."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from tests.simulation.worlds import World, report
from tracker.measures.verdicts import Trend, verdicts


@dataclass(frozen=True)
class Outcome:
    """`told`: of each trend, how many themes a report on average. `first`: the share of reports that said it of the
    first theme, the one that changed."""

    told: dict[Trend, float]
    first: dict[Trend, float]

    @property
    def headlines(self) -> float:
        """Rising or easing themes a report."""
        return self.told[Trend.RISING] + self.told[Trend.EASING]


def tried(world: World, reports: int, seed: int) -> Outcome:
    """The outcome of so many reports; the same seed makes the same ones."""
    chance = Random(seed)
    told, first = Counter[Trend](), Counter[Trend]()
    for _ in range(reports):
        found = verdicts(report(world, chance))
        told.update(verdict.trend for verdict in found.values())
        first[found[0].trend] += 1
    return Outcome(*({trend: counted[trend] / reports for trend in Trend} for counted in (told, first)))
