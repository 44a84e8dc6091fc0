"""Routing anew: what changes severity or place changes nothing by itself; who may has it go elsewhere."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate
from tracker.actions.amend import amend
from tracker.actions.raise_issue import turn
from tracker.actions.route_anew import route_anew
from tracker.database import Database
from tracker.records.agreement import RoutingRule
from tracker.records.issue import Issue
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Kind, Severity, State
from tracker.rules.refusals import MayNot, MoveNotAllowed, WrongInput

LATER = MONDAY + timedelta(hours=3)


def add_route(session: Session, cast: Cast, **said: Any) -> None:
    told = {"when": {"severity": ["critical"]}, "ladder_key": "operational", "start": "ops", **said}
    session.add(RoutingRule(partnership_id=cast.partnership.id, key="urgent", **told))
    cast.partnership.version += 1
    session.flush()


def mended(session: Session, cast: Cast, issue: Issue, severity: Severity = Severity.CRITICAL, **more: Any) -> Issue:
    return amend(session, issue.ref, doer(cast, "sam", LATER), title=issue.title, detail="", severity=severity, **more)


def test_a_changed_severity_moves_nothing_until_somebody_routes_it_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = mended(session, cast, make_issue(session, cast))
        assert issue.tier == 1
        route_anew(session, issue.ref, doer(cast, "jo", LATER))
        assert (issue.tier, issue.route_key, issue.entered_at) == (2, "urgent", LATER)
        assert {each.person_id for each in issue.holders_now()} == {cast.jo.id, cast.lee.id}
        assert kinds(session, issue)[-2:] == ["amended", "rerouted"]


def test_it_has_the_limit_of_the_new_tier_and_who_routed_it_has_seen_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = mended(session, cast, make_issue(session, cast))
        route_anew(session, issue.ref, doer(cast, "jo", LATER))
        assert issue.due_at is not None
        assert issue.due_at.isoformat() == "2026-05-05T16:00:00+00:00"  # Monday 4 May is a holiday
        assert {timer.due_at for timer in issue.timers if timer.kind is TimerKind.LIMIT} == {issue.due_at}
        assert issue.side(cast.acute.id).acknowledged_by_name == "Jo Lind"
        assert issue.side(cast.council.id).acknowledged_at is None


def test_who_held_it_and_holds_it_no_more_acts_on_it_no_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = mended(session, cast, make_issue(session, cast))
        route_anew(session, issue.ref, doer(cast, "jo", LATER))
        with pytest.raises(MayNot):
            escalate.by_holder(session, issue.ref, doer(cast, "kim", LATER), cause="legal deadline")


def test_who_answers_now_becomes_a_side_said_by_itself_and_has_the_ball(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast, start=None, answers="community")
        issue = mended(session, cast, make_issue(session, cast))
        route_anew(session, issue.ref, doer(cast, "jo", LATER))
        assert issue.side_ids == (cast.acute.id, cast.council.id, cast.community.id)
        assert issue.ball_with_id == cast.community.id
        assert kinds(session, issue)[-2:] == ["side_added", "rerouted"]


def test_on_the_tier_it_is_on_its_limit_runs_on(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast, start="front")
        issue = make_issue(session, cast)
        due = issue.due_at
        mended(session, cast, issue)
        route_anew(session, issue.ref, doer(cast, "jo", MONDAY + timedelta(days=1)))
        assert (issue.due_at, issue.tier, issue.ball_with_id) == (due, 1, cast.council.id)


def test_a_changed_service_area_is_kept_with_what_it_was_and_who_answers_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast, when={"service_area": ["equipment"]})
        issue = mended(session, cast, make_issue(session, cast, service_area="discharge"), service_area="equipment")
        event = last_event(session, issue)
        assert (event.details["old_service_area"], event.details["new_service_area"]) == ("discharge", "equipment")
        changes = "the detail, severity from serious to critical and service area from Discharge to Equipment"
        assert event.read().sentence("Sam") == f"Sam changed {changes}"
        assert route_anew(session, issue.ref, doer(cast, "jo", LATER)).tier == 2


def test_an_unknown_service_area_is_refused_with_those_there_are(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="discharge, equipment"):
            mended(session, cast, issue, service_area="moon")


def test_where_it_is_already_there_is_nothing_to_route_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = make_issue(session, cast)
        with pytest.raises(MoveNotAllowed, match="where it belongs already"):
            route_anew(session, issue.ref, doer(cast, "jo", LATER))


@pytest.mark.parametrize("name", ["alex", "priya"])
def test_neither_a_lead_nor_a_member_of_another_body_routes_it(db: Database, cast: Cast, name: str) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = mended(session, cast, make_issue(session, cast))
        with pytest.raises(MayNot):
            route_anew(session, issue.ref, doer(cast, name, LATER))


def test_an_early_warning_that_turned_out_critical_goes_where_such_an_issue_goes(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = make_issue(session, cast, kind=Kind.EARLY_WARNING)
        turn(session, issue.ref, doer(cast, "sam", LATER), severity=Severity.CRITICAL)
        assert (issue.tier, issue.entered_at, issue.severity) == (2, LATER, Severity.CRITICAL)
        assert kinds(session, issue)[-3:] == ["amended", "turned", "rerouted"]


def test_the_other_side_that_turns_an_early_warning_has_it_from_then_on_and_the_record_says_so(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        add_route(session, cast)
        issue = make_issue(session, cast, kind=Kind.EARLY_WARNING)
        turn(session, issue.ref, doer(cast, "kim", LATER), severity=Severity.CRITICAL)
        assert issue.state is State.OPEN
        assert kinds(session, issue)[-2:] == ["rerouted", "acknowledged_by_writing"]


def test_who_routes_it_anew_before_acknowledging_it_acknowledges_it_where_it_goes(db: Database, cast: Cast) -> None:
    with db.write() as session:
        add_route(session, cast, start="front", answers="community")
        issue = make_issue(session, cast)
        amend(session, issue.ref, doer(cast, "sam", LATER), title=issue.title, detail="", severity=Severity.CRITICAL)
        route_anew(session, issue.ref, doer(cast, "kim", LATER))
        session.flush()
        waited = {timer.side for timer in issue.timers if timer.kind is TimerKind.ACKNOWLEDGEMENT}
        assert waited == {"acute", "community"}
