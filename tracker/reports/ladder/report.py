"""What the ladder report says, as frozen values; page, CSV, XLSX and JSON are faces of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.measures.acknowledging import AcknowledgementFigures
from tracker.measures.ball import BallTime, ContestedDays, Matrix
from tracker.measures.effect import FollowThrough
from tracker.measures.ladder_flow import LadderFlow
from tracker.measures.periods import Period
from tracker.measures.rates import Share
from tracker.measures.tier_stays import TierFigures
from tracker.rules.arrangement import Arrangement


@dataclass(frozen=True, slots=True)
class IssueFlow:
    """One issue: its reference here, whether it is resolved now, and its figures. `came_back`: it was reopened within
    30 working days (of eight hours of its sides' joint time) of when it was first resolved; None: it never was
    resolved, or was not followed so long yet: up to the full hour in which they are over."""

    ref: str
    resolved: bool
    flow: LadderFlow
    came_back: bool | None = None


@dataclass(frozen=True, slots=True)
class LongWay:
    """One of the issues that went the longest way; its title is empty where there is no reader."""

    ref: str
    title: str
    resolved: bool
    flow: LadderFlow


@dataclass(frozen=True, slots=True)
class TierTotal:
    """How many issues came to a tier, went up from it, and were resolved on it."""

    tier: int
    reached: int
    moved_up: int
    resolved: int


@dataclass(frozen=True, slots=True)
class LadderTotals:
    """Counts of issues, but `hand_overs`, which counts changes of the ball. `ping_pong`: two returns or more.
    `without_clock`: early warnings and what was raised as worked round, which no time on a tier is told of."""

    issues: int
    resolved: int
    reopened: int
    handed_over: int
    hand_overs: int
    ping_pong: int
    without_clock: int
    tiers: tuple[TierTotal, ...]


@dataclass(frozen=True, slots=True)
class Endings:
    """How what is resolved by now ended. `lowest`: solved on tier 1, of all that is resolved. `reopened`: those that
    came back, of those that were ever resolved and were followed for 30 working days since (see `IssueFlow`).
    `skipped_second`: issues that came to the top and never were on tier 2."""

    resolved: int
    outcomes: Mapping[str, int]
    not_solved: Share
    lowest: Share
    reopened: Share
    skipped_second: int


@dataclass(frozen=True, slots=True)
class HandOvers:
    """How the ball passed between organisations. `matrix`: from whom to whom; `returns`: to one that had it before;
    `flagged`: issues with two returns or more; `contested`: how long it took until those were settled."""

    matrix: Matrix
    returns: int
    flagged: int
    contested: ContestedDays


@dataclass(frozen=True, slots=True)
class LadderReport:
    """All is over what the reader's totals cover: `tiers`, top last, over issues by the day they came to a tier; the
    rest over issues raised in the period. Without a period: of all time. What lasts is told to the hour.

    `readable`: how many of those raised in the period the reader may read; `longest`: of them, those that went the
    longest way. `behind`: so many issues, and too many to look at them, have changed since they were counted; 0: all
    is of now. `whole`: the totals are over the whole partnership; `anything`: something was recorded for this reader,
    if not in this period.
    """

    arrangement: Arrangement
    within: Period | None
    readable: int
    behind: int
    longest: tuple[LongWay, ...]
    totals: LadderTotals
    tiers: tuple[TierFigures, ...]
    ball: BallTime
    hand_overs: HandOvers
    acknowledgement: AcknowledgementFigures
    endings: Endings
    decisions: FollowThrough  # that the reader may read, whenever they were taken
    whole: bool
    anything: bool

    @property
    def organisations(self) -> tuple[str, ...]:
        """Keys, in the partnership's order, by which `ball` and `hand_overs` are to be shown."""
        return tuple(each.key for each in self.arrangement.active_organisations())
