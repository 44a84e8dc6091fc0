"""Did a decision help? How often something happened since it was done against before, or from when on that can be said.

Source: statistics.md 12, which tried the limits named here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Any

from tracker.measures.periods import Period, month_number, month_numbered, month_of
from tracker.measures.rates import Z_95, a_month, between, rate_ratio, times

BEFORE, AFTER = 12, 12  # whole months that are looked at, at most
FEWEST = 3  # whole months that must have passed
TOGETHER = 3  # months in which decisions on one theme are judged together
WORTH_SEEING = 1 / 3  # the fall to a share of the old rate that has to show
LONGEST_WAIT = 18  # months from today; what would take longer is too rare to be told
_HARM = 2.24  # standard errors: looked at month after month, it is said wrongly in 4 to 5 of 100 (`go.py simulate`)


class EffectVerdict(StrEnum):
    """What can be said of a decision's effect."""

    LESS = "helped"
    MORE = "more since"
    UNCLEAR = "no clear difference"
    EARLY = "too early to call"
    RARE = "too rare to be told"
    NOTHING_BEFORE = "nothing to hold it against"
    OPEN = "not done yet"


@dataclass(frozen=True, slots=True)
class Effect:
    """`parts`: the figures, in words, as a sentence goes on; each part with the months it counts, None for mere text.
    `sayable_on`: the day from which on a fall would show, where it is too early. `ratio` with its 95 % interval: how
    many times as often; None until it can be said."""

    verdict: EffectVerdict
    parts: tuple[tuple[str, Period | None], ...]
    sayable_on: date | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def words(self) -> str:
        """The verdict with its figures: “Helped: 5 a month before, 0.9 since”."""
        figures = "".join(text for text, _ in self.parts)
        return f"{self.verdict.capitalize()}: {figures}." if figures else f"{self.verdict.capitalize()}."

    @property
    def why(self) -> str:
        """What the verdict comes from, for whoever asks; empty until it can be said."""
        if self.ratio is None or self.low is None or self.high is None:
            return ""
        return f"{times(self.ratio)} times as often as before, 95 % interval {between(self.low, self.high)}."


def effect(begun_on: date, done_on: date | None, today: date, months: Mapping[date, int], first: date | None) -> Effect:
    """Holds the whole months after the one in which it was done against those before the one in which that began: at
    most 12 of each, or after it as many as it takes. What is not done has figures since it was decided, and no verdict.

    `begun_on`: the day it was done; of several that are judged together, the first was; of one that is not done, the
    day it was decided. `done_on`: the day it was done, or the last of several; None: it is not. `months`: counts by the
    first day of their month, none for 0. `first`: the first day anything was recorded: its month was not whole. The
    months of `begun_on` and `done_on`, and any between, are left out, being both.

    After three whole months there are MORE as soon as the 97.5 % interval of the rate ratio (statistics.md 3) lies
    above 1. LESS and UNCLEAR are said once a fall to a third would show, were nothing else changed: by this, 12 months
    before with 1, 2 and 5 a month need 13, 6 and 3 months after. Smaller falls show later; they come out as “no clear
    difference”, which is not the same as no difference.
    """
    before = _whole_months_before(begun_on, first)
    counted = _sum(months, before)
    if not counted:
        return Effect(EffectVerdict.NOTHING_BEFORE, ())
    needed = _months_needed(done_on or today, counted, _days(before))
    after = [month for month in _after(done_on or begun_on, max(AFTER, needed or 0)) if month.end <= today]
    figures = _Figures(_sum(months, after), after, counted, before)
    if done_on is None:
        return _told(EffectVerdict.OPEN, *figures.so_far())
    if len(after) >= FEWEST and figures.ratio(_HARM)[1] > 1:
        return figures.judged(EffectVerdict.MORE)
    sayable_on = _after(done_on, needed)[-1].end if needed else None
    if sayable_on and today >= sayable_on:
        return figures.judged(EffectVerdict.LESS if figures.ratio()[2] < 1 else EffectVerdict.UNCLEAR)
    if sayable_on is None or month_number(sayable_on) > month_number(today) + LONGEST_WAIT:
        return _told(EffectVerdict.RARE, *figures.so_far())
    by = f"; could be told by {sayable_on:%B %Y}"
    return _told(EffectVerdict.EARLY, *figures.so_far(), by, sayable_on=sayable_on)


@dataclass(frozen=True, slots=True)
class _Figures:
    """Counts in whole months after and before."""

    now: int
    after: Sequence[Period]
    then: int
    before: Sequence[Period]

    def ratio(self, z: float = Z_95) -> tuple[float, float, float]:
        """How many times as often, and its interval, by the days of the months."""
        return rate_ratio(self.now, _days(self.after), self.then, _days(self.before), z=z)[:3]

    def so_far(self) -> tuple[str | tuple[str, Period], ...]:
        """“so far 6 a month, 2 a month before”."""
        before = (f"{a_month(self.then, len(self.before))} a month", _span(self.before))
        if not self.after:
            return before, " before"
        so_far = f"{a_month(self.now, len(self.after))} a month"
        return "so far ", (so_far, _span(self.after)), ", ", before, " before"

    def judged(self, verdict: EffectVerdict) -> Effect:
        """“5 a month before, 0.9 since”."""
        ratio, low, high = self.ratio()
        before = (f"{a_month(self.then, len(self.before))} a month", _span(self.before))
        since = (a_month(self.now, len(self.after)), _span(self.after))
        return _told(verdict, before, " before, ", since, " since", ratio=ratio, low=low, high=high)


def _told(verdict: EffectVerdict, *parts: str | tuple[str, Period], **figures: Any) -> Effect:
    return Effect(verdict, tuple((part, None) if isinstance(part, str) else part for part in parts), **figures)


def _span(months: Sequence[Period]) -> Period:
    return months[-1].ending(len(months))


def _whole_months_before(begun_on: date, first: date | None) -> list[Period]:
    """The month of the first day is whole only where that is its first."""
    last = month_of(begun_on)
    months = last.ending(BEFORE + 1).months()[:-1]
    return [month for month in months if first is not None and first <= month.start]


def _after(done_on: date, count: int) -> list[Period]:
    first = month_number(done_on) + 1
    return [month_numbered(number) for number in range(first, first + count)]


def _months_needed(done_on: date, counted: int, days: int) -> int | None:
    """How many whole months after it was done make a fall to a third show; None where none in reach do."""
    for count in range(FEWEST, AFTER + LONGEST_WAIT + 1):
        after = _days(_after(done_on, count))
        fallen = round(counted / days * after * WORTH_SEEING)
        if rate_ratio(fallen, after, counted, days)[2] < 1:
            return count
    return None


def _sum(counts: Mapping[date, int], months: Iterable[Period]) -> int:
    return sum(counts.get(month.start, 0) for month in months)


def _days(months: Iterable[Period]) -> int:
    return sum((month.end - month.start).days for month in months)


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
