"""Run charts: does a series swing about its median as chance would have it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import comb, log2
from statistics import median

from tracker.measures.chart_lines import checked
from tracker.measures.run_rules import side

_CHANCE = 20  # one in


@dataclass(frozen=True, slots=True)
class RunChart:
    """A run longer than allowed, or fewer crossings than needed, is no chance."""

    median: float
    longest_run: int
    longest_allowed: int
    crossings: int
    crossings_needed: int

    @property
    def has_signal(self) -> bool:
        """Whether either rule says that the level did not stay."""
        return self.longest_run > self.longest_allowed or self.crossings < self.crossings_needed


def anhoej(values: Sequence[float]) -> RunChart:
    """The Anhoej rules (Anhoej and Olesen 2014, qicharts2): longest run and crossings about the median.

    Points on the median count for nothing. With none or one beside it there is nothing to say: no signal.
    Refuses an empty series: ValueError.
    """
    points = checked(values, "values")
    line = float(median(points))
    sides = [found for found in (side(value, line) for value in points) if found]
    longest = max((len(list(run)) for _, run in groupby(sides)), default=0)
    crossings = sum(before != after for before, after in pairwise(sides))
    return RunChart(line, longest, _longest_allowed(len(sides)), crossings, _crossings_needed(len(sides)))


def _longest_allowed(useful: int) -> int:
    return round(log2(useful or 1)) + 3


def _crossings_needed(useful: int) -> int:
    """The 5 % point of a binomial of useful - 1 tosses, in whole numbers so that no rounding moves it."""
    tosses = max(useful - 1, 0)
    needed, below = 0, 1
    while below * _CHANCE < 2**tosses:
        needed += 1
        below += comb(tosses, needed)
    return needed
