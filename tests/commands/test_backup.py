"""`tracker backup` and `tracker restore`: what they print, and that a restored copy does nothing until it is live."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlmodel import Session, col, select

from tests.commands.running import run
from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tests.queries.test_search import found
from tests.site import Guest
from tracker.actions.welcome import make_link
from tracker.app import create_app
from tracker.clock import clock_of
from tracker.database import Database
from tracker.records.event import Event
from tracker.records.notice import Notice
from tracker.records.proofs.log import Checkpoint
from tracker.records.session import LINK_KEY
from tracker.settings import Settings

WEEK_LATER = (MONDAY + timedelta(days=7)).isoformat()
REPORTS = (["themes", "--format", "json"], ["ladder", "--format", "csv"])


@pytest.fixture
def home(db: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server with an issue, its letters and a checkpoint."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", "")
    with db.write() as session:
        make_issue(session, cast)
    for days in (0, 2):
        run("clock", "--once", "--now", (MONDAY + timedelta(days=days)).isoformat())
    return tmp_path


@pytest.fixture
def restored(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a copy that is held; commands are of it from now on."""
    run("backup", str(home / "a.backup"))
    monkeypatch.setenv("TRACKER_HOME", str(home / "elsewhere"))
    said = run("restore", str(home / "a.backup"))
    assert said.stdout.endswith(
        "It is held. Once it is to take the place of the other one, run: tracker restore --live\n"
    )
    return home / "elsewhere"


def database_in(home: Path) -> Database:
    return Database(f"sqlite:///{home}/tracker.sqlite3")


def counts(session: Session) -> list[int]:
    """Of events, letters and checkpoints: what a clock makes more of."""
    return [len(session.exec(select(table.id)).all()) for table in (Event, Notice, Checkpoint)]


def test_a_backup_has_all_that_is_at_home_and_is_for_its_owner_alone(home: Path) -> None:
    said = run("backup", str(home / "a.backup"))
    letters = len(list((home / "mail").glob("*.eml")))
    assert letters > 0
    assert said.stdout.startswith(f"{home}/a.backup has ")
    assert said.stdout.endswith(f", and {letters + 2} files of the home folder.\n")
    assert said.stderr == ""
    assert (home / "a.backup").stat().st_mode & 0o777 == 0o600
    assert "is there already" in run("backup", str(home / "a.backup"), ends=1).stderr


def test_what_comes_from_the_environment_is_said_to_be_left_out(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET", "s" * 40)
    monkeypatch.setenv("TRACKER_LOG_KEY", b64encode(bytes(32)).decode())
    said = run("backup", str(home / "a.backup")).stderr
    assert said == (
        "Not in it: TRACKER_SECRET is given by the environment: keep it apart.\n"
        "Not in it: TRACKER_LOG_KEY is given by the environment: keep it apart.\n"
    )
    monkeypatch.delenv("TRACKER_LOG_KEY")
    (home / "log.key").write_text(b64encode(b"1" * 32).decode())
    assert "log.key at home is not the key that signs" in run("backup", str(home / "b.backup")).stderr


def test_reports_and_proofs_of_a_restored_copy_are_those_of_the_server(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["--partnership", "RIV"]
    run("backup", str(home / "a.backup"))
    before = [run("report", *each, *asked).output for each in REPORTS]
    monkeypatch.setenv("TRACKER_HOME", str(home / "elsewhere"))
    run("restore", str(home / "a.backup"))
    assert "and 1 checkpoint fit." in run("verify", *asked).output
    assert [run("report", *each, *asked).output for each in REPORTS] == before
    run("recount", *asked)
    assert [run("report", *each, *asked).output for each in REPORTS] == before


def test_a_held_copy_rings_tells_and_signs_nothing(restored: Path) -> None:
    refused = run("clock", "--once", "--now", WEEK_LATER, ends=1).stderr
    assert refused.startswith("This was restored from a backup of ")
    assert "tracker restore --live" in refused
    assert run("log-key", "--rotate", ends=1).stderr == refused
    settings, db = Settings.from_environment({"TRACKER_HOME": str(restored)}), database_in(restored)
    with db.read() as session:
        before = counts(session)
    clock = clock_of(settings, db, now=datetime.fromisoformat(WEEK_LATER))
    assert list(clock.until_nothing_is_due()) == []
    with db.read() as session:
        assert counts(session) == before
    db.dispose()


def test_once_it_is_live_the_clock_goes_on_and_every_lead_is_told(restored: Path) -> None:
    assert run("restore", "--live").output.startswith("Live: the clock goes on from here")
    assert "Nothing is held here" in run("restore", "--live", ends=1).stderr
    done = [json.loads(line)["sweep"] for line in run("clock", "--once", "--json").output.splitlines()]
    assert {"timers", "letters"} <= set(done)
    db = database_in(restored)
    with db.read() as session:
        kept = session.exec(select(Event).where(Event.kind == "server_restored").order_by(col(Event.id))).all()
        assert len(kept) == 2
        assert all(each.details["taken_at"] for each in kept)
    db.dispose()
    run("clock", "--once", "--now", (datetime.now(UTC) + timedelta(days=7)).isoformat())  # once all have opened
    letters = [each.read_text() for each in (restored / "mail").glob("*.eml")]
    assert sum("The server was restored from a backup of" in each for each in letters) >= 3


def test_everybody_reads_on_every_page_that_it_is_a_copy(restored: Path, cast: Cast) -> None:
    settings, db = Settings.from_environment({"TRACKER_HOME": str(restored)}), database_in(restored)
    now = datetime.now(UTC)
    with db.write() as session:
        token = make_link(session, "sam@acute.example", now=now, key=settings.key(LINK_KEY))
        assert found(session, cast, "medication") == ["RIV-1"]
    with TestClient(create_app(settings, database=db, now=now)) as client:
        guest = Guest(client)
        guest.get(f"/sign-in/{token}")
        assert guest.post(f"/sign-in/{token}").status_code == 303
        assert all("Restored from a backup." in guest.get(each).text for each in ("/", "/issues", "/issues/RIV-1"))
        health = client.get("/health/clock")
        assert health.status_code == 503
        assert health.json() == {"held": "restored from a backup: run `tracker restore --live`"}
        run("restore", "--live")
        assert "Restored from a backup." not in guest.get("/issues").text
    db.dispose()


@pytest.mark.parametrize(
    "arguments", [["restore"], ["restore", "--live", __file__], ["backup"], ["restore", "nowhere"]]
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    assert run(*arguments, ends=2).stderr.startswith("Usage:")


def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    (tmp_path / "a.backup").write_text("Dear Alex,")
    said = run("restore", str(tmp_path / "a.backup"), ends=1).stderr
    assert said.endswith("it is no backup, or its end is missing. Nothing was restored.\n")
    assert not (tmp_path / "home").exists()
