"""Going up: by the clock, by a holder's fast-track reason, past vacant tiers, and staying at the top."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import changed
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.database import Database
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Cause, State
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, WrongInput

PAST_LIMIT = datetime(2026, 5, 1, 9, tzinfo=UTC)  # the limit was Thu 30 Apr 17:00 in London


def pass_limit(session: Session, cast: Cast, issue: Issue, now: datetime = PAST_LIMIT) -> None:
    escalate.by_clock(issue, cast.arrangement(session), now)


def vacate(session: Session, cast: Cast, body: str, person: str) -> None:
    seat = session.exec(
        select(Seat).where(Seat.body_id == cast.bodies[body].id, Seat.person_id == cast.people[person].id)
    ).one()
    seat.retired_at = MONDAY
    changed(session, cast)


def test_an_overdue_issue_goes_one_tier_up_and_its_limit_starts_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        pass_limit(session, cast, issue)
        assert (issue.tier, issue.due_at) == (2, datetime(2026, 5, 11, 16, tzinfo=UTC))  # Mon 4 May is a holiday
        assert last_event(session, issue).kind == "escalated"


def test_how_late_the_old_tier_was_is_kept_with_the_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        pass_limit(session, cast, issue)
        details = last_event(session, issue).details
        assert (details["from_tier"], details["to"], details["cause"]) == (1, 2, Cause.LIMIT)
        assert details["late_seconds"] == timedelta(hours=17).total_seconds()


def test_going_up_leaves_the_ball_and_keeps_the_lower_holders_attached(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        pass_limit(session, cast, issue)
        assert issue.ball_with_id == cast.council.id
        assert {each.person_id for each in issue.holders} == {cast.sam.id, cast.kim.id, cast.jo.id, cast.lee.id}
        assert {each.person_id for each in issue.holders_now()} == {cast.jo.id, cast.lee.id}


def test_acknowledging_does_not_move_the_limit(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = issue.due_at
        acknowledge(session, issue.ref, doer(cast, "kim", MONDAY + timedelta(hours=1)))
        assert (issue.due_at, issue.state) == (before, State.OPEN)


def test_a_tier_without_a_holder_of_one_side_is_passed_at_once_and_said(db: Database, cast: Cast) -> None:
    with db.write() as session:
        vacate(session, cast, "ops", "lee")
        issue = make_issue(session, cast)
        pass_limit(session, cast, issue)
        assert issue.tier == 3
        assert kinds(session, issue)[-2:] == ["escalated", "tier_vacant"]
        assert last_event(session, issue).details["vacant"] == ["council"]


def test_with_nobody_above_it_stays_on_the_highest_filled_tier(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for body, person in (("ops", "lee"), ("directors", "owen"), ("steering", "dana")):
            vacate(session, cast, body, person)
        issue = make_issue(session, cast)
        pass_limit(session, cast, issue)
        assert (issue.tier, issue.state) == (1, State.RAISED)
        assert "tier_vacant" in kinds(session, issue)
        assert [timer.kind for timer in issue.timers].count(TimerKind.TOP_REMINDER) == 1


def test_at_the_top_the_passed_limit_is_one_event_and_a_reminder_is_set(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(4):
            pass_limit(session, cast, issue)
        assert issue.tier == 4
        assert kinds(session, issue)[-1] == "top_limit_passed"
        assert {timer.kind for timer in issue.timers} == {TimerKind.TOP_REMINDER, TimerKind.LAPSE}


def test_a_holder_takes_it_up_early_for_a_fast_track_reason(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="risk to a person", reason="A fall is likely.")
        assert issue.tier == 2
        assert last_event(session, issue).read().sentence("Kim Tran").endswith("(risk to a person: A fall is likely.)")


def test_skipping_tells_each_tier_that_was_skipped(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="legal deadline", to=4)
        assert issue.tier == 4
        assert kinds(session, issue)[-3:] == ["escalated", "tier_skipped", "tier_skipped"]


def test_without_a_fast_track_reason_it_waits_for_its_limit(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="needs one of these reasons"):
            escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="impatience")
        assert issue.tier == 1


def test_nothing_is_above_the_top(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="legal deadline", to=4)
        with pytest.raises(MoveNotAllowed, match="top of its ladder"):
            escalate.by_holder(session, issue.ref, doer(cast, "dana"), cause="legal deadline")


@pytest.mark.parametrize(
    "who, refusal", [("chris", MayNot), ("mo", NotThere), ("stan", NotThere)], ids=["lead", "third", "stranger"]
)
def test_who_is_no_manager_or_holder_of_a_side_moves_nothing(
    db: Database, cast: Cast, who: str, refusal: type[Exception]
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(refusal):
            escalate.by_holder(session, issue.ref, doer(cast, who), cause="legal deadline")
        assert issue.tier == 1
