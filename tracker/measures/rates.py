"""Rates held against each other: how many times as often, how sure, how likely by chance."""

from collections.abc import Sequence
from math import exp, fsum, inf, lgamma, log, log1p, sqrt

_Z = 1.96  # 95 %


def rate_ratio(c: int, t_c: float, b: int, t_b: float) -> tuple[float, float, float, float]:
    """(ratio, low, high, p) of `c` counts in exposure `t_c` against `b` in `t_b`; both exposures above 0.

    The ratio has its 95 % interval, 0.5 added to each count where one is 0. p is one-sided and exact: the chance of
    `c` or more, were the rates equal (statistics.md 3). Refuses: ValueError.
    """
    if min(c, b) < 0 or min(t_c, t_b) <= 0:
        raise ValueError("counts are 0 or more, exposures more than 0")
    more = 0.5 if 0 in (c, b) else 0
    ratio = ((c + more) / t_c) / ((b + more) / t_b)
    spread = exp(_Z * sqrt(1 / (c + more) + 1 / (b + more)))
    return ratio, ratio / spread, ratio * spread, _at_least(c, c + b, t_c / (t_c + t_b))


def benjamini_hochberg(ps: Sequence[float], q: float) -> list[bool]:
    """Which p-values to flag, so that about a share `q` of those flagged is chance: all up to the largest k-th in
    order that is at most k/m of q (statistics.md 4)."""
    ranked = sorted(ps)
    passing = [p for rank, p in enumerate(ranked, 1) if p <= rank / len(ps) * q]
    return [bool(passing) and p <= passing[-1] for p in ps]


def _at_least(count: int, trials: int, chance: float) -> float:
    """P(X >= count) for X binomial."""
    if count == 0:
        return 1.0
    return min(1.0, fsum(exp(_log_binomial(each, trials, chance)) for each in range(count, trials + 1)))


def _log_binomial(count: int, trials: int, chance: float) -> float:
    if chance in (0.0, 1.0):  # an exposure so small beside the other that it is lost
        return 0.0 if count == trials * chance else -inf
    ways = lgamma(trials + 1) - lgamma(count + 1) - lgamma(trials - count + 1)
    return ways + count * log(chance) + (trials - count) * log1p(-chance)
