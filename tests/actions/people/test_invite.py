"""Word of an invitation: sent while the organisation is open, once more when a lead says so, and never in vain."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests.makers import MONDAY, Cast
from tracker.actions.people.belong import come_in
from tracker.actions.people.deliver_link import ClaimedLink, claim_link
from tracker.actions.people.invite import invite_again
from tracker.database import Database
from tracker.exchange.charter.loading import invite, revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.records.person import Membership, Person
from tracker.records.session import SignInLink
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.rings import Role
from tracker.rules.sweeps import SweepResult

KEY = b"k" * 32
RAVI = "ravi@acute.example"
FRIDAY_EVENING = MONDAY + timedelta(days=4, hours=11)
NEXT_MORNING = MONDAY + timedelta(days=8)  # Monday is a holiday
UNSENT = SweepResult("a sign-in link", "not sent")


def invited(session: Session, cast: Cast, email: str = RAVI, *, name: str = "Ravi Das") -> Person:
    roles = [Role.FRONT_LINE, Role.MANAGER]
    now, alex = FRIDAY_EVENING, cast.actor("alex")
    invite(session, cast.partnership.id, "acute", email=email, name=name, roles=roles, actor=alex, now=now)
    return session.exec(select(Person).where(Person.email == email)).one()


def letters(session: Session, person: Person) -> list[SignInLink]:
    return list(session.exec(select(SignInLink).where(SignInLink.person_id == person.id)))


def again(session: Session, cast: Cast, person: Person) -> None:
    agreed = cast.arrangement(session)
    invite_again(session, agreed, person.id, cast.acute.id, actor=cast.actor("alex"), now=FRIDAY_EVENING)


def test_it_waits_in_the_outbox_until_the_organisation_is_open(db: Database, cast: Cast) -> None:
    with db.write() as session:
        invited(session, cast)
        assert claim_link(session, now=NEXT_MORNING - timedelta(seconds=1), key=KEY) is None
        assert isinstance(claim_link(session, now=NEXT_MORNING, key=KEY), ClaimedLink)


def test_it_says_who_invites_and_to_what_and_holds_no_secret(db: Database, cast: Cast) -> None:
    with db.write() as session:
        invited(session, cast)
        claimed = claim_link(session, now=NEXT_MORNING, key=KEY)
    assert isinstance(claimed, ClaimedLink)
    assert claimed.letter.about == (
        "Alex Hill of Riverside Hospitals invites you to Riverside Integrated Discharge, "
        "for Riverside Hospitals as front line and manager"
    )
    assert (claimed.letter.to_name, claimed.letter.path) == ("Ravi Das", "/sign-in")


def test_sent_again_the_last_letter_alone_goes_out(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ravi = invited(session, cast)
        again(session, cast, ravi)
        done = [claim_link(session, now=NEXT_MORNING, key=KEY) for _ in range(2)]
        assert sorted(isinstance(each, ClaimedLink) for each in done) == [False, True]
        assert UNSENT in done


@pytest.mark.parametrize("came", [True, False])
def test_who_came_in_or_is_invited_no_longer_is_not_written_to(db: Database, cast: Cast, came: bool) -> None:
    with db.write() as session:
        ravi = invited(session, cast)
        if came:
            come_in(session, ravi.id, now=FRIDAY_EVENING)
        else:
            change = with_leaver(RAVI, "acute")
            revise(session, cast.partnership.id, change, actor=cast.actor("alex"), now=FRIDAY_EVENING)
        assert claim_link(session, now=NEXT_MORNING, key=KEY) == UNSENT
        with pytest.raises(MoveNotAllowed, match="They have come in, or the invitation was taken back"):
            again(session, cast, ravi)


def test_of_who_belongs_already_the_roles_are_changed_and_nothing_is_sent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        jo = invited(session, cast, "jo@acute.example", name="Joe")
        kept = session.exec(select(Membership).where(Membership.person_id == jo.id)).one()
        assert kept.roles == {Role.FRONT_LINE, Role.MANAGER}
        assert (kept.invited_at, jo.name, letters(session, jo)) == (None, "Jo Lind", [])
