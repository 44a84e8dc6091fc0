"""Asking the other sides: who answers, in what order, and how an ask ends without an answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import ring_one
from tracker.actions import escalate, resolve
from tracker.actions.asking.ask import agree_to_ask, ask, return_ask, take_ask_back
from tracker.database import Database
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.person import Membership
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import State
from tracker.rules.lifecycle.asks import AskChoice, AskKind, AskState
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Membership as Belonging
from tracker.rules.rings import Role

LATER = MONDAY + timedelta(hours=2)
FRIDAY = date(2026, 5, 1)


def asked(
    session: Session, cast: Cast, ref: str, by: str = "sam", reason: str = "Their ruling.", **more: object
) -> Issue:
    """Somebody asks for a pause until Friday, waiting for the county court."""
    choice = AskChoice(outsider="County Court", until=FRIDAY)
    return ask(session, ref, doer(cast, by, **more), kind=AskKind.PAUSE, reason=reason, choice=choice)  # type: ignore[arg-type]


def with_community(session: Session, cast: Cast, issue: Issue) -> None:
    issue.join_side(cast.arrangement(session).organisation("community"), "it is theirs, too", at=MONDAY)
    session.flush()


def test_an_ask_changes_nothing_until_it_is_agreed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        before = (issue.state, issue.due_at, {(each.kind, each.due_at) for each in issue.timers})
        asked(session, cast, issue.ref)
        assert (issue.state, issue.due_at, {(each.kind, each.due_at) for each in issue.timers}) == before
        assert kinds(session, issue)[-1] == "asked"


def test_one_of_a_kind_at_a_time(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        asked(session, cast, issue.ref)
        with pytest.raises(MoveNotAllowed, match="one at a time"):
            asked(session, cast, issue.ref, by="kim")


def test_the_side_that_asked_does_not_answer_itself(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        with pytest.raises(MoveNotAllowed, match="asked it: it waits for Riverside Council"):
            agree_to_ask(session, issue.ref, doer(cast, "jo"), number=1)


def test_with_three_sides_each_other_one_must_agree(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with_community(session, cast, issue)
        asked(session, cast, issue.ref)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        assert issue.pause is None
        agree_to_ask(session, issue.ref, doer(cast, "bea"), number=1)
        assert issue.state is State.PAUSED


def test_a_side_that_was_added_meanwhile_must_answer_too(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        with_community(session, cast, issue)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        assert (issue.state is State.PAUSED, issue.asking) == (False, 1)


def test_two_sides_answer_in_the_same_second(db: Database, cast: Cast) -> None:
    """Both from pages drawn before either: each answers for itself, and the second makes it happen, once."""
    with db.write() as session:
        issue = make_issue(session, cast)
        with_community(session, cast, issue)
        ref, version = asked(session, cast, issue.ref).ref, issue.version
    with db.write() as session:
        agree_to_ask(session, ref, doer(cast, "kim", LATER, version=version), number=1)
    with db.write() as session:
        issue = agree_to_ask(session, ref, doer(cast, "bea", LATER, version=version), number=1)
        assert kinds(session, issue).count("ask_agreed") == 2
        assert kinds(session, issue).count("paused") == 1


def test_one_agrees_and_one_returns_in_the_same_second(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with_community(session, cast, issue)
        ref = asked(session, cast, issue.ref).ref
    with db.write() as session:
        return_ask(session, ref, doer(cast, "kim", LATER), number=1, reason="We need it now.")
    with db.write() as session, pytest.raises(MoveNotAllowed, match="returned already"):
        agree_to_ask(session, ref, doer(cast, "bea", LATER), number=1)


def test_a_double_click_agrees_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        with pytest.raises(MoveNotAllowed, match="agreed to this already"):
            agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)


def test_an_ask_across_an_escalation_by_the_clock_lapses_before_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        limit = issue.due_at
        assert limit
        ref = issue.ref
    with db.write() as session:
        ring_one(session, now=limit)
    with db.read() as session:
        told = kinds(session, issue := session.exec(select(Issue).where(Issue.ref == ref)).one())
        assert told.index("ask_lapsed") < told.index("escalated")
        assert (issue.tier, issue.asking, [each.state for each in issue.asks()]) == (2, 0, [AskState.LAPSED])


def test_an_ask_answered_after_it_lapsed_is_refused(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        with pytest.raises(MoveNotAllowed, match="lapsed before it was answered"):
            agree_to_ask(session, issue.ref, doer(cast, "lee"), number=1)


def test_an_ask_answered_at_the_limit_is_late_though_the_clock_has_not_come_by(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        assert issue.due_at
        with pytest.raises(MoveNotAllowed, match="lapsed before it was answered"):
            agree_to_ask(session, issue.ref, doer(cast, "kim", issue.due_at), number=1)


def test_whoever_escalates_leaves_what_was_asked_behind(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="legal deadline")
        assert kinds(session, issue)[-2:] == ["ask_lapsed", "escalated"]


def test_a_proposal_ends_what_was_asked_and_nothing_is_asked_while_it_stands(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="A new form.")
        assert kinds(session, issue)[-2:] == ["ask_lapsed", "proposed"]
        with pytest.raises(MoveNotAllowed, match="to ask the other side is not possible now"):
            asked(session, cast, issue.ref)


def test_the_asker_loses_their_seat_and_their_side_keeps_the_ask(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        for row in session.exec(select(Seat).where(Seat.person_id == cast.sam.id)):
            session.delete(row)
        for holder in issue.holders:
            holder.active = holder.active and holder.person_id != cast.sam.id
        session.get_one(type(cast.partnership), cast.partnership.id).changed()
        session.flush()
        with pytest.raises(MayNot):
            take_ask_back(session, issue.ref, doer(cast, "sam"), number=1)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        assert issue.state is State.PAUSED


def test_it_is_taken_back_until_the_first_answer_by_anybody_of_the_side_that_asked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        take_ask_back(session, issue.ref, doer(cast, "jo"), number=1)
        assert (issue.asking, kinds(session, issue)[-1]) == (0, "ask_taken_back")
        asked(session, cast, issue.ref)
        with pytest.raises(MoveNotAllowed, match="Riverside Hospitals asked it and can take it back"):
            take_ask_back(session, issue.ref, doer(cast, "kim"), number=2)
        with_community(session, cast, issue)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=2)
        with pytest.raises(MoveNotAllowed, match="Riverside Council has answered"):
            take_ask_back(session, issue.ref, doer(cast, "sam"), number=2)


def test_returned_nothing_changes_and_it_can_be_asked_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        return_ask(session, issue.ref, doer(cast, "kim"), number=1, reason="The court ruled on Friday.")
        assert (issue.state is State.PAUSED, issue.asking) == (False, 0)
        assert asked(session, cast, issue.ref).asking == 1


def test_a_return_says_why(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast, make_issue(session, cast).ref)
        with pytest.raises(WrongInput):
            return_ask(session, issue.ref, doer(cast, "kim"), number=1, reason=" ")


def test_what_was_never_asked_is_not_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(NotThere):
            agree_to_ask(session, issue.ref, doer(cast, "kim"), number=7)


def test_who_asked_for_one_side_does_not_answer_for_another(db: Database, cast: Cast) -> None:
    with db.write() as session:
        member = Membership(person_id=cast.jo.id, organisation_id=cast.council.id)
        member.take_roles([Role.MANAGER])
        session.add(member)
        session.get_one(type(cast.partnership), cast.partnership.id).changed()
        issue = make_issue(session, cast)
        jo = cast.viewer("jo")
        council = Belonging(cast.council.id, "council", cast.partnership.id, "RIV", frozenset({Role.MANAGER}))
        both = replace(jo, memberships=(*jo.memberships, council))
        for_own = replace(doer(cast, "jo"), viewer=both, speaking_for="acute")
        choice = AskChoice(outsider="County Court", until=FRIDAY)
        ask(session, issue.ref, for_own, kind=AskKind.PAUSE, reason="Their ruling.", choice=choice)
        with pytest.raises(MayNot, match="You have spoken for Riverside Hospitals"):
            agree_to_ask(session, issue.ref, replace(for_own, speaking_for="council"), number=1)


def test_past_the_top_limit_there_is_no_clock_to_pause(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(4):
            escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        assert TimerKind.LIMIT not in {each.kind for each in issue.timers}
        with pytest.raises(MoveNotAllowed, match="No clock runs here"):
            asked(session, cast, issue.ref, by="priya", now=MONDAY + timedelta(days=60))
