"""The two-sided ladder as it is drawn: a column for each side, a rung for each tier, who stands where."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SideView:
    """One organisation concerned. `side`: its colour class ("side-a"). `mine`: the reader belongs to it."""

    key: str
    name: str
    side: str
    mine: bool = False
    ball: bool = False


@dataclass(frozen=True, slots=True)
class SeatView:
    """Who stands on a rung for one side. `name` None: nobody does, the tier is vacant for that side.

    `also`: the others of that side who may act here. `words`: "acknowledged", "for Lee Park, away until 12
    May". `me`: the reader.
    """

    organisation: str
    side: str
    name: str | None
    words: str = ""
    also: tuple[str, ...] = ()
    ball: bool = False
    me: bool = False


@dataclass(frozen=True, slots=True)
class RungView:
    """One tier. `stands`: past, now, above, skipped, passed (here, at the top, past the limit) or settled (here).

    The line under its name is `before`, the moment `at`, `after`; each may be empty: ("from", at, "for 10
    working days"), ("their meeting on", at, ""), ("limit passed", at, "after 3 working days"), ("2 of 5
    working days left", None, ""). `tenths`: how much of the limit is used, 0 to 10, for the rung it is on.
    `href`: the body's agenda, "" if not for this reader. `marks`: "two-sided paper", "outside the
    partnership", "the whole body reads". `seats` stand in the order of the ladder's sides.
    """

    number: int
    name: str
    stands: str
    seats: tuple[SeatView, ...]
    before: str = ""
    at: datetime | None = None
    after: str = ""
    tenths: int | None = None
    href: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LadderView:
    """The two-sided ladder, `rungs` top first.

    `where`: the address of the agreed ladder, "" if there is none to show.
    """

    name: str
    version: int
    sides: tuple[SideView, ...]
    rungs: tuple[RungView, ...]
    where: str = ""
