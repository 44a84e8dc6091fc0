"""What the ladder report shows: how far issues climb, where they are settled, and how the ball went to and fro."""

from dataclasses import dataclass

from tracker.pages.part_views import Link
from tracker.pages.theme_views import Figure


@dataclass(frozen=True, slots=True)
class TierLine:
    """One tier of the partnership's ladders. `tenths`: of those that reached it, how many tenths went up from it."""

    number: int
    name: str
    reached: Figure
    moved_up: Figure
    resolved: Figure
    tenths: int


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One issue that the reader may see. `path`: "1 › 2 › 1"; `elapsed` and `paused` in words ("12 days")."""

    ref: str
    title: str
    path: str
    hand_overs: int
    returns: int
    reopens: int
    elapsed: str
    paused: str


@dataclass(frozen=True, slots=True)
class LadderReportView:
    """The ladder report. `findings`: sentences, the most telling first. `tiers`: top first. `flows`: longest first.

    `beside`: the other reports. `scope`: whose issues are counted, "" for the whole partnership.
    """

    partnership: str
    period: str
    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    beside: tuple[Link, ...]
    issues: Figure
    resolved: Figure
    reopened: Figure
    handed_over: Figure
    ping_pong: Figure
    findings: tuple[str, ...]
    tiers: tuple[TierLine, ...]
    flows: tuple[FlowLine, ...]
    scope: str = ""
    anything: bool = True
