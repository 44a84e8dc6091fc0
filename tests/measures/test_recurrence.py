"""Whether what was solved stays solved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measures.event_flags import flags
from tests.measures.recurrences import Closure, LinkedOccurrence, recurrences
from tracker.measures.ladder_flow import MeasuredEvent
from tracker.measures.recurrence import (
    Ending,
    FixAnswers,
    chains,
    first_ending,
)

CLOSED = date(2026, 3, 2)
LIKE = ("authority", "GOV", "acute + council", "discharge")


def on(days: int) -> date:
    """So many days after it was closed."""
    return CLOSED + timedelta(days=days)


@pytest.mark.parametrize(
    "kinds, ending",
    [
        pytest.param("raised noted", None, id="never over"),
        pytest.param("raised reopened resolved noted", (2, None), id="over, and stays so"),
        pytest.param("raised resolved noted reopened", (1, 3), id="reopened"),
        pytest.param("raised withdrawn reopened", (1, 2), id="withdrawn is over too"),
        pytest.param("resolved reopened resolved reopened", (0, 1), id="an issue counts once: by its first end"),
        pytest.param("resolved resolved reopened", (0, 2), id="history may say it twice"),
    ],
)
def test_how_an_issue_first_ended(kinds: str, ending: tuple[int, int | None] | None) -> None:
    days = [datetime(2026, 3, 2 + day, tzinfo=UTC) for day in range(4)]
    told = [MeasuredEvent(flags(kind), day) for kind, day in zip(kinds.split(), days, strict=False)]
    expected = ending and Ending(days[ending[0]], None if ending[1] is None else days[ending[1]])

    assert first_ending(told) == expected


def again(days: int, *, link: str | None = None, alike: object = LIKE, issue: str = "new") -> LinkedOccurrence:
    return LinkedOccurrence(issue, on(days), link, alike)


@pytest.mark.parametrize(
    "happening, linked, inferred",
    [
        pytest.param(again(1, link="old"), 1, 0, id="linked, the day after"),
        pytest.param(again(0, link="old"), 0, 0, id="linked, on the day of the closure: it belongs to the old one"),
        pytest.param(again(-3, link="old"), 0, 0, id="linked, but it happened before"),
        pytest.param(again(90, link="old"), 1, 0, id="linked, on the ninetieth day"),
        pytest.param(again(91, link="old"), 0, 0, id="linked, too late"),
        pytest.param(again(5, link="another"), 0, 0, id="linked to another one, so not inferred here"),
        pytest.param(again(5), 0, 1, id="not linked, but alike"),
        pytest.param(again(0), 0, 0, id="alike, on the day of the closure"),
        pytest.param(again(91), 0, 0, id="alike, too late"),
        pytest.param(again(5, alike=("authority", "GOV", "acute + council", "funding")), 0, 0, id="another area"),
        pytest.param(again(5, alike=None), 0, 0, id="nobody knows what it is like"),
        pytest.param(again(5, issue="old"), 0, 0, id="of the same issue: that was reopened"),
    ],
)
def test_a_recurrence_is_a_new_occurrence_strictly_after_the_closure(
    happening: LinkedOccurrence, linked: int, inferred: int
) -> None:
    found = recurrences([Closure("old", CLOSED, LIKE)], [happening])

    assert (len(found.linked), len(found.inferred)) == (linked, inferred)


def test_what_is_alike_counts_for_the_last_closure_before_it() -> None:
    closures = [Closure("first", on(0), LIKE), Closure("second", on(10), LIKE), Closure("third", on(20), LIKE)]

    found = recurrences(closures, [again(15)])

    assert [each.closure.issue for each in found.inferred] == ["second"]


def test_each_closure_counts_once_by_what_came_first() -> None:
    found = recurrences([Closure("old", CLOSED, LIKE)], [again(40, link="old"), again(7, link="old"), again(9)])

    assert [each.after.days for each in found.linked] == [7]
    assert [each.after.days for each in found.inferred] == [9]


def test_an_issue_resolved_twice_recurs_after_the_closure_it_follows() -> None:
    closures = [Closure("old", on(0)), Closure("old", on(30))]

    found = recurrences(closures, [again(31, link="old")])

    assert [each.closure.on for each in found.linked] == [on(30)]


@pytest.mark.parametrize(
    "links, groups",
    [
        pytest.param([], (), id="nothing is linked"),
        pytest.param([(2, 1), (3, 2)], ((2, 1, 3),), id="again and again"),
        pytest.param([(2, 1), (9, 8), (3, 2)], ((2, 1, 3), (9, 8)), id="the longest first"),
        pytest.param([(2, 1), (4, 3), (3, 1)], ((4, 3, 2, 1),), id="two that turn out to be one"),
        pytest.param([(2, 1), (3, 1), (1, 2)], ((1, 2, 3),), id="round in a ring"),
    ],
)
def test_chains_are_groups_of_linked_issues(links: list[tuple[int, int]], groups: tuple[tuple[int, ...], ...]) -> None:
    found = chains(links)

    assert [set(each) for each in found] == [set(each) for each in groups]
    assert all(len(each) == len(set(each)) for each in found)


def test_who_does_not_answer_does_not_say_yes() -> None:
    assert FixAnswers(yes=1, no=1, unanswered=2).asked == 4


DAYS = st.integers(-20, 200)
ISSUES = st.sampled_from("abcd")
CLOSURES = st.lists(st.builds(lambda issue, day: Closure(issue, on(day), "x"), ISSUES, DAYS), max_size=6)
HAPPENINGS = st.lists(
    st.builds(
        lambda issue, day, link: LinkedOccurrence(issue, on(day), link, "x"),
        st.sampled_from("uvw") | ISSUES,
        DAYS,
        st.none() | ISSUES,
    ),
    max_size=8,
)


@given(CLOSURES, HAPPENINGS)
def test_nothing_recurs_on_evidence_older_than_its_closure(
    closures: list[Closure], happenings: list[LinkedOccurrence]
) -> None:
    found = recurrences(closures, happenings)

    for each in (*found.linked, *found.inferred):
        assert timedelta(days=1) <= each.after <= timedelta(days=90)
        assert each.happening.issue != each.closure.issue
    assert all(each.happening.again_of == each.closure.issue for each in found.linked)
    assert all(each.happening.again_of is None for each in found.inferred)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_every_linked_issue_is_in_one_chain_with_those_it_is_linked_to(links: list[tuple[int, int]]) -> None:
    found = chains(links)
    place = {issue: number for number, chain in enumerate(found) for issue in chain}

    assert sum(map(len, found)) == len(place) == len({issue for link in links for issue in link})
    assert all(place[one] == place[other] for one, other in links)
    assert [len(each) for each in found] == sorted((len(each) for each in found), reverse=True)
