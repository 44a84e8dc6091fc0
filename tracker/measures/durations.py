"""How long things last, those that still last counted too; and whether one group waits longer than another."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp, isfinite, log, prod, sqrt
from typing import Any

from tracker.measures.rates import wilson

Curve = list[tuple[float, float]]
_Z = 1.96  # 95 %


def kaplan_meier(durations: Sequence[float], observed: Sequence[bool]) -> Curve:
    """[(t, share that lasts longer than t)] at each distinct duration, shortest first.

    `observed`: False where it had not ended when last seen; at equal times ends come first (Kaplan and Meier 1958).
    Refuses none at all, unequal lengths and durations below 0: ValueError.
    """
    return _curve(_steps(durations, observed))


def curve_of(ended: Mapping[int, int], lasting: Mapping[int, int]) -> Curve:
    """The same from how many ended after each duration, and how many lasted so long when last seen; of none: []."""
    left = Counter(ended)
    left.update(lasting)
    return _curve(_falls(ended, left))


def lasting(durations: Sequence[float], observed: Sequence[bool], at: float) -> tuple[float, float, float]:
    """(share that lasts longer than `at`, low, high): the Kaplan-Meier share with its 95 % interval.

    Greenwood's variance on the log-log scale (Kalbfleisch and Prentice 1980, 1.4). Where all or none last it has no
    variance; Wilson's interval then, of those seen beyond `at`, or of those seen to end. Nobody seen: 0 to 1.
    """
    steps = [step for step in _steps(durations, observed) if step[0] <= at]
    share = prod(1 - ended / at_risk for _, ended, at_risk in steps)
    if share == 1.0:
        beyond = sum(duration >= at for duration in durations)
        return share, wilson(beyond, beyond)[0] if beyond else 0.0, 1.0
    if share == 0.0:
        return share, 0.0, wilson(0, sum(ended for _, ended, _ in steps))[1]
    greenwood = sum(ended / (at_risk * (at_risk - ended)) for _, ended, at_risk in steps)
    spread = exp(_Z * sqrt(greenwood) / -log(share))
    return share, share**spread, share ** (1 / spread)


def median_of(curve: Curve) -> float | None:
    """The time by which half have ended; None where the curve does not come down so far."""
    return percentile_of(curve, 50)


def percentile_of(curve: Curve, percent: float) -> float | None:
    """The first time by which `percent` of 100 have ended; None where the curve does not come down so far."""
    wanted = 1 - percent / 100
    return next((time for time, survival in curve if survival <= wanted + 1e-12), None)


def cliffs_delta(x: Sequence[float], y: Sequence[float]) -> float:
    """How much more often a value of `x` is above one of `y` than below, of all pairs: -1 to 1 (Cliff 1993).

    Refuses an empty side: ValueError.
    """
    if not x or not y:
        raise ValueError("both sides need a value")
    ordered = sorted(y)
    above = sum(bisect_left(ordered, value) for value in x)
    below = sum(len(ordered) - bisect_right(ordered, value) for value in x)
    return (above - below) / (len(x) * len(y))


def _steps(durations: Sequence[float], observed: Sequence[bool]) -> Iterator[tuple[float, int, int]]:
    """(time, how many ended then, how many had lasted until then) for each distinct duration."""
    if not durations or len(durations) != len(observed):
        raise ValueError(f"one duration or more, each observed or not; not {len(durations)} and {len(observed)}")
    if not all(isfinite(duration) and duration >= 0 for duration in durations):
        raise ValueError("durations are finite numbers, 0 or more")
    ended = Counter(duration for duration, seen in zip(durations, observed, strict=True) if seen)
    yield from _falls(ended, Counter(durations))


def _falls(ended: Mapping[Any, int], left: Mapping[Any, int]) -> Iterator[tuple[float, int, int]]:
    at_risk = sum(left.values())
    for time in sorted(left):
        yield time, ended.get(time, 0), at_risk
        at_risk -= left[time]


def _curve(steps: Iterable[tuple[float, int, int]]) -> Curve:
    survival, curve = 1.0, []
    for time, ended, at_risk in steps:
        survival *= 1 - ended / at_risk
        curve.append((time, survival))
    return curve
