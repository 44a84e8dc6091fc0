"""The kinds of event by which two issues become one, and by which a side that was wrong is none any more."""

from dataclasses import replace
from typing import Self

from tracker.rules.events.kinds import EventKind, Recipients, said, written
from tracker.rules.events.resolution import OfTwo
from tracker.rules.wording import say_kept_day


class Merged(OfTwo):
    """Another issue, the same as this one, goes on in it; that one began on `raised_on`."""

    name = "merged"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    tone = "again"
    raised_on: str = ""

    def sentence(self, who: str) -> str:
        other = f"{self.again}, raised on {say_kept_day(self.raised_on)}," if self.again else "another issue"
        return f"{who} merged {other} into this one"

    def unlinked(self) -> Self:
        return replace(self, again="", raised_on="")


class MergedInto(OfTwo):
    """It is the same as another issue, and goes on there: whoever reported this one keeps sight of both."""

    name = "merged_into"
    hears = frozenset({Recipients.HOLDERS, Recipients.BELOW, Recipients.RAISER})
    moves_totals = True
    tone = "end"
    ends = True
    counts_after_end = True

    def sentence(self, who: str) -> str:
        return f"{who} merged it into {self.again or 'another issue'}, where it goes on"

    def next_text(self) -> str:
        return f"Whoever reported it follows {self.again} from now on." if self.again else ""


class SideRemoved(EventKind):
    """An organisation that had been made a side by mistake, and had said nothing yet, is none any more."""

    name = "side_removed"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    moves_totals = True
    side: str = ""
    side_name: str = said()
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        return f"{who} took {self.side_name} out, which was no side of it: {self.reason}"
