"""Sign-in links that somebody asked for go out by the same post."""

from datetime import timedelta

from sqlmodel import Session, select

from tests.makers import MONDAY, Cast
from tracker.actions.people.deliver_link import (
    LEASE,
    MOST_ATTEMPTS,
    ClaimedLink,
    claim_link,
    settle_link_refused,
    settle_link_sent,
)
from tracker.actions.welcome import ask_for_link, spend_link
from tracker.database import Database
from tracker.records.session import SignInLink
from tracker.rules.letters import Undelivered
from tracker.rules.sweeps import SweepResult

KEY = b"k" * 32


def asked(session: Session, email: str = "kim@council.example") -> SignInLink:
    ask_for_link(session, email, now=MONDAY, key=KEY)
    session.flush()
    return session.exec(select(SignInLink)).one()


def test_the_letter_holds_a_link_that_signs_its_reader_in(db: Database, cast: Cast) -> None:
    with db.write() as session:
        asked(session)
        claimed = claim_link(session, now=MONDAY, key=KEY)
        assert isinstance(claimed, ClaimedLink)
        assert claimed.letter.to_address == "kim@council.example"
        token = claimed.letter.path.removeprefix("/sign-in/")
        assert spend_link(session, token, now=MONDAY).person_id == cast.kim.id


def test_a_link_is_sent_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        link = asked(session)
        claimed = claim_link(session, now=MONDAY, key=KEY)
        assert isinstance(claimed, ClaimedLink)
        settle_link_sent(session, claimed, now=MONDAY)
        session.flush()
        session.refresh(link)
        assert link.mail_sent_at == MONDAY
        assert claim_link(session, now=MONDAY + timedelta(days=1), key=KEY) is None


def test_a_link_whose_sender_died_is_sent_again_with_the_same_message_id(db: Database, cast: Cast) -> None:
    with db.write() as session:
        asked(session)
        first = claim_link(session, now=MONDAY, key=KEY)
        assert claim_link(session, now=MONDAY, key=KEY) is None
        again = claim_link(session, now=MONDAY + LEASE, key=KEY)
        assert isinstance(first, ClaimedLink)
        assert isinstance(again, ClaimedLink)
        assert again.letter == first.letter


def test_for_an_address_that_nobody_has_nothing_is_sent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        asked(session, "nobody@nowhere.example")
        assert claim_link(session, now=MONDAY, key=KEY) is None


def test_a_link_that_is_too_old_or_spent_is_not_sent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        link = asked(session)
        assert claim_link(session, now=link.expires_at, key=KEY) == SweepResult("a sign-in link", "not sent")
        session.flush()
        session.refresh(link)
        assert link.mail_failed == "it was of no use any more when its turn came"
        assert claim_link(session, now=link.expires_at, key=KEY) is None


def test_an_address_refused_for_good_is_not_tried_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        link = asked(session)
        claimed = claim_link(session, now=MONDAY, key=KEY)
        assert isinstance(claimed, ClaimedLink)
        settle_link_refused(session, claimed, Undelivered("550 no such person", for_good=True), now=MONDAY)
        session.flush()
        session.refresh(link)
        assert link.mail_failed == "550 no such person"


def test_a_link_that_is_not_taken_is_soon_tried_again_but_not_for_ever(db: Database, cast: Cast) -> None:
    with db.write() as session:
        link, now, tries = asked(session), MONDAY, 0
        while isinstance(claimed := claim_link(session, now=now, key=KEY), ClaimedLink):
            settle_link_refused(session, claimed, Undelivered("451 try later"), now=now)
            now += timedelta(minutes=1)
            tries += 1
        session.flush()
        session.refresh(link)
        assert tries == MOST_ATTEMPTS
        assert link.mail_failed
