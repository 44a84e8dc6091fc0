"""A session's token turns over; nobody who did nothing wrong is signed out by it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from tests.makers import MONDAY, Cast, make_cast
from tracker.actions.people.keep_session import (
    begin_session,
    end_session,
    keep_session,
    needs_keeping,
    newer_token,
    sign_out,
)
from tracker.actions.welcome import LinkIsSpent, make_link, spend_link
from tracker.database import Database, statement_count
from tracker.queries.accounts import devices_of
from tracker.queries.visitors import SessionFacts, Visitor, visitor_by_token
from tracker.records.person import Membership
from tracker.records.session import MOST_SESSIONS, Session, end_sessions
from tracker.rules.refusals import NotThere
from tracker.rules.rings.doors import Door

KEY = b"k" * 32
SOON, LATER = MONDAY + timedelta(minutes=1), MONDAY + timedelta(hours=2)


def test_a_session_says_who_is_asking_in_one_statement(db: Database) -> None:
    cast, token = _signed_in(db)
    _visitor(db, token, SOON)
    with statement_count(db) as sent:
        visitor = _visitor(db, token, SOON)
    assert visitor is not None
    assert visitor.viewer == cast.viewer("sam")
    assert [side.name for side in visitor.sides] == ["Riverside Hospitals"]
    assert len([each for each in sent if each.startswith("SELECT")]) == 1


def test_a_young_session_needs_nothing(db: Database) -> None:
    _, token = _signed_in(db)
    visitor = _visitor(db, token, SOON)
    assert visitor is not None
    assert visitor.session is not None
    assert not needs_keeping(visitor.session, SOON)


def test_after_an_hour_the_token_turns(db: Database) -> None:
    _, token = _signed_in(db)
    newer = _asked(db, token, LATER)
    assert newer not in {None, token}
    assert _visitor(db, newer or "", LATER) is not None


def test_two_requests_at_once_both_get_the_same_new_token(db: Database) -> None:
    _, token = _signed_in(db)
    assert _asked(db, token, LATER) == _asked(db, token, LATER)


def test_requests_at_the_same_moment_turn_it_once(db: Database) -> None:
    _, token = _signed_in(db)
    visitor = _visitor(db, token, LATER)
    with ThreadPoolExecutor(6) as at_once:
        list(at_once.map(lambda _: _kept(db, visitor, LATER), range(6)))
    with db.read() as session:
        assert session.exec(select(Session.turn)).one() == 1


def test_an_answer_that_got_lost_signs_nobody_out(db: Database) -> None:
    _, token = _signed_in(db)
    lost = _asked(db, token, LATER)
    assert _asked(db, token, LATER + timedelta(days=1)) == lost


def test_the_old_token_ends_a_minute_after_the_new_one_was_seen(db: Database) -> None:
    _, token = _signed_in(db)
    newer = _asked(db, token, LATER) or ""
    _asked(db, newer, LATER)
    assert _visitor(db, token, LATER + timedelta(seconds=59)) is not None
    assert _visitor(db, token, LATER + timedelta(seconds=60)) is None
    assert _visitor(db, newer, LATER + timedelta(seconds=60)) is not None


def test_a_session_left_alone_for_a_week_is_over(db: Database) -> None:
    _, token = _signed_in(db)
    assert _visitor(db, token, MONDAY + timedelta(days=6, hours=23)) is not None
    assert _visitor(db, token, MONDAY + timedelta(days=7)) is None


def test_a_session_in_daily_use_is_over_after_thirty_days(db: Database) -> None:
    _, token = _signed_in(db)
    for day in range(1, 30):
        token = _asked(db, token, MONDAY + timedelta(days=day)) or token
    assert _visitor(db, token, MONDAY + timedelta(days=29, hours=23)) is not None
    assert _visitor(db, token, MONDAY + timedelta(days=30)) is None


def test_somebody_who_left_every_organisation_is_nobody(db: Database) -> None:
    _, token = _signed_in(db)
    with db.write() as session:
        for place in session.exec(select(Membership)):
            place.retired_at = MONDAY
    assert _visitor(db, token, SOON) is None


def test_signing_in_again_on_a_device_ends_the_session_it_had(db: Database) -> None:
    cast, token = _signed_in(db)
    again = _begun(db, cast.kim.id, instead_of=token)
    assert _visitor(db, token, SOON) is None
    assert _visitor(db, again, SOON) is not None


def test_signing_out_ends_this_session_only(db: Database) -> None:
    cast, token = _signed_in(db)
    phone = _begun(db, cast.sam.id)
    with db.write() as session:
        sign_out(session, token)
    assert _visitor(db, token, SOON) is None
    assert _visitor(db, phone, SOON) is not None


def test_signing_out_everywhere_also_spends_the_links_that_are_out(db: Database) -> None:
    cast, token = _signed_in(db)
    with db.write() as session:
        link = make_link(session, "sam@acute.example", now=MONDAY, key=KEY)
        end_sessions(session, cast.sam.id, now=SOON)
    assert _visitor(db, token, SOON) is None
    with db.write() as session, pytest.raises(LinkIsSpent):
        spend_link(session, link, now=SOON)


def test_nobody_ends_somebody_elses_session(db: Database) -> None:
    cast, token = _signed_in(db)
    visitor = _visitor(db, token, SOON)
    assert visitor is not None
    assert visitor.session is not None
    with db.write() as session, pytest.raises(NotThere):
        end_session(session, cast.kim.id, visitor.session.id)
    assert _visitor(db, token, SOON) is not None


def test_of_more_sessions_than_one_can_have_the_one_left_alone_longest_ends(db: Database) -> None:
    cast, left_alone = _signed_in(db)
    others = [_begun(db, cast.sam.id, now=MONDAY + timedelta(minutes=n)) for n in range(1, MOST_SESSIONS)]
    kim = _begun(db, cast.kim.id)
    assert _visitor(db, left_alone, LATER) is not None
    with capture_logs() as lines:
        newest = _begun(db, cast.sam.id, now=LATER)
    assert [(line["event"], line["person"]) for line in lines] == [("session ended", cast.sam.id)]
    assert _visitor(db, left_alone, LATER) is None
    assert all(_visitor(db, each, LATER) for each in (*others, newest, kim))


def test_what_was_begun_long_ago_and_is_in_use_stays(db: Database) -> None:
    cast, in_use = _signed_in(db)
    others = [_begun(db, cast.sam.id, now=MONDAY + timedelta(minutes=n)) for n in range(1, MOST_SESSIONS)]
    in_use = _asked(db, in_use, LATER) or in_use
    _begun(db, cast.sam.id, now=LATER)
    assert _visitor(db, in_use, LATER) is not None
    assert _visitor(db, others[0], LATER) is None


def test_where_from_it_was_used_last_stands_with_a_session(db: Database) -> None:
    cast = _signed_in(db)[0]
    with db.write() as session:
        token = begin_session(
            session, cast.kim.id, Door.LINK, now=MONDAY, key=KEY, agent="Firefox", instead_of="", place="192.0.2.x"
        )
    with db.write() as session:
        facts = _facts(db, token, SOON)
        assert [each.place for each in devices_of(session, cast.kim.id, SOON)] == ["192.0.2.x"]
        keep_session(session, facts, now=LATER, key=KEY, place="198.51.100.x")
        assert [each.place for each in devices_of(session, cast.kim.id, LATER)] == ["198.51.100.x"]


def test_a_session_remembers_its_doors_and_when_the_last_one_was_passed(db: Database) -> None:
    cast, token = _signed_in(db)
    newer = _begun(db, cast.sam.id, Door.PASSKEY, now=SOON, instead_of=token)
    facts = _facts(db, newer, SOON)
    assert (facts.doors, facts.confirmed_at) == (("link", "passkey"), SOON)


def test_another_door_lets_the_forms_of_the_session_stay_good_and_ends_its_token(db: Database) -> None:
    cast, token = _signed_in(db)
    nonce = _facts(db, token, SOON).nonce
    newer = _begun(db, cast.sam.id, now=SOON, instead_of=token)
    assert _facts(db, newer, SOON).nonce == nonce
    assert newer != token
    assert _visitor(db, token, SOON) is None


def test_doors_of_a_session_that_is_over_open_nothing_in_the_next(db: Database) -> None:
    cast, token = _signed_in(db)
    over = MONDAY + timedelta(days=8)
    newer = _begun(db, cast.sam.id, Door.PASSKEY, now=over, instead_of=token)
    assert _facts(db, newer, over).doors == ("passkey",)


def test_doors_of_somebody_else_in_the_same_browser_open_nothing(db: Database) -> None:
    cast, token = _signed_in(db)
    newer = _begun(db, cast.kim.id, Door.PASSKEY, now=SOON, instead_of=token)
    assert _facts(db, newer, SOON).doors == ("passkey",)
    assert _visitor(db, token, SOON) is None


def test_sessions_that_are_over_are_forgotten(db: Database) -> None:
    cast, _ = _signed_in(db)
    _begun(db, cast.kim.id, now=MONDAY + timedelta(days=40))
    with db.read() as session:
        assert [each.person_id for each in session.exec(select(Session))] == [cast.kim.id]


def _signed_in(db: Database) -> tuple[Cast, str]:
    with db.write() as session:
        cast = make_cast(session)
    return cast, _begun(db, cast.sam.id)


def _facts(db: Database, token: str, now: datetime) -> SessionFacts:
    visitor = _visitor(db, token, now)
    assert visitor is not None
    assert visitor.session is not None
    return visitor.session


def _begun(
    db: Database, person_id: int, door: Door = Door.LINK, *, now: datetime = MONDAY, instead_of: str = ""
) -> str:
    with db.write() as session:
        return begin_session(session, person_id, door, now=now, key=KEY, agent="Firefox", instead_of=instead_of)


def _visitor(db: Database, token: str, now: datetime) -> Visitor | None:
    with db.read() as session:
        return visitor_by_token(session, token, now)


def _asked(db: Database, token: str, now: datetime) -> str | None:
    """What a request does; answers with the token the browser is given."""
    return _kept(db, _visitor(db, token, now), now)


def _kept(db: Database, visitor: Visitor | None, now: datetime) -> str | None:
    assert visitor is not None
    assert visitor.session is not None
    with db.write() as session:
        keep_session(session, visitor.session, now=now, key=KEY)
    return newer_token(visitor.session, now=now, key=KEY)
