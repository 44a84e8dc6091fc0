"""Charts for what is rare: how much lies between one event and the next."""

from collections.abc import Sequence
from math import sqrt
from statistics import median

from tracker.measures.chart_lines import Chart, base, charted, checked, mean
from tracker.measures.individuals import level

_POWER = 3.6  # makes times between events near enough normal (Nelson 1994)


def g_chart(gaps: Sequence[float], baseline: int | None = None) -> Chart:
    """Units (cases, days) between rare events: centre the median, upper limit mean + 3 sqrt(mean (mean + 1)), lower 0.

    Gaps are 0 or more; all 0 puts every line on 0. Limits and centre from the first `baseline` gaps. Source:
    qicharts2, qic.g. Refuses: ValueError.
    """
    points = checked(gaps, "gaps", least=0)
    known = base(points, baseline)
    middle = mean(known)
    return charted(points, middle, 3 * sqrt(middle * (middle + 1)), centre=float(median(known)), floor=0.0)


def t_chart(times: Sequence[float], baseline: int | None = None) -> Chart:
    """Time between rare events, in any one unit: screened XmR of time^(1/3.6), its lines turned back.

    Times are 0 or more (two on one day); a lower limit below 0 is 0; signals are those of the turned values.
    Source: qicharts2, qic.t. Refuses: ValueError.
    """
    points = checked(times, "times", least=0)
    turned = tuple(time ** (1 / _POWER) for time in points)
    middle, spread = level(base(turned, baseline, least=2))
    upper, centre, lower = (max(0.0, line) ** _POWER for line in (middle + spread, middle, middle - spread))
    return Chart(points, centre, upper, lower, charted(turned, middle, spread).signals)
