"""What the ladder report shows: how far issues climb and how, how long they stay, whose turn it was, how they end."""

from dataclasses import dataclass

from tracker.pages.web.parts import Link
from tracker.reports.sentences import Count, Linked, Quality


@dataclass(frozen=True, slots=True)
class TierLine:
    """Who went up from a tier. `told`: of how many that is. `share`: "24 %, 18 to 31"; `ways`: counts under the
    table's headings. `tenths`: how many tenths of those told went up. At the top all of these are empty."""

    number: int
    name: str
    entered: Count
    went_up: Count
    told: Count
    share: Count
    tenths: int
    ways: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class TimeLine:
    """How long issues stay on a tier: lengths in words. `within`: "81 %, 74 to 87" within the limit."""

    number: int
    name: str
    median: Count
    ninetieth: Count
    within: Count
    tenths: int | None
    still_there: Count


@dataclass(frozen=True, slots=True)
class TurnLine:
    """Whose turn it was: an organisation's, an outsider's. Shares of all the time, and days an issue."""

    name: str
    held: Count
    waited_for: Count
    days: Count
    tenths: int


@dataclass(frozen=True, slots=True)
class PassedLine:
    """How often the ball passed from an organisation to each of those under the headings; itself is one of them."""

    name: str
    cells: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class ClimbView:
    """The tiers, top first. `ways`: the headings of how issues went up; `words`: what is counted."""

    ways: tuple[str, ...]
    tiers: tuple[TierLine, ...]
    times: tuple[TimeLine, ...]
    words: Linked


@dataclass(frozen=True, slots=True)
class PassedView:
    """From whom to whom the ball passed. `takers`: the headings; `lines`: empty where it never did."""

    takers: tuple[str, ...]
    lines: tuple[PassedLine, ...]
    words: Linked


@dataclass(frozen=True, slots=True)
class FlowLine:
    """One issue that the reader may see. `path`: "1 › 2 › 1"; `elapsed` and `paused` in words ("12 days",
    "12 days; not over": up to its last event)."""

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
    """The ladder report. `findings`: sentences, the most telling first. `settled`: how many ended on each tier, solved
    or not, lowest first, as (tier, number). `flows`: longest first; `listed`: which of the issues they are, `readable`:
    how many of those counted the files have; both empty where that is all.

    `beside`: the other reports. `scope`: whose issues are counted, "" for the whole partnership.
    """

    partnership: str
    period: str
    periods: tuple[Link, ...]
    exports: tuple[Link, ...]
    beside: tuple[Link, ...]
    issues: Count
    resolved: Count
    reopened: Count
    findings: tuple[Linked, ...]
    climb: ClimbView
    turns: tuple[TurnLine, ...]
    passed: PassedView
    measures: tuple[Quality, ...]
    settled: tuple[tuple[str, Count], ...]
    flows: tuple[FlowLine, ...]
    listed: str
    readable: Linked
    scope: str = ""
    anything: bool = True
