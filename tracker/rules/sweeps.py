"""Sweeps: what the clock did, and when it counts as late."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

RINGING = ("timers", "announcements", "counts", "checkpoints", "erasures")
"""The sweeps by which limits pass: they wait for no letter."""
POST = ("links", "letters")
"""The sweeps that wait for somebody outside the house."""
WITNESSING = ("witnesses",)
"""The sweep that waits for witnesses: no limit and no letter waits with it."""
EVERY = (*RINGING, *POST, *WITNESSING)
AT_LEAST, AT_MOST, BATCH_LASTS = 5, 50, 0.04
"""How many things, and for about how many seconds, a sweep does in one transaction: on SQLite whoever raises waits for
it. Five take little longer than one, however busy the machine is."""
LATE_AFTER = timedelta(minutes=2)
AGAIN_AFTER = timedelta(hours=1)
"""How long what was set aside rests before it is tried again: somebody may have mended the cause."""
COUNTED_AFTER = timedelta(minutes=1)
"""How long a month rests after a change before it is counted anew: more may follow, and until then reports count it."""
CLIMBS_COUNTED_AFTER = timedelta(seconds=10)
"""The same of how an issue climbed, which costs less to count: few wait for it at a time, and reports look at few."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """One thing a sweep did: about what (a reference), and what, in a few words without names or texts."""

    about: str
    what: str


DoneT = TypeVar("DoneT")


@dataclass(frozen=True)
class Batch(Generic[DoneT]):
    """What a sweep did in one transaction. `held`: the ids of what is due and cannot be done just now, because somebody
    else holds what it needs, or because a newer program wrote it; `taken`: those of all that it took up."""

    done: tuple[DoneT, ...] = ()
    held: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()


class BatchSize:
    """How many things are done in one transaction: as many as fit in its time by what the last ones took; after one
    that failed a single one."""

    def __init__(self) -> None:
        self.most = 1

    def learn(self, most: int, done: int, seconds: float) -> None:
        """So many were done, of at most so many, in so many seconds."""
        fit = int(BATCH_LASTS * max(1, done) / max(seconds, 1e-6))
        self.most = min(AT_MOST, max(AT_LEAST, fit), 2 * most)


class Held(Exception):
    """What is due cannot be done just now: somebody else holds a row that it needs. `row_id` is of what is due."""

    def __init__(self, row_id: int) -> None:
        super().__init__(f"{row_id} is held")
        self.row_id = row_id


def late_sweeps(ended: Mapping[str, datetime], now: datetime, of: Collection[str] = EVERY) -> tuple[str, ...]:
    """The sweeps that ended too long ago, or never did, by name. Those of another version are nobody's."""
    return tuple(name for name in of if is_late(ended.get(name), now))


def is_late(ended_at: datetime | None, now: datetime) -> bool:
    """Whether the clock stands still: its last sweep ended too long ago, or there was none."""
    return ended_at is None or now - ended_at > LATE_AFTER
