"""How long issues stay on each tier and how they leave it, those that are still there counted too."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from tracker.measures.ladder_flow import EventFlags, MeasuredEvent
from tracker.measures.rates import Share

Span = tuple[datetime, datetime]
Hours = Callable[[datetime, datetime], float]  # working hours between two moments


class RiseCause(StrEnum):
    """How an issue went up, each in one way only (statistics.md 6)."""

    TIMED_OUT = "timed out"
    PUSHED = "pushed"  # by the organisation that is named beside it
    AGREED = "both agreed"
    FAST_TRACK = "fast-track"
    SKIPPED = "skipped"  # over at least one tier, whatever the reason
    OTHER = "another way"  # nobody sat there, it was reopened too often, or history does not say


class Rise(NamedTuple):
    """A step up, and who pushed it, where somebody did."""

    how: RiseCause
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """The time of one issue on one tier, from the first time it came there; `visits` leave out pauses, and while it
    was resolved; `since`: since when it has been there without a stop, None where it is not. `is_over`: it is not there
    any more, or is resolved. `is_late`: the limit passed. `has_limit`: the product's clock ran, it is not out of
    history. `rise`: how it first went up from there."""

    tier: int
    entered_at: datetime
    visits: tuple[Span, ...]
    is_over: bool
    is_late: bool
    has_limit: bool
    rise: Rise | None
    since: datetime | None = None

    @property
    def is_told(self) -> bool:
        """Whether it is one of those of which it can be told how they left: it has, or its limit has passed."""
        return self.is_over or self.is_late or self.rise is not None


@dataclass(frozen=True, slots=True)
class TierFigures:
    """One tier, over the issues that came to it in a period. Lengths in working hours; None: not so many have left yet.

    `went_up`: of those that have left it or passed its limit. `within_limit`: of those, where a clock ran.
    """

    tier: int
    entered: int
    still_there: int
    went_up: Share
    rises: Mapping[Rise, int]
    median_hours: float | None
    ninetieth_hours: float | None
    within_limit: Share


def stays(events: Sequence[MeasuredEvent], *, has_limits: bool = True) -> list[Stay]:
    """Each tier that an issue came to, in the order in which it first did, from its events in order."""
    following = _IssueCourse()
    for event in events:
        following.take(event)
    return following.found(has_limits=has_limits)


def hours_of(stay: Stay, between: Hours) -> float:
    """How many working hours the visits of a stay lasted, but for one that goes on."""
    return sum(between(start, end) for start, end in stay.visits)


def _is_telling(flags: EventFlags) -> bool:
    """Whether it changes where an issue stays without a step from tier to tier."""
    return flags.pauses or flags.reopens or flags.restarts or flags.ends_a_pause


@dataclass(slots=True)
class _OpenStay:
    entered_at: datetime
    visits: list[Span] = field(default_factory=list)
    is_late: bool = False
    rise: Rise | None = None


@dataclass(slots=True)
class _IssueCourse:
    """Where an issue is, event by event; `since`: since when it has been there without a stop."""

    tier: int = 0
    is_paused: bool = False
    is_over: bool = False
    since: datetime | None = None
    tiers: dict[int, _OpenStay] = field(default_factory=dict)

    def take(self, event: MeasuredEvent) -> None:
        if not _is_telling(event.flags) and event.tier in (None, self.tier) and not event.late:
            return
        before, self.tier = self.tier, event.tier or self.tier
        if event.flags.restarts:
            self.tiers, self.since = {}, None
        elif event.late and before:
            self.tiers[before].is_late = True
        self._stop_or_go_on(event)
        if self.since is not None and (self.tier != before or self.is_paused or self.is_over):
            self.tiers[before].visits.append((self.since, event.at))
            self.since = None
        if self.tier and self.tier not in self.tiers:
            self.tiers[self.tier] = _OpenStay(event.at)
        if 0 < before < self.tier and before in self.tiers and not event.flags.confirms:
            self.tiers[before].rise = self.tiers[before].rise or _rise(event)
        if self.since is None and self.tier and not self.is_paused and not self.is_over:
            self.since = event.at

    def found(self, *, has_limits: bool) -> list[Stay]:
        return [
            Stay(
                tier,
                each.entered_at,
                tuple(each.visits),
                self.is_over or tier != self.tier,
                each.is_late,
                has_limits,
                each.rise,
                self.since if tier == self.tier else None,
            )
            for tier, each in self.tiers.items()
        ]

    def _stop_or_go_on(self, event: MeasuredEvent) -> None:
        if event.flags.pauses:
            self.is_paused = True
        elif event.flags.ends_a_pause:
            self.is_paused = False
        self.is_over = event.flags.ends or (self.is_over and not event.flags.reopens)


def _rise(event: MeasuredEvent) -> Rise:
    how = RiseCause.SKIPPED if event.skipped else RiseCause(event.cause or RiseCause.PUSHED)
    if how is RiseCause.PUSHED:
        return Rise(how, event.by) if event.by else Rise(RiseCause.OTHER)
    return Rise(how)
