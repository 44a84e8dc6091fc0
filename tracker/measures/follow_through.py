"""Whether what was decided is done: how many decisions are past due, and how long the others took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """Of decisions that stand or are done. `median_days`: from decided to done, of those that are; None: none is."""

    decisions: int
    past_due: int
    done: int
    median_days: float | None


def follow_through(decisions: Iterable[tuple[date, date, date | None]], today: date) -> FollowThrough:
    """Of (decided on, due on, done on or None) each (statistics.md 6). Past due counts what is not done by the end of
    its due date; what was done late is done."""
    every = list(decisions)
    took = [(done_on - decided_on).days for decided_on, _, done_on in every if done_on is not None]
    past_due = sum(1 for _, due_on, done_on in every if done_on is None and due_on < today)
    return FollowThrough(len(every), past_due, len(took), median(took) if took else None)
