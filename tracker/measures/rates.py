"""Rates, shares and counts: how often, against what, how sure, how likely by chance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, lgamma, log, log1p, sqrt

from tracker.measures.suppression import LEAST_DENOMINATOR

Z_95 = 1.96
_TAIL = 0.025
_NOTHING = 1e-17  # of a sum
_BYAR_FROM = 10  # a count; from here on Byar's limits are within 0.2 % of the exact ones


def rate_ratio(c: int, t_c: float, b: int, t_b: float, *, z: float = Z_95) -> tuple[float, float, float, float]:
    """(ratio, low, high, p) of `c` counts in exposure `t_c` against `b` in `t_b`; both exposures above 0.

    The ratio has its interval of `z` standard errors either way, 95 % by default, 0.5 added to each count where one is
    0. p is one-sided and exact: the chance of `c` or more, were the rates equal (statistics.md 3). Refuses: ValueError.
    """
    if min(c, b) < 0 or min(t_c, t_b) <= 0:
        raise ValueError("counts are 0 or more, exposures more than 0")
    more = 0.5 if 0 in (c, b) else 0
    ratio = ((c + more) / t_c) / ((b + more) / t_b)
    spread = exp(z * sqrt(1 / (c + more) + 1 / (b + more)))
    return ratio, ratio / spread, ratio * spread, _at_least(c, c + b, t_c / (t_c + t_b))


def benjamini_hochberg(ps: Sequence[float], q: float) -> list[bool]:
    """Which p-values to flag, so that about a share `q` of those flagged is chance: all up to the largest k-th in
    order that is at most k/m of q (statistics.md 4)."""
    ranked = sorted(ps)
    passing = [p for rank, p in enumerate(ranked, 1) if p <= rank / len(ps) * q]
    return [bool(passing) and p <= passing[-1] for p in ps]


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share k of n, within 0 and 1 (Wilson 1927). Refuses an n of 0: ValueError."""
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"a share is 0 or more of 1 or more, and no more than all; not {k} of {n}")
    share, z2 = k / n, Z_95 * Z_95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def byar(count: int) -> tuple[float, float]:
    """The 95 % interval of a count: Byar's from 10 on, below that the exact one, which chi-square gives.

    Source: Public Health Technical Guide: Confidence Intervals, 2018. Refuses less than 0: ValueError.
    """
    if count < 0:
        raise ValueError(f"a count is 0 or more, not {count}")
    if count >= _BYAR_FROM:
        return _byar_limit(count, -Z_95), _byar_limit(count + 1, Z_95)
    low = _mean_where(lambda mean: _poisson_at_most(count - 1, mean) - (1 - _TAIL)) if count else 0.0
    return low, _mean_where(lambda mean: _poisson_at_most(count, mean) - _TAIL)


def cohen_kappa(table: Sequence[Sequence[int]]) -> float:
    """How far two agree beyond chance: `table[i][j]` things that one calls i and the other j (Cohen 1960).

    1 agreement on all, 0 as by chance, below 0 less. Where both have called everything the same one thing, 1.
    Refuses a table that is not square, or holds nothing: ValueError.
    """
    if any(len(row) != len(table) for row in table) or min((min(row) for row in table), default=0) < 0:
        raise ValueError("an agreement table is square and counts 0 or more")
    total = sum(map(sum, table))
    if total == 0:
        raise ValueError("an agreement table counts one thing or more")
    agreed = sum(row[place] for place, row in enumerate(table)) / total
    columns = [sum(column) for column in zip(*table, strict=True)]
    by_chance = sum(sum(row) * column for row, column in zip(table, columns, strict=True)) / total**2
    return 1.0 if by_chance == 1 else (agreed - by_chance) / (1 - by_chance)


def chapman(n1: int, n2: int, m: int) -> float:
    """How many there are, from two sources that caught `n1` and `n2`, `m` of them in both (Chapman 1951).

    Holds where the sources are independent and every one as likely caught: show it as a range at best
    (statistics.md 8). Refuses more matches than a source has: ValueError.
    """
    if not 0 <= m <= min(n1, n2):
        raise ValueError(f"matches are 0 or more, and no more than either source has; not {m} of {n1} and {n2}")
    return (n1 + 1) * (n2 + 1) / (m + 1) - 1


@lru_cache(maxsize=4096)  # of the same counts from one report to the next
def _at_least(count: int, trials: int, chance: float) -> float:
    """P(X >= count) for X binomial: the smaller tail summed, the other one what is left of 1."""
    if count == 0:
        return 1.0
    if count <= trials * chance:
        return 1.0 - _upper_tail(trials - count + 1, trials, 1 - chance)
    return _upper_tail(count, trials, chance)


def _upper_tail(count: int, trials: int, chance: float) -> float:
    """P(X >= count) for a count above the mean, from where terms only fall; those too small to count are left out."""
    total, term = 0.0, exp(_log_binomial(count, trials, chance))
    while term > total * _NOTHING:
        total += term
        term *= (trials - count) / (count + 1) * chance / (1 - chance)
        count += 1
    return total


def _log_binomial(count: int, trials: int, chance: float) -> float:
    if chance in (0.0, 1.0):  # an exposure so small beside the other that it is lost
        return 0.0 if count == trials * chance else -inf
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return ways + count * log(chance) + (trials - count) * log1p(-chance)


def _byar_limit(count: int, z: float) -> float:
    return float(count * (1 - 1 / (9 * count) + z / (3 * sqrt(count))) ** 3)


def _poisson_at_most(count: int, mean: float) -> float:
    term = total = exp(-mean)
    for each in range(1, count + 1):
        term *= mean / each
        total += term
    return total


def _mean_where(excess: Callable[[float], float]) -> float:
    """The mean at which a chance that falls as it grows is what is wanted, to the last digit that counts."""
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2


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


def times(ratio: float) -> str:
    """“2.8”, “0.04” where one digit would make nothing of it, “under 0.01”."""
    if 0 < ratio < 0.01:
        return "under 0.01"
    return f"{ratio:.2f}" if 0 < ratio < 0.1 else f"{ratio:.1f}"


def a_month(count: float, months: float) -> str:
    """So many a month, as one reads it: “18”, “6”, “2.8”, “0.04”."""
    return rate_text(count / months)


def rate_text(rate: float) -> str:
    """“18”, “6”, “2.8”, “0.04”."""
    digits = 0 if rate >= 10 else 2 if 0 < rate < 0.1 else 1
    return f"{rate:.{digits}f}".removesuffix(".0")


def factor(now: str, before: str) -> str:
    """“, some 16 times” as often, so that it can be checked from the two rates as they are printed; nothing where it is
    not more, or nothing was before."""
    if not float(before) or float(now) <= float(before):
        return ""
    ratio = float(now) / float(before)
    return f", some {ratio:.0f} times" if ratio >= 10 else f", some {f'{ratio:.1f}'.removesuffix('.0')} times"


def between(low: float, high: float) -> str:
    """An interval: “1.5 to 5.2”."""
    return f"{times(low)} to {times(high)}"
