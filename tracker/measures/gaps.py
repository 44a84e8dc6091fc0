"""What lay between one occurrence and the next: days, or cases where so many a month are known."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, pairwise

from tracker.measures.periods import Period


def days_between(days: Iterable[date]) -> tuple[float, ...]:
    """From each day to the next one, in days; 0 for two on one day."""
    return tuple(float((later - day).days) for day, later in pairwise(sorted(days)))


def cases_between(days: Iterable[date], months: Sequence[Period], cases: Sequence[float]) -> tuple[float, ...]:
    """How many cases lay between, where each month's are spread evenly over its days.

    `months`: in order, one after the other, with as many `cases`. Refuses a day outside of them: ValueError.
    """
    starts, before = [month.start for month in months], (0.0, *accumulate(cases))
    so_far = []
    for day in sorted(days):
        place = bisect_right(starts, day) - 1
        if place < 0 or day not in months[place]:
            raise ValueError(f"{day} lies outside the months that are known")
        month = months[place]
        so_far.append(before[place] + cases[place] * (day - month.start).days / (month.end - month.start).days)
    return tuple(later - earlier for earlier, later in pairwise(so_far))
