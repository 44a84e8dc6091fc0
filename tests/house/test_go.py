"""The set-up script: what it refuses, what it does once, and how it comes by a browser."""

import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

import go
from tests.house.tree import ROOT


@pytest.fixture
def bare_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it, and no browser named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TRACKER_TEST_CHROMIUM", raising=False)
    return tmp_path


def command(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["check", "tracker"]], ids=["none", "unknown", "too many"])
def test_wrong_usage_is_told_apart_from_failure(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "go.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python3 go.py")


def test_every_command_is_told_of() -> None:
    readme = (ROOT / "README.md").read_text()
    assert all(f"\n  {command} " in go.USAGE for command in go.COMMANDS)
    assert all(f"python3 go.py {command}" in readme for command in go.COMMANDS)


def test_a_browser_on_the_path_is_taken(bare_path: Path) -> None:
    command(bare_path / "chromium-browser", "true")
    assert go.chromium() == str(bare_path / "chromium-browser")


def test_a_missing_browser_is_one_line_that_says_what_to_do(bare_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^go\.py: no Chromium: install one .* or set TRACKER_TEST_CHROMIUM$"):
        go.chromium()


def test_a_browser_is_looked_for_after_apt_whatever_apt_says(bare_path: Path) -> None:
    (bare_path / "env").symlink_to(shutil.which("env", path="/usr/bin:/bin") or "")
    command(bare_path / "sudo", 'shift; exec "$@"')
    command(
        bare_path / "apt-get", f'echo "#!/bin/sh" > {bare_path}/chromium; /bin/chmod 755 {bare_path}/chromium; exit 100'
    )
    assert go.chromium() == str(bare_path / "chromium")


def test_what_is_made_is_made_once_until_something_else_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go, "VENV", tmp_path)
    made: list[str] = []
    for wanted in ("first", "first", "second"):
        go.once("thing", wanted, partial(made.append, wanted))
    assert made == ["first", "second"]


def test_the_demonstration_has_a_home_of_its_own_and_no_other_database() -> None:
    env = go.of_the_demonstration(
        {"TRACKER_DATABASE_URL": "postgresql://real/one", "TRACKER_HOME": "real", "LANG": "C"}
    )
    assert env == {"TRACKER_HOME": "real/demo", "LANG": "C"}
