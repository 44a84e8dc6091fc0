"""One more side, and a newer version of the ladder: asked, agreed by every side, and nothing lost on the way."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, TIERS, Cast, agree_ladder
from tracker.actions import escalate
from tracker.actions.asking.ask import agree_to_ask, ask
from tracker.actions.asking.pausing import resume
from tracker.actions.resolve import propose
from tracker.actions.sides.hand_down import hand_down
from tracker.database import Database
from tracker.queries import issues
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.ladder import LadderVersion, Tier
from tracker.records.partnership import Organisation
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Cause, State
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import MoveNotAllowed, NotThere, WrongInput
from tracker.rules.rings import Ring

TUESDAY = MONDAY + timedelta(days=1)
LIMIT = datetime(2026, 4, 30, 16, tzinfo=UTC)


def asked_to_join(session: Session, cast: Cast, ref: str, side: str = "community") -> Issue:
    choice = AskChoice(side=side)
    return ask(session, ref, doer(cast, "sam"), kind=AskKind.ADD_SIDE, reason="They take them home.", choice=choice)


def joined(session: Session, cast: Cast, issue: Issue, now: datetime = TUESDAY) -> Issue:
    asked_to_join(session, cast, issue.ref)
    return agree_to_ask(session, issue.ref, doer(cast, "kim", now), number=len(issue.asks()))


def newer_version(session: Session, cast: Cast, *tiers: Mapping[str, Any]) -> LadderVersion:
    """Version 2 of the ladder, in force."""
    version = LadderVersion(
        ladder_id=cast.ladder.ladder_id, number=2, keep_in_loop="5 working days", pause_cap="10 working days",
        agree_silence="5 working days", reopens_to_escalate=2, proposed_at=MONDAY, proposed_by_name="Alex Hill",
    )  # fmt: skip
    session.add(version)
    session.flush()
    for number, tier in enumerate(tiers, start=1):
        body = cast.bodies[str(tier["body"])]
        told = {"name": body.name, **tier, "body_id": body.id}
        session.add(Tier(version_id=version.id, number=number, **{k: v for k, v in told.items() if k != "body"}))
    leads = {cast.organisations[key].id: cast.people[name] for key, name in LEADS.items()}
    agree_ladder(session, version, leads)
    session.get_one(type(cast.partnership), cast.partnership.id).changed()
    return version


LEADS = {"acute": "alex", "council": "chris", "community": "tess"}


def moved(session: Session, cast: Cast, issue: Issue) -> Issue:
    choice = AskChoice()
    ask(session, issue.ref, doer(cast, "sam"), kind=AskKind.NEWER_LADDER, reason="Agreed in April.", choice=choice)
    return agree_to_ask(session, issue.ref, doer(cast, "kim", TUESDAY), number=len(issue.asks()))


def test_asked_it_is_no_side_yet_and_reads_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = asked_to_join(session, cast, make_issue(session, cast).ref).ref
        with pytest.raises(NotThere):
            issues.load(session, ref, cast.viewer("mo"))


def test_agreed_it_reads_holds_and_acknowledges_from_now(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = joined(session, cast, make_issue(session, cast))
        assert issue.side_ids == (cast.acute.id, cast.council.id, cast.community.id)
        assert cast.mo.id in {each.person_id for each in issue.holders_now()}
        assert issue.side(cast.community.id).acknowledge_by == datetime(2026, 4, 29, 16, tzinfo=UTC)
        assert issues.load(session, issue.ref, cast.viewer("mo")).ref == issue.ref
        assert (issue.tier, issue.due_at, issue.ball_with_id) == (1, LIMIT, cast.council.id)


def test_the_limit_follows_the_joint_time_of_all(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        hours = {"zone": "Europe/London", "mon-fri": ["09:00-15:00"], "holidays": "GB-ENG"}
        session.get_one(Organisation, cast.community.id).calendar = hours
        session.get_one(type(cast.partnership), cast.partnership.id).changed()
        joined(session, cast, issue)
        assert issue.due_at == datetime(2026, 4, 30, 14, tzinfo=UTC)
        assert kinds(session, issue)[-2:] == ["side_added", "limit_recomputed"]


def test_where_it_has_nobody_on_the_tier_that_is_passed_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for seat in session.exec(select(Seat).where(Seat.person_id == cast.mo.id)):
            session.delete(seat)
        session.get_one(type(cast.partnership), cast.partnership.id).changed()
        joined(session, cast, issue)
        assert (issue.tier, kinds(session, issue)[-2:]) == (2, ["tier_vacant", "escalated"])


def test_an_organisation_with_no_common_time_is_refused(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        nights = {"zone": "Europe/London", "mon-fri": ["20:00-22:00"], "holidays": "GB-ENG"}
        session.get_one(Organisation, cast.community.id).calendar = nights
        session.get_one(type(cast.partnership), cast.partnership.id).changed()
        with pytest.raises(WrongInput, match="No limit could run any more"):
            asked_to_join(session, cast, issue.ref)


@pytest.mark.parametrize("side", ["", "acute", "north"])
def test_only_an_organisation_of_the_partnership_that_is_none_yet(db: Database, cast: Cast, side: str) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="no side of it yet"):
            asked_to_join(session, cast, issue.ref, side)


def test_nobody_joins_what_concerns_a_person(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, ring=Ring.NAMED)
        with pytest.raises(MoveNotAllowed, match="about a person"):
            asked_to_join(session, cast, issue.ref)


def test_without_a_newer_version_there_is_nothing_to_ask(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MoveNotAllowed, match="newest version"):
            moved(session, cast, issue)


def test_on_the_same_tier_the_limit_runs_on_by_the_newer_length(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        version = newer_version(session, cast, {**TIERS[0], "limit": "5 working days"}, *TIERS[1:])
        moved(session, cast, issue)
        assert (issue.ladder_version_id, issue.tier) == (version.id, 1)
        assert issue.due_at == datetime(2026, 5, 5, 16, tzinfo=UTC)  # counted from Monday; 4 May is a holiday
        assert issue.side(cast.council.id).acknowledged_at == TUESDAY  # by agreeing
        event = last_event(session, issue)
        assert (event.kind, event.details["version"]) == ("ladder_moved", 2)


def test_shorter_it_comes_no_nearer_than_a_working_day(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        newer_version(session, cast, {**TIERS[0], "limit": "1 working day"}, *TIERS[1:])
        moved(session, cast, issue)
        assert issue.due_at == datetime(2026, 4, 29, 16, tzinfo=UTC)
        assert [each.due_at for each in issue.timers if each.kind is TimerKind.LIMIT] == [issue.due_at]


def test_where_its_body_is_on_another_tier_it_goes_there_and_what_else_was_asked_lapses(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        newer_version(session, cast, {"body": "ops", "limit": "2 working days"}, TIERS[0], *TIERS[2:])
        asked_to_join(session, cast, issue.ref)
        moved(session, cast, issue)
        assert (issue.tier, issue.body_id) == (2, cast.bodies["front"].id)
        assert kinds(session, issue)[-2:] == ["ask_lapsed", "ladder_moved"]


@pytest.mark.parametrize(
    "tiers, deciding", [((0, 2), 2), ((0, 1), 2), ((0,), None)], ids=["of its body", "last", "one"]
)
def test_what_was_handed_down_is_confirmed_by_the_same_body_under_its_number_there(
    db: Database, cast: Cast, tiers: tuple[int, ...], deciding: int | None
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause=Cause.AUTHORITY, reason="Above me", to=3)
        hand_down(session, issue.ref, doer(cast, "rita"), to=1, reason="Scan the list from May on.")
        newer_version(session, cast, *(TIERS[each] for each in tiers))
        moved(session, cast, issue)
        assert (issue.tier, issue.deciding_tier) == (1, deciding)
        propose(session, issue.ref, doer(cast, "kim", TUESDAY), outcome="solved", done="It is scanned.")
        assert (issue.state, issue.tier) == (State.PROPOSED, deciding or 1)


def test_paused_time_is_kept_on_the_newer_version(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        choice = AskChoice(outsider="County Court", until=TUESDAY.date())
        ask(session, issue.ref, doer(cast, "sam"), kind=AskKind.PAUSE, reason="So.", choice=choice)
        agree_to_ask(session, issue.ref, doer(cast, "kim"), number=1)
        resume(session, issue.ref, doer(cast, "sam", TUESDAY))
        newer_version(session, cast, {**TIERS[0], "limit": "5 working days"}, *TIERS[1:])
        moved(session, cast, issue)
        assert issue.due_at == datetime(2026, 5, 6, 16, tzinfo=UTC)  # a working day later than without the pause
