"""Links let a person in once, for a while, and only somebody who still belongs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from tests.makers import MONDAY, make_cast
from tracker.actions.welcome import LinkIsSpent, Welcome, ask_for_link, make_link, spend_link, whom_link_is_for
from tracker.database import Database
from tracker.records.event import Event
from tracker.records.person import Membership
from tracker.records.session import LINK_LIVES, SignInLink
from tracker.rules.refusals import NotThere

KEY = b"k" * 32


def test_a_link_lets_its_person_in(db: Database) -> None:
    with db.write() as session:
        cast = make_cast(session)
        token = make_link(session, "SAM@acute.example ", now=MONDAY, key=KEY)
    with db.write() as session:
        assert spend_link(session, token, now=MONDAY) == Welcome(cast.sam.id, "/")


def test_a_link_is_spent_once(db: Database) -> None:
    token = _link(db)
    with db.write() as session:
        spend_link(session, token, now=MONDAY)
    with db.write() as session, pytest.raises(LinkIsSpent):
        spend_link(session, token, now=MONDAY)


def test_of_several_who_spend_a_link_at_once_one_comes_in(db: Database) -> None:
    token = _link(db)
    with ThreadPoolExecutor(6) as at_once:
        assert sorted(at_once.map(lambda _: _spends(db, token), range(6))) == [False] * 5 + [True]


def test_looking_at_a_link_leaves_it_good(db: Database) -> None:
    token = _link(db)
    with db.read() as session:
        assert whom_link_is_for(session, token, now=MONDAY).name == "Sam Okafor"
        assert whom_link_is_for(session, token, now=MONDAY).name == "Sam Okafor"


def test_a_link_is_too_old_after_ten_minutes(db: Database) -> None:
    token = _link(db)
    with db.read() as session:
        assert whom_link_is_for(session, token, now=MONDAY + timedelta(minutes=9, seconds=59)).name
        with pytest.raises(LinkIsSpent):
            whom_link_is_for(session, token, now=MONDAY + timedelta(minutes=10))


def test_a_link_for_somebody_who_left_meanwhile_lets_nobody_in(db: Database) -> None:
    token = _link(db)
    with db.write() as session:
        for place in session.exec(select(Membership)):
            place.retired_at = MONDAY
    with db.write() as session, pytest.raises(LinkIsSpent):
        spend_link(session, token, now=MONDAY)


def test_signing_in_spends_the_other_links_of_the_same_person(db: Database) -> None:
    first, second = _link(db), None
    with db.write() as session:
        second = make_link(session, "sam@acute.example", now=MONDAY, key=KEY)
        others = make_link(session, "kim@council.example", now=MONDAY, key=KEY)
    with db.write() as session:
        spend_link(session, second, now=MONDAY)
    with db.read() as session:
        assert whom_link_is_for(session, others, now=MONDAY).name == "Kim Tran"
        with pytest.raises(LinkIsSpent):
            whom_link_is_for(session, first, now=MONDAY)


def test_the_leads_see_that_a_link_was_made_on_the_server(db: Database) -> None:
    _link(db)
    with db.read() as session:
        event = session.exec(select(Event)).one()
        assert (event.kind, event.issue_id, event.person_id) == ("link_made", None, None)


def test_no_link_is_made_for_an_address_nobody_has(db: Database) -> None:
    with db.write() as session, pytest.raises(NotThere, match="Nobody with the address"):
        make_link(session, "nobody@acute.example", now=MONDAY, key=KEY)


def test_asking_leaves_a_mail_waiting_for_whoever_has_the_address(db: Database) -> None:
    with db.write() as session:
        make_cast(session)
        ask_for_link(session, "sam@acute.example", now=MONDAY, key=KEY)
    with db.read() as session:
        link = session.exec(select(SignInLink)).one()
        assert (link.mail_wanted_at, link.mail_sent_at) == (MONDAY, None)
        assert whom_link_is_for(session, link.token(KEY), now=MONDAY).name == "Sam Okafor"


def test_asking_for_an_unknown_address_does_the_same_in_vain(db: Database) -> None:
    with db.write() as session:
        ask_for_link(session, "nobody@acute.example", now=MONDAY, key=KEY)
    with db.read() as session:
        link = session.exec(select(SignInLink)).one()
        assert (link.person_id, link.mail_wanted_at) == (None, None)
        with pytest.raises(LinkIsSpent):
            whom_link_is_for(session, link.token(KEY), now=MONDAY)


def test_what_is_kept_of_a_link_opens_nothing_without_the_secret(db: Database) -> None:
    token = _link(db)
    with db.read() as session:
        kept = session.exec(select(SignInLink)).one()
        assert token not in kept.model_dump_json()
        assert kept.token(b"another secret") != token


def test_old_links_are_forgotten(db: Database) -> None:
    _link(db)
    with db.write() as session:
        ask_for_link(session, "nobody@acute.example", now=MONDAY + timedelta(days=2), key=KEY)
    with db.read() as session:
        assert [link.person_id for link in session.exec(select(SignInLink))] == [None]


def _spends(db: Database, token: str) -> bool:
    try:
        with db.write() as session:
            spend_link(session, token, now=MONDAY)
    except LinkIsSpent:
        return False
    return True


def _link(db: Database) -> str:
    with db.write() as session:
        make_cast(session)
        return make_link(session, "sam@acute.example", now=MONDAY, key=KEY, lives=LINK_LIVES)
