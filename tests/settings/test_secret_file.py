"""The secret is made once, and only its owner may read it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker.settings import Settings, WrongSetting
from tracker.settings.secret_file import kept_secret


def test_the_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert kept_secret(home) == kept_secret(home)
    assert [path.name for path in home.iterdir()] == ["secret"]


def test_only_the_owner_may_read_the_secret(tmp_path: Path) -> None:
    kept_secret(tmp_path)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_several_processes_that_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starting:
        secrets = set(starting.map(kept_secret, [tmp_path / "new"] * 40))
    assert len(secrets) == 1


def test_a_secret_file_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(WrongSetting, match="Remove it"):
        kept_secret(tmp_path)


def test_each_purpose_has_a_key_of_its_own(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TRACKER_HOME": str(tmp_path)})
    assert settings.key("sign-in links") == settings.key("sign-in links")
    assert settings.key("sign-in links") != settings.key("forms")
