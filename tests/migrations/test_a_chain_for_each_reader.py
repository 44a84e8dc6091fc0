"""Events of before keep their digests and are proven by what is kept of them now; new ones are linked apart."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Row, text
from sqlmodel import Session, col, select

from tests.commands.running import run
from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.migrations.stepping import as_it_was
from tests.records.chains import broken_links
from tracker.actions.add_note import add_note
from tracker.database import Database
from tracker.database.migrating import alembic_config
from tracker.records.event import Event, salted
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.digest import Word
from tracker.rules.events.arrangement import ChainsClosed
from tracker.rules.rings import Ring

pytestmark = pytest.mark.both_databases

BEFORE = "0039"
MANY = 5000  # more events than are moved at once


def talked_over(db: Database, cast: Cast) -> int:
    """An issue on which each side said something to all, and something to itself; one account was taken out."""
    with db.write() as session:
        issue = make_issue(session, cast)
        for name in ("sam", "kim"):
            add_note(session, issue.ref, doer(cast, name), text=f"{name} to all", ring=Ring.SHARED)
            add_note(session, issue.ref, doer(cast, name), text=f"{name} to their own", ring=Ring.ORGANISATION)
        make_issue(session, cast, title="Kept inside", ring=Ring.ORGANISATION)
        session.exec(events_of(issue.id)).first().take_out("detail")
        return issue.id


def events_of(issue_id: int) -> Any:
    return select(Event).where(Event.issue_id == issue_id).order_by(col(Event.position))


def in_chains(session: Session, issue_id: int) -> list[tuple[str, int]]:
    return [(event.readers, event.place) for event in session.exec(events_of(issue_id))]


def rows_of_before(connection: Connection) -> list[Row[Any]]:
    asked = text("SELECT id, digest, words, hashes FROM event ORDER BY id")
    return list(connection.execute(asked).all())


def as_json(kept: Any) -> Any:
    return json.loads(kept) if isinstance(kept, str) else kept


def test_every_digest_salt_and_hash_is_the_same_and_proves_what_is_kept(db: Database, cast: Cast) -> None:
    talked_over(db, cast)
    with as_it_was(db, BEFORE) as connection:
        before = rows_of_before(connection)
        salts = connection.execute(text("SELECT id, salt FROM note ORDER BY id")).all()
    with db.read() as session:
        for row in before:
            event = session.get_one(Event, row.id)
            words = salted(event.words, event.salts)
            hashes = {**event.hashes, **{name: word.hash for name, word in words.items()}}
            old = {name: Word(word["salt"], word["value"]) for name, word in as_json(row.words).items()}
            assert (event.digest, words, hashes) == (row.digest, old, as_json(row.hashes))
            assert not event.words.keys() & event.hashes.keys(), "a hash that follows is not stored"
        assert [(note.id, note.salt) for note in session.exec(select(Note).order_by(col(Note.id)))] == [
            *map(tuple, salts)
        ]
        assert broken_links(session) == []
        assert len(before) == 8
        assert any("detail" in event.hashes for event in session.exec(select(Event)))


def test_a_hash_that_does_not_follow_from_its_word_stays_beside_it(db: Database, cast: Cast) -> None:
    issue_id = talked_over(db, cast)
    with as_it_was(db, BEFORE) as connection:
        (event_id,) = connection.execute(text("SELECT max(id) FROM event WHERE issue_id = :of"), {"of": issue_id}).one()
        words = {"actor": {"salt": "00" * 16, "value": "Somebody else"}}
        changed = text("UPDATE event SET words = :words WHERE id = :id")
        connection.execute(changed, {"words": json.dumps(words), "id": event_id})
    with db.read() as session:
        assert broken_links(session) == [f"event {event_id}: its digest"]
        assert "actor" in session.get_one(Event, event_id).hashes


def test_new_events_begin_chains_for_their_readers_on_the_closed_one(db: Database, cast: Cast) -> None:
    issue_id = talked_over(db, cast)
    with as_it_was(db, BEFORE):
        pass
    both = "+".join(str(each) for each in sorted((cast.acute.id, cast.council.id)))
    with db.write() as session:
        issue = session.get_one(Issue, issue_id)
        length = issue.events
        assert in_chains(session, issue_id) == [(f"before {both}", place) for place in range(1, length + 1)]
        for ring in (Ring.ORGANISATION, Ring.SHARED, Ring.ORGANISATION, Ring.SHARED):
            add_note(session, issue.ref, doer(cast, "sam"), text=f"Again, {ring}", ring=ring)
    with db.read() as session:
        own = str(cast.acute.id)
        assert in_chains(session, issue_id)[length:] == [(own, 1), (both, 1), (own, 2), (both, 2)]
        assert broken_links(session) == []


def test_the_closed_chains_stand_in_one_event_that_leads_read(db: Database, cast: Cast) -> None:
    talked_over(db, cast)
    with as_it_was(db, BEFORE) as connection:
        heads = sorted(connection.execute(text("SELECT head FROM issue WHERE events > 0")).scalars())
    with db.read() as session:
        event = session.exec(select(Event).where(Event.kind == ChainsClosed.name)).one()
        assert (event.readers, event.place, event.actor_name) == ("leads", 1, "The people who run the server")
        assert event.details["heads"] == sha256(b"".join(map(bytes.fromhex, heads))).hexdigest()
        assert "apart" in event.read().sentence(event.actor_name)
    assert len(heads) == 2


def test_taken_back_and_up_again_an_issue_has_one_chain_in_between(db: Database, cast: Cast) -> None:
    issue_id = talked_over(db, cast)
    with as_it_was(db, BEFORE) as connection:
        head = text("SELECT head FROM issue WHERE id = :id")
        last = text("SELECT digest FROM event WHERE issue_id = :id ORDER BY position DESC LIMIT 1")
        assert [connection.execute(each, {"id": issue_id}).scalar_one() for each in (head, last)] == [
            connection.execute(last, {"id": issue_id}).scalar_one()
        ] * 2


@pytest.fixture
def many(db: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The digests of so many events as it was before, and a home where they are to be moved."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", db.url.render_as_string(hide_password=False))
    issue_id = talked_over(db, cast)
    with db._migrating() as connection:
        command.downgrade(alembic_config(connection), BEFORE)
        columns = "partnership_id, issue_id, kind, at, ring, tier, state, details, words, hashes, announced"
        copied = f"SELECT {columns}, 100 + :n, :digest FROM event WHERE issue_id = :of AND position = 1"
        again = text(f"INSERT INTO event ({columns}, position, digest) {copied}")
        connection.execute(again, [{"n": n, "of": issue_id, "digest": f"{n:064x}"} for n in range(MANY)])
        digests = {row.digest for row in rows_of_before(connection)}
    yield digests
    db.migrate()


def test_killed_in_the_middle_it_goes_on_where_it_was(db: Database, many: set[str]) -> None:
    dying = [sys.executable, "-m", "tests.journeys.dying_clock", "sqlalchemy.delete", "2", "migrate"]
    killed = subprocess.run(dying, env=os.environ, capture_output=True, check=False)
    assert killed.returncode < 0, killed.stderr
    with db.read() as session:
        left = session.connection().execute(text("SELECT count(*) FROM event_before")).scalar_one()
        moved = session.connection().execute(text("SELECT count(*) FROM event")).scalar_one()
    assert (left + moved, 0 < moved < len(many)) == (len(many), True)
    for refused in (("migrate", "--check"), ("clock", "--once"), ("serve",)):
        assert "tracker migrate" in run(*refused, ends=1).stderr

    assert "up to date now" in run("migrate").output
    with db.read() as session:
        kept = session.exec(select(Event.digest).where(Event.kind != ChainsClosed.name)).all()
        assert (len(kept), set(kept)) == (len(many), many)
    assert run("migrate").output == "The database is up to date.\n"
