"""`tracker mirror`: killed and begun again it has all of it, and it ends with a sentence where it cannot go on."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from httpx import Response
from litestar.testing import TestClient
from sqlalchemy import delete
from sqlmodel import select

from tests.api.calling import Program
from tests.commands.running import run
from tests.exchange.backup.elsewhere import empty_server
from tests.exchange.mirror.copies import site_to_copy
from tests.exchange.mirror.test_following import note
from tests.issue_makers import doer
from tests.makers import Cast
from tests.queries.proofs.record import a_day_later, make_checkpoints
from tests.queries.proofs.test_verifying import sign_anew, story, write_anew
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.actions.proving.own_witness import name_witness
from tracker.app import copy_from_environment
from tracker.database import Database
from tracker.exchange.mirror.copy import MirrorCopy
from tracker.exchange.mirror.home import standing_of
from tracker.queries.proofs.cosignatures import last_seen
from tracker.records.event import Event
from tracker.records.proofs.witness import Cosignature
from tracker.rules.rings import Ring

LONGEST = 120  # seconds until a process that is begun asks for the first time


class Front(ThreadingHTTPServer):
    """The site on a port, in pages of two entries. From the call `holds_at` on it does not answer."""

    daemon_threads = True

    def __init__(self, program: Program) -> None:
        self.program, self.asked, self.holds_at, self.turn = program, 0, 0, threading.Lock()
        self.held, self.ended = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), FrontAnswer)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/v1/partnerships/RIV"


class FrontAnswer(BaseHTTPRequestHandler):
    server: Front

    def do_GET(self) -> None:
        with self.server.turn:
            self.server.asked += 1
            if self.server.asked == self.server.holds_at:
                self.server.held.set()
                self.server.ended.wait()
                return
            asked = f"{self.path}{'&' if '?' in self.path else '?'}limit=2"
            headers = {"Authorization": self.headers["Authorization"]}
            answer = self.server.program.client.get(asked, headers=headers)
        self._answer(answer)

    def do_POST(self) -> None:
        with self.server.turn:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name: self.headers[name] for name in ("Authorization", "Content-Type")}
            answer = self.server.program.client.post(self.path, content=content, headers=headers)
        self._answer(answer)

    def _answer(self, answer: Response) -> None:
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """The standard server writes to stderr."""


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with site_to_copy(db, cast, tmp_path) as made:
        yield made


@pytest.fixture
def front(site: Site) -> Iterator[Front]:
    with Front(Program(site, "council")) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.ended.set()
        made.shutdown()


@pytest.fixture
def arguments(front: Front, tmp_path: Path) -> list[str]:
    file = tmp_path / "token"
    file.write_text(f"{front.program.token}\n", encoding="utf-8")
    return [
        "mirror",
        front.address,
        "--token-file",
        str(file),
        "--into",
        f"sqlite:///{tmp_path}/copy.sqlite3",
        "--once",
    ]


def kept(tmp_path: Path) -> set[str]:
    """The digests of the events that a copy has."""
    database = Database(f"sqlite:///{tmp_path}/copy.sqlite3", 1)
    try:
        return digests_of(database)
    finally:
        database.dispose()


def digests_of(copy: Database) -> set[str]:
    return {each.digest for each in MirrorCopy(copy).events()}


def into(arguments: list[str], url: str) -> list[str]:
    """The same, into another database."""
    return [url if before == "--into" else each for before, each in pairwise(["", *arguments])]


def test_killed_in_the_middle_it_goes_on_and_has_all_of_it(
    site: Site, front: Front, arguments: list[str], tmp_path: Path
) -> None:
    front.holds_at = 4
    with subprocess.Popen([sys.executable, "-m", "tracker", *arguments], stderr=subprocess.PIPE) as process:
        assert front.held.wait(LONGEST)
        process.send_signal(signal.SIGKILL)
    front.ended.set()
    with site.db.read() as session:
        mine = (Event.readers == "1+2", Event.partnership_id == site.cast.partnership.id)
        whole = set(session.exec(select(Event.digest).where(*mine)))
    assert 0 < len(kept(tmp_path)) < len(whole)
    said = f"RIV, as council reads it: {len(whole)} events of 3 issues and 1 checkpoint fit.\n"
    assert run(*arguments).stdout.endswith(said)
    assert kept(tmp_path) == whole


def test_where_the_history_was_written_anew_it_ends_and_names_the_first_event(
    site: Site, arguments: list[str], tmp_path: Path
) -> None:
    run(*arguments)
    before = kept(tmp_path)
    with site.db.write() as session:
        story(session)[0].state = "resolved"
        write_anew(session)
    said = run(*arguments, "--compare", ends=1).stderr
    assert said.startswith("The history of the server was rewritten. RIV-2, event 1 of those that this organisation")
    with site.db.write() as session:
        add_note(session, "RIV-2", doer(site.cast, "lee", site.now), text="Thank you.", ring=Ring.SHARED)
    assert run(*arguments, ends=1).stderr == said
    assert kept(tmp_path) == before


def test_a_witness_beside_it_cosigns_each_checkpoint_for_who_cannot_be_asked(
    site: Site, arguments: list[str], tmp_path: Path
) -> None:
    with_witness = (*arguments, "--witness", str(tmp_path / "witness"), "--name", "council.example/w")
    first = run(*with_witness)
    assert "The cosignature was not taken. No witness of this organisation is named." in first.stderr
    said, key = first.stdout.splitlines()[0].split(": ")
    assert said == "The key of the witness"
    lead, home = site.cast.actor("chris"), site.cast.partnership.id
    with site.db.write() as session:
        name_witness(session, home, lead, verifier=key, address="", may_call=(), now=site.now)
    for days in (2, 3):
        assert run(*with_witness).stderr == ""
        with site.db.write() as session:
            seen = {each.key: each.size for each in last_seen(session, home)}
            assert seen["council"] == days - 1
            assert make_checkpoints(session, a_day_later(days)) == 1
        site.now = a_day_later(days)
    with site.db.write() as session:
        session.execute(delete(Cosignature))
        sign_anew(session, site.cast)
        make_checkpoints(session, a_day_later(3))
    (tmp_path / "copy.sqlite3").unlink()
    for each in tmp_path.glob("copy.sqlite3-*"):
        each.unlink()
    assert "this witness has seen" in run(*with_witness, ends=1).stderr.lower()


def test_it_says_why_it_does_not_begin(front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_TOKEN", raising=False)
    here = ("--into", f"sqlite:///{tmp_path}/copy.sqlite3", "--once")
    assert "Give the token in a file" in run("mirror", front.address, *here, ends=1).stderr
    monkeypatch.setenv("TRACKER_TOKEN", "tracker_nonsense")
    assert "This token is none, or was revoked." in run("mirror", front.address, *here, ends=1).stderr
    elsewhere = front.address.replace("RIV", "ELS")
    monkeypatch.setenv("TRACKER_TOKEN", front.program.token)
    assert "There is no partnership ELS." in run("mirror", elsewhere, *here, ends=1).stderr
    assert "over https alone" in run("mirror", "http://tracker.example/api", *here, ends=1).stderr
    assert "This is no address" in run("mirror", "tracker.example", *here, ends=1).stderr
    assert "--into: " in run("mirror", front.address, "--into", "copy.sqlite3", "--once", ends=1).stderr
    assert "The server does not answer" in run("mirror", "http://127.0.0.1:9/api", *here, ends=1).stderr
    assert run("mirror", front.address, *here).stdout.endswith("and 1 checkpoint fit.\n")


def test_the_copy_is_served_to_its_own_people_and_no_other_command_works_on_it(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*arguments)
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/copy.sqlite3")
    for command in (
        ("clock", "--once"),
        ("link", "kim@council.example"),
        ("charter", "export", "RIV"),
        ("verify", "--partnership", "RIV"),
        ("report", "themes", "--partnership", "RIV"),
    ):
        assert "This database is a copy, kept by `tracker mirror`." in run(*command, ends=1).stderr, command
    app = copy_from_environment()
    try:
        with TestClient(app) as client:
            assert client.get("/issues", follow_redirects=False).status_code == 303
            assert client.get("/sign-in").status_code == 200
            assert client.get("/health/ready").json()["migrations"] == "current"
            assert client.get("/api/v1/partnerships/RIV/feed", follow_redirects=False).status_code == 303
    finally:
        app.state.database.dispose()
    assert not (tmp_path / "elsewhere" / "log.key").exists()


@pytest.mark.parametrize("onto", ["sqlite", "postgresql"])
def test_a_copy_is_backed_up_and_goes_on_from_there_on_either_database(
    site: Site,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    onto: str,
) -> None:
    run(*arguments)
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "of-the-copy"))
    monkeypatch.setenv("TRACKER_DATABASE_URL", f"sqlite:///{tmp_path}/copy.sqlite3")
    run("backup", str(tmp_path / "a.backup"))
    note(site, "Since the backup.")
    run(*arguments)
    with empty_server(onto, tmp_path / "elsewhere", request) as elsewhere:
        url = elsewhere.db.url.render_as_string(hide_password=False)
        monkeypatch.setenv("TRACKER_HOME", str(elsewhere.home))
        monkeypatch.setenv("TRACKER_DATABASE_URL", url)
        said = run("restore", str(tmp_path / "a.backup")).stdout
        assert said.endswith("It is a copy: tracker mirror goes on from there.\n")
        assert standing_of(elsewhere.db)
        assert digests_of(elsewhere.db) < kept(tmp_path)
        followed = run(*into(arguments, url)).stdout
        assert "fit" in followed
        assert digests_of(elsewhere.db) == kept(tmp_path)
        assert "not empty" in run("restore", str(tmp_path / "a.backup"), ends=1).stderr


def test_a_copy_that_goes_on_no_more_says_so_on_its_pages(site: Site, arguments: list[str], tmp_path: Path) -> None:
    run(*arguments)
    with site.db.write() as session:
        story(session)[0].state = "resolved"
        write_anew(session)
    run(*arguments, "--compare", ends=1)
    database = Database(f"sqlite:///{tmp_path}/copy.sqlite3", 1)
    try:
        standing = standing_of(database)
        assert standing
        assert standing.trouble.startswith("The history of the server was rewritten. RIV-2, event 1 ")
        assert standing.heard_at
    finally:
        database.dispose()
