"""What a number counts: the list finds what was counted, and never tells of what its reader may not see."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.queries.tallies.test_solved import any_life, home, solve
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import give_theme_view
from tracker.database import Database
from tracker.queries.issue_list import TAGGED, IssueQuery, issue_list
from tracker.queries.tallies.counts import Scope
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED, FixOutcome, fixes
from tracker.queries.tallies.tallies import number_of
from tracker.records.issue import Issue
from tracker.rules.rings import Ring

APRIL: dict[str, Any] = {"from": date(2026, 4, 1), "until": date(2026, 4, 30)}
FIRST, LAST = date(2026, 1, 1), date(2026, 4, 30)


def listed(session: Session, cast: Cast, who: str = "sam", **filters: Any) -> set[str]:
    """The titles of what somebody finds."""
    query = IssueQuery(frozenset({cast.partnership.id}), tuple(filters.items()))
    session.flush()
    return {row.title for row in issue_list(session, cast.viewer(who), query).rows}


def ids(cast: Cast, key: str) -> frozenset[int]:
    return frozenset({cast.organisations[key].id})


def twice(session: Session, cast: Cast) -> None:
    """A: of Hospitals in March, and again of the Council in April, recorded late. B: kept inside the Hospitals."""
    issue = make_issue(session, cast, title="A", theme="authority", occurred_on=date(2026, 3, 2), now=MONDAY)
    record_occurrence(session, issue.ref, doer(cast, "kim"), occurred_on=date(2026, 4, 20))
    make_issue(session, cast, title="B", ring=Ring.ORGANISATION)


@pytest.mark.parametrize(
    "filters, found",
    [
        pytest.param({"crossed": "yes"}, {"A"}, id="crossed"),
        pytest.param({"theme": TAGGED}, {"A"}, id="some theme"),
        pytest.param({"by": "council", **APRIL}, {"A"}, id="reported by the council in April"),
        pytest.param({"by": "acute", "crossed": "yes", **APRIL}, set(), id="not by the hospitals in April"),
        pytest.param({"by": "acute", "crossed": "yes"}, {"A"}, id="by the hospitals some time"),
        pytest.param({"entered": "prompt", **APRIL}, {"B"}, id="recorded within two days"),
    ],
)
def test_one_and_the_same_occurrence_fits_all_that_is_asked_of_it(
    db: Database, cast: Cast, filters: dict[str, Any], found: set[str]
) -> None:
    with db.write() as session:
        twice(session, cast)
        by = {"by": ids(cast, filters["by"])} if "by" in filters else {}
        assert listed(session, cast, **{**filters, **by}) == found


def named(session: Session, cast: Cast) -> None:
    """Same: by one name. Other: by two. Half: by one side alone. None: by nobody."""
    for title, one, other in (("Same", "authority", "authority"), ("Other", "authority", "reliability"),
                              ("Half", "authority", None), ("None", None, None)):  # fmt: skip
        ref = make_issue(session, cast, title=title).ref
        for who, theme in (("jo", one), ("lee", other)):
            if theme:
                give_theme_view(session, ref, doer(cast, who), theme=theme)


@pytest.mark.parametrize(
    "sides, more, found",
    [
        (("acute", "council"), {}, {"Same", "Other"}),
        (("council",), {}, {"Same", "Other"}),
        ((), {}, {"Same", "Other"}),
        (("acute", "community"), {}, set()),
        ((), {"alike": True}, {"Same"}),
        (("acute", "council"), {"alike": False}, {"Other"}),
        (("acute", "council"), {"view": "reliability"}, {"Other"}),
        (None, {"view": "authority"}, {"Same"}),
    ],
)
def test_two_sides_have_said_what_they_call_it(
    db: Database, cast: Cast, sides: tuple[str, ...] | None, more: dict[str, Any], found: set[str]
) -> None:
    with db.write() as session:
        named(session, cast)
        view = {"view": (ids(cast, "council"), more["view"])} if "view" in more else {}
        both = {} if sides is None else {"named": tuple(ids(cast, key) for key in sides)}
        assert listed(session, cast, **{**both, **more, **view}) == found


@pytest.mark.parametrize("said", ["yes", "no", "asked"])
def test_what_was_said_of_whether_it_stayed_fixed_is_told_apart(db: Database, cast: Cast, said: str) -> None:
    with db.write() as session:
        for answer in ("yes", "no", "asked", None):
            make_issue(session, cast, title=str(answer)).stayed_fixed = answer
        assert listed(session, cast, stayed=frozenset({said})) == {said}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("follow_up, last", [(90, LAST), (10, LAST), (90, date(2026, 2, 14))])
def test_the_list_of_fixes_is_as_long_as_their_count(
    db: Database, cast: Cast, seed: int, follow_up: int, last: date
) -> None:
    days = range(number_of(FIRST), number_of(last) + 1)
    months = range(2026 * 12, 2026 * 12 + 4)
    with db.write() as session:
        any_life(session, cast, Random(seed))
        for each in session.exec(select(Issue)):
            each.title = each.ref
        found = fixes(session, Scope(home(cast)), days, follow_up, frozenset(months), months)
        counted = [sum(each.count for each in found), sum(each.count for each in found if each.again),
                   sum(each.alike for each in found)]  # fmt: skip
        lists = [listed(session, cast, fix=FixOutcome(how, FIRST, last, follow_up)) for how in (FOLLOWED, BACK, ALIKE)]
    assert [len(each) for each in lists] == counted
    assert counted[0] > 0


def came_back(session: Session, cast: Cast) -> tuple[Issue, Issue]:
    """Before: solved in February. After: it again, in March, of the same sides."""
    before = make_issue(session, cast, title="Before", theme="authority", service_area="discharge", occurred_on=FIRST)
    after = make_issue(
        session, cast, title="After", theme="authority", service_area="discharge", occurred_on=date(2026, 3, 3)
    )
    before.topic = after.topic = "GOV"
    solve(before, date(2026, 2, 2))
    return before, after


def linked(before: Issue, after: Issue) -> None:
    after.again_of_id = before.id


def alone(before: Issue, after: Issue) -> None:
    after.again_of_id = None


@pytest.mark.parametrize("how, link", [(BACK, linked), (ALIKE, alone)], ids=[BACK, ALIKE])
def test_that_something_came_after_is_told_only_to_who_may_read_what_came(
    db: Database, cast: Cast, how: str, link: Callable[[Issue, Issue], None]
) -> None:
    fix = FixOutcome(how, FIRST, LAST, 90)
    with db.write() as session:
        before, after = came_back(session, cast)
        link(before, after)
        assert listed(session, cast, "kim", fix=fix) == {"Before"}
        after.ring = Ring.NAMED
        assert listed(session, cast, "owen", fix=fix) == set()
        assert listed(session, cast, "sam", fix=fix) == {"Before"}


def test_that_it_is_another_one_again_is_told_only_to_who_may_read_the_other(db: Database, cast: Cast) -> None:
    with db.write() as session:
        before, after = came_back(session, cast)
        linked(before, after)
        assert listed(session, cast, "kim", again="yes") == {"After"}
        before.ring = Ring.NAMED
        assert listed(session, cast, "owen", again="yes") == set()


def test_only_the_occurrence_with_which_it_began_is_it_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        before, after = came_back(session, cast)
        linked(before, after)
        record_occurrence(session, after.ref, doer(cast, "kim"), occurred_on=date(2026, 4, 20))
        march: dict[str, Any] = {"from": date(2026, 3, 1), "until": date(2026, 3, 31)}
        assert listed(session, cast, **march, again="yes") == {"After"}
        assert listed(session, cast, **APRIL, again="yes") == set()


@pytest.mark.parametrize("who", ["mo", "stan", "gwen"])
def test_whoever_is_no_side_finds_nothing_by_any_of_them(db: Database, cast: Cast, who: str) -> None:
    both = tuple(ids(cast, key) for key in ("acute", "council"))
    asked: list[dict[str, Any]] = [
        {"crossed": "yes"}, {"by": both[0]}, {"entered": "prompt"}, {"again": "yes"}, {"stayed": frozenset({"yes"})},
        {"named": both}, {"view": (both[1], "authority")},
        *({"fix": FixOutcome(how, FIRST, LAST, 90)} for how in (FOLLOWED, BACK, ALIKE)),
    ]  # fmt: skip
    with db.write() as session:
        before, after = came_back(session, cast)
        linked(before, after)
        before.stayed_fixed = "yes"
        make_issue(session, cast, title="At once")
        for reader, theme in (("jo", "authority"), ("lee", "authority")):
            give_theme_view(session, after.ref, doer(cast, reader), theme=theme)
        assert [listed(session, cast, who, **each) for each in asked] == [set()] * len(asked)
        assert [bool(listed(session, cast, "kim", **each)) for each in asked[:-1]] == [True] * (len(asked) - 1)
