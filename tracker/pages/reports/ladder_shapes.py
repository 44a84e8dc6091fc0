"""What the list of the issues behind a number of the ladder report shows."""

from dataclasses import dataclass

from tracker.pages.issues.lines import RowView
from tracker.pages.web.parts import Link


@dataclass(frozen=True, slots=True)
class BehindView:
    """The issues behind a number. `words`: what it counts; `counted`: how many there are; `report`: the way back."""

    partnership: str
    period: str
    report: Link
    words: str
    counted: str
    rows: tuple[RowView, ...]
    previous_href: str
    next_href: str
