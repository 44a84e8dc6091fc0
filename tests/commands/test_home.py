"""What a command leaves at home is for its owner alone; what an older version left there is mended."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.running import run
from tests.exchange.charter.charter_text import CHARTER
from tracker.settings.home import keep_to_owner


@pytest.fixture(autouse=True)
def _umask() -> Iterator[None]:
    """As most machines have it: everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is not there yet, in a folder that everybody may read."""
    tmp_path.chmod(0o755)
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    (tmp_path / "riv.toml").write_text(CHARTER, encoding="utf-8")
    return tmp_path / "home"


def open_to_others(home: Path) -> list[str]:
    """What others on the machine may do something with: of what lies in a closed folder nothing."""
    every = (home, *home.rglob("*"))
    return [str(path) for path in every if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_every_command_that_makes_something_at_home_makes_it_for_its_owner(home: Path) -> None:
    run("migrate")
    assert (home / "tracker.sqlite3").exists()
    assert open_to_others(home) == []
    run("charter", "load", str(home.parent / "riv.toml"))
    run("link", "jo@acute.example")
    run("clock", "--once")
    assert {"tracker.sqlite3", "secret"} <= {path.name for path in home.iterdir()}
    assert open_to_others(home) == []


def test_the_demonstrations_home_is_its_owners_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.commands.demo.make_ready", lambda file, **_: file.parent.mkdir(parents=True) or False)
    run("demo", "--no-serve", ends=1)  # there is no database, and that is said
    assert open_to_others(home) == []


def test_a_home_that_everybody_could_read_is_mended_by_the_next_command(home: Path) -> None:
    run("migrate")
    (home / "mail").mkdir()
    for path in (home, *home.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (home / "riv.toml").write_text(CHARTER, encoding="utf-8")
    (home / "riv.toml").chmod(0o644)
    run("migrate")
    assert open_to_others(home) == [str(home / "riv.toml")]  # which the owner put there


def test_a_folder_that_is_no_home_or_that_many_share_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert keep_to_owner(tmp_path) == keep_to_owner(tmp_path / "nowhere") == ()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    (tmp_path / "secret").touch(mode=0o644)
    tmp_path.chmod(0o1777)
    assert keep_to_owner(tmp_path) == ()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_what_this_process_may_not_mend_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").touch(mode=0o644)

    def refuse(path: Path, mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", refuse)
    told = f"{tmp_path / 'secret'} can be read by others on this machine. Its owner mends that: chmod go= "
    assert keep_to_owner(tmp_path) == (f"{told}{tmp_path / 'secret'}",)
