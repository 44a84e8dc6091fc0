"""`tracker history`: what it prints, and how it ends."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.commands.running import migrated, run

HISTORY = """issue,at,event,organisation,to_organisation,person,colour
A-1,2026-03-02,raised,acute,council,jo@acute.example,red
A-1,2026-03-03,handed_over,council,,,
A-1,2026-03-04,escalated,mars,,Zed,
A-2,2026-03-02,resumed,acute,,,
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An up-to-date database with the partnership RIV, and a history file."""
    migrated(tmp_path, monkeypatch, past=HISTORY)
    run("charter", "load", str(tmp_path / "riv.toml"))
    return tmp_path


def test_it_says_what_was_taken_in_what_was_set_aside_and_what_is_unknown(home: Path) -> None:
    said = _taken_in(home)

    assert said.stdout.splitlines() == [
        "2 issues of 4 events: 1 new, 0 grown, 0 unchanged, 0 left as they were, 1 set aside.",
        "A-2 set aside: row 5: it begins with “resumed”, not with “raised”",
        "Unknown column, not read: colour",
        "Unknown organisation “mars”: 1 row",
        "Unknown person “Zed”: 1 row",
        "1 row hand over to nobody named: the ball stayed",
        "1 row name no tier: one up",
    ]
    assert said.stderr == ""  # no progress in a pipe


def test_a_dry_run_says_the_same_and_changes_nothing(home: Path) -> None:
    dry = _taken_in(home, "--dry-run").stdout.splitlines()

    assert dry[-1] == "Nothing was changed: this was a dry run."
    assert dry[:-1] == _taken_in(home).stdout.splitlines()


def test_a_second_run_finds_everything_unchanged(home: Path) -> None:
    _taken_in(home)

    assert "0 new, 0 grown, 1 unchanged" in _taken_in(home).stdout


def test_a_wrong_file_is_refused_place_by_place_and_nothing_is_done(home: Path) -> None:
    (home / "past.csv").write_text(HISTORY.replace("handed_over", "passed"), encoding="utf-8")

    said = _taken_in(home, ends=1)

    assert said.stderr.startswith("row 3, column event: found “passed”; allowed: raised, acknowledged, note, ")
    assert said.stdout == ""
    assert run("report", "ladder", "--partnership", "RIV", "--format", "csv").stdout.count("\n") == 1


def test_a_slip_of_the_year_is_refused_and_what_is_allowed_is_said(home: Path) -> None:
    (home / "past.csv").write_text(HISTORY.replace("2026-03-03", "0206-03-03"), encoding="utf-8")
    told = "row 3, column at: found “0206-03-03”; allowed: a moment in the years 1990 to 2099\n"
    assert _taken_in(home, ends=1).stderr == told
    assert _taken_in(home, "--dry-run", ends=1).stderr == told


@pytest.mark.parametrize(
    "arguments, ends, said",
    [
        (("past.csv", "--partnership", "XXX"), 1, "There is no partnership XXX."),
        (("past.csv",), 2, "Missing option '--partnership'"),
        (("none.csv", "--partnership", "RIV"), 2, "does not exist"),
    ],
)
def test_what_cannot_be_done_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], ends: int, said: str
) -> None:
    monkeypatch.chdir(home)

    assert said in run("history", *arguments, ends=ends).stderr


def _taken_in(home: Path, *more: str, ends: int = 0) -> Result:
    return run("history", str(home / "past.csv"), "--partnership", "RIV", *more, ends=ends)
