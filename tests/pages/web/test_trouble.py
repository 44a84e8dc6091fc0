"""Pages while somebody holds what they need, or nothing can be written: others are answered, nothing typed is lost."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from httpx import Response
from sqlalchemy import Connection, event, text
from sqlmodel import select

from tests.issue_makers import make_issue
from tests.journeys.clock_processes import eventually
from tests.makers import Cast
from tests.site import Guest, Site, opened_site
from tracker.database import Database, Patience, statement_count
from tracker.database.turns import Turns
from tracker.pages.web.threads import Lane, lanes
from tracker.queries.due import note_sweeps
from tracker.records.issue import Issue
from tracker.records.issue_parts import Attention
from tracker.records.note import Note
from tracker.records.session import Session
from tracker.rules.sweeps import EVERY
from tracker.settings.log_lines import write_log

THREADS = 8
CHANGING = lanes(THREADS)[Lane.CHANGE]
WITHOUT_AN_END = Patience(turn=600, row=600, statement=600, idle=600)  # so that who waits, waits


@pytest.fixture(autouse=True)
def _log_as_served() -> None:
    """As `tracker serve` logs: with the lines of code alone, which is much quicker to write."""
    write_log("faults")


@pytest.fixture
def patient(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    """A site with few threads, whose pages wait for what is held for as long as it is held."""
    waiting = db.apart(THREADS, WITHOUT_AN_END)
    with opened_site(waiting, tmp_path, cast, TRACKER_THREADS=str(THREADS)) as site:
        yield site
    waiting.dispose()


@contextmanager
def held(db: Database, table: str, row_id: int) -> Iterator[Callable[[], None]]:
    """Somebody holds this row until it is let go; on SQLite the one place to write."""
    holding = db.apart(1, WITHOUT_AN_END)
    with ExitStack() as hold:
        session = hold.enter_context(holding.write())
        session.connection()
        if not db.is_sqlite:
            session.execute(text(f"SELECT 1 FROM {table} WHERE id = {row_id} FOR UPDATE"))
        yield hold.close
    holding.dispose()


def note_on(site: Site, guest: Guest, issue: Issue, words: str) -> Response:
    """What comes of a note that somebody sends from the page of this version."""
    fields = {"text": words, "ring": "shared", "version": str(issue.version), "once": words}
    return guest.post(f"/issues/{issue.ref}/notes", fields)


@contextmanager
def waiting_pages(
    site: Site, guest: Guest, issue: Issue, count: int
) -> Iterator[tuple[list[Future[Response]], Callable[[], None]]]:
    """So many notes of one person wait for the issue, which somebody holds; and how it is let go."""
    with (
        ThreadPoolExecutor(count) as asking,
        held(site.db, "issue", issue.id) as let_go,
        asked_for_their_turn(site.db) as waiting,
    ):
        notes = [asking.submit(note_on, site, guest, issue, f"Note {number}") for number in range(count)]
        most = min(count, CHANGING)  # the others wait for a thread of their lane
        assert eventually(lambda: waiting() >= most)
        yield notes, let_go


@contextmanager
def asked_for_their_turn(db: Database) -> Iterator[Callable[[], int]]:
    """How many came so far to what is held: at SQLite's one place to write, at a row of PostgreSQL."""
    came: list[float] = []
    take = Turns.take

    def noted(turns: Turns, connection: Connection, within: float) -> None:
        if within == WITHOUT_AN_END.turn:  # who writes in passing does not wait
            came.append(within)
        take(turns, connection, within)

    with patch.object(Turns, "take", noted), statement_count(db) as sent:
        yield lambda: len(came) + sum("FOR UPDATE" in each for each in sent)


@pytest.mark.both_databases
def test_while_all_wait_that_may_whoever_watches_the_machine_is_answered(patient: Site, db: Database) -> None:
    issue, kim = raised(patient), patient.guest("kim")
    with db.write() as session:
        note_sweeps(session, dict.fromkeys(EVERY, 0), patient.now)
    with waiting_pages(patient, kim, issue, THREADS) as (notes, let_go):
        answers = [kim.client.get(f"/health/{what}").status_code for what in ("live", "ready", "clock")]
        assert not any(note.done() for note in notes)
        let_go()
        assert [note.result().status_code for note in notes] == [303] * THREADS
    assert answers == [200, 200, 200]


@pytest.mark.both_databases
@pytest.mark.parametrize("count", [1, 3 * THREADS], ids=["one", "more than there are threads"])
def test_what_waits_for_a_held_row_keeps_nobody_from_looking(patient: Site, db: Database, count: int) -> None:
    issue, other, kim = raised(patient), raised(patient), patient.guest("kim")
    with waiting_pages(patient, kim, issue, count) as (notes, let_go):
        pages = ("/", "/issues", f"/issues/{other.ref}", f"/issues/{issue.ref}")
        answers = [kim.client.get(page).status_code for page in pages]
        assert not any(note.done() for note in notes)
        let_go()
        assert [note.result().status_code for note in notes] == [303] * count
    assert answers == [200] * len(pages)


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_what_waits_for_a_held_row_keeps_nobody_from_saying_something_elsewhere(patient: Site, db: Database) -> None:
    issue, other, kim = raised(patient), raised(patient), patient.guest("kim")
    with waiting_pages(patient, kim, issue, 1) as (notes, let_go):
        assert note_on(patient, kim, other, "Elsewhere").status_code == 303
        assert not notes[0].done()
        let_go()
    assert notes[0].result().status_code == 303


@pytest.mark.both_databases
def test_who_only_looks_is_answered_though_their_session_cannot_be_noted_as_used(patient: Site, db: Database) -> None:
    kim = patient.guest("kim")
    for length in (timedelta(minutes=6), timedelta(days=2)):  # noted as seen; and given another token
        patient.later(seconds=length.total_seconds())
        with db.read() as session:
            kept = session.exec(select(Session.id)).one()
        with held(db, "session", kept) as let_go:
            assert kim.get("/").status_code == 200
            let_go()
        assert kim.get("/").status_code == 200


@pytest.mark.both_databases
def test_who_reads_what_is_held_is_not_told_that_their_reading_could_not_be_noted(patient: Site, db: Database) -> None:
    issue, kim = raised(patient), patient.guest("kim")
    with held(db, "issue", issue.id):
        assert kim.send_htmx(f"/issues/{issue.ref}/look", "main", {"entries": "1"}).status_code == 204
        assert noted_looks(db) == []
    assert kim.send_htmx(f"/issues/{issue.ref}/look", "main", {"entries": "1"}).status_code == 204
    assert noted_looks(db) == [patient.cast.kim.id]


def noted_looks(db: Database) -> list[int]:
    """Of whom is noted that they looked."""
    with db.read() as session:
        return list(session.exec(select(Attention.person_id)))


def raised(site: Site) -> Issue:
    with site.db.write() as session:
        return make_issue(session, site.cast)


@contextmanager
def full_disk(db: Database) -> Iterator[None]:
    """The file of the database cannot grow."""

    def as_it_is(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # or as many as there are

    event.listen(db.engine, "connect", as_it_is)
    db.dispose()
    try:
        yield
    finally:
        event.remove(db.engine, "connect", as_it_is)
        db.dispose()


def test_while_the_disk_is_full_pages_are_shown_and_what_was_typed_comes_back_to_be_sent_again(site: Site) -> None:
    issue, kim, words = raised(site), site.guest("kim"), "Words to keep." * 600
    with full_disk(site.db):
        answer = note_on(site, kim, issue, words)
        pages = [kim.get(page).status_code for page in ("/", f"/issues/{issue.ref}", "/health/clock")]
    assert (answer.status_code, pages) == (503, [200, 200, 503])
    assert f">\n{words}</textarea>" in answer.text
    assert note_on(site, kim, issue, words).status_code == 303
    with site.db.read() as session:
        assert len(session.exec(select(Note)).all()) == 1
