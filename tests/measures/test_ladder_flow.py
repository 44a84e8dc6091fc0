"""The figures of one issue from its events."""

from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.event_flags import flags
from tracker.measures.ladder_flow import LadderFlow, MeasuredEvent, flow_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def on_tiers(*tiers: int | None) -> LadderFlow:
    return flow_of([MeasuredEvent(flags("noted"), at(hour), tier=tier) for hour, tier in enumerate(tiers)])


def with_balls(path: str) -> LadderFlow:
    return flow_of([MeasuredEvent(flags("noted"), at(hour), ball=ball.strip(" ")) for hour, ball in enumerate(path)])


def over(*kinds: str) -> LadderFlow:
    """One event an hour."""
    return flow_of([MeasuredEvent(flags(kind), at(hour)) for hour, kind in enumerate(kinds)])


@pytest.mark.parametrize(
    "tiers, path, highest, up, down",
    [
        pytest.param((1,), "1", 1, 0, 0, id="stays on the front line"),
        pytest.param((1, 1, 2, 2, 1), "1>2>1", 2, 1, 1, id="up and down again"),
        pytest.param((1, 3, 1, 3), "1>3>1>3", 3, 2, 1, id="a skip is one step"),
        pytest.param((2, None, None, 1), "2>1", 2, 0, 1, id="an event without a tier moves nothing"),
        pytest.param((0, None, 1), "1", 1, 0, 0, id="no tier until an early warning becomes an issue"),
        pytest.param((None, None), "", 0, 0, 0, id="never on a ladder"),
        pytest.param((), "", 0, 0, 0, id="nothing happened"),
    ],
)
def test_the_path_over_the_tiers(tiers: tuple[int | None, ...], path: str, highest: int, up: int, down: int) -> None:
    flow = on_tiers(*tiers)

    assert (flow.tier_path, flow.max_tier, flow.tiers_up, flow.tiers_down) == (path, highest, up, down)


@pytest.mark.parametrize(
    "path, hand_overs, returns",
    [
        pytest.param("", 0, 0, id="nobody"),
        pytest.param("A", 0, 0, id="one keeps it"),
        pytest.param("AAB", 1, 0, id="handed over once"),
        pytest.param("ABA", 2, 1, id="handed back"),
        pytest.param("ABAB", 3, 2, id="to and fro"),
        pytest.param("ABC", 2, 0, id="handed on"),
        pytest.param("ABCA", 3, 0, id="round in a ring is no return to the one before"),
        pytest.param("AABBA BAA", 4, 3, id="repeats and silent events count once"),
    ],
)
def test_the_ball_between_organisations(path: str, hand_overs: int, returns: int) -> None:
    flow = with_balls(path)

    assert (flow.hand_overs, flow.ping_pong) == (hand_overs, returns)


@pytest.mark.parametrize(
    "kinds, hours",
    [
        pytest.param(("raised", "noted"), 0, id="never paused"),
        pytest.param(("raised", "paused", "noted", "resumed", "resolved"), 2, id="until it is resumed"),
        pytest.param(("raised", "paused", "paused", "resumed"), 2, id="paused twice running is one pause"),
        pytest.param(("raised", "paused", "noted", "noted"), 2, id="still open: to the last event"),
        pytest.param(("raised", "paused", "resolved", "noted"), 1, id="resolving ends it"),
        pytest.param(("raised", "paused", "proposed", "resumed"), 2, id="a proposal does not end it"),
        pytest.param(("resolved", "paused", "reopened", "resumed"), 2, id="nor does reopening"),
        pytest.param(("paused", "resolved", "reopened", "paused", "resumed"), 2, id="again after reopening"),
        pytest.param(("paused", "resumed", "resumed", "resumed"), 1, id="resumed counts once"),
        pytest.param(("paused",), 0, id="paused as the last thing"),
    ],
)
def test_paused_time(kinds: tuple[str, ...], hours: int) -> None:
    assert over(*kinds).paused_seconds == hours * 3600


def test_reopenings_are_counted() -> None:
    assert over("raised", "resolved", "reopened", "resolved", "reopened").reopens == 2


@pytest.mark.parametrize(
    "kinds, hours",
    [
        pytest.param(("raised", "noted", "noted"), 2, id="not over: up to its last event"),
        pytest.param(("raised", "noted", "resolved"), 2, id="up to its end"),
        pytest.param(("raised", "resolved", "stayed_fixed_asked", "noted"), 1, id="what is asked later adds nothing"),
        pytest.param(("raised", "withdrawn", "noted"), 1, id="withdrawn is an end too"),
        pytest.param(("raised", "resolved", "resolved"), 1, id="over is over"),
        pytest.param(("raised", "resolved", "noted", "reopened"), 3, id="reopened: up to its last event again"),
        pytest.param(("raised", "resolved", "reopened", "resolved", "noted"), 3, id="up to its last end"),
        pytest.param((), 0, id="nothing happened"),
    ],
)
def test_an_issue_takes_from_its_first_event_to_the_one_that_ended_it(kinds: tuple[str, ...], hours: int) -> None:
    assert over(*kinds).elapsed_seconds == hours * 3600


def test_what_a_history_tells_after_an_end_counts_as_its_time() -> None:
    kinds = ("raised", "resolved", "noted", "asked", "quoted")
    told = [MeasuredEvent(flags(kind, counts_after_end=kind == "noted"), at(hour)) for hour, kind in enumerate(kinds)]

    assert flow_of(told).elapsed_seconds == 2 * 3600


def test_a_pause_after_the_end_holds_nothing_up() -> None:
    assert over("raised", "resolved", "paused", "noted").paused_seconds == 0


def test_the_night_the_clocks_change_is_counted_in_real_hours() -> None:
    london = ZoneInfo("Europe/London")
    noons = [MeasuredEvent(flags("noted"), datetime(2026, 3, day, 12, tzinfo=london)) for day in (28, 29)]

    assert flow_of(noons).elapsed_seconds == 23 * 3600


Steps = list[tuple[str, int, int | None, str | None]]
KINDS = ("noted", "paused", "resumed", "proposed", "resolved", "reopened")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(0, 90),
        st.none() | st.integers(1, 5),
        st.none() | st.sampled_from("ABC"),
    ),
    min_size=1,
)


def happened(steps: Steps) -> list[MeasuredEvent]:
    now, events = NOON, []
    for kind, minutes, tier, ball in steps:
        now += timedelta(minutes=minutes)
        events.append(MeasuredEvent(flags(kind), now, tier, ball))
    return events


@given(EVENTS)
def test_what_goes_up_and_comes_down_ends_where_it_ends(steps: Steps) -> None:
    flow = flow_of(happened(steps))
    path = list(flow.path)

    assert flow.tiers_up + flow.tiers_down == max(len(path) - 1, 0)
    assert [tier for tier, _ in groupby(path)] == path
    assert flow.max_tier == max(path, default=0)


@given(EVENTS)
def test_nothing_is_paused_for_longer_than_it_lasted(steps: Steps) -> None:
    flow = flow_of(happened(steps))

    assert 0 <= flow.paused_seconds <= flow.elapsed_seconds
    assert 0 <= flow.ping_pong <= max(flow.hand_overs - 1, 0)


@given(EVENTS, EVENTS)
def test_no_figure_falls_when_more_happens(before: Steps, more: Steps) -> None:
    early, late = flow_of(happened(before)), flow_of(happened(before + more))

    assert late.tier_path.startswith(early.tier_path)
    for figure in ("max_tier", "hand_overs", "ping_pong", "reopens", "paused_seconds", "elapsed_seconds"):
        assert getattr(late, figure) >= getattr(early, figure)
