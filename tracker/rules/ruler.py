"""Measuring working time between very many pairs of moments: a calendar's spans laid out once."""

from bisect import bisect_right
from datetime import datetime, timedelta
from itertools import accumulate

from tracker.rules.open_time import WorkingTime

_HOUR = 3600.0


class Ruler:
    """A calendar from one moment to another. What lies outside counts as closed."""

    def __init__(self, calendar: WorkingTime, since: datetime, until: datetime) -> None:
        spans = calendar.spans_between(since, until + timedelta.resolution)
        self._opens = [opens.timestamp() for opens, _ in spans]
        lengths = [(closes - opens).total_seconds() for opens, closes in spans]
        self._lengths = lengths
        self._before = [0.0, *accumulate(lengths)]

    def hours(self, start: datetime, end: datetime) -> float:
        """Working hours between two moments, as `WorkingTime.between` has them; none if the end is not after the
        start."""
        return max(0.0, self._up_to(end) - self._up_to(start)) / _HOUR

    def _up_to(self, at: datetime) -> float:
        moment = at.timestamp()
        place = bisect_right(self._opens, moment) - 1
        if place < 0:
            return 0.0
        return self._before[place] + min(moment - self._opens[place], self._lengths[place])
