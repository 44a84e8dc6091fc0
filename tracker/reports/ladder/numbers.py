"""What a number of a ladder report counts: of one issue, by the counts that the number itself is the sum of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.measures.ball import BallState
from tracker.measures.climb import ClimbCount
from tracker.measures.climb_figures import ClimbFigures
from tracker.measures.tier_stays import RiseCause


class What(StrEnum):
    """What a number counts. The last ones (`BY_ENTRY`) are of a tier, over the issues that came to it in the period;
    the others are over those raised in it."""

    RAISED = "raised"
    RESOLVED = "resolved"
    ENDED = "ended"  # on a tier, solved or not
    SOLVED = "solved"  # on a tier
    NOT_SOLVED = "not-solved"
    REOPENED = "reopened"
    FOLLOWED = "followed"  # since they were resolved, so long that it can be told whether they came back
    CAME_BACK = "came-back"
    PAST_SECOND = "past-tier-2"
    WITHOUT_CLOCK = "without-clock"
    ASKED = "asked"
    NOT_ACKNOWLEDGED = "not-acknowledged"
    LAPSED = "lapsed"
    HELD = "held"  # by one
    WAITED_FOR = "waited-for"
    TURN = "turn"  # of one, either way
    PASSED = "passed"  # from one to another; of nobody named: from anybody to anybody
    RETURNED = "returned"
    TO_AND_FRO = "to-and-fro"
    NOT_SETTLED = "not-settled"
    CAME = "came"
    LEFT = "left"  # or passed its limit: what can be told of
    WENT_UP = "went-up"  # in one way; of no way: in any
    WITHIN = "within"  # its limit
    LATE = "late"
    STILL_THERE = "still-there"


ANYBODY = ("", "")  # from whom the ball passed, and to whom
BY_ENTRY = frozenset({What.CAME, What.LEFT, What.WENT_UP, What.WITHIN, What.LATE, What.STILL_THERE})


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the report. `tier`: of what is of a tier; `by`, `to`: organisation keys, or as `measures.ball` has
    whoever else is waited for; `how`: in which way it went up, pushed `by` one."""

    what: What
    tier: int = 0
    how: RiseCause | None = None
    by: str = ""
    to: str = ""

    @property
    def is_by_entry(self) -> bool:
        """Whether it counts issues by the day they came to the tier, not by the day they were raised."""
        return self.what in BY_ENTRY


def counts_in(number: Number, counts: ClimbFigures, top: int) -> bool:
    """Whether a number counts an issue that adds these counts. `top`: the highest tier, for what came to it."""
    return _TELLS[number.what](number, counts, top)


def skipped_second(counts: ClimbFigures, top: int) -> int:
    """How many came to the top and never were on tier 2; of two tiers the second is the top."""
    return counts.of(ClimbCount.PAST_SECOND, top) if top > 2 else 0


_Tells = Callable[[Number, ClimbFigures, int], bool]


def _any(what: ClimbCount) -> _Tells:
    return lambda number, counts, top: counts.of(what) > 0


def _on_tier(what: ClimbCount) -> _Tells:
    return lambda number, counts, top: counts.of(what, number.tier) > 0


def _spent(*states: BallState) -> _Tells:
    return lambda number, counts, top: any(counts.of(ClimbCount.SPENT, state, number.by) > 0 for state in states)


def _passed(number: Number, counts: ClimbFigures, top: int) -> bool:
    move = (number.by, number.to)
    return bool(counts.by(ClimbCount.PASSED)) if move == ANYBODY else counts.of(ClimbCount.PASSED, *move) > 0


def _went_up(number: Number, counts: ClimbFigures, top: int) -> bool:
    rises = counts.by(ClimbCount.ROSE)
    if number.how:
        return (str(number.tier), number.how.value, number.by) in rises
    return any(tier == str(number.tier) for tier, _, _ in rises)


def _was_late(number: Number, counts: ClimbFigures, top: int) -> bool:
    return counts.of(ClimbCount.TIMED, number.tier) > counts.of(ClimbCount.WITHIN, number.tier)


_TELLS: Mapping[What, _Tells] = {
    What.RAISED: _any(ClimbCount.RAISED),
    What.RESOLVED: _any(ClimbCount.RESOLVED),
    What.ENDED: _on_tier(ClimbCount.ENDED),
    What.SOLVED: _on_tier(ClimbCount.SOLVED),
    What.NOT_SOLVED: _any(ClimbCount.NOT_SOLVED),
    What.REOPENED: _any(ClimbCount.REOPENED),
    What.FOLLOWED: lambda number, counts, top: counts.reopened().n > 0,
    What.CAME_BACK: _any(ClimbCount.CAME_BACK),
    What.PAST_SECOND: lambda number, counts, top: skipped_second(counts, top) > 0,
    What.WITHOUT_CLOCK: _any(ClimbCount.WITHOUT_CLOCK),
    What.ASKED: _any(ClimbCount.ASKED),
    What.NOT_ACKNOWLEDGED: lambda number, counts, top: bool(counts.by(ClimbCount.NOT_ACKNOWLEDGED)),
    What.LAPSED: _any(ClimbCount.LAPSED),
    What.HELD: _spent(BallState.HELD),
    What.WAITED_FOR: _spent(BallState.PAUSED),
    What.TURN: _spent(BallState.HELD, BallState.PAUSED),
    What.PASSED: _passed,
    What.RETURNED: _any(ClimbCount.RETURNED),
    What.TO_AND_FRO: _any(ClimbCount.TO_AND_FRO),
    What.NOT_SETTLED: lambda number, counts, top: bool(counts.by(ClimbCount.NOT_SETTLED)),
    What.CAME: _on_tier(ClimbCount.CAME),
    What.LEFT: _on_tier(ClimbCount.TOLD),
    What.WENT_UP: _went_up,
    What.WITHIN: _on_tier(ClimbCount.WITHIN),
    What.LATE: _was_late,
    What.STILL_THERE: _on_tier(ClimbCount.STILL_THERE),
}
