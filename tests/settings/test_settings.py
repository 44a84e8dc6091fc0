"""What the environment may say, and what stops the start."""

from pathlib import Path

import pytest

from tracker.settings import SETTINGS, Settings, WrongSetting


def test_nothing_said_gives_a_server_for_this_machine(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TRACKER_HOME": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/tracker.sqlite3"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.clock, settings.threads, settings.smtp_url) == (True, 8, None)
    assert settings.trusted_proxies == ()


def test_an_empty_value_counts_as_unset() -> None:
    assert Settings.from_environment({"TRACKER_THREADS": " "}).threads == 8


def test_mail_comes_from_the_host_of_the_base_address() -> None:
    settings = Settings.from_environment({"TRACKER_BASE_URL": "https://tracker.example.org/"})
    assert settings.mail_from == "Partnership tracker <tracker@tracker.example.org>"
    assert settings.is_https


@pytest.mark.parametrize(
    "name, value",
    [
        ("TRACKER_DATABASE_URL", "mysql://root@localhost/tracker"),
        ("TRACKER_BASE_URL", "tracker.example.org"),
        ("TRACKER_BASE_URL", "https://example.org/tracker"),
        ("TRACKER_BASE_URL", "https://example.org:port"),
        ("TRACKER_SMTP_URL", "mail.example.org:25"),
        ("TRACKER_MAIL_FROM", "nobody"),
        ("TRACKER_MAIL_FROM", "Tracker <träcker@example.org>"),
        ("TRACKER_SECRET", "too short"),
        ("TRACKER_LOG_KEY", "AAAA"),
        ("TRACKER_CLOCK", "maybe"),
        ("TRACKER_THREADS", "0"),
        ("TRACKER_THREADS", "many"),
        ("TRACKER_TRUSTED_PROXIES", "proxy.example.org"),
        ("TRACKER_METRICS_FROM", "10.0.0.1/8"),
        ("TRACKER_LOG", "loud"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_what_is_allowed(name: str, value: str) -> None:
    allowed = next(setting.allowed for setting in SETTINGS.values() if setting.name == name)
    with pytest.raises(WrongSetting) as refusal:
        Settings.from_environment({name: value})
    assert str(refusal.value).startswith(name)
    assert allowed in str(refusal.value)


def test_a_refusal_never_repeats_a_password() -> None:
    with pytest.raises(WrongSetting) as refusal:
        Settings.from_environment({"TRACKER_DATABASE_URL": "mysql://root:hunter2@localhost"})
    assert "hunter2" not in str(refusal.value)


def test_what_is_private_is_listed_as_set_and_never_shown(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TRACKER_SECRET": "k" * 40, "TRACKER_HOME": str(tmp_path)})
    listed = {setting.name: value for setting, value in settings.listed()}
    assert listed["TRACKER_SECRET"] == "(set)"
    assert listed["TRACKER_HOME"] == str(tmp_path)
    assert "k" * 40 not in repr(settings)


def test_what_is_secret_may_come_from_a_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "TRACKER_SMTP_URL").write_text("smtps://sam:pw@mail.example\n", encoding="utf-8")
    (tmp_path / "TRACKER_SECRET").write_text("short", encoding="utf-8")
    (tmp_path / "TRACKER_THREADS").write_text("3", encoding="utf-8")
    given = {"CREDENTIALS_DIRECTORY": str(tmp_path), "TRACKER_SECRET": "s" * 40}
    settings = Settings.from_environment(given)
    assert (settings.smtp_url, settings.given_secret) == ("smtps://sam:pw@mail.example", "s" * 40)
    assert settings.threads == 8  # which is no secret
    with pytest.raises(WrongSetting, match=r"^TRACKER_SECRET has a value that is not allowed"):
        Settings.from_environment({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert Settings.from_environment({"CREDENTIALS_DIRECTORY": str(tmp_path / "nowhere")}).smtp_url is None


def test_every_field_has_its_meaning() -> None:
    assert list(SETTINGS) == list(Settings.__dataclass_fields__)
    assert all(setting.means.endswith(".") and setting.allowed for setting in SETTINGS.values())
