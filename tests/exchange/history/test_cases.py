"""Folding history: from rows to cases."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.exchange.history.cases import Case, FoldedCases, fold
from tracker.exchange.history.cells import EventName
from tracker.exchange.history.rows import HistoryRow
from tracker.rules.lifecycle import Outcome, Severity, State

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
Event = str | Mapping[str, object]


def told(*events: Event) -> list[HistoryRow]:
    """One row an hour of issue A-1 by the acute side; a word is the event, a dict says more."""
    rows = []
    for hour, event in enumerate(events):
        cells: Mapping[str, object] = {"event": event} if isinstance(event, str) else event
        known = {"number": hour + 2, "issue": "A-1", "at": NINE + timedelta(hours=hour), "organisation": "acute"}
        rows.append(HistoryRow(**{**known, **cells, "event": EventName(cells["event"])}))  # type: ignore[arg-type]
    return rows


def case(*events: Event) -> Case:
    return fold(told(*events)).cases[0]


def state(*events: Event) -> State:
    return case(*events).last.state


@pytest.mark.parametrize(
    "events, expected",
    [
        pytest.param(["raised"], State.RAISED, id="raised"),
        pytest.param(["raised", "note", "occurred", "escalated"], State.RAISED, id="nobody has answered"),
        pytest.param(["raised", "acknowledged"], State.OPEN, id="acknowledged, nobody else being asked"),
        pytest.param(["raised", "handed_over"], State.OPEN, id="handed over"),
        pytest.param(["raised", "paused"], State.PAUSED, id="paused"),
        pytest.param(["raised", "paused", "note", "resumed"], State.RAISED, id="resumed, still unanswered"),
        pytest.param(["raised", "acknowledged", "paused", "resumed"], State.OPEN, id="resumed"),
        pytest.param(["raised", "proposed"], State.PROPOSED, id="proposed"),
        pytest.param(["raised", "proposed", "paused", "resumed"], State.RAISED, id="a proposal put off"),
        pytest.param(["raised", "resolved", "note", "escalated"], State.RESOLVED, id="what follows does not reopen"),
        pytest.param(["raised", "resolved", "paused"], State.RESOLVED, id="paused after it was over"),
        pytest.param(["raised", "resolved", "paused", "reopened"], State.PAUSED, id="and then reopened"),
        pytest.param(["raised", "paused", "resolved", "reopened"], State.OPEN, id="resolving ended the pause"),
        pytest.param(["raised", "paused", "resolved", "resumed"], State.RESOLVED, id="resumed when it was over"),
        pytest.param(["raised", "resolved", "reopened"], State.OPEN, id="reopened"),
        pytest.param(["raised", "proposed", "resolved", "reopened"], State.OPEN, id="the old proposal is gone"),
    ],
)
def test_how_things_stand_in_the_end(events: list[str], expected: State) -> None:
    assert state(*events) is expected


@pytest.mark.parametrize(
    "by, expected",
    [
        pytest.param("acute", State.RAISED, id="the raiser's own"),
        pytest.param("council", State.OPEN, id="the other side"),
    ],
)
def test_only_the_other_side_can_acknowledge_what_it_was_asked(by: str, expected: State) -> None:
    asked = {"event": "raised", "to_organisation": "council"}

    assert state(asked, {"event": "acknowledged", "organisation": by}) is expected


@pytest.mark.parametrize(
    "events, row, reason",
    [
        pytest.param(["note", "raised"], 2, "it begins with “note”, not with “raised”", id="not raised first"),
        pytest.param(["raised", "note", "raised"], 4, "it is raised a second time", id="raised twice"),
        pytest.param(["raised", "resumed"], 3, "“resumed” without “paused” before it", id="never paused"),
        pytest.param(["raised", "paused", "resumed", "resumed"], 5, "“resumed” without “paused”", id="resumed twice"),
        pytest.param(["raised", "reopened"], 3, "“reopened” though it was raised, not resolved", id="not resolved"),
        pytest.param(["raised", "resolved", "reopened", "reopened"], 5, "“reopened” though it was open", id="again"),
        pytest.param(["raised", {"event": "note", "at": NINE - timedelta(1)}], 3, "time runs back, ", id="time"),
    ],
)  # fmt: skip
def test_a_case_is_set_aside_with_its_row_and_reason(events: list[Event], row: int, reason: str) -> None:
    folding = fold(told(*events))

    assert folding.cases == ()
    assert [(each.ref, each.row) for each in folding.set_aside] == [("A-1", row)]
    assert folding.set_aside[0].reason.startswith(reason)


def test_a_time_in_the_hour_that_comes_twice_is_of_the_second_one_where_it_would_run_back() -> None:
    first, noon = datetime(2026, 10, 25, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 12, tzinfo=UTC)  # 01:50 in London
    earlier = first - timedelta(minutes=40)  # 01:10, and once more an hour later
    twice = {"event": "note", "at": earlier, "again_at": earlier + timedelta(hours=1)}
    found = case({"event": "raised", "at": first}, twice, {"event": "resolved", "at": noon})
    assert [each.row.at for each in found.events] == [first, earlier + timedelta(hours=1), noon]


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(["raised", "paused", "paused", "resolved", "resolved", "handed_over"], id="odd moves"),
        pytest.param(["raised", {"event": "note", "at": NINE}, {"event": "resolved", "at": NINE}], id="equal times"),
        pytest.param([{"event": "raised", "organisation": "", "tier": 99}, "proposed", "proposed"], id="nobody named"),
    ],
)  # fmt: skip
def test_nothing_else_sets_a_case_aside(events: list[Event]) -> None:
    assert fold(told(*events)).set_aside == ()


@pytest.mark.parametrize(
    "events, tiers",
    [
        pytest.param(["raised", "escalated", "escalated", "handed_down"], [1, 2, 3, 2], id="one tier at a time"),
        pytest.param([{"event": "raised", "tier": 2}, "note", {"event": "note", "tier": 4}], [2, 2, 4], id="as told"),
        pytest.param(["raised", "handed_down"], [1, 1], id="nothing is below the first"),
        pytest.param(["raised", {"event": "escalated", "tier": 3}], [1, 3], id="several at once"),
    ],
)
def test_the_tier_after_each_event(events: list[Event], tiers: list[int]) -> None:
    assert [event.tier for event in case(*events).events] == tiers


@pytest.mark.parametrize(
    "event, ball",
    [
        ("handed_over", "council"),
        ("escalated", "council"),
        ("proposed", "council"),
        ("resolved", "council"),
        ("note", "acute"),
        ("acknowledged", "acute"),
        ("paused", "acute"),
        ("occurred", "acute"),
    ],
)
def test_the_ball_goes_where_the_row_hands_it_and_not_to_whom_one_speaks(event: str, ball: str) -> None:
    assert case("raised", {"event": event, "to_organisation": "council"}).last.ball == ball


def test_the_ball_stays_with_the_raiser_unless_somebody_was_asked() -> None:
    asked = {"event": "raised", "to_organisation": "council"}

    assert [case("raised", "handed_over").last.ball, case(asked, "note").last.ball] == ["acute", "council"]


def test_issues_may_interleave() -> None:
    first, second = told("raised", "escalated", "resolved"), told("raised", "note", "note")
    other = [HistoryRow(10 + row.number, "A-2", row.at, row.event, row.organisation) for row in second]

    folding = fold([row for pair in zip(first, other, strict=True) for row in pair])

    assert [(each.ref, len(each.events), each.last.state) for each in folding.cases] == [
        ("A-1", 3, State.RESOLVED),
        ("A-2", 3, State.RAISED),
    ]


def test_one_case_set_aside_leaves_the_others() -> None:
    good = [HistoryRow(9, "A-2", NINE, EventName.RAISED, "acute")]

    folding = fold(told("resumed") + good)

    assert ([each.ref for each in folding.cases], [each.ref for each in folding.set_aside]) == (["A-2"], ["A-1"])


def test_what_is_known_of_a_case_is_the_last_that_was_said() -> None:
    known = case(
        {"event": "raised", "severity": Severity.MINOR, "theme": "info_flow"},
        {"event": "note", "severity": Severity.CRITICAL, "service_area": "discharge"},
        {"event": "resolved", "outcome": Outcome.NOT_SOLVED},
        "note",
    )

    assert (known.severity, known.theme, known.service_area) == (Severity.CRITICAL, "info_flow", "discharge")
    assert (known.outcome, known.resolved_at) == (Outcome.NOT_SOLVED, NINE + timedelta(hours=2))


def test_reopening_forgets_how_it_ended() -> None:
    known = case("raised", {"event": "resolved", "outcome": Outcome.SOLVED}, "reopened", "note")
    again = case("raised", {"event": "resolved", "outcome": Outcome.SOLVED}, "reopened", "resolved")

    assert (known.outcome, known.resolved_at, known.reopens) == (None, None, 1)
    assert (again.outcome, again.resolved_at) == (None, NINE + timedelta(hours=3))


@pytest.mark.parametrize(
    "events, title",
    [
        pytest.param([{"event": "raised", "title": "Late", "detail": "Long"}], "Late", id="as raised"),
        pytest.param(["raised", {"event": "note", "title": "Late again"}], "Late again", id="told later"),
        pytest.param([{"event": "raised", "detail": "Long\nand wide"}], "Long", id="the first line of the detail"),
        pytest.param(["raised"], "A-1", id="its reference"),
    ],
)
def test_a_case_always_has_a_title(events: list[Event], title: str) -> None:
    assert case(*events).title == title


def test_its_organisations_are_those_that_did_something_or_had_the_ball() -> None:
    known = case(
        {"event": "raised", "to_organisation": "council"},
        {"event": "paused", "organisation": "council", "to_organisation": "supplier"},
        {"event": "handed_over", "organisation": "", "to_organisation": "ambulance"},
    )

    assert known.organisations == ("acute", "council", "ambulance")


def test_it_came_to_its_tier_when_it_last_moved() -> None:
    assert case("raised", "escalated", "note", "handed_down", "note").entered_at == NINE + timedelta(hours=3)
    assert case("raised", "note").entered_at == NINE


@given(st.lists(st.sampled_from(EventName)), st.lists(st.sampled_from(EventName)))
def test_folding_more_rows_never_changes_what_was_folded(before: list[EventName], more: list[EventName]) -> None:
    def folded(events: list[EventName]) -> FoldedCases:
        return fold(told("raised", *(event.value for event in events)))

    early, late = folded(before), folded(before + more)

    if early.set_aside:
        assert late.set_aside == early.set_aside
    elif late.cases:
        assert late.cases[0].events[: len(before) + 1] == early.cases[0].events
