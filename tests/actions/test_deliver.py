"""Letters: claimed, sent, settled; tried again, folded, suppressed; each notice once."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import (
    announce_all,
    claim,
    deliver_all,
    deliver_one,
    leaves,
    notice_of,
    ring_all,
    wants_digest,
)
from tracker.actions.add_note import add_note
from tracker.actions.deliver import ClaimedLetter, settle_refused, settle_sent
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.notice import Notice
from tracker.rules.letters import Undelivered
from tracker.rules.notices import LEASE, PAUSES, NoticeState
from tracker.rules.rings import Ring

TUESDAY = datetime(2026, 4, 28, 8, tzinfo=UTC)


def raised(session: Session, cast: Cast) -> Issue:
    """An issue of which Kim is to be told."""
    issue = make_issue(session, cast)
    announce_all(session, MONDAY)
    return issue


def test_a_letter_is_sent_and_its_notice_says_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        letter = deliver_one(session, MONDAY)
        notice = notice_of(session, "raised", "kim")
        assert letter
        assert letter.to_address == "kim@council.example"
        assert (notice.state, notice.sent_at, notice.channel) == (NoticeState.SENT, MONDAY, "door")


def test_nothing_is_sent_twice(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        assert deliver_one(session, MONDAY)
        assert deliver_one(session, MONDAY + timedelta(days=3)) is None


def test_a_claimed_letter_is_nobody_elses_until_the_lease_ends(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        assert isinstance(claim(session, now=MONDAY), ClaimedLetter)
        assert claim(session, now=MONDAY + LEASE / 2) is None
        assert isinstance(claim(session, now=MONDAY + LEASE), ClaimedLetter)


def test_a_letter_whose_sender_died_is_sent_again_with_the_same_message_id(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = raised(session, cast)
        first = claim(session, now=MONDAY)
        add_note(session, issue.ref, doer(cast, "sam"), text="More of it.", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        again, rest = deliver_all(session, MONDAY + LEASE)
        assert isinstance(first, ClaimedLetter)
        assert again.message_id == first.letter.message_id
        assert again.about[0].told == first.letter.about[0].told  # what came later goes in a letter of its own
        assert rest.message_id != again.message_id


def test_several_events_of_an_issue_go_in_one_letter(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = raised(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="More of it.", ring=Ring.SHARED)
        announce_all(session, MONDAY)
        letter = deliver_one(session, MONDAY + timedelta(minutes=1))
        assert letter
        assert [told.sentence for told in letter.about[0].told] == ["Sam Okafor raised it.", "Sam Okafor wrote."]
        folded = notice_of(session, "noted", "kim")
        assert (folded.state, folded.why) == (NoticeState.FOLDED, "told in one message with others")


def test_a_digest_tells_of_every_issue_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        wants_digest(session, cast, "kim")
        raised(session, cast)
        raised(session, cast)
        assert deliver_one(session, MONDAY) is None
        (letter,) = deliver_all(session, TUESDAY)
        assert letter.subject == "[RIV] Your digest: 2 issues"
        assert [about.ref for about in letter.about] == ["RIV-1", "RIV-2"]


def test_a_letter_that_is_not_taken_is_tried_again_later_and_later(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        assert deliver_one(session, MONDAY, Undelivered("451 try later"))
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.due_at, notice.why) == (
            NoticeState.WAITING, MONDAY + PAUSES[0], "tried once: 451 try later",
        )  # fmt: skip
        assert deliver_one(session, MONDAY + PAUSES[0], Undelivered("451 try later"))
        assert notice_of(session, "raised", "kim").due_at == MONDAY + PAUSES[0] + PAUSES[1]


def test_after_the_last_attempt_it_has_failed_with_the_reason(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        now = MONDAY
        for pause in (*PAUSES, timedelta()):
            assert deliver_one(session, now, Undelivered("451 try later"))
            now += pause
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.why, notice.attempts) == (NoticeState.FAILED, "451 try later", len(PAUSES) + 1)


def test_an_address_refused_for_good_has_failed_at_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        deliver_one(session, MONDAY, Undelivered("550 no such person", for_good=True))
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.why) == (NoticeState.FAILED, "550 no such person")


def test_a_mail_server_that_is_away_is_not_held_against_the_letter(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        for hours in range(40):
            away = Undelivered("nobody opens", nobody_there=True)
            assert deliver_one(session, MONDAY + timedelta(hours=hours), away)
        assert deliver_one(session, MONDAY + timedelta(hours=40))
        assert notice_of(session, "raised", "kim").state is NoticeState.SENT


def test_whoever_has_left_by_the_time_of_sending_is_sent_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        leaves(session, cast, "kim", MONDAY)
        assert deliver_one(session, MONDAY) is None
        notice = notice_of(session, "raised", "kim")
        assert notice.state is NoticeState.SUPPRESSED
        assert notice.why == "has left every organisation of the partnership"


def test_what_a_person_may_no_longer_read_is_not_sent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = raised(session, cast)
        issue.sides[:] = [side for side in issue.sides if side.organisation_id != cast.council.id]
        session.flush()
        assert deliver_one(session, MONDAY) is None
        notice = notice_of(session, "raised", "kim")
        assert (notice.state, notice.why) == (NoticeState.SUPPRESSED, "may no longer read it")


def test_what_could_not_go_out_for_a_week_is_not_sent_any_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        assert deliver_one(session, MONDAY + timedelta(days=8)) is None
        assert notice_of(session, "raised", "kim").why == "it was over a week late when its turn came"


def test_a_sender_that_comes_late_changes_nothing_that_another_has_settled(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        slow, quick = claim(session, now=MONDAY), claim(session, now=MONDAY + LEASE)
        assert isinstance(slow, ClaimedLetter)
        assert isinstance(quick, ClaimedLetter)
        settle_sent(session, quick, channel="door", now=MONDAY + LEASE)
        settle_refused(session, slow, Undelivered("550 no such person", for_good=True), now=MONDAY + LEASE)
        assert notice_of(session, "raised", "kim").state is NoticeState.SENT


def test_a_letter_on_which_every_sender_died_is_given_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        raised(session, cast)
        tries = [claim(session, now=MONDAY + each * LEASE) for each in range(len(PAUSES) + 3)]
        assert sum(isinstance(each, ClaimedLetter) for each in tries) == len(PAUSES) + 1
        session.expire_all()
        assert notice_of(session, "raised", "kim").state is NoticeState.FAILED


def test_two_months_of_a_neglected_issue_leave_no_notice_unsent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        for days in range(60):
            now = MONDAY + timedelta(days=days)
            ring_all(session, now)
            announce_all(session, now)
            deliver_all(session, now)
        states = session.exec(select(Notice.state)).all()
        assert len(states) > 20
        assert set(states) == {NoticeState.SENT}
