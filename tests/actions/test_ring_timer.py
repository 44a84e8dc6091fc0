"""What each timer does when it rings, one at a time; and a bad one does not stop the rest."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import ring_all, ring_one
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.ring_timer import ring_several
from tracker.database import Database
from tracker.queries.due import take_up_again
from tracker.records.issue import Issue
from tracker.records.timer import Timer, TimerKind
from tracker.rules.lifecycle import State
from tracker.rules.rings import Ring

FRIDAY = datetime(2026, 5, 1, 9, tzinfo=UTC)  # the limit was Thu 30 Apr 17:00 in London
ACKNOWLEDGED_BY = datetime(2026, 4, 28, 16, tzinfo=UTC)
WARNED_AT = datetime(2026, 4, 29, 16, tzinfo=UTC)
LAPSES_AT = datetime(2026, 5, 5, 16, tzinfo=UTC)  # five working days after the Monday; 4 May is a holiday


def timer_of(session: Session, issue: Issue, kind: TimerKind, side: str = "") -> Timer | None:
    session.flush()
    mine = (Timer.issue_id == issue.id, Timer.kind == kind, Timer.side == side)
    return session.exec(select(Timer).where(*mine).execution_options(populate_existing=True)).one_or_none()


def keep_open(session: Session, issue: Issue) -> None:
    """Its limit is far away, so that only the other timers ring."""
    limit = timer_of(session, issue, TimerKind.LIMIT)
    assert limit
    issue.due_at = limit.due_at = MONDAY + timedelta(days=365)
    issue.clear_timers(TimerKind.WARNING)
    session.flush()


def test_nothing_rings_before_its_time(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert ring_one(session, ACKNOWLEDGED_BY - timedelta(seconds=1)) is None


def test_a_passed_limit_moves_the_issue_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert "limit: tier 2, raised" in ring_all(session, FRIDAY)
        assert kinds(session, issue).count("escalated") == 1


def test_what_is_due_together_with_the_limit_and_is_pointless_after_it_is_not_said(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        ring_all(session, FRIDAY)
        assert {"limit_near", "acknowledgement_late"} & set(kinds(session, issue)) == set()


def test_what_has_been_due_longest_rings_first_however_many_ring_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for days in (1, 0, 2):
            make_issue(session, cast, now=MONDAY + timedelta(days=days))
        session.flush()
        rung = [each.about for each in ring_several(session, now=FRIDAY + timedelta(days=9), most=50).done]

        assert rung == ["RIV-2", "RIV-1", "RIV-3"]


def test_the_limit_is_warned_of_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        ring_all(session, WARNED_AT)
        assert ring_all(session, WARNED_AT + timedelta(hours=1)) == []
        assert kinds(session, issue).count("limit_near") == 1


def test_a_side_that_does_not_acknowledge_is_late_and_the_issue_does_not_move(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        assert ring_all(session, ACKNOWLEDGED_BY) == ["acknowledgement of council: tier 1, raised"]
        assert kinds(session, issue)[-1] == "acknowledgement_late"


def test_an_acknowledgement_lapses_when_its_side_stays_silent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        keep_open(session, issue)
        ring_all(session, LAPSES_AT)
        assert kinds(session, issue)[-2:] == ["acknowledgement_lapsed", "acknowledgement_lapsed"]
        assert [side.acknowledged_at for side in issue.sides] == [None, None]


def test_a_side_that_all_have_heard_of_since_has_its_time_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        keep_open(session, issue)
        add_note(session, issue.ref, doer(cast, "kim", WARNED_AT), text="On it.", ring=Ring.SHARED)
        ring_all(session, LAPSES_AT)
        timer = timer_of(session, issue, TimerKind.LAPSE, "council")
        assert timer
        assert timer.due_at == datetime(2026, 5, 8, 16, tzinfo=UTC)  # noted at the close of the Wednesday


def test_a_private_note_does_not_keep_an_acknowledgement_from_lapsing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        keep_open(session, issue)
        add_note(session, issue.ref, doer(cast, "kim", WARNED_AT), text="Ask Lee.", ring=Ring.ORGANISATION)
        ring_all(session, LAPSES_AT)
        assert issue.side(cast.council.id).acknowledged_at is None


def test_an_acknowledgement_of_a_lower_tier_does_not_lapse(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", to=3)
        keep_open(session, issue)
        ring_all(session, LAPSES_AT)
        assert "acknowledgement_lapsed" not in kinds(session, issue)


def test_nothing_lapses_while_an_answer_to_a_proposal_is_awaited(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        resolve.propose(session, issue.ref, doer(cast, "kim", WARNED_AT), outcome="solved", done="Done.")
        ring_all(session, LAPSES_AT)
        assert kinds(session, issue)[-1] == "proposed"
        assert timer_of(session, issue, TimerKind.LAPSE, "council")


def test_silence_counts_as_agreement_and_is_marked_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        ring_all(session, LAPSES_AT)
        assert kinds(session, issue)[-2:] == ["silence_agreed", "resolved"]
        assert issue.state is State.RESOLVED


def test_four_weeks_later_it_is_asked_whether_it_stayed_fixed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        resolve.agree(session, issue.ref, doer(cast, "sam"))
        assert ring_all(session, MONDAY + timedelta(weeks=4)) == ["four_weeks: tier 1, resolved"]
        assert kinds(session, issue)[-1] == "stayed_fixed_asked"
        assert session.exec(select(Timer)).all() == []


def test_at_the_top_the_passed_limit_is_said_once_and_then_reminded_of(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", to=4)
        for days in range(0, 40, 2):
            ring_all(session, MONDAY + timedelta(days=days))
        found = kinds(session, issue)
        assert found.count("top_limit_passed") == 1
        assert found.count("top_reminded") == 3  # every five working days


def test_a_clock_that_was_off_for_weeks_moves_an_issue_up_one_tier_from_now(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        ring_all(session, MONDAY + timedelta(weeks=6))
        assert issue.tier == 2
        assert issue.entered_at == MONDAY + timedelta(weeks=6)


def test_a_bad_timer_is_set_aside_with_the_reason_and_does_not_stop_the_rest(db: Database, cast: Cast) -> None:
    with db.write() as session:
        bad, good = make_issue(session, cast), make_issue(session, cast)
        bad.tier = 9
        session.flush()
        assert "limit set aside" in ring_all(session, FRIDAY)
        kept = timer_of(session, bad, TimerKind.LIMIT)
        assert kept
        assert (kept.set_aside_at, kept.set_aside_why) == (FRIDAY, "IndexError: tuple index out of range")
        assert session.get_one(Issue, good.id).tier == 2


def test_what_was_set_aside_is_tried_again_when_somebody_may_have_mended_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue.tier = 9
        session.flush()
        ring_all(session, FRIDAY)
        session.get_one(Issue, issue.id).tier = 1
        take_up_again(session, FRIDAY + timedelta(hours=1))
        assert ring_all(session, FRIDAY + timedelta(hours=1)) == ["limit: tier 2, raised"]
