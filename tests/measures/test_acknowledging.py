"""How long it takes until every other side has said that it has an issue."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.measures.event_flags import flags
from tracker.measures.acknowledging import Wait, acknowledgement_figures, wait_for_all
from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.rates import Share

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
OTHERS = frozenset({"council", "community"})


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def told(*events: tuple[str, int, str]) -> list[MeasuredEvent]:
    """One event an hour: its kind, its tier, who did it."""
    return [
        MeasuredEvent(flags(kind), at(hour), tier or None, by=by or None)
        for hour, (kind, tier, by) in enumerate(events)
    ]


RAISED = ("raised", 1, "acute")
COUNCIL, COMMUNITY = ("acknowledged", 1, "council"), ("acknowledged", 1, "community")


@pytest.mark.parametrize(
    "events, wait",
    [
        pytest.param([RAISED, COUNCIL, COMMUNITY], Wait(at(0), at(2), True), id="until the last side has"),
        pytest.param([RAISED, COUNCIL, COUNCIL], Wait(at(0), None, False), id="twice by one is not by both"),
        pytest.param([RAISED, ("acknowledged", 1, "acute")], Wait(at(0), None, False), id="the raiser's counts not"),
        pytest.param([RAISED, COUNCIL, ("resolved", 1, "")], Wait(at(0), at(2), False), id="resolved without"),
        pytest.param(
            [("raised", 0, "acute"), ("routed", 1, ""), COUNCIL, COMMUNITY], Wait(at(1), at(3), True), id="once asked"
        ),
        pytest.param(
            [RAISED, ("turned", 1, "acute"), COUNCIL, COMMUNITY], Wait(at(1), at(3), True), id="once the clock runs"
        ),
        pytest.param(
            [RAISED, COUNCIL, COMMUNITY, ("acknowledgement_lapsed", 1, "")], Wait(at(0), at(2), True, 1), id="it lapsed"
        ),
        pytest.param([("raised", 0, "acute")], None, id="never asked"),
    ],
)
def test_the_wait_ends_when_the_last_of_the_other_sides_has_it(
    events: list[tuple[str, int, str]], wait: Wait | None
) -> None:
    assert wait_for_all(told(*events), OTHERS) == wait


def test_with_nobody_else_there_is_nothing_to_wait_for() -> None:
    assert wait_for_all(told(RAISED), frozenset()) is None


def test_those_that_still_wait_lengthen_the_median() -> None:
    found = acknowledgement_figures({1: 1, 3: 1}, {2: 1}, lapsed=1)

    assert (found.asked, found.not_yet, found.median_hours, found.lapsed) == (3, 1, 3, Share(1, 3))
    assert acknowledgement_figures({}, {}, 0).median_hours is None
