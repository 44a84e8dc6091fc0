"""What a body's page shows: when it meets, who sits on it, and the issues that reached it."""

from dataclasses import dataclass
from datetime import datetime

from tracker.pages.decision_views import DecisionLine
from tracker.pages.list_views import RowView
from tracker.pages.part_views import Link


@dataclass(frozen=True, slots=True)
class BodySide:
    """Who is seated for one organisation; `people` with what they are: "Jo Bell, chair"."""

    name: str
    side: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An issue on the agenda, with its story in brief: a few sentences, oldest first.

    `since`: when it reached this body; `decided`: what was decided about it.
    """

    row: RowView
    since: datetime
    since_words: str
    brief: tuple[str, ...]
    asks: str = ""
    decided: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in the list of bodies; `mine`: the reader is seated on it."""

    name: str
    href: str
    partnership: str
    waiting: int
    next_meeting: datetime | None
    mine: bool = False
    tier_words: str = ""


@dataclass(frozen=True, slots=True)
class AgendaView:
    """A body's agenda, oldest limit first.

    `meetings`: the next ones, soonest first. `decided`: what left it lately. `decisions`: those it took that are open;
    `decide`: where the reader may record one ("" where they may not).
    """

    name: str
    partnership: str
    tier_words: str
    sides: tuple[BodySide, ...]
    items: tuple[AgendaItem, ...]
    meetings: tuple[datetime, ...] = ()
    decided: tuple[RowView, ...] = ()
    mine: bool = False
    more: str = ""
    key: str = ""
    decisions: tuple[DecisionLine, ...] = ()
    decide: str = ""
