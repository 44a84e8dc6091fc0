"""Ending together: propose, agree, return, silence, reopening, withdrawing, staying fixed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import ask_stayed_fixed, doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import resolve
from tracker.actions.acknowledge import acknowledge
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.refusals import MayNot, MoveNotAllowed, Stale, WrongInput
from tracker.rules.rings import Ring

LATER = MONDAY + timedelta(hours=2)


def propose(session: Session, cast: Cast, issue: Issue, by: str = "kim", now: datetime = LATER) -> None:
    resolve.propose(session, issue.ref, doer(cast, by, now), outcome="solved", done="We changed the template.")


def resolved(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    propose(session, cast, issue)
    return resolve.agree(session, issue.ref, doer(cast, "sam", LATER))


def test_a_proposal_gives_the_ball_to_the_side_that_must_answer_and_stops_the_clock(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        due = issue.due_at
        propose(session, cast, issue)
        assert (issue.state, issue.ball_with_id, issue.due_at) == (State.PROPOSED, cast.acute.id, due)
        assert {timer.kind for timer in issue.timers} == {TimerKind.SILENCE, TimerKind.LAPSE}


def test_when_the_other_side_agrees_it_is_resolved_and_the_raiser_is_asked_in_four_weeks(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        assert (issue.state, issue.outcome, issue.resolved_at) == (State.RESOLVED, Outcome.SOLVED, LATER)
        assert [(timer.kind, timer.due_at) for timer in issue.timers] == [
            (TimerKind.FOUR_WEEKS, LATER + timedelta(weeks=4))
        ]
        assert kinds(session, issue)[-3:] == ["proposed", "agreed", "resolved"]


def test_who_proposed_cannot_agree_for_the_other_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue)
        with pytest.raises(MoveNotAllowed, match="waits for Riverside Hospitals"):
            resolve.agree(session, issue.ref, doer(cast, "kim", LATER))


def test_a_returned_proposal_gives_the_ball_back_and_leaves_at_least_a_working_day(db: Database, cast: Cast) -> None:
    almost_due = datetime(2026, 4, 30, 15, tzinfo=UTC)
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue, now=almost_due)
        resolve.give_back(session, issue.ref, doer(cast, "sam", almost_due), reason="Two wards still use the old form.")
        assert (issue.state, issue.ball_with_id) == (State.OPEN, cast.council.id)
        assert issue.due_at == datetime(2026, 5, 1, 16, tzinfo=UTC)


def test_a_return_without_a_reason_is_refused(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue)
        with pytest.raises(WrongInput, match="Say why it goes back"):
            resolve.give_back(session, issue.ref, doer(cast, "sam", LATER), reason=" ")


def test_silence_counts_as_agreement_and_is_marked_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        propose(session, cast, issue)
        resolve.settle_by_silence(issue, cast.arrangement(session), MONDAY + timedelta(days=8))
        assert kinds(session, issue)[-2:] == ["silence_agreed", "resolved"]
        assert last_event(session, issue).details["by_silence"] is True


def test_with_three_sides_each_other_side_must_answer(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.join_side(cast.arrangement(session).organisation("community"), "it delivers", at=MONDAY)
        propose(session, cast, issue)
        assert resolve.agree(session, issue.ref, doer(cast, "sam", LATER)).state is State.PROPOSED
        assert issue.ball_with_id == cast.community.id
        assert resolve.agree(session, issue.ref, doer(cast, "bea", LATER)).state is State.RESOLVED


def test_reopening_goes_back_to_the_tier_that_decided_with_its_limit_anew(db: Database, cast: Cast) -> None:
    again = MONDAY + timedelta(days=14)
    with db.write() as session:
        issue = resolved(session, cast)
        resolve.reopen(session, issue.ref, doer(cast, "sam", again), reason="It came back on ward 4.")
        assert (issue.state, issue.tier, issue.ball_with_id) == (State.OPEN, 1, cast.council.id)
        assert issue.due_at == datetime(2026, 5, 14, 16, tzinfo=UTC)


def test_the_second_reopening_goes_one_tier_above(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        for _ in range(2):
            if not issue.is_resolved:
                propose(session, cast, issue)
                resolve.agree(session, issue.ref, doer(cast, "sam", LATER))
            resolve.reopen(session, issue.ref, doer(cast, "sam", LATER), reason="Again.")
        assert (issue.reopens, issue.tier) == (2, 2)


def test_front_line_staff_reopen_their_own_only(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        with pytest.raises(MayNot, match="whoever raised it"):
            resolve.reopen(session, issue.ref, doer(cast, "chris", LATER), reason="Hm.")


def test_its_raiser_withdraws_it_before_another_side_acknowledges(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.withdraw(session, issue.ref, doer(cast, "sam"), reason="Wrong ward.")
        assert (issue.state, issue.outcome, issue.timers) == (State.RESOLVED, Outcome.WITHDRAWN, [])


def test_once_the_other_side_has_acknowledged_it_is_not_withdrawn(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        with pytest.raises(MoveNotAllowed, match="This issue is open: to withdraw is not possible now"):
            resolve.withdraw(session, issue.ref, doer(cast, "sam"))


def test_a_proposal_is_taken_back_until_it_is_answered_and_all_is_as_it_was(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = (issue.state, issue.ball_with_id, issue.due_at)
        resolve.propose(session, issue.ref, doer(cast, "sam"), outcome="solved", done="Done.")
        resolve.take_back(session, issue.ref, doer(cast, "jo", LATER))
        assert (issue.state, issue.ball_with_id, issue.due_at) == before
        assert (issue.proposal, issue.unanswered) == (None, ())
        assert TimerKind.SILENCE not in {timer.kind for timer in issue.timers}
        assert last_event(session, issue).read().sentence("Jo Lind") == "Jo Lind took the proposal back"


def test_where_the_limit_passed_meanwhile_the_rest_of_the_working_day_is_left(db: Database, cast: Cast) -> None:
    thursday = MONDAY + timedelta(days=3, hours=2)
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        resolve.take_back(session, issue.ref, doer(cast, "kim", thursday + timedelta(days=1)))
        assert issue.due_at == thursday.replace(hour=16) + timedelta(days=1)
        assert TimerKind.LIMIT in {timer.kind for timer in issue.timers}


def test_that_side_proposes_again_only_after_that_day_and_others_may_at_once(db: Database, cast: Cast) -> None:
    close = MONDAY.replace(hour=16)
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        resolve.take_back(session, issue.ref, doer(cast, "kim"))
        soon = doer(cast, "lee", close - timedelta(seconds=1))
        with pytest.raises(MoveNotAllowed, match="it proposes again from Mon 27 Apr 17:00 in London"):
            resolve.propose(session, issue.ref, soon, outcome="solved", done="Done.")
        resolve.propose(session, issue.ref, doer(cast, "sam"), outcome="solved", done="Done.")
        resolve.take_back(session, issue.ref, doer(cast, "sam"))
        assert resolve.propose(session, issue.ref, doer(cast, "kim", close), outcome="solved", done="Done.").proposal


def test_only_the_side_that_proposed_takes_it_back_and_only_until_somebody_has_answered(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.join_side(cast.arrangement(session).organisation("community"), "they carry it", at=MONDAY)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        with pytest.raises(MoveNotAllowed, match="Riverside Council proposed it and can take it back"):
            resolve.take_back(session, issue.ref, doer(cast, "sam"))
        resolve.agree(session, issue.ref, doer(cast, "sam"))
        with pytest.raises(MoveNotAllowed, match="Riverside Hospitals has answered, so it stands until all have"):
            resolve.take_back(session, issue.ref, doer(cast, "kim"))


def test_an_answer_to_whether_it_stayed_fixed_is_an_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        ask_stayed_fixed(session, cast, issue)
        resolve.say_stayed_fixed(session, issue.ref, doer(cast, "sam", LATER), fixed=False)
        assert last_event(session, issue).details == {"fixed": False}


def test_a_stale_form_is_refused_with_what_changed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        seen = issue.version
        acknowledge(session, issue.ref, doer(cast, "kim"))
        with pytest.raises(Stale, match="Kim Tran acknowledged it"):
            resolve.propose(session, issue.ref, doer(cast, "kim", version=seen), outcome="solved", done="Done.")
        assert issue.state is State.OPEN


def test_a_private_note_moves_no_version_that_others_see(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = issue.version
        issue.note("Ours alone.", cast.actor("sam"), LATER, ring=Ring.ORGANISATION)
        assert issue.version == before
        assert (
            resolve.propose(session, issue.ref, doer(cast, "kim", version=before), outcome="solved", done="Done.").state
            is State.PROPOSED
        )
