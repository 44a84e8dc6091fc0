"""`tracker clock`: what it prints, and how it ends."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tracker.__main__ import main
from tracker.database import Database

LATE = (MONDAY + timedelta(days=4)).isoformat()


@pytest.fixture
def home(db: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server with one issue whose limit passes on Thursday."""
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_DATABASE_URL", db.url.render_as_string())
    with db.write() as session:
        make_issue(session, cast)
    return tmp_path


def test_once_it_says_what_it_did_and_ends(home: Path) -> None:
    said = _run("--once", "--now", LATE)
    assert said.exit_code == 0
    assert said.stdout.splitlines()[0] == "timers  RIV-1  limit: tier 2, raised"
    assert _run("--once", "--now", LATE).stdout == ""


def test_as_json_each_thing_done_is_an_object_on_a_line(home: Path) -> None:
    said = [json.loads(line) for line in _run("--once", "--json", "--now", LATE).stdout.splitlines()]
    assert said[0] == {"sweep": "timers", "about": "RIV-1", "did": "limit: tier 2, raised"}
    assert {each["sweep"] for each in said} == {"timers", "announcements", "letters", "counts", "checkpoints"}


def test_a_moment_without_a_zone_is_utc(home: Path) -> None:
    assert _run("--once", "--now", "2026-04-30T15:59:59").stdout.count("escalated") == 0
    assert _run("--once", "--now", "2026-04-30T16:00:00").stdout.count("escalated") == 1  # 17:00 in London


@pytest.mark.parametrize(
    "arguments, words",
    [
        pytest.param(("--now", LATE), "--now is only for --once", id="a-fixed-moment-for-ever"),
        pytest.param(("--once", "--now", "Friday"), "allowed is 2026-05-12T16:30:00Z", id="no-moment"),
    ],
)
def test_wrong_usage_says_what_is_allowed(home: Path, arguments: tuple[str, ...], words: str) -> None:
    said = _run(*arguments)
    assert said.exit_code == 2
    assert words in said.stderr


def test_a_database_that_is_out_of_date_is_refused_with_what_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    said = _run("--once")
    assert (said.exit_code, said.stderr) == (1, "The database is not up to date. Run: tracker migrate\n")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["clock", *arguments])
