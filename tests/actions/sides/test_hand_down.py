"""Handing down: the doing goes to a lower tier, comes back when its limit passes, and the deciding tier confirms."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col

from tests.actions.test_escalate import vacate
from tests.issue_makers import doer, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, told
from tracker.actions import escalate, resolve
from tracker.actions.sides.hand_down import hand_down
from tracker.database import Database
from tracker.measures.ladder_flow import flow_of
from tracker.measures.tier_stays import stays
from tracker.queries.ladder.events import events_of
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Cause, State
from tracker.rules.refusals import MayNot, MoveNotAllowed, WrongInput

LATER = MONDAY + timedelta(hours=2)
NEXT = MONDAY + timedelta(days=1)


def made_above(session: Session, cast: Cast, tier: int = 3) -> Issue:
    """An issue on the directors' tier, which Owen and Rita hold."""
    issue = make_issue(session, cast)
    escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.AUTHORITY, reason="Above me", to=tier)
    return issue


def handed_down(session: Session, cast: Cast, *, to: int = 1, by: str = "rita", now: datetime = LATER) -> Issue:
    issue = made_above(session, cast)
    return hand_down(session, issue.ref, doer(cast, by, now), to=to, reason="Council scans the list from May on.")


def proposed(session: Session, cast: Cast, by: str = "kim") -> Issue:
    issue = handed_down(session, cast)
    return resolve.propose(session, issue.ref, doer(cast, by, NEXT), outcome="solved", done="It is scanned.")


def test_the_lower_tier_has_it_with_its_own_limit_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = handed_down(session, cast)
        assert (issue.tier, issue.deciding_tier, issue.state) == (1, 3, State.OPEN)
        assert issue.due_at == make_issue(session, cast, now=LATER).due_at
        assert {each.person_id for each in issue.holders_now()} == {cast.sam.id, cast.kim.id}
        assert last_event(session, issue).details == {"from_tier": 3, "to": 1}


def test_each_side_acknowledges_anew_where_it_is_done(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = handed_down(session, cast)
        assert [side.acknowledged_at for side in issue.sides] == [None, None]
        assert [timer.side for timer in issue.timers if timer.kind is TimerKind.ACKNOWLEDGEMENT] == ["acute", "council"]


def test_when_its_limit_passes_it_goes_back_to_the_tier_that_decided(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = handed_down(session, cast)
        assert issue.due_at is not None
        escalate.by_clock(issue, cast.arrangement(session), issue.due_at)
        event = last_event(session, issue)
        assert (issue.tier, issue.deciding_tier) == (3, None)
        assert (
            event.read().sentence("")
            == "Limit passed: it went back from Front line to Directors, which had handed it down"
        )


def test_sent_up_to_a_tier_between_it_is_still_for_the_deciding_one_to_confirm(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = handed_down(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim", NEXT), cause=Cause.RISK, reason="Now")
        assert (issue.tier, issue.deciding_tier) == (2, 3)
        hand_down(session, issue.ref, doer(cast, "lee", NEXT), to=1, reason="Do it today.")
        assert (issue.tier, issue.deciding_tier) == (1, 3)


def test_a_proposal_stands_with_the_deciding_tier_and_each_side_confirms_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = proposed(session, cast)
        assert (issue.tier, issue.state, issue.unanswered) == (3, State.PROPOSED, (cast.acute.id, cast.council.id))
        assert {each.person_id for each in issue.holders_now()} == {cast.rita.id, cast.owen.id}
        resolve.agree(session, issue.ref, doer(cast, "rita", NEXT))
        assert issue.state is State.PROPOSED
        resolve.agree(session, issue.ref, doer(cast, "owen", NEXT))
        assert (issue.state, issue.tier) == (State.RESOLVED, 3)


@pytest.mark.parametrize("who", ["sam", "jo", "lee", "dana"])
def test_nobody_else_confirms(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        issue = proposed(session, cast)
        with pytest.raises(MayNot):
            resolve.agree(session, issue.ref, doer(cast, who, NEXT))
        with pytest.raises(MayNot):
            resolve.give_back(session, issue.ref, doer(cast, who, NEXT), reason="No")


def test_what_somebody_of_the_deciding_tier_proposes_has_its_agreement_for_their_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = proposed(session, cast, by="owen")
        assert issue.unanswered == (cast.acute.id,)


def test_returned_it_is_back_where_it_was_decided_with_that_limit(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = proposed(session, cast)
        resolve.give_back(session, issue.ref, doer(cast, "rita", NEXT), reason="Only half of it is")
        above = made_above(session, cast)
        assert (issue.tier, issue.deciding_tier, issue.state) == (3, None, State.OPEN)
        assert issue.due_at is not None
        assert above.due_at is not None
        assert issue.due_at > above.due_at
        assert issue.side(cast.acute.id).acknowledged_at == NEXT


def test_taken_back_it_is_below_again_with_the_limit_it_had(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = handed_down(session, cast)
        before = issue.due_at
        resolve.propose(session, issue.ref, doer(cast, "kim", NEXT), outcome="solved", done="It is scanned.")
        resolve.take_back(session, issue.ref, doer(cast, "kim", NEXT))
        assert (issue.tier, issue.deciding_tier, issue.state, issue.due_at) == (1, 3, State.OPEN, before)
        assert {each.person_id for each in issue.holders_now()} == {cast.sam.id, cast.kim.id}


def test_reopened_it_is_back_with_the_tier_that_decided(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = proposed(session, cast)
        for name in ("rita", "owen"):
            resolve.agree(session, issue.ref, doer(cast, name, NEXT))
        resolve.reopen(session, issue.ref, doer(cast, "lee", NEXT), reason="It came back")
        assert (issue.tier, issue.deciding_tier) == (3, None)


def test_its_people_hear_who_decided_and_who_is_to_confirm(db: Database, cast: Cast) -> None:
    with db.write() as session:
        proposed(session, cast)
        announce_all(session, NEXT)
        assert told(session, "handed_down") == {"sam", "kim", "owen"}
        assert told(session, "confirmation_asked") == {"rita", "owen"}


def test_the_report_counts_the_way_down_and_back_up_as_the_import_does(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = proposed(session, cast)
        session.flush()
        ((_, events),) = events_of(session, cast.arrangement(session), col(Event.issue_id) == issue.id)
        flow = flow_of(events)
        assert (flow.tier_path, flow.tiers_up, flow.tiers_down) == ("1>3>1>3", 2, 1)
        assert [(each.tier, each.rise is None) for each in stays(events)] == [(1, False), (3, True)]


@pytest.mark.parametrize("who", ["sam", "jo", "priya", "alex"])
def test_only_who_has_it_hands_it_down(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        issue = made_above(session, cast)
        with pytest.raises(MayNot):
            hand_down(session, issue.ref, doer(cast, who), to=1, reason="Go on")


def test_it_goes_down_only_where_every_side_has_somebody_with_a_reason(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = made_above(session, cast)
        with pytest.raises(WrongInput, match="below"):
            hand_down(session, issue.ref, doer(cast, "rita"), to=4, reason="Up")
        with pytest.raises(WrongInput, match="decided"):
            hand_down(session, issue.ref, doer(cast, "rita"), to=1, reason=" ")
        vacate(session, cast, "front", "kim")
        with pytest.raises(WrongInput, match=r"2 \(Operational"):
            hand_down(session, issue.ref, doer(cast, "rita"), to=1, reason="Go on")


def test_from_the_first_tier_nothing_is_handed_down(db: Database, cast: Cast) -> None:
    with db.write() as session, pytest.raises(MoveNotAllowed, match="first tier"):
        hand_down(session, make_issue(session, cast).ref, doer(cast, "kim"), to=1, reason="Go on")
