"""Did a decision help? How often something happened after it against before, or from when on that can be said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Any

from tracker.measures.periods import Period, month_number, month_numbered, month_of
from tracker.measures.rates import between, rate_ratio, times

BEFORE, AFTER = 12, 12  # whole months that are looked at, at most
FEWEST = 3  # whole months that must have passed
WORTH_SEEING = 1 / 3  # the fall to a share of the old rate that has to show
LONGEST_WAIT = 36  # months; what would take longer is too rare to tell


class EffectVerdict(StrEnum):
    """What can be said of a decision's effect."""

    LESS = "it happens less often"
    MORE = "it happens more often"
    UNCLEAR = "no clear difference"
    EARLY = "too early to say"
    RARE = "too rare to say"
    NOTHING_BEFORE = "nothing to hold it against"


@dataclass(frozen=True, slots=True)
class Effect:
    """`parts`: the verdict with the numbers it used, a sentence; each part with the months it counts, None for mere
    text. `sayable_on`: the day from which on it is no longer too early, where it is. `ratio` with its 95 % interval:
    how many times as often; None until it can be said."""

    verdict: EffectVerdict
    parts: tuple[tuple[str, Period | None], ...]
    sayable_on: date | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """The sentence."""
        return "".join(text for text, _ in self.parts)


def effect(decided_on: date, today: date, months: Mapping[date, int], first: date | None) -> Effect:
    """Holds the whole months after the month of the decision against those before it: at most 12 of each, or after
    it as many as it takes.

    `months`: counts by the first day of their month, none for 0. `first`: the first day anything was recorded: the
    month it is in was not whole. The month of the decision is left out, being both.

    It is too early until 3 whole months have passed and enough would have happened in them, had nothing changed, for a
    fall to a third to show: for the 95 % interval of the rate ratio (statistics.md 3) to lie below 1. By this, 12
    months before with 1, 2 and 5 a month need 13, 6 and 3 months after. Smaller falls show later; they come out
    as “no clear difference”, which is not the same as no difference.
    """
    before = _whole_months_before(decided_on, first)
    counted = _sum(months, before)
    if not counted:
        return _told(
            EffectVerdict.NOTHING_BEFORE, f"There is {EffectVerdict.NOTHING_BEFORE}: it was not counted before."
        )
    needed, then = _months_needed(decided_on, counted, _days(before)), (str(counted), _span(before))
    if needed is None:
        rate = f" in {_so_many(len(before))} before would not show a fall to a third for years."
        return _told(EffectVerdict.RARE, f"It is {EffectVerdict.RARE}: ", then, rate)
    sayable_on = _after(decided_on, needed)[-1].end
    if today < sayable_on:
        until = f"{sayable_on.day} {sayable_on:%B %Y}"
        shown = f" in the {_so_many(len(before))} before, from {until} on a fall would show."
        early = f"It is {EffectVerdict.EARLY}: with "
        return _told(EffectVerdict.EARLY, early, then, shown, sayable_on=sayable_on)
    after = [month for month in _after(decided_on, max(AFTER, needed)) if month.end <= today]
    return _held_together(_sum(months, after), after, counted, before)


def _told(verdict: EffectVerdict, *parts: str | tuple[str, Period], **figures: Any) -> Effect:
    return Effect(verdict, tuple((part, None) if isinstance(part, str) else part for part in parts), **figures)


def _span(months: list[Period]) -> Period:
    return months[-1].ending(len(months))


def _whole_months_before(decided_on: date, first: date | None) -> list[Period]:
    """The month of the first day is whole only where that is its first."""
    last = month_of(decided_on)
    months = last.ending(BEFORE + 1).months()[:-1]
    return [month for month in months if first is not None and first <= month.start]


def _after(decided_on: date, count: int) -> list[Period]:
    first = month_number(decided_on) + 1
    return [month_numbered(number) for number in range(first, first + count)]


def _months_needed(decided_on: date, counted: int, days: int) -> int | None:
    """How many whole months after the decision make a fall to a third show; None where none in reach do."""
    for count in range(FEWEST, LONGEST_WAIT + 1):
        after = _days(_after(decided_on, count))
        fallen = round(counted / days * after * WORTH_SEEING)
        if rate_ratio(fallen, after, counted, days)[2] < 1:
            return count
    return None


def _held_together(now: int, after: list[Period], then: int, before: list[Period]) -> Effect:
    ratio, low, high, _ = rate_ratio(now, _days(after), then, _days(before))
    verdict = EffectVerdict.LESS if high < 1 else EffectVerdict.MORE if low > 1 else EffectVerdict.UNCLEAR
    often = f"{times(ratio)} times as often ({between(low, high)})."
    parts = (
        f"{str(verdict).capitalize()}: ", (str(now), _span(after)), f" in the {_so_many(len(after))} after, ",
        (str(then), _span(before)), f" in the {_so_many(len(before))} before; {often}",
    )  # fmt: skip
    return _told(verdict, *parts, ratio=ratio, low=low, high=high)


def _sum(counts: Mapping[date, int], months: Iterable[Period]) -> int:
    return sum(counts.get(month.start, 0) for month in months)


def _days(months: Iterable[Period]) -> int:
    return sum((month.end - month.start).days for month in months)


def _so_many(months: int) -> str:
    return "month" if months == 1 else f"{months} months"


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
