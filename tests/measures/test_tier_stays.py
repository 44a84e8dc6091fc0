"""How long issues stay on each tier, and how they leave it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.event_flags import flags
from tracker.measures.climb import stay_counts
from tracker.measures.climb_figures import ClimbFigures
from tracker.measures.ladder_flow import MeasuredEvent, flow_of
from tracker.measures.rates import Share
from tracker.measures.tier_stays import Rise, RiseCause, Stay, hours_of, stays

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def between(start: datetime, end: datetime) -> float:
    """A calendar that is always open."""
    return (end - start) / timedelta(hours=1)


def happened(*told: tuple[str, int] | tuple[str, int, dict[str, Any]]) -> list[MeasuredEvent]:
    """One event an hour: its kind, the tier after it, what else is known."""
    return [
        MeasuredEvent(flags(kind), at(hour), tier or None, **(dict(*more) if more else {}))
        for hour, (kind, tier, *more) in enumerate(told)
    ]


def told(events: list[MeasuredEvent], now: float = 100) -> list[tuple[int, float, bool, bool]]:
    """Each stay: tier, hours, whether it is over, whether it is late."""
    return [
        (
            each.tier,
            hours_of(each, between) + (between(each.since, at(now)) if each.since else 0),
            each.is_over,
            each.is_late,
        )
        for each in stays(events)
    ]


UP = ("escalated", 2)


@pytest.mark.parametrize(
    "events, expected",
    [
        pytest.param([("raised", 1)], [(1, 100, False, False)], id="still there"),
        pytest.param(
            [("raised", 1), UP, ("resolved", 2)], [(1, 1, True, False), (2, 1, True, False)], id="up and over"
        ),
        pytest.param(
            [("raised", 1), UP, ("handed_down", 1), ("resolved", 1)],
            [(1, 2, True, False), (2, 1, True, False)],
            id="both visits of a tier are added up",
        ),
        pytest.param(
            [("raised", 1), ("paused", 1), ("noted", 1), ("resumed", 1), ("resolved", 1)],
            [(1, 2, True, False)],
            id="a pause is left out",
        ),
        pytest.param([("raised", 1), ("paused", 1)], [(1, 1, False, False)], id="paused now: there, and not counting"),
        pytest.param(
            [("raised", 1), ("resolved", 1), ("noted", 1), ("reopened", 1), ("resolved", 1)],
            [(1, 2, True, False)],
            id="while it was resolved does not count",
        ),
        pytest.param(
            [("raised", 0), ("crossed", 0), ("routed", 1), ("resolved", 1)],
            [(1, 1, True, False)],
            id="from its first tier",
        ),
        pytest.param(
            [("raised", 1), ("noted", 1), ("turned", 1), ("resolved", 1)],
            [(1, 1, True, False)],
            id="an early warning counts once it is turned into an issue",
        ),
        pytest.param([("noted", 0)], [], id="never on a ladder"),
    ],
)
def test_the_time_on_each_tier(events: list[Any], expected: list[tuple[int, float, bool, bool]]) -> None:
    assert told(happened(*events)) == expected


def test_a_limit_that_passed_is_kept_with_the_tier_it_was_of() -> None:
    events = happened(("raised", 1), ("escalated", 2, {"late": True}), ("noted", 2))

    assert told(events, 9) == [(1, 1, True, True), (2, 8, False, False)]


def test_what_came_in_as_history_had_no_limit_of_ours() -> None:
    (past,) = stays(happened(("raised", 1), ("resolved", 1)), has_limits=False)

    assert not past.has_limit


@pytest.mark.parametrize(
    "more, rise",
    [
        pytest.param({"cause": RiseCause.TIMED_OUT.value}, Rise(RiseCause.TIMED_OUT), id="the clock"),
        pytest.param({"by": "acute"}, Rise(RiseCause.PUSHED, "acute"), id="one side"),
        pytest.param(
            {"cause": RiseCause.AGREED.value, "by": "acute"}, Rise(RiseCause.AGREED), id="both, whoever said it"
        ),
        pytest.param(
            {"cause": RiseCause.FAST_TRACK.value, "by": "acute"}, Rise(RiseCause.FAST_TRACK), id="for a reason"
        ),
        pytest.param(
            {"cause": RiseCause.FAST_TRACK.value, "skipped": 1}, Rise(RiseCause.SKIPPED), id="over a tier, for a reason"
        ),
        pytest.param({}, Rise(RiseCause.OTHER), id="nobody knows"),
    ],
)
def test_an_issue_goes_up_in_one_way(more: dict[str, Any], rise: Rise) -> None:
    (first, _) = stays(happened(("raised", 1), ("escalated", 2, more)))

    assert first.rise == rise


def test_the_first_step_up_is_the_one_that_counts() -> None:
    events = happened(
        ("raised", 1), ("escalated", 2, {"by": "acute"}), ("handed_down", 1), ("escalated", 2, {"by": "council"})
    )

    assert stays(events)[0].rise == Rise(RiseCause.PUSHED, "acute")


def test_what_goes_up_to_be_confirmed_has_not_been_escalated() -> None:
    confirmed = happened(("raised", 2), ("handed_down", 1), ("confirmation_asked", 2, {"by": "acute"}))

    assert [(each.tier, each.rise) for each in stays(confirmed)] == [(2, None), (1, None)]


def stay(hours: float, *, over: bool = True, late: bool = False, limit: bool = True, rise: Rise | None = None) -> Stay:
    return Stay(1, NOON, ((NOON, at(hours)),), over, late, limit, rise)


def figures(*found: Stay) -> Any:
    counts = Counter[str]()
    for each in found:
        counts.update(dict(stay_counts(each, between)))
    return ClimbFigures(counts).tier(1)


def test_the_rate_is_of_those_that_left_or_passed_the_limit() -> None:
    up = Rise(RiseCause.TIMED_OUT)
    found = figures(stay(1), stay(2, late=True, rise=up), stay(3, over=False, late=True), stay(4, over=False))

    assert (found.entered, found.still_there, found.went_up, dict(found.rises)) == (4, 2, Share(1, 3), {up: 1})
    assert found.within_limit == Share(1, 3)


def test_one_that_went_up_and_came_back_has_left_once() -> None:
    assert figures(stay(2, over=False, rise=Rise(RiseCause.AGREED))).went_up == Share(1, 1)


def test_what_is_still_there_lengthens_the_median() -> None:
    """Kaplan-Meier by hand: 3 of 4, then 2 of 3 of those, then half of those last longer than 1, 2 and 3 hours."""
    closed_only = figures(stay(1), stay(2), stay(3))
    all_told = figures(stay(1), stay(2), stay(3), stay(50, over=False))

    assert (closed_only.median_hours, closed_only.ninetieth_hours) == (2, 3)
    assert (all_told.median_hours, all_told.ninetieth_hours) == (2, None)
    assert figures(stay(1), stay(50, over=False), stay(60, over=False)).median_hours is None


def test_history_says_nothing_about_our_limits() -> None:
    assert figures(stay(1, limit=False), stay(2)).within_limit == Share(1, 1)


KINDS = ("noted", "paused", "resumed", "proposed", "resolved", "reopened", "escalated")
EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 90), st.none() | st.integers(1, 4), st.booleans()), min_size=1
)


@given(EVENTS)
def test_stays_are_apart_and_leave_out_what_was_paused(steps: list[tuple[str, int, int | None, bool]]) -> None:
    now, events = NOON, []
    for kind, minutes, tier, late in steps:
        now += timedelta(minutes=minutes)
        events.append(MeasuredEvent(flags(kind), now, tier, late=late))
    found, flow = stays(events), flow_of(events)
    running = [(each.since, now) for each in found if each.since]
    spans = sorted([*running, *(span for each in found for span in each.visits)])

    assert {each.tier for each in found} == set(flow.path)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(NOON <= start <= stop <= now for start, stop in spans)
    assert sum(not each.is_over for each in found) <= 1
    assert sum(each.rise is not None for each in found) <= flow.tiers_up
