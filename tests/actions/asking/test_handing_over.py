"""Handing over and going up by agreement: whose turn it is after each, who keeps sight, when it is contested."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all
from tracker.actions import escalate
from tracker.actions.asking.ask import agree_to_ask, ask, return_ask
from tracker.database import Database
from tracker.queries import issues
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.rules.lifecycle import Cause
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Ring


def offered(session: Session, cast: Cast, ref: str, by: str = "kim", to: str = "acute") -> Issue:
    choice = AskChoice(side=to)
    return ask(session, ref, doer(cast, by), kind=AskKind.HAND_OVER, reason="It is their ward.", choice=choice)


def returned(session: Session, cast: Cast, issue: Issue, by: str = "sam") -> Issue:
    number = len(issue.asks())
    return return_ask(session, issue.ref, doer(cast, by), number=number, reason="It is your letter.")


def test_offered_it_is_still_the_turn_of_who_offers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = offered(session, cast, make_issue(session, cast).ref)
        assert issue.ball_with_id == cast.council.id


def test_accepted_it_is_the_turn_of_the_other_and_nobody_loses_sight(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = offered(session, cast, make_issue(session, cast).ref)
        holders = [each.person_id for each in issue.holders_now()]
        agree_to_ask(session, issue.ref, doer(cast, "sam"), number=1)
        assert issue.ball_with_id == cast.acute.id
        assert [each.person_id for each in issue.holders_now()] == holders
        event = last_event(session, issue)
        assert (event.kind, event.ball_with_id, event.details["to_organisation"]) == (
            "handed_over",
            cast.acute.id,
            "acute",
        )


def test_about_a_person_who_raised_it_and_who_held_it_keep_sight_of_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = offered(session, cast, make_issue(session, cast, by="rita", ring=Ring.NAMED).ref).ref
        agree_to_ask(session, ref, doer(cast, "sam"), number=1)
    with db.read() as session:
        assert [issues.load(session, ref, cast.viewer(name)).ref for name in ("rita", "sam", "kim")] == [ref] * 3
        for name in ("jo", "lee", "chris", "mo"):
            with pytest.raises(NotThere):
                issues.load(session, ref, cast.viewer(name))


def test_who_does_not_have_the_turn_cannot_offer_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MoveNotAllowed, match="It is the turn of Riverside Council"):
            offered(session, cast, issue.ref, by="sam", to="council")


@pytest.mark.parametrize("to", ["", "council", "community"])
def test_it_is_offered_to_another_side(db: Database, cast: Cast, to: str) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput):
            offered(session, cast, issue.ref, to=to)


def test_returned_twice_it_is_contested_and_those_a_tier_up_of_both_sides_hear(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        returned(session, cast, offered(session, cast, issue.ref))
        assert "hand_over_contested" not in kinds(session, issue)
        returned(session, cast, offered(session, cast, issue.ref))
        assert kinds(session, issue)[-1] == "hand_over_contested"
        contested = last_event(session, issue).id
        announce_all(session, now=MONDAY)
        told = set(session.exec(select(Notice.person_id).where(Notice.event_id == contested)))
        assert told == {cast.people[name].id for name in ("jo", "lee", "sam", "kim")}


def test_a_third_return_says_it_no_second_time(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(3):
            returned(session, cast, offered(session, cast, issue.ref))
        assert kinds(session, issue).count("hand_over_contested") == 1


def test_what_was_accepted_begins_the_count_anew_whoever_offers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        returned(session, cast, offered(session, cast, issue.ref))
        offered(session, cast, issue.ref)
        agree_to_ask(session, issue.ref, doer(cast, "sam"), number=2)
        returned(session, cast, offered(session, cast, issue.ref, by="sam", to="council"), by="kim")
        assert "hand_over_contested" not in kinds(session, issue)
        returned(session, cast, offered(session, cast, issue.ref, by="sam", to="council"), by="kim")
        assert kinds(session, issue)[-1] == "hand_over_contested"


def test_on_another_tier_the_count_begins_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        returned(session, cast, offered(session, cast, issue.ref))
        escalate.by_clock(issue, cast.arrangement(session), MONDAY + timedelta(days=3))
        choice = AskChoice(side="acute")
        lee, jo = (doer(cast, name, MONDAY + timedelta(days=3, hours=1)) for name in ("lee", "jo"))
        ask(session, issue.ref, lee, kind=AskKind.HAND_OVER, reason="Theirs.", choice=choice)
        return_ask(session, issue.ref, jo, number=2, reason="Yours.")
        assert "hand_over_contested" not in kinds(session, issue)


def test_by_agreement_it_goes_up_before_its_limit_with_no_other_reason(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        ask(session, issue.ref, doer(cast, "sam"), kind=AskKind.ESCALATE, reason="Money.", choice=AskChoice())
        assert issue.tier == 1
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        assert issue.tier == 2
        event = session.exec(select(Event).where(Event.issue_id == issue.id, Event.kind == "escalated")).one()
        assert (event.details["cause"], event.words["reason"]) == (Cause.AGREED, "Money.")


def test_what_else_was_asked_lapses_when_it_goes_up_by_agreement(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = offered(session, cast, make_issue(session, cast).ref)
        ask(session, issue.ref, doer(cast, "kim"), kind=AskKind.ESCALATE, reason="Money.", choice=AskChoice())
        agree_to_ask(session, issue.ref, doer(cast, "sam"), number=2)
        assert kinds(session, issue)[-2:] == ["ask_lapsed", "escalated"]
        assert issue.asking == 0


def test_at_the_top_nobody_is_asked_to_go_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(3):
            escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        with pytest.raises(MoveNotAllowed, match="at the top of its ladder"):
            ask(session, issue.ref, doer(cast, "priya"), kind=AskKind.ESCALATE, reason="So.", choice=AskChoice())


def test_past_the_top_limit_an_ask_lapses_where_nothing_was_heard_for_so_long(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for _ in range(4):
            escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        offered(session, cast, issue.ref, by="dana")
        assert [(each.side, each.due_at) for each in issue.timers if each.kind == "ask"] == [
            ("hand_over", MONDAY + timedelta(days=8, hours=8))  # five working days; Monday 4 May is a holiday
        ]
