"""`tracker demo`: its own home, a way in for everybody, and a second run that takes a moment."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tracker.__main__ import main
from tracker.actions.welcome import whom_link_is_for
from tracker.database import Database

LINK = re.compile(r"(http\S+)/sign-in/(\S+)$", re.MULTILINE)
MADE, KEPT = "was made anew", "is as it was left"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A home, and what the first run said there."""
    home = tmp_path_factory.mktemp("home")
    return home, run(home)


def run(home: Path, *more: str, **environment: str) -> Result:
    """The command in an environment of its own; an empty setting counts as unset."""
    unset = ("TRACKER_DATABASE_URL", "TRACKER_SMTP_URL", "TRACKER_BASE_URL", "TRACKER_LOG")
    mine = {**dict.fromkeys(unset, ""), "TRACKER_HOME": str(home)}
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {**mine, **environment}.items():
            patched.setenv(name, value)
        return CliRunner().invoke(main, ["demo", "--no-serve", *more])


def database(home: Path) -> Database:
    return Database(f"sqlite:///{home}/demo/tracker.sqlite3")


def test_it_prints_the_address_and_a_way_in_for_somebody_of_each_rank_and_a_lead_of_each_side(
    first: tuple[Path, Result],
) -> None:
    said = first[1].stdout
    assert first[1].exit_code == 0, first[1].stderr
    assert MADE in said
    assert {address for address, _ in LINK.findall(said)} == {"http://127.0.0.1:8000"}
    ranks = ("front line", "manager", "steering group", "lead")
    assert [len(re.findall(f"{role} +http", said)) for role in ranks] == [3, 3, 3, 3]


def test_every_link_lets_in_who_it_says(first: tuple[Path, Result]) -> None:
    lines = [line for line in first[1].stdout.splitlines() if "/sign-in/" in line]
    with database(first[0]).read() as session:
        found = [whom_link_is_for(session, line.split("/")[-1], now=datetime.now(UTC)).name for line in lines]
    assert all(line.split("  ")[1].startswith(name) for line, name in zip(lines, found, strict=True))


def test_a_second_run_builds_nothing_and_gives_new_links(first: tuple[Path, Result]) -> None:
    second = run(first[0], "--port", "8123", "--seed", "riverside")
    assert KEPT in second.stdout
    assert not set(LINK.findall(second.stdout)) & set(LINK.findall(first[1].stdout))
    assert "http://127.0.0.1:8123/sign-in/" in second.stdout


def test_the_database_of_a_server_is_neither_used_nor_touched(first: tuple[Path, Result], tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sqlite3"
    assert KEPT in run(first[0], TRACKER_DATABASE_URL=f"sqlite:///{theirs}").stdout
    assert not theirs.exists()
    assert {each.name for each in first[0].iterdir()} == {"demo"}


def test_a_home_that_is_called_demo_is_its_own(first: tuple[Path, Result]) -> None:
    assert KEPT in run(first[0] / "demo").stdout


def test_a_database_that_is_not_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    database(tmp_path).migrate()
    refused = run(tmp_path)
    assert refused.exit_code == 1
    assert "left alone" in refused.stderr
