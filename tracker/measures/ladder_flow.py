"""How one issue moved, from its events: over the tiers, between organisations, to a stop and back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple, TypeVar

Value = TypeVar("Value")


class EventFlags(NamedTuple):
    """What the kinds of event that have these flags do to the course of an issue; one instance serves all of a kind."""

    ends: bool = False
    reopens: bool = False
    pauses: bool = False
    resumes: bool = False
    restarts: bool = False  # an early warning became an issue: only now its clock runs
    acknowledges: bool = False
    lapses: bool = False  # an acknowledgement does
    confirms: bool = False  # it goes up to be confirmed, which is no escalation
    counts_after_end: bool = False  # told after an end, it is still the time

    @property
    def ends_a_pause(self) -> bool:
        """What is over waits for nobody."""
        return self.resumes or self.ends


class MeasuredEvent(NamedTuple):
    """One event; `tier` and `ball` (the organisation whose turn it is) stand after it, None: as before. A tuple,
    because a report makes a hundred thousand of them at once.

    `by`: the organisation that did it, None: the clock, or nobody known. `waits_for`: whom a pause waits for. `cause`,
    `skipped`: why it went up, and over how many tiers. `late`: after its limit.
    """

    flags: EventFlags
    at: datetime
    tier: int | None = None
    ball: str | None = None
    by: str | None = None
    waits_for: str | None = None
    cause: str = ""
    skipped: int = 0
    late: bool = False


@dataclass(frozen=True, slots=True)
class LadderFlow:
    """The figures of one issue, named as the contract's `report ladder` names them. `elapsed_seconds`: from its first
    event to the one that ended it, to its last where it is not over."""

    tier_path: str
    max_tier: int
    tiers_up: int
    tiers_down: int
    hand_overs: int
    ping_pong: int
    reopens: int
    paused_seconds: int
    elapsed_seconds: int

    @property
    def figures(self) -> list[str | int]:
        """All of them, in order."""
        return [getattr(self, each.name) for each in fields(self)]

    @property
    def path(self) -> tuple[int, ...]:
        """The tiers of `tier_path`, in order."""
        return tuple(int(tier) for tier in self.tier_path.split(">") if tier)


def flow_of(events: Sequence[MeasuredEvent]) -> LadderFlow:
    """The figures of one issue from its events in order.

    Tier 0 is no tier (an early warning). A step over several tiers is one step. Seconds are calendar time, and what
    happens after it is over adds none (whether it stayed fixed, what is quoted), but for what counts after
    an end. A pause still open ends at the last event.
    """
    lived = events[: _ended_after(events)]
    tiers = collapsed(event.tier for event in events)
    balls = collapsed(event.ball for event in events)
    return LadderFlow(
        tier_path=">".join(map(str, tiers)),
        max_tier=max(tiers, default=0),
        tiers_up=sum(after > before for before, after in pairwise(tiers)),
        tiers_down=sum(after < before for before, after in pairwise(tiers)),
        hand_overs=max(len(balls) - 1, 0),
        ping_pong=returns_to_and_fro(balls),
        reopens=sum(event.flags.reopens for event in events),
        paused_seconds=_seconds(_pauses(lived)) if any(event.flags.pauses for event in events) else 0,
        elapsed_seconds=_seconds([(lived[0].at, lived[-1].at)]) if lived else 0,
    )


def returns_to_and_fro(balls: Sequence[str]) -> int:
    """How often the turn went straight back to whoever had it before; each organisation once in a row."""
    return sum(before == back for before, back in zip(balls, balls[2:], strict=False))


def collapsed(values: Iterable[Value | None]) -> list[Value]:
    """Without what is nothing, and each value once where it stands several times in a row."""
    return [value for value, _ in groupby(value for value in values if value)]


def _ended_after(events: Sequence[MeasuredEvent]) -> int:
    """How many events it took until it was over for good; all of them where it is not."""
    over = 0
    for place, event in enumerate(events, start=1):
        if event.flags.reopens:
            over = 0
        elif event.flags.counts_after_end if over else event.flags.ends:
            over = place
    return over or len(events)


def _pauses(events: Sequence[MeasuredEvent]) -> Iterator[tuple[datetime, datetime]]:
    since: datetime | None = None
    for event in events:
        if since is None and event.flags.pauses:
            since = event.at
        elif since is not None and event.flags.ends_a_pause:
            yield since, event.at
            since = None
    if since is not None:
        yield since, events[-1].at


def _seconds(spans: Iterable[tuple[datetime, datetime]]) -> int:
    """Through UTC: between two moments of one zone Python would count the clock's face, not the time."""
    lengths = (end.astimezone(UTC) - start.astimezone(UTC) for start, end in spans)
    return int(sum(lengths, timedelta()).total_seconds())
