"""How the ball passed between organisations, and how long it lay with whom."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.event_flags import flags
from tracker.measures.ball import (
    BallState,
    BallTime,
    Contest,
    ContestedDays,
    ball_time,
    contest,
    contested_days,
    flow_matrix,
    net_imbalance,
    together,
    transfers,
)
from tracker.measures.ladder_flow import MeasuredEvent, flow_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "holders, passed, returns, flagged",
    [
        pytest.param("", 0, 0, False, id="nobody"),
        pytest.param("AAA", 0, 0, False, id="one keeps it"),
        pytest.param("ABC", 2, 0, False, id="handed on"),
        pytest.param("ABA", 2, 1, False, id="handed back once"),
        pytest.param("ABCA", 3, 1, False, id="round in a ring is a return to one that held it before"),
        pytest.param("ABAB", 3, 2, True, id="to and fro"),
        pytest.param("AABBACCB", 4, 2, True, id="back to the first, then to the second"),
    ],
)
def test_a_return_is_a_transfer_to_one_that_held_it_before(
    holders: str, passed: int, returns: int, flagged: bool
) -> None:
    found = transfers(holders)

    assert (len(found.moves), found.returns, found.is_ping_pong) == (passed, returns, flagged)


def test_what_passes_one_way_is_held_against_what_comes_back() -> None:
    matrix = flow_matrix([transfers("ABA"), transfers("AB"), transfers("CA")])

    assert dict(matrix) == {("A", "B"): 2, ("B", "A"): 1, ("C", "A"): 1}
    assert net_imbalance(matrix, "A", "B") == pytest.approx(1 / 3)
    assert net_imbalance(matrix, "A", "C") == -1
    assert net_imbalance(matrix, "B", "C") is None


def hourly(*told: tuple[str, str] | tuple[str, str, str]) -> list[MeasuredEvent]:
    """One event an hour: its kind, who has the ball after it, whom it waits for."""
    return [
        MeasuredEvent(flags(kind), NOON + place * HOUR, 1, ball or None, waits_for=(*rest, None)[0])
        for place, (kind, ball, *rest) in enumerate(told)
    ]


def hours(found: BallTime) -> dict[tuple[str, str], float]:
    return {(lay.name, who): length / HOUR for (lay, who), length in found.spent.items() if length}


@pytest.mark.parametrize(
    "told, spent",
    [
        pytest.param([("raised", "A"), ("noted", "")], {("HELD", "A"): 1}, id="it stays where it is"),
        pytest.param(
            [("raised", ""), ("routed", "A"), ("handed_over", "B"), ("noted", ""), ("noted", "")],
            {("UNPLACED", ""): 1, ("HELD", "A"): 1, ("HELD", "B"): 2},
            id="before anybody is asked it is nobody's",
        ),
        pytest.param(
            [("raised", "A"), ("paused", "A", "B"), ("handed_over", "B"), ("resumed", ""), ("noted", "")],
            {("HELD", "A"): 1, ("PAUSED", "B"): 2, ("HELD", "B"): 1},
            id="while it is paused whoever is waited for has it, whoever has the ball",
        ),
        pytest.param(
            [("raised", "A"), ("paused", "", "the court"), ("paused", "", "B"), ("resolved", "")],
            {("HELD", "A"): 1, ("PAUSED", "the court"): 2},
            id="a second pause changes nothing",
        ),
        pytest.param(
            [("raised", "A"), ("paused", ""), ("resolved", ""), ("noted", ""), ("reopened", "B"), ("noted", "")],
            {("HELD", "A"): 1, ("PAUSED", ""): 1, ("OVER", ""): 2, ("HELD", "B"): 1},
            id="once it is resolved it is nobody's, until it is reopened",
        ),
    ],
)
def test_where_the_time_went(told: list[tuple[str, str]], spent: dict[tuple[str, str], float]) -> None:
    assert hours(ball_time(hourly(*told))) == spent


def test_an_open_issue_is_followed_to_the_moment_of_the_report() -> None:
    events = hourly(("raised", "A"), ("handed_over", "B"))

    assert hours(ball_time(events, NOON + 5 * HOUR)) == {("HELD", "A"): 1, ("HELD", "B"): 4}


def test_the_night_the_clocks_change_is_counted_in_real_hours() -> None:
    london = ZoneInfo("Europe/London")
    noons = [MeasuredEvent(flags("noted"), datetime(2026, 3, day, 12, tzinfo=london), 1, "A") for day in (28, 29)]

    assert ball_time(noons).held("A") == 23 * HOUR


def test_the_time_of_many_is_added_up() -> None:
    found = together(
        [
            ball_time(hourly(("raised", "A"), ("noted", ""))),
            ball_time(hourly(("raised", "A"), ("paused", "", "B"), ("noted", ""))),
        ]
    )

    assert (found.held("A"), found.paused_on("B"), found.held("B")) == (2 * HOUR, HOUR, timedelta())


@pytest.mark.parametrize(
    "balls, lasted",
    [
        pytest.param("ABA", None, id="back once is no contest"),
        pytest.param("AABBBABBB", 4, id="from when it first passed on to when it last did"),
        pytest.param("ABCABCC", 4, id="between three"),
        pytest.param("A-B-ABA", 4, id="an event that says nothing of it leaves it where it is"),
    ],
)
def test_whose_it_is_is_contested_until_the_ball_last_passed_on(balls: str, lasted: int | None) -> None:
    told = hourly(*(("noted", ball.strip("-")) for ball in balls))
    expected = None if lasted is None else Contest(lasted * HOUR, is_settled=True)

    assert contest(told, None) == expected


def test_what_is_not_over_may_pass_on_again() -> None:
    told = hourly(*(("noted", ball) for ball in "ABABBB"))

    assert contest(told, NOON + 40 * HOUR) == Contest(39 * HOUR, is_settled=False)
    assert contest(told, NOON) == Contest(2 * HOUR, is_settled=False)  # no later than what is recorded


def test_a_contest_that_goes_on_counts_as_lasting() -> None:
    assert contested_days({24: 1, 120: 1}, {72: 1}) == ContestedDays(3, 1, 5.0)
    assert contested_days({}, {72: 1}) == ContestedDays(1, 1, None)
    assert contested_days({}, {}) == ContestedDays(0, 0, None)


KINDS = ("raised", "noted", "paused", "resumed", "proposed", "resolved", "reopened", "withdrawn")
NAMES = st.none() | st.sampled_from("ABC")
EVENTS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 90), NAMES, NAMES), min_size=1)


@given(EVENTS, st.integers(0, 500))
def test_it_sums_to_what_elapsed(told: list[tuple[str, int, str | None, str | None]], more: int) -> None:
    now, events = NOON, []
    for kind, minutes, ball, waits_for in told:
        now += timedelta(minutes=minutes)
        events.append(MeasuredEvent(flags(kind, counts_after_end=True), now, 1, ball, waits_for=waits_for))

    whole, followed = ball_time(events), ball_time(events, now + timedelta(minutes=more))

    assert whole.elapsed == timedelta(seconds=flow_of(events).elapsed_seconds)
    assert followed.elapsed == whole.elapsed + timedelta(minutes=more)
    assert all(length >= timedelta() for length in whole.spent.values())
    assert sum(
        (length for (lay, _), length in whole.spent.items() if lay is BallState.PAUSED), timedelta()
    ) <= timedelta(seconds=flow_of(events).paused_seconds)


@given(st.lists(st.sampled_from("ABCD")))
def test_nothing_returns_more_often_than_it_passes_on(holders: list[str]) -> None:
    found = transfers(holders)

    assert 0 <= found.returns <= max(len(found.moves) - 1, 0)
    assert sum(flow_matrix([found]).values()) == len(found.moves)
    assert len(found.moves) - found.returns == max(len(set(holders)) - 1, 0)  # the first time to each new one
