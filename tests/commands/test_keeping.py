"""`tracker migrate`, `settings`, `link`: what they print, and how they end."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, func, select

from tests.commands.running import run
from tests.issue_makers import make_issue
from tests.makers import make_cast
from tracker.app import create_app
from tracker.database import Database
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.records.climb import IssueClimb
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.session import SignInLink
from tracker.rules.rings.directory import directory_of
from tracker.settings import SETTINGS, Settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home where nothing is yet."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    return tmp_path / "home"


def test_migrating_makes_the_database_and_is_done_once(home: Path) -> None:
    assert run("migrate").output == "The database is up to date now.\n"
    assert (home / "tracker.sqlite3").exists()
    assert run("migrate").output == "The database is up to date.\n"


def test_checking_says_what_is_to_be_done_and_does_not_do_it(home: Path) -> None:
    assert run("migrate", "--check", ends=1).stderr == "The database is not up to date. Run: tracker migrate\n"
    assert not home.exists()


def test_migrating_makes_ready_what_an_older_version_wrote(home: Path) -> None:
    run("migrate")
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.write() as session:
        make_issue(session, make_cast(session))
        session.flush()
        session.execute(update(Issue).values(cut_words=None))
    database.dispose()
    assert "tracker migrate" in run("migrate", "--check", ends=1).stderr
    ready = "1 text made ready to be found by any word.\nThe database is up to date now.\n"
    assert [run("migrate").output for _ in range(2)] == [ready, "The database is up to date.\n"]


def test_migrating_goes_on_with_what_is_still_to_be_counted_of_an_older_version(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.commands.keeping.MOST_LEFT", 1)
    run("migrate")
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.write() as session:
        cast = make_cast(session)
        for _ in range(2):
            make_issue(session, cast)
    assert "tracker migrate" in run("migrate", "--check", ends=1).stderr
    counted = "2 issues counted for the report of how issues climb.\nThe database is up to date now.\n"
    assert [run("migrate").output for _ in range(2)] == [counted, "The database is up to date.\n"]
    assert run("recount", "--partnership", "RIV").output == "1 month counted.\n2 climbs counted.\n"
    with database.read() as session:
        assert session.exec(select(Event.kind).order_by(col(Event.id).desc())).first() == "reports_recounted"
        assert session.exec(select(func.count()).select_from(IssueClimb)).one() == 2
    database.dispose()


def test_every_setting_is_listed_with_its_meaning_and_what_is_private_is_not_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_SECRET", "s3cret" * 8)
    said = run("settings").output
    assert all(f"{each.name}=" in said and each.means in said for each in SETTINGS.values())
    assert f"TRACKER_HOME={home}" in said
    assert "s3cret" not in said


def test_a_wrong_setting_stops_the_start_with_its_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_THREADS", "many")
    assert run("migrate", ends=1).stderr == "TRACKER_THREADS is “many”. Allowed: 1 to 200.\n"


def test_a_link_signs_in_and_leads_see_that_it_was_made(home: Path) -> None:
    database = _with_cast(home)
    address = run("link", "Sam@acute.example").output.strip()
    assert address.startswith("http://127.0.0.1:8000/sign-in/")
    settings = Settings.from_environment({"TRACKER_HOME": str(home)})
    with TestClient(create_app(settings, database=database, now=datetime.now(UTC))) as client:
        assert "Welcome, Sam Okafor" in client.get(address.removeprefix("http://127.0.0.1:8000")).text
    with database.read() as session:
        assert [event.kind for event in session.exec(select(Event))] == ["link_made"]
    database.dispose()


def test_there_is_no_link_for_an_address_nobody_has(home: Path) -> None:
    _with_cast(home).dispose()
    refused = run("link", "nobody@acute.example", ends=1)
    assert refused.stderr == "Nobody with the address nobody@acute.example belongs to an organisation here.\n"
    assert refused.stdout == ""


def test_an_address_that_no_mail_arrives_at_is_refused_with_the_reason(home: Path) -> None:
    _with_cast(home).dispose()
    assert "Allowed is an address that mail arrives at" in run("link", "jörg.müller@acute.example", ends=1).stderr


@pytest.mark.parametrize("command", ["migrate", "migrate --check", "serve", "clock --once", "link sam@acute.example"])
def test_a_database_of_a_version_to_come_is_left_as_it_is(home: Path, command: str) -> None:
    database = _with_cast(home)
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    said = run(*command.split(), ends=1).stderr
    assert said.startswith("This database is newer than this program: ")
    with TestClient(create_app(Settings.from_environment({"TRACKER_HOME": str(home)}), database=database)) as client:
        ready = client.get("/health/ready")
    assert (ready.status_code, ready.json()["migrations"]) == (200, "newer than this program")  # who serves goes on
    database.dispose()


def test_what_somebody_else_wrote_at_the_same_moment_is_a_refusal(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _with_cast(home).dispose()

    def collide(*_: object, **__: object) -> None:
        raise IntegrityError("INSERT", None, Exception("unique"))

    monkeypatch.setattr("tracker.commands.keeping.make_link", collide)
    assert run("link", "sam@acute.example", ends=1).stderr.endswith("so this was not done. Run it again.\n")


def test_a_link_needs_an_up_to_date_database(home: Path) -> None:
    assert "tracker migrate" in run("link", "sam@acute.example", ends=1).stderr


@pytest.mark.parametrize("arguments", [["link"], ["no-such-command"], ["migrate", "--sideways"]])
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    assert run(*arguments, ends=2).stderr.startswith("Usage:")


def _with_cast(home: Path) -> Database:
    run("migrate")
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.write() as session:
        make_cast(session)
    return database


def test_the_people_who_run_the_server_name_a_lead_where_there_is_none_left(home: Path) -> None:
    run("migrate")
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.write() as session:
        cast = make_cast(session)
    named = ("lead", "RIV", "council", "lee@council.example")
    assert "has a lead" in run(*named, ends=1).stderr
    assert "no organisation nowhere" in run("lead", "RIV", "nowhere", "lee@council.example", ends=1).stderr
    with database.write() as session:
        by = directory_of(cast.arrangement(session).organisation("council"))
        change, now = with_leaver("chris@council.example", "council"), datetime.now(UTC)
        revise(session, cast.partnership.id, change, actor=by, now=now, must_fit=False)
    assert "by --name" in run("lead", "RIV", "council", "ravi@council.example", ends=1).stderr
    assert "lee@council.example is a lead of Riverside Council" in run(*named).output
    with database.read() as session:
        agreed = cast.arrangement(session)
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
    assert {each.name for each in agreed.leads_of("council")} == {"Lee Ford"}
    assert event
    assert event.read().sentence(event.actor_name) == (
        "The people who run the server changed what Lee Ford is for Riverside Council: manager → manager and "
        "partnership lead"
    )
    assert "has a lead" in run(*named, ends=1).stderr
    database.dispose()


def test_a_lead_who_does_not_belong_yet_is_invited(home: Path) -> None:
    run("migrate")
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    with database.write() as session:
        cast = make_cast(session)
        by = directory_of(cast.arrangement(session).organisation("council"))
        change, now = with_leaver("chris@council.example", "council"), datetime.now(UTC)
        revise(session, cast.partnership.id, change, actor=by, now=now, must_fit=False)
    long = run("lead", "RIV", "council", "sam@acute.example", "--name", "n" * 201, ends=1).stderr
    assert "The name has 201 letters; allowed are 1 to 200." in " ".join(long.split())
    assert "by --name" in run("lead", "RIV", "council", "ravi@council.example", "--name", " ", ends=1).stderr
    nowhere = run("lead", "RIV", "council", "ravi@localhost", "--name", "Ravi Das", ends=1).stderr
    assert "Nobody can be written to at ravi@localhost" in " ".join(nowhere.split())
    run("lead", "RIV", "council", "Ravi@council.example", "--name", "Ravi Das")
    with database.read() as session:
        agreed = cast.arrangement(session)
        letter = session.exec(select(SignInLink)).one()
    assert {each.email for each in agreed.leads_of("council")} == {"ravi@council.example"}
    assert letter.about.startswith("The people who run the server invite you")
    database.dispose()
