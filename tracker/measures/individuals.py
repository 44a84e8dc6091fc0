"""Charts of single values (times, scores) by how far each lies from the one before."""

from collections.abc import Sequence
from itertools import pairwise

from tracker.measures.chart_lines import Chart, base, charted, checked, mean

_LIMIT = 2.66  # 3 / 1.128, as the NHS tools round it
_RANGE_LIMIT = 3.267


def xmr(values: Sequence[float], screen: bool = True, baseline: int | None = None) -> Chart:
    """Individuals: mean +/- 2.66 mean moving ranges of the first `baseline` points (2 or more; default all).

    `screen` drops moving ranges of 3.267 times their mean or more, once (Nelson 1982; NHSRplotthedots). One value
    alone, or values all alike, have no moving range: the limits lie on the centre line. Refuses: ValueError.
    """
    points = checked(values, "values")
    return charted(points, *level(base(points, baseline, least=2), screen))


def level(values: Sequence[float], screen: bool = True) -> tuple[float, float]:
    """(mean, distance of a limit from it) of individuals, as `xmr` has them."""
    return mean(values), _LIMIT * _mean_range(values, screen)


def moving_range(values: Sequence[float]) -> Chart:
    """The steps between values, one point fewer than values; centre their mean, upper limit 3.267 times it, lower 0.

    Unscreened, and only "outside" is a signal: neighbouring steps share a value, so runs of them mean nothing.
    Refuses fewer than two values: ValueError.
    """
    points = checked(values, "values")
    if len(points) < 2:
        raise ValueError("a moving range needs two values")
    steps = _ranges(points)
    centre = mean(steps)
    whole = charted(steps, centre, (_RANGE_LIMIT - 1) * centre, floor=0.0)
    outside = {index: names & {"outside"} for index, names in whole.signals.items() if "outside" in names}
    return Chart(steps, centre, _RANGE_LIMIT * centre, 0.0, outside)


def _mean_range(values: Sequence[float], screen: bool) -> float:
    steps = _ranges(values)
    if not steps:
        return 0.0
    limit = _RANGE_LIMIT * mean(steps)
    kept = [step for step in steps if step < limit] if screen else []
    return mean(kept or steps)


def _ranges(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(abs(after - before) for before, after in pairwise(values))
