"""Raising, sharing and turning issues."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast, make_cast
from tracker.actions.raise_issue import cross, record_issue, turn
from tracker.database import Database, statement_count
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.deadlines import Due, Origin
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import DoneAlready, MayNot, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring


def test_an_issue_takes_the_next_number_and_the_ball_goes_to_the_other_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
        assert (first.ref, second.ref) == ("RIV-1", "RIV-2")
        assert first.state is State.RAISED
        assert first.ball_with_id == cast.council.id
        assert kinds(session, first) == ["raised", "routed"]


def test_the_limit_and_its_reason_are_set_at_entry_and_a_clock_stands_behind_each(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert issue.due_at is not None
        assert issue.due_at.isoformat() == "2026-04-30T16:00:00+00:00"
        assert issue.limit_origin == Origin("3 working days", MONDAY, body="front")
        assert {(timer.kind, timer.side) for timer in issue.timers} == {
            (TimerKind.LIMIT, ""), (TimerKind.WARNING, ""),
            (TimerKind.ACKNOWLEDGEMENT, "council"), (TimerKind.LAPSE, "acute"),
        }  # fmt: skip


def test_both_front_lines_hold_a_new_issue_and_the_raisers_side_has_acknowledged_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert {(each.person_id, each.first) for each in issue.holders} == {(cast.sam.id, True), (cast.kim.id, True)}
        assert issue.side(cast.acute.id).acknowledged_by_name == "Sam Okafor"
        assert issue.side(cast.council.id).acknowledged_at is None


def test_a_double_click_raises_one_issue(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first = make_issue(session, cast, once="click")
        with pytest.raises(DoneAlready) as refusal:
            make_issue(session, cast, once="click")
        assert refusal.value.ref == first.ref


def test_what_stays_inside_has_no_number_no_clock_and_only_its_own_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, ring=Ring.ORGANISATION)
        assert issue.number is None
        assert issue.ref.startswith("RIV-")
        assert issue.side_ids == (cast.acute.id,)
        assert (issue.due_at, issue.timers) == (None, [])


def test_when_it_crosses_it_takes_its_number_its_route_and_its_clock(db: Database, cast: Cast) -> None:
    with db.write() as session:
        kept = make_issue(session, cast, ring=Ring.ORGANISATION)
        issue = cross(session, kept.ref, doer(cast, "sam", MONDAY + timedelta(days=1)))
        assert (issue.ref, issue.side_ids) == ("RIV-1", (cast.acute.id, cast.council.id))
        assert issue.due_at is not None
        assert kinds(session, issue) == ["raised", "crossed", "routed"]


def test_what_names_nobody_it_is_with_cannot_be_shared(db: Database, cast: Cast) -> None:
    with db.write() as session:
        kept = make_issue(session, cast, ring=Ring.ORGANISATION)
        kept.meant_for_id = None
        with pytest.raises(MoveNotAllowed, match="does not say whom it is with"):
            cross(session, kept.ref, doer(cast, "sam"))


def test_what_was_worked_round_is_over_at_once_and_has_no_clock(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, worked_round=True)
        assert (issue.state, issue.outcome) == (State.RESOLVED, Outcome.WORKED_ROUND)
        assert issue.timers == []
        assert kinds(session, issue) == ["raised", "routed", "resolved"]


def test_an_early_warning_has_no_clock_until_it_is_turned_into_an_issue(db: Database, cast: Cast) -> None:
    with db.write() as session:
        warning = make_issue(session, cast, kind=Kind.EARLY_WARNING)
        assert (warning.due_at, warning.timers) == (None, [])
        issue = turn(session, warning.ref, doer(cast, "sam"))
        assert issue.due_at is not None
        assert kinds(session, issue)[-2:] == ["turned", "acknowledged_by_writing"]  # by their side: nobody is asked


def test_nothing_is_raised_while_no_ladder_is_in_force(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        cast.ladder.in_force_at = None
        cast.partnership.version += 1
        session.flush()
        with pytest.raises(MoveNotAllowed, match="no version of a default ladder is in force"):
            make_issue(session, cast)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"title": " "}, "title"),
        ({"with_": "acute"}, "with"),
        ({"with_": "north"}, "with"),
        ({"service_area": "moon"}, "service_area"),
        ({"occurred_on": date(2026, 4, 28)}, "occurred_on"),
    ],
    ids=str,
)
def test_a_wrong_field_is_named_with_what_is_allowed(
    db: Database, cast: Cast, wrong: dict[str, Any], field: str
) -> None:
    with db.write() as session:
        with pytest.raises(WrongInput) as refusal:
            make_issue(session, cast, **wrong)
        assert [error.field for error in refusal.value.errors] == [field]
        assert session.exec(select(Issue.id)).all() == []


def test_a_stranger_to_the_partnership_raises_nothing_in_it(db: Database, cast: Cast) -> None:
    with db.write() as session, pytest.raises(MayNot, match="belong to no organisation"):
        make_issue(session, cast, by="stan")


def test_who_belongs_to_several_organisations_says_for_whom_they_speak(db: Database, cast: Cast) -> None:
    with db.write() as session:
        both = (*cast.viewer("sam").memberships, *cast.viewer("mo").memberships)
        cast = replace(cast, viewers={**cast.viewers, "sam": replace(cast.viewer("sam"), memberships=both)})
        with pytest.raises(WrongInput, match="Say for whom you speak"):
            make_issue(session, cast)
        assert make_issue(session, cast, speaking_for="community").raised_for_id == cast.community.id


def test_others_wait_only_while_each_table_is_written_by_one_statement(db: Database, cast: Cast) -> None:
    new = NewIssue("A letter late", "council", Severity.SERIOUS)
    with db.write() as session:
        record_issue(session, arranged := cast.arrangement(session), new, doer(cast, "sam", once="first"))
    with statement_count(db) as sent, db.write() as session:
        issue = record_issue(session, arranged, new, doer(cast, "sam", once="second"))
        assert not [*session]  # nothing is left that would be written when it is committed
    tables = [each.split()[2] for each in sent if each.startswith("INSERT")]
    assert tables == ["issue", "issue_side", "holder", "timer", "occurrence", "event", "uncounted"]
    assert [each.split()[0] for each in sent if each.startswith(("SELECT", "UPDATE"))] == ["UPDATE", "SELECT"]
    with db.read() as session:
        assert session.exec(select(Issue.ref).where(Issue.id == issue.id)).one() == issue.ref == "RIV-2"


def test_a_double_click_leaves_nothing_behind_that_is_written_with_what_follows(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, once="a")
        with pytest.raises(DoneAlready):
            make_issue(session, cast, once="a")
        issue.acknowledge(cast.actor("kim"), MONDAY, lapses=Due(MONDAY))
    with db.read() as session:
        assert session.exec(select(Issue.ref)).all() == [issue.ref]
