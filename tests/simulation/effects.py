"""Many decisions, each looked at month after month, and what was said of their effect first."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from random import Random

from tests.simulation.worlds import poisson
from tracker.measures.effect import EffectVerdict, effect
from tracker.measures.periods import Period, month_of

DONE_ON = date(2026, 1, 15)
LOOKS = 12  # whole months after it was done, at the end of each of which somebody looks


@dataclass(frozen=True)
class DecisionWorld:
    """Occurrences a month by chance in the year before a decision was done, and `factor` times as many after."""

    rate: float
    factor: float = 1.0


def first_said(world: DecisionWorld, verdict: EffectVerdict, decisions: int, seed: int) -> Counter[int]:
    """Of so many decisions, how many had this verdict for the first time at which look (1 to LOOKS)."""
    chance = Random(seed)
    found = (_first_look(_counts(world, chance), verdict) for _ in range(decisions))
    return Counter(look for look in found if look)


def _first_look(counts: dict[date, int], verdict: EffectVerdict) -> int | None:
    looks = enumerate(_months_after(), 1)
    said = (
        look for look, month in looks if effect(DONE_ON, DONE_ON, month.end, counts, min(counts)).verdict is verdict
    )
    return next(said, None)


def _counts(world: DecisionWorld, chance: Random) -> dict[date, int]:
    before = month_of(DONE_ON).previous().ending(12).months()
    after = _months_after()
    earlier = poisson(world.rate, len(before), chance)
    later = poisson(world.rate * world.factor, len(after), chance)
    return {month.start: count for month, count in zip([*before, *after], [*earlier, *later], strict=True)}


def _months_after() -> list[Period]:
    months = [month_of(month_of(DONE_ON).end)]
    while len(months) < LOOKS:
        months.append(month_of(months[-1].end))
    return months
