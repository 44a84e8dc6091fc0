"""The secret is made once, and only its owner may read it."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker.settings import Settings, WrongSetting
from tracker.settings.secret_file import kept_log_key, kept_secret


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


def test_the_key_of_the_log_is_made_once_where_one_may_be_made(tmp_path: Path) -> None:
    assert kept_log_key(tmp_path, may_make=False) is None
    made = kept_log_key(tmp_path, may_make=True)
    assert made is not None
    assert len(made) == 32
    assert kept_log_key(tmp_path, may_make=True) == kept_log_key(tmp_path, may_make=False) == made
    assert (tmp_path / "log.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "short", "AAAA", "k" * 44])
def test_a_file_that_holds_no_key_is_refused_and_kept(tmp_path: Path, text: str) -> None:
    (tmp_path / "log.key").write_text(text)
    with pytest.raises(WrongSetting, match="Put the one back"):
        kept_log_key(tmp_path, may_make=True)
    assert (tmp_path / "log.key").read_text() == text


def test_a_key_that_was_given_goes_before_the_file(tmp_path: Path) -> None:
    given = Settings.from_environment({"TRACKER_HOME": str(tmp_path), "TRACKER_LOG_KEY": b64encode(b"k" * 32).decode()})
    assert given.log_key(may_make=True) == b"k" * 32
    assert list(tmp_path.iterdir()) == []
    assert "kkk" not in repr(given)
