"""Theme reports that are kept in the process, for who reads the same, until anything happens that they may count."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeAlias

from tracker.reports.themes.report import UnreadReport
from tracker.reports.themes.request import ReportRequest, Tallies

MOST_KEPT = 16  # of what was counted, in the process: of ten thousand issues a megabyte each, with a report
_MOST_READ = 4  # reports of each: readers with the same totals differ in what they may read of decisions and words

_Place: TypeAlias = tuple[str, int]
"""A database by its address, and a partnership."""


class KeptCount:
    """What was counted for certain totals in a period on a day, and the reports that were made of it."""

    def __init__(self, request: ReportRequest, counted: Tallies) -> None:
        self.request, self.counted = request, counted
        self._reports: OrderedDict[Hashable, UnreadReport] = OrderedDict()

    def report(self, read: Tallies) -> UnreadReport:
        """Of what was counted, with what a reader may read of it."""
        key = (read.decided, read.quotations, tuple(read.links))
        with _lock:
            found = self._reports.setdefault(key, UnreadReport(self.request, read))
            self._reports.move_to_end(key)
            while len(self._reports) > _MOST_READ:
                self._reports.popitem(last=False)
        return found


_kept: "OrderedDict[tuple[_Place, Hashable], KeptCount]" = OrderedDict()
_states: dict[_Place, Hashable] = {}
_lock = Lock()


def kept_for(
    place: _Place, state: Hashable, asked: Hashable, count: Callable[[], tuple[ReportRequest, Tallies]]
) -> KeptCount:
    """What was counted in this state of a partnership, else what is counted now. In another state all that was kept of
    it is dropped: what was taken out since is gone with it."""
    with _lock:
        if _states.get(place) != state:
            forget(place)
            _states[place] = state
        found = _kept.get((place, asked))
        if found is not None:
            _kept.move_to_end((place, asked))
            return found
    found = KeptCount(*count())
    with _lock:
        if _states.get(place) == state:
            _kept[place, asked] = found
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return found


def forget(place: _Place) -> None:
    """All that is kept of a partnership."""
    for key in [each for each in _kept if each[0] == place]:
        del _kept[key]
    _states.pop(place, None)
