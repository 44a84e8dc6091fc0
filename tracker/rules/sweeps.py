"""Sweeps: what the clock did, and when it counts as late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LATE_AFTER = timedelta(minutes=2)
AGAIN_AFTER = timedelta(hours=1)
"""How long what was set aside rests before it is tried again: somebody may have mended the cause."""
COUNTED_AFTER = timedelta(minutes=1)
"""How long a month rests after a change before it is counted anew: more may follow, and until then reports count it."""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """One thing a sweep did: about what (a reference), and what, in a few words without names or texts."""

    about: str
    what: str


def is_late(ended_at: datetime | None, now: datetime) -> bool:
    """Whether the clock stands still: its last sweep ended too long ago, or there was none."""
    return ended_at is None or now - ended_at > LATE_AFTER
