"""The salts of an event's words follow from a seed; where each stands for itself it is read, and proven, as well."""

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tests.records.chains import broken_links
from tracker.database import Database
from tracker.records.event import Event, salted
from tracker.rules.digest import SALT_BYTES, Word

pytestmark = pytest.mark.both_databases

BEFORE = "0057"


def test_events_have_the_same_salts_and_prove_the_same_either_way(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        events = all_events(session)
        assert {len(event.salts) for event in events} == {SALT_BYTES}
        assert max(len(event.words) for event in events) > 2
        told = words_of(session)
    with as_it_was(db, BEFORE):
        pass
    with db.write() as session:
        assert all(len(event.salts) == SALT_BYTES * len(event.words) for event in all_events(session))
        assert words_of(session) == told
        assert broken_links(session) == []


def test_no_two_words_share_a_salt(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(2):
            make_issue(session, cast)
        salts = [word.salt for words in words_of(session).values() for word in words.values()]
        assert len(set(salts)) == len(salts)


def test_nothing_is_left_from_which_the_salt_of_a_word_that_was_taken_out_follows(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        event = next(each for each in all_events(session) if "detail" in each.words)
        seed, words = event.salts, salted(event.words, event.salts)
        event.take_out("detail")
        session.flush()
        kept = session.connection().execute(text("SELECT salts FROM event WHERE id = :id"), {"id": event.id})
        left = bytes(kept.scalar_one())
        assert seed not in left
        assert bytes.fromhex(words["detail"].salt) not in left
        assert salted(event.words, event.salts) == {name: each for name, each in words.items() if name != "detail"}
        assert broken_links(session) == []
        event.put_back("detail", words["detail"])
        assert salted(event.words, event.salts) == words
        assert broken_links(session) == []


def all_events(session: Session) -> list[Event]:
    return list(session.exec(select(Event).order_by(text("id"))))


def words_of(session: Session) -> dict[int, dict[str, Word]]:
    return {event.id: salted(event.words, event.salts) for event in all_events(session)}
