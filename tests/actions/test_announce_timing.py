"""When a notice goes out: at once, when its reader's organisation opens, or in the digest."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, deliver_all, notice_of, notices_of, ring_all, told, wants_digest
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.people.look import wish_for
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.rules.lifecycle import Severity
from tracker.rules.notices import AttentionWish, NoticeState
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Ring

EVENING = datetime(2026, 4, 27, 19, tzinfo=UTC)  # 20:00 in London
TUESDAY_OPENING = datetime(2026, 4, 28, 8, tzinfo=UTC)


def note(session: Session, cast: Cast, issue: Issue, at: datetime) -> None:
    add_note(session, issue.ref, doer(cast, "sam", at), text="Any news?", ring=Ring.SHARED)
    announce_all(session, at)


def test_in_open_hours_a_notice_waits_for_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY)
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.due_at, notice.urgent) == (NoticeState.WAITING, MONDAY, False)


def test_out_of_hours_it_is_held_until_the_organisation_opens(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, now=EVENING)
        announce_all(session, EVENING)
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.due_at) == (NoticeState.HELD, TUESDAY_OPENING)
        assert notice.why == "held until Riverside Council opens, Tue 28 Apr 09:00 in London"


def test_a_critical_issue_is_told_at_once_whatever_the_hour(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, now=EVENING, severity=Severity.CRITICAL)
        announce_all(session, EVENING)
        note(session, cast, issue, EVENING)
        for kind, due_at in (("raised", EVENING), ("noted", EVENING + timedelta(minutes=1))):
            notice = notice_of(session, kind, "kim")
            assert (notice.state, notice.due_at, notice.urgent) == (NoticeState.WAITING, due_at, True)


def test_notes_that_follow_each_other_within_minutes_go_in_one_letter(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        deliver_all(session, MONDAY)
        for seconds in (0, 50, 100):
            note(session, cast, issue, MONDAY + timedelta(seconds=seconds))
            assert deliver_all(session, MONDAY + timedelta(seconds=seconds)) == []
        letters = deliver_all(session, MONDAY + timedelta(seconds=160))
        assert [letter.to_address for letter in letters].count("kim@council.example") == 1
        states = [notice.state for notice in notices_of(session, "noted", "kim")]
        assert states == [NoticeState.SENT, NoticeState.FOLDED, NoticeState.FOLDED]


def test_who_follows_an_issue_hears_of_all_that_they_may_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        for who in ("lee", "rita", "kim"):
            wish_for(session, issue.ref, cast.viewer(who), AttentionWish.FOLLOW)
        add_note(session, issue.ref, doer(cast, "kim"), text="Ours alone.", ring=Ring.ORGANISATION)
        announce_all(session, MONDAY)
        assert "lee" in told(session, "noted")
        assert told(session, "noted").isdisjoint({"rita", "kim"})


def test_who_muted_an_issue_hears_only_what_is_urgent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        wish_for(session, issue.ref, cast.viewer("kim"), AttentionWish.MUTE)
        note(session, cast, issue, MONDAY)
        resolve.propose(session, issue.ref, doer(cast, "sam"), outcome="solved", done="Done.")
        announce_all(session, MONDAY)
        quiet, loud = (notice_of(session, kind, "kim") for kind in ("noted", "proposed"))
        assert (quiet.state, quiet.why) == (NoticeState.SUPPRESSED, "they muted the issue")
        assert loud.state is NoticeState.WAITING


def test_nobody_follows_what_they_may_not_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        session.flush()
        with pytest.raises(NotThere):
            wish_for(session, issue.ref, cast.viewer("mo"), AttentionWish.FOLLOW)


def test_an_escalation_is_told_at_once_whatever_the_hour(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        escalate.by_holder(session, issue.ref, doer(cast, "sam", EVENING), cause="risk to a person", to=3)
        announce_all(session, EVENING)
        assert notice_of(session, "escalated", "rita").due_at == EVENING
        assert notice_of(session, "tier_skipped", "jo").due_at == EVENING


def test_a_proposal_is_told_at_once_for_an_answer_is_wanted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        resolve.propose(session, issue.ref, doer(cast, "kim", EVENING), outcome="solved", done="Done.")
        announce_all(session, EVENING)
        assert notice_of(session, "proposed", "sam").due_at == EVENING


def test_whatever_happens_within_a_working_day_of_the_limit_is_told_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        announce_all(session, MONDAY)
        wednesday = datetime(2026, 4, 29, 19, tzinfo=UTC)  # the limit is Thu 30 Apr 17:00
        note(session, cast, issue, wednesday)
        assert notice_of(session, "noted", "kim").due_at == wednesday + timedelta(minutes=1)


def test_the_warning_of_the_limit_is_told_at_once_even_to_whoever_wants_a_digest(db: Database, cast: Cast) -> None:
    with db.write() as session:
        wants_digest(session, cast, "kim")
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        warned = datetime(2026, 4, 29, 16, tzinfo=UTC)
        ring_all(session, warned)
        announce_all(session, warned)
        assert notice_of(session, "limit_near", "kim").due_at == warned


def test_whoever_wants_a_digest_gets_the_rest_on_the_next_working_day(db: Database, cast: Cast) -> None:
    with db.write() as session:
        wants_digest(session, cast, "kim")
        make_issue(session, cast)
        announce_all(session, MONDAY + timedelta(hours=1))
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.digest, notice.due_at) == (NoticeState.HELD, True, TUESDAY_OPENING)
        assert notice.why == "kept for the digest of Tue 28 Apr 09:00 in London"


def test_what_was_worked_round_is_told_in_the_digest_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, worked_round=True, severity=Severity.CRITICAL)
        announce_all(session, MONDAY + timedelta(hours=1))
        notice = notice_of(session, "raised", "kim")
        assert (notice.urgent, notice.digest, notice.due_at) == (False, True, TUESDAY_OPENING)


def test_what_is_over_a_week_old_is_not_told_any_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        announce_all(session, MONDAY + timedelta(days=8))
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.why) == (
            NoticeState.SUPPRESSED,
            "it was over a week old when its turn came",
        )
