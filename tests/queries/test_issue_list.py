"""The list of issues: what is in it for whom, by which filter, and how it pages."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select
from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue, shorten_pages
from tests.makers import MONDAY, Cast
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import confirm_theme
from tracker.actions.resolve import agree, propose
from tracker.database import Database
from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list import Cursor, IssueQuery, KeptLists, issue_list, reference, sees_any
from tracker.records.issue import Issue
from tracker.rules.lifecycle import UNRESOLVED, Outcome, Severity, State
from tracker.rules.rings import Ring, Viewer


def listed(session: Session, cast: Cast, who: str = "sam", partnership_ids: frozenset[int] | None = None) -> list[str]:
    """The references somebody finds, in order."""
    query = IssueQuery(partnership_ids or frozenset({cast.partnership.id}))
    return [row.ref for row in issue_list(session, cast.viewer(who), query).rows]


def resolved(session: Session, cast: Cast, ref: str, outcome: str = "solved") -> None:
    propose(session, ref, doer(cast, "kim", MONDAY + timedelta(days=1)), outcome=outcome, done="Done.")
    agree(session, ref, doer(cast, "sam", MONDAY + timedelta(days=2)))


def test_the_newest_stand_first_and_those_of_one_moment_by_their_number(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for minutes in (0, 5, 5):
            make_issue(session, cast, now=MONDAY + timedelta(minutes=minutes))
        assert listed(session, cast) == ["RIV-3", "RIV-2", "RIV-1"]


def test_every_issue_stands_on_just_one_page_in_both_directions(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_pages(monkeypatch, 2, "issue_list")
    query = IssueQuery(frozenset({cast.partnership.id, cast.elsewhere.id}), (("tier", 1),))
    with db.write() as session:
        for minutes in (0, 1, 1, 1, 2):
            make_issue(session, cast, now=MONDAY + timedelta(minutes=minutes))
        first = issue_list(session, cast.viewer("sam"), query)
        last = first.rows[-1]
        second = issue_list(session, cast.viewer("sam"), query, after=Cursor(last.raised_at, last.id))
        third = issue_list(
            session, cast.viewer("sam"), query, after=Cursor(second.rows[-1].raised_at, second.rows[-1].id)
        )
        top = second.rows[0]
        back = issue_list(session, cast.viewer("sam"), query, before=Cursor(top.raised_at, top.id))
    assert [row.ref for page in (first, second, third) for row in page.rows] == [
        f"RIV-{each}" for each in (5, 4, 3, 2, 1)
    ]
    assert [(page.newer, page.older) for page in (first, second, third)] == [(False, True), (True, True), (True, False)]
    assert (back.rows, back.newer, back.older) == (first.rows, False, True)


def test_what_is_critical_and_not_over_stands_first_on_every_page_in_both_directions(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_pages(monkeypatch, 2, "issue_list")
    query = IssueQuery(frozenset({cast.partnership.id}))
    with db.write() as session:
        for minutes, severity in enumerate(("critical", "critical", "minor", "critical", "minor", "critical")):
            make_issue(session, cast, severity=Severity(severity), now=MONDAY + timedelta(minutes=minutes))
        resolved(session, cast, "RIV-1")
        pages = [issue_list(session, cast.viewer("sam"), query)]
        while pages[-1].older:
            pages.append(issue_list(session, cast.viewer("sam"), query, after=_cursor(pages[-1].rows[-1])))
        back = [issue_list(session, cast.viewer("sam"), query, before=_cursor(each.rows[0])) for each in pages[1:]]
    assert [[row.ref for row in page.rows] for page in pages] == [
        ["RIV-6", "RIV-4"],
        ["RIV-2", "RIV-5"],
        ["RIV-3", "RIV-1"],
    ]
    assert [page.rows for page in back] == [page.rows for page in pages[:-1]]


def _cursor(row: IssueRow) -> Cursor:
    return Cursor(row.raised_at, row.id, row.is_pressing)


@pytest.mark.parametrize(
    "who, sees",
    [("sam", True), ("alex", True), ("kim", True), ("mo", False), ("ines", False), ("stan", False)],
)
def test_an_issue_is_in_the_lists_of_its_sides_alone(db: Database, cast: Cast, who: str, sees: bool) -> None:
    with db.write() as session:
        make_issue(session, cast)
        found = issue_list(session, cast.viewer(who), IssueQuery(cast.viewer(who).partnership_ids)).rows
        assert bool(found) is sees
        assert sees_any(session, cast.viewer(who)) is sees


def test_what_a_body_as_a_whole_reads_is_in_the_list_of_a_third_organisations_member(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.whole_body_id = cast.bodies["steering"].id
        session.flush()
        assert listed(session, cast, "ines") == ["RIV-1"]
        assert listed(session, cast, "gwen") == []


def test_what_stays_inside_or_concerns_a_person_is_only_in_its_readers_lists(db: Database, cast: Cast) -> None:
    with db.write() as session:
        kept = make_issue(session, cast, ring=Ring.ORGANISATION)
        named = make_issue(session, cast, ring=Ring.NAMED)
        assert set(listed(session, cast, "sam")) == {kept.ref, named.ref}
        assert listed(session, cast, "jo") == [kept.ref]
        assert listed(session, cast, "kim") == [named.ref]


def test_somebody_of_two_partnerships_finds_both_newest_first(db: Database, cast: Cast) -> None:
    both = replace(cast.viewer("sam"), memberships=(*cast.viewer("sam").memberships, *cast.viewer("stan").memberships))
    wide = replace(cast, viewers={**cast.viewers, "sam": both})
    with db.write() as session:
        make_issue(session, cast, by="jo", now=MONDAY)
        make_issue(session, cast, by="jo", now=MONDAY + timedelta(minutes=2))
        elsewhere = _raised_elsewhere(session, cast, MONDAY + timedelta(minutes=1))
        assert listed(session, wide, partnership_ids=both.partnership_ids) == ["RIV-2", elsewhere, "RIV-1"]
        assert listed(session, wide) == ["RIV-2", "RIV-1"]


def _raised_elsewhere(session: Session, cast: Cast, now: Any) -> str:
    from_north = replace(cast, partnership=cast.elsewhere)
    return make_issue(session, from_north, by="stan", now=now, with_="south").ref


FILTERS: list[tuple[str, dict[str, Any], set[str]]] = [
    ("nothing", {}, {"A", "B", "C", "D"}),
    ("a side", {"side": "community"}, {"B"}),
    ("a pair", {"pair": ("acute", "council")}, {"A", "C", "D"}),
    ("a state", {"state": frozenset({State.OPEN})}, {"A"}),
    ("unresolved", {"state": UNRESOLVED}, {"A", "B", "C"}),
    ("a tier", {"tier": 2}, {"B"}),
    ("a theme", {"theme": "reliability"}, {"A"}),
    ("no theme", {"theme": "untagged"}, {"B", "C", "D"}),
    ("a topic", {"topic": "STANDARD"}, {"A"}),
    ("the ball", {"ball": "community"}, {"B"}),
    ("an outcome", {"outcome": frozenset({Outcome.NOT_SOLVED})}, {"D"}),
    ("a limit that passed", {"due": (None, MONDAY)}, {"C"}),
    ("a limit to come", {"due": (MONDAY, MONDAY + timedelta(days=4))}, {"A"}),
    ("days it happened", {"from": date(2026, 4, 1), "until": date(2026, 4, 26)}, {"C"}),
    ("days from one on", {"from": date(2026, 4, 28)}, {"A"}),
    ("days it was resolved", {"resolved_from": MONDAY + timedelta(days=2)}, {"D"}),
    ("days before it was resolved", {"resolved_until": MONDAY + timedelta(days=2)}, set()),
]


@pytest.mark.parametrize("filters, titles", [each[1:] for each in FILTERS], ids=[each[0] for each in FILTERS])
def test_a_filter_leaves_what_fits_it(db: Database, cast: Cast, filters: dict[str, Any], titles: set[str]) -> None:
    with db.write() as session:
        _four(session, cast)
        by_ids = {
            name: _ids(cast, value) if name in ("side", "pair", "ball") else value for name, value in filters.items()
        }
        query = IssueQuery(frozenset({cast.partnership.id}), tuple(by_ids.items()))
        found = issue_list(session, cast.viewer("sam"), query).rows
    assert {row.title for row in found} == titles


def _ids(cast: Cast, keys: Any) -> Any:
    if isinstance(keys, str):
        return frozenset({cast.organisations[keys].id})
    return tuple(frozenset({cast.organisations[key].id}) for key in keys)


def _four(session: Session, cast: Cast) -> None:
    """A: open, of a theme, happened twice. B: with the third side, at tier 2. C: old and late. D: not solved."""
    first = make_issue(session, cast, title="A")
    acknowledge(session, first.ref, doer(cast, "kim"))
    confirm_theme(session, first.ref, doer(cast, "jo"), theme="reliability")
    record_occurrence(session, first.ref, doer(cast, "jo", MONDAY + timedelta(days=1)), occurred_on=date(2026, 4, 28))
    second = make_issue(session, cast, title="B", with_="community")
    second.tier, second.due_at = 2, MONDAY + timedelta(days=9)
    make_issue(session, cast, title="C", now=MONDAY - timedelta(days=14), occurred_on=date(2026, 4, 10))
    resolved(session, cast, make_issue(session, cast, title="D").ref, outcome="not_solved")
    session.flush()


def test_an_issue_is_called_by_its_reference_in_any_case_or_by_the_one_it_came_with(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.outside_ref = "INC0012"
        session.flush()
        viewer = cast.viewer("kim")
        found = [reference(session, viewer, text) for text in ("riv-1", "INC0012", "RIV-2", "INC001")]
        assert found == ["RIV-1", "RIV-1", None, None]
        assert [reference(session, cast.viewer("mo"), text) for text in ("RIV-1", "INC0012")] == [None, None]


def test_the_statement_of_what_is_late_by_now_is_not_kept_since_nobody_asks_for_just_that_again(cast: Cast) -> None:
    built = []

    @KeptLists
    def build(viewer: Viewer, query: IssueQuery) -> Select[Any]:
        built.append(query)
        return select(Issue.id)

    here = frozenset({cast.partnership.id})
    lasting = IssueQuery(here, (("tier", 2),))
    late = [IssueQuery(here, (("due", (None, MONDAY + timedelta(seconds=each))),)) for each in range(3)]
    for query in (lasting, lasting, *late):
        build(cast.viewer("sam"), query)
    assert (built, build.cache_info().currsize) == ([lasting, *late], 1)
