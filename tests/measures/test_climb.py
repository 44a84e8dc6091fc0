"""How one issue climbed, as counts that may be added up, and taken apart again, at any time."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.event_flags import flags
from tracker.measures.climb import (
    AN_HOUR,
    Climb,
    ClimbCount,
    EventMeasures,
    as_of,
    climb_counts,
    folded,
    hour_number,
    name_of,
    whole_hours,
)
from tracker.measures.climb_figures import ClimbFigures
from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.rates import Share
from tracker.measures.tier_stays import Hours, RiseCause

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH = 3


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def between(start: datetime, end: datetime) -> float:
    """A calendar that is always open."""
    return max(0.0, (end - start) / AN_HOUR)


def month_of(moment: datetime) -> int:
    return moment.month


def climbed(*told: tuple[str, float, int, str], over: bool = False, **more: Any) -> dict[int, Counter[str]]:
    """What an issue adds: its events as kind, hour, tier, whose turn it is."""
    events = [MeasuredEvent(flags(kind), at(hour), tier, ball, by="acute") for kind, hour, tier, ball in told]
    facts: dict[str, Any] = {
        "raised_at": NOON,
        "is_over": over,
        "outcome": "solved" if over else "",
        "is_solved": over,
        "is_unsolved": False,
        "tier": told[-1][2],
        "has_clock": True,
        "due_at": None,
        "measures": EventMeasures.of(events, {"council"}, is_over=over, has_limits=True),
    }
    return climb_counts(Climb(**{**facts, **more}), between, month_of)


def figures(counts: Counter[str], hours: float) -> ClimbFigures:
    return ClimbFigures(as_of(counts, at(hours), lambda since: between))


RAISED, UP = ("raised", 0.0, 1, "council"), ("escalated", 6.0, 2, "acute")


def test_a_stay_belongs_to_the_month_in_which_the_issue_came_to_the_tier() -> None:
    by_month = climbed(RAISED, ("escalated", 24.0 * 31, 2, "acute"))

    assert (by_month[MARCH][name_of(ClimbCount.CAME, 1)], by_month[MARCH][name_of(ClimbCount.CAME, 2)]) == (1, 0)
    assert by_month[MARCH + 1][name_of(ClimbCount.CAME, 2)] == 1
    assert ClimbCount.RAISED not in by_month[MARCH + 1]


def test_what_goes_on_has_lasted_longer_the_later_one_asks() -> None:
    (counts,) = climbed(RAISED, UP).values()
    soon, later = figures(counts, 8), figures(counts, 30)

    assert (soon.by_length(ClimbCount.NOT_LEFT, 2), later.by_length(ClimbCount.NOT_LEFT, 2)) == ({2: 1}, {24: 1})
    assert (soon.by_length(ClimbCount.NOT_ACKNOWLEDGED), soon.by_length(ClimbCount.LEFT, 1)) == ({8: 1}, {6: 1})
    assert (soon.ball().elapsed, later.ball().elapsed) == (8 * AN_HOUR, 30 * AN_HOUR)
    assert (later.ball().held("council"), later.ball().held("acute")) == (6 * AN_HOUR, 24 * AN_HOUR)


def test_a_limit_that_passes_makes_late_what_had_not_left() -> None:
    (counts,) = climbed(RAISED, due_at=at(3.2)).values()

    assert figures(counts, 3).tier(1).within_limit == Share(0, 0)
    assert figures(counts, 4).tier(1).within_limit == Share(0, 1)  # from the full hour on
    assert figures(counts, 4).tier(1).went_up == Share(0, 1)


def test_what_went_up_came_back_and_is_late_then_was_within_its_limit_until_it_was() -> None:
    (counts,) = climbed(RAISED, UP, ("handed_down", 7.0, 1, "council"), due_at=at(9)).values()

    assert figures(counts, 8).tier(1).within_limit == Share(1, 1)
    assert figures(counts, 9).tier(1).within_limit == Share(0, 1)
    assert figures(counts, 9).tier(1).rises == {(RiseCause.PUSHED, "acute"): 1}


@pytest.mark.parametrize("back, share", [(True, Share(1, 1)), (False, Share(0, 1))])
def test_whether_it_came_back_is_told_from_the_full_hour_on(back: bool, share: Share) -> None:
    end = ("resolved", 2.0, 1, "council")
    (counts,) = climbed(RAISED, end, over=True, followed_at=at(240.5), came_back=back).values()

    assert figures(counts, 240.9).reopened() == Share(0, 0)
    assert figures(counts, 241).reopened() == share


def test_who_reaches_the_top_without_the_second_tier_is_counted() -> None:
    (past,), (through,) = (climbed(RAISED, *more).values() for more in ([("escalated", 1.0, 3, "")], [UP]))

    assert past[name_of(ClimbCount.PAST_SECOND, 3)] == 1
    assert [name for name in through if name.startswith(ClimbCount.PAST_SECOND)] == []


@pytest.mark.parametrize("hours, whole", [(0.0, 0), (0.9, 0), (1.0, 1), (1.4, 1), (15.6, 16)])
def test_lengths_are_kept_to_the_hour_and_less_than_one_is_none(hours: float, whole: int) -> None:
    assert whole_hours(hours) == whole


def test_working_time_is_wanted_from_the_oldest_of_what_goes_on() -> None:
    wanted: list[datetime] = []

    def from_then(since: datetime) -> Hours:
        wanted.append(since)
        return between

    (counts,) = climbed(RAISED, UP).values()
    for each in (counts, Counter[str]({ClimbCount.RAISED: 3})):
        as_of(each, at(9), from_then)

    assert wanted == [NOON, at(9)]


HOURS = [hour_number(at(hour)) for hour in (1, 5)]
NAMES = st.sampled_from(
    [
        name_of(ClimbCount.RAISED),
        name_of(ClimbCount.STAYED),
        *(name_of(ClimbCount.FOLLOWED, hour, told) for hour in HOURS for told in ("came back", "stayed")),
        *(name_of(ClimbCount.DUE, 1, hour, *how) for hour in HOURS for how in (("", "limit"), ("told", "limit"))),
    ]
)
SUMS = st.dictionaries(NAMES, st.integers(1, 9)).map(Counter)


@given(SUMS, SUMS, st.integers(0, 7), st.integers(0, 7))
def test_what_was_folded_can_be_taken_away_again_as_it_was_added(
    some: Counter[str], others: Counter[str], then: int, later: int
) -> None:
    first, now = hour_number(at(then)), hour_number(at(then + later))
    together = folded(some, first)
    together.update(others)
    together = folded(together, first)
    together.subtract(others)

    assert folded(together, now) == folded(some, now)
