"""Who hears of what: every kind of hearer, nobody who may not read it, never the doer."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, changed, goes_away, leaves, ring_all, told
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.raise_issue import cross
from tracker.database import Database
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.notice import Notice, Unannounced
from tracker.records.partnership_chain import record
from tracker.rules.events.arrangement import CharterLoaded
from tracker.rules.events.issue import AcknowledgementLate
from tracker.rules.events.kinds import SERVER
from tracker.rules.rings import Ring

PAST_LIMIT = datetime(2026, 5, 1, 9, tzinfo=UTC)  # the limit was Thu 30 Apr 17:00 in London
LATE = datetime(2026, 4, 28, 17, tzinfo=UTC)  # acknowledging was due Tue 28 Apr 17:00 in London
THIRD_SIDE = {"mo", "bea", "gwen", "ines", "tess"}


def said_late(session: Session) -> str:
    late = session.exec(select(Event).where(Event.kind == AcknowledgementLate.name)).one()
    return late.read().sentence("The clock")


def up_to_the_top(session: Session, cast: Cast) -> tuple[Issue, datetime]:
    """An issue at the top whose limit has passed, and when it did."""
    issue = make_issue(session, cast)
    escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", to=4)
    assert issue.due_at
    passed = issue.due_at + timedelta(minutes=1)
    ring_all(session, passed)
    return issue, passed


def test_the_other_holders_hear_that_it_was_raised(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY)
        assert told(session, "raised") == {"kim"}


def test_whoever_raised_it_hears_that_it_was_acknowledged(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        announce_all(session, MONDAY)
        assert told(session, "acknowledged") == {"sam"}


def test_holders_above_and_below_hear_that_the_limit_passed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        ring_all(session, PAST_LIMIT)
        announce_all(session, PAST_LIMIT)
        assert told(session, "escalated") == {"jo", "lee", "sam", "kim"}


def test_the_people_skipped_hear_of_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", to=3)
        announce_all(session, MONDAY)
        assert told(session, "tier_skipped") == {"jo", "lee"}


def test_leads_and_the_seats_there_are_hear_that_a_tier_is_vacant(db: Database, cast: Cast) -> None:
    with db.write() as session:
        leaves(session, cast, "lee", MONDAY)
        make_issue(session, cast)
        ring_all(session, PAST_LIMIT)
        announce_all(session, PAST_LIMIT)
        assert told(session, "tier_vacant") == {"alex", "chris", "jo"}


def test_the_side_and_its_next_tier_up_hear_that_it_is_late(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        ring_all(session, LATE)
        announce_all(session, LATE)
        assert told(session, "acknowledgement_late") == {"kim", "lee"}
        assert said_late(session).endswith("in time; told on its side: Operational managers' group")


def test_a_side_with_nobody_above_has_its_leads_told_that_it_is_late(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for name in ("lee", "owen", "dana"):
            leaves(session, cast, name, MONDAY)
        make_issue(session, cast)
        ring_all(session, LATE)
        announce_all(session, LATE)
        assert told(session, "acknowledgement_late") == {"kim", "chris"}
        assert said_late(session).endswith("in time; told on its side: its leads")


def test_of_what_concerns_a_person_nobody_above_is_told_and_nothing_says_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.NAMED)
        ring_all(session, LATE)
        announce_all(session, LATE)
        assert told(session, "acknowledgement_late") == {"kim"}
        assert said_late(session).endswith("has not acknowledged it in time")


def test_chairs_holders_and_leads_hear_that_the_top_limit_passed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        _, passed = up_to_the_top(session, cast)
        announce_all(session, passed)
        assert told(session, "top_limit_passed") == {"priya", "dana", "alex", "chris"}


def test_the_chairs_are_told_again_while_it_stays_at_the_top(db: Database, cast: Cast) -> None:
    with db.write() as session:
        _, passed = up_to_the_top(session, cast)
        later = passed + timedelta(days=10)
        ring_all(session, later)
        announce_all(session, later)
        assert told(session, "top_reminded") == {"priya"}


def test_where_a_body_has_no_chair_the_sides_seats_there_are_told(db: Database, cast: Cast) -> None:
    with db.write() as session:
        session.exec(select(Seat).where(Seat.person_id == cast.priya.id)).one().chair = False
        changed(session, cast)
        _, passed = up_to_the_top(session, cast)
        later = passed + timedelta(days=10)
        ring_all(session, later)
        announce_all(session, later)
        assert told(session, "top_reminded") == {"priya", "dana"}


def test_the_other_side_hears_a_proposal(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="The list is printed now.")
        announce_all(session, MONDAY)
        assert told(session, "proposed") == {"sam"}


def test_every_lead_hears_what_was_done_on_the_server(db: Database, cast: Cast) -> None:
    with db.write() as session:
        record(session, partnership_id=cast.partnership.id, kind=CharterLoaded(), actor=SERVER, now=MONDAY)
        announce_all(session, MONDAY)
        assert told(session, "charter_loaded") == {"alex", "chris", "tess"}


def test_a_private_note_is_heard_inside_its_organisation_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "jo"), text="Between us.", ring=Ring.ORGANISATION)
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"sam"}


def test_what_stays_inside_an_organisation_is_announced_to_nobody_else(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, ring=Ring.ORGANISATION)
        announce_all(session, MONDAY)
        assert told(session, "raised") == set()
        cross(session, issue.ref, doer(cast, "sam"))
        announce_all(session, MONDAY)
        assert told(session, "crossed") == {"kim"}


def test_an_issue_about_a_person_is_announced_to_its_holders_and_its_raiser_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.NAMED)
        leaves(session, cast, "lee", MONDAY)
        ring_all(session, PAST_LIMIT)
        announce_all(session, PAST_LIMIT)
        assert told(session, "escalated") == {"sam", "kim", "rita", "owen"}
        assert told(session, "tier_vacant") == set()  # its leads may not read it


def test_an_organisation_that_is_no_side_hears_of_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue, passed = up_to_the_top(session, cast)
        add_note(session, issue.ref, doer(cast, "dana", passed), text="On our agenda.", ring=Ring.SHARED)
        announce_all(session, passed)
        kinds = set(session.exec(select(Event.kind).join(Notice)))
        assert {name for kind in kinds for name in told(session, kind)} & THIRD_SIDE == set()


def test_nobody_hears_what_they_did_themselves(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for name in ("sam", "kim", "jo"):
            add_note(session, issue.ref, doer(cast, name), text="I rang them.", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        own = select(Notice).join(Event).where(Event.person_id == Notice.person_id)
        assert session.exec(select(Notice)).all()
        assert session.exec(own).all() == []


def test_the_deputy_hears_while_a_holder_is_away(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        goes_away(session, cast, "kim", MONDAY, deputy="owen")
        add_note(session, issue.ref, doer(cast, "jo"), text="Any news?", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"sam", "owen"}


def test_whoever_has_left_hears_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        leaves(session, cast, "kim", MONDAY)
        add_note(session, issue.ref, doer(cast, "jo"), text="Any news?", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        assert told(session, "noted") == {"sam", "lee"}  # one tier up, since nobody else is there


def test_an_event_is_announced_once_however_often_the_clock_looks(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY)
        before = len(session.exec(select(Notice)).all())
        assert announce_all(session, MONDAY + timedelta(days=1)) == []
        assert len(session.exec(select(Notice)).all()) == before == 1


def test_an_event_whose_hearers_cannot_be_found_is_set_aside_and_does_not_stop_the_rest(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_issue(session, cast)
        make_issue(session, cast)
        session.flush()
        bad = session.exec(select(Event).where(Event.kind == "raised")).first()
        assert bad
        bad.kind = "unheard_of"
        assert "unheard_of set aside" in announce_all(session, MONDAY)
        assert "unheard_of" in session.exec(select(Unannounced.why)).one()
        assert told(session, "raised") == {"kim"}
