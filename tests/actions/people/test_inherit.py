"""Somebody leaves an organisation: their deputy inherits what they held, or the tier is vacant and passed."""

from sqlmodel import Session, select

from tests.issue_makers import kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, changed, told
from tracker.database import Database
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver, with_seats
from tracker.exchange.charter.shapes import SeatShape
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.partnership import Partnership


def test_a_deputy_inherits_what_the_leaver_held(db: Database, cast: Cast) -> None:
    with db.write() as session:
        _give_deputy(session, cast)
        issue = make_issue(session, cast)
        _leave(session, cast)
        assert _holding(issue, cast) == {cast.lee.id}
        assert last_event(session, issue).read().sentence("") == "Kim Tran left Riverside Council; Lee Ford has it now"


def test_without_anybody_left_the_tier_is_passed_at_once_and_said(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        _leave(session, cast)
        assert issue.tier == 2
        assert kinds(session, issue)[-3:] == ["holder_left", "tier_vacant", "escalated"]


def test_a_resolved_issue_is_left_as_it_is(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, worked_round=True)
        told = kinds(session, issue)
        _leave(session, cast)
        assert kinds(session, issue) == told


def test_issues_that_others_hold_are_left_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, with_="community")
        _leave(session, cast)
        assert kinds(session, issue) == ["raised", "routed"]


def test_whom_a_side_without_anybody_seats_has_it_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for seat in session.exec(select(Seat).where(Seat.organisation_id == cast.council.id)):
            seat.retired_at = MONDAY
        changed(session, cast)
        issue = make_issue(session, cast)
        assert _holding(issue, cast) == set()
        seats = with_seats(
            "front", "council", [SeatShape(person="lee@council.example", organisation="council", holds=True)]
        )
        revise(session, cast.partnership.id, seats, actor=cast.actor("chris"), now=MONDAY)
        assert _holding(issue, cast) == {cast.lee.id}
        sentence = "Riverside Council had nobody where it is; Lee Ford has it now"
        assert last_event(session, issue).read().sentence("") == sentence
        announce_all(session, MONDAY)
        assert "lee" in told(session, "holder_seated")


def test_a_new_seat_takes_nothing_from_whoever_has_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        _seat_on_front(session, cast, "lee", "kim")
        assert _holding(issue, cast) == {cast.kim.id}


def _give_deputy(session: Session, cast: Cast) -> None:
    session.exec(select(Seat).where(Seat.person_id == cast.kim.id)).one().deputy_id = cast.lee.id
    session.get_one(Partnership, cast.partnership.id).changed()
    session.flush()


def _seat_on_front(session: Session, cast: Cast, *names: str) -> None:
    seats = [SeatShape(person=f"{each}@council.example", organisation="council", holds=True) for each in names]
    change = with_seats("front", "council", seats)
    revise(session, cast.partnership.id, change, actor=cast.actor("chris"), now=MONDAY)


def _leave(session: Session, cast: Cast) -> None:
    change = with_leaver("kim@council.example", "council")
    revise(session, cast.partnership.id, change, actor=cast.actor("chris"), now=MONDAY)


def _holding(issue: Issue, cast: Cast) -> set[int]:
    side = cast.council.id
    return {each.person_id for each in issue.holders if each.active and each.organisation_id == side}
