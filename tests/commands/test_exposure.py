"""`tracker exposure`: what it prints, and how it ends."""

from pathlib import Path

import pytest
from click.testing import Result

from tests.commands.running import migrated, run

AMOUNTS = "month,organisation,amount\n2026-03,acute,120\n2026-03,council,80\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An up-to-date database with the partnership RIV, and an exposure file."""
    migrated(tmp_path, monkeypatch, cases=AMOUNTS)
    run("charter", "load", str(tmp_path / "riv.toml"))
    return tmp_path


def test_it_says_what_was_taken_in_and_a_second_run_changes_nothing(home: Path) -> None:
    assert _taken_in(home).stdout == "2 amounts of joint cases: 2 new or changed, 0 unchanged.\n"
    assert _taken_in(home).stdout == "2 amounts of joint cases: 0 new or changed, 2 unchanged.\n"


def test_a_dry_run_says_the_same_and_changes_nothing(home: Path) -> None:
    for _ in range(2):
        assert _taken_in(home, "--dry-run").stdout == (
            "2 amounts of joint cases: 2 new or changed, 0 unchanged.\nNothing was changed: this was a dry run.\n"
        )


def test_a_file_with_one_mistake_changes_nothing(home: Path) -> None:
    (home / "cases.csv").write_text(AMOUNTS + "2026-04,mars,1\n", encoding="utf-8")
    said = _taken_in(home, ends=1)
    assert said.stderr == "line 4, organisation: found “mars”; allowed: acute, council\n"
    (home / "cases.csv").write_text(AMOUNTS, encoding="utf-8")
    assert "2 new or changed" in _taken_in(home).stdout


def test_months_to_come_are_refused_and_thousands_may_have_a_comma(home: Path) -> None:
    (home / "cases.csv").write_text('month,organisation,amount\n2026-03,acute,"1,200"\n2098-01,acute,1\n')
    assert "line 3, month: found 2098-01, which is still to come; allowed: up to " in _taken_in(home, ends=1).stderr
    (home / "cases.csv").write_text('month,organisation,amount\n2026-03,acute,"1,200"\n2026-03,council,7\n')
    assert "2 new or changed" in _taken_in(home).stdout


def _taken_in(home: Path, *more: str, ends: int = 0) -> Result:
    return run("exposure", str(home / "cases.csv"), "--partnership", "RIV", *more, ends=ends)
