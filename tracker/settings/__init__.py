"""The settings of this server, and where the things that travel with the package stand."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from tracker.settings.meanings import SETTINGS, Setting, WrongSetting, read_setting, shown
from tracker.settings.secret_file import kept_log_key, kept_secret

__all__ = ["SETTINGS", "SHARED_FIGURES", "Setting", "Settings", "WrongSetting", "packaged"]

SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's: a folder for the figures of several processes
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What this server was told; each field is explained in SETTINGS. Made by `from_environment`."""

    home: Path
    given_database: str = field(repr=False)
    base_url: str
    smtp_url: str | None = field(repr=False)
    given_mail_from: str
    given_secret: str = field(repr=False)
    given_log_key: bytes | None = field(repr=False)
    clock: bool
    threads: int
    trusted_proxies: tuple[str, ...]
    metrics_from: tuple[str, ...]
    may_call: tuple[str, ...]
    log: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Refuses with WrongSetting; an empty value counts as unset. Nothing is made or opened yet."""
        return cls(**{name: read_setting(setting, environment) for name, setting in SETTINGS.items()})

    @property
    def database_url(self) -> str:
        return self.given_database or f"sqlite:///{self.home}/tracker.sqlite3"

    @property
    def mail_from(self) -> str:
        return self.given_mail_from or f"Partnership tracker <tracker@{urlsplit(self.base_url).hostname}>"

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")

    def key(self, purpose: str) -> bytes:
        """32 bytes to sign with; a key of its own for each purpose, so that none opens another door."""
        return hmac.digest(self._secret, purpose.encode(), "sha256")

    def log_key(self, *, may_make: bool) -> bytes | None:
        """The key that checkpoints are signed with, as it was given or stands at home; None where there is none and
        none may be made."""
        return self.given_log_key or kept_log_key(self.home, may_make=may_make)

    @cached_property
    def _secret(self) -> bytes:
        return (self.given_secret or kept_secret(self.home)).encode()

    def listed(self) -> list[tuple[Setting, str]]:
        """Each setting with its value as may be shown: of private ones only whether they are set."""
        return [(setting, shown(setting, getattr(self, name))) for name, setting in SETTINGS.items()]


def packaged(name: str) -> Path:
    """The folder `templates` or `migrations`: inside an installed wheel, else beside the package."""
    inside = _PACKAGE / "_data" / name
    return inside if inside.exists() else _PACKAGE.parent / name
