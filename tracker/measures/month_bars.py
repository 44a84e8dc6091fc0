"""What a chart of months draws beside its bars: the earlier rate and its limits (statistics.md 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from tracker.measures.chart_choice import ChartExposure

FEWEST_FOR_A_LINE, FEWEST_FOR_LIMITS = 6, 12  # earlier months
_SIGMAS = 3


@dataclass(frozen=True, slots=True)
class EarlierRate:
    """Heights in occurrences, one for each month charted; () where there are too few earlier months to draw them."""

    centre: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()


def earlier_rate(
    counts: Sequence[int], recent: int, exposure: ChartExposure | None = None, *, frozen: float | None = None
) -> EarlierRate:
    """From the months before the last `recent` ones: their mean, or what their rate makes of each month's exposure;
    with the limits of a c-chart, or of a u-chart. `frozen`: a centre as `chart_choice.chosen_chart` takes it."""
    earlier = max(0, len(counts) - recent)
    if earlier < FEWEST_FOR_A_LINE:
        return EarlierRate()
    sizes = [each / exposure.per for each in exposure.months] if exposure else [1.0] * len(counts)
    rate = fsum(counts[:earlier]) / fsum(sizes[:earlier]) if frozen is None else frozen
    centre = tuple(rate * size for size in sizes)
    if earlier < FEWEST_FOR_LIMITS and frozen is None:
        return EarlierRate(centre)
    upper = tuple(each + _SIGMAS * sqrt(each) for each in centre)
    lower = tuple(max(0.0, each - _SIGMAS * sqrt(each)) for each in centre)
    return EarlierRate(centre, upper, lower)
