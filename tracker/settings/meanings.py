"""What the environment may say: each setting with its meaning and what is allowed."""

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from email.utils import parseaddr
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tracker.rules.letters import is_deliverable
from tracker.rules.refusals import Refused

SHORTEST_SECRET = 32
LOG_KEY_BYTES = 32


class WrongSetting(Refused):
    """A setting has a value that is not allowed."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `read` makes a value of its text, or raises ValueError; `default` is text, too."""

    name: str
    read: Callable[[str], Any]
    _: KW_ONLY
    means: str
    allowed: str
    default: str = ""
    private: bool = False


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        return allowed[allowed.index(text)]

    return read


def _on_or_off(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 200:
        raise ValueError
    return count


def _database(text: str) -> str:
    if text and not text.startswith(("sqlite:///", "postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError
    return text


def _site(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.port == 0
    ):
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _post_office(text: str) -> str | None:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.port == 0):
        raise ValueError
    return text or None


def _mail_address(text: str) -> str:
    if text and not is_deliverable(parseaddr(text)[1]):
        raise ValueError
    return text


def _secret(text: str) -> str:
    if text and len(text) < SHORTEST_SECRET:
        raise ValueError
    return text


def read_log_key(text: str) -> bytes | None:
    """Raises ValueError where a text is given and is no key."""
    key = b64decode(text, validate=True)
    if text and len(key) != LOG_KEY_BYTES:
        raise ValueError
    return key or None


def _networks(text: str) -> tuple[str, ...]:
    return tuple(str(ip_network(part.strip())) for part in text.split(",") if part.strip())


# A name, an IPv4 or an IPv6 address; with a port, the last of these stands in brackets.
_HOST = re.compile(r"[0-9a-z.-]+(:[0-9]{1,5})?|[0-9a-f]*:[0-9a-f:.]+|\[[0-9a-f:.]+\]:[0-9]{1,5}")


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    if not all(_HOST.fullmatch(part) for part in hosts):
        raise ValueError
    return hosts


SETTINGS = {
    "home": Setting(
        "TRACKER_HOME",
        lambda text: Path(text).absolute(),
        means="The folder for everything the product keeps: database, secret, mail, files.",
        allowed="a folder; made when it is not there",
        default="var",
    ),
    "given_database": Setting(
        "TRACKER_DATABASE_URL",
        _database,
        means="The database. Unset: a SQLite file in the home folder.",
        allowed="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
        private=True,
    ),
    "base_url": Setting(
        "TRACKER_BASE_URL",
        _site,
        means="The address people open, as links in mail have it. With https, cookies are for https alone.",
        allowed="http:// or https://, a host, perhaps a port; no path",
        default="http://127.0.0.1:8000",
    ),
    "smtp_url": Setting(
        "TRACKER_SMTP_URL",
        _post_office,
        means="The mail server. Unset: mail is written to the folder mail in the home folder.",
        allowed="smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the first byte",
        private=True,
    ),
    "given_mail_from": Setting(
        "TRACKER_MAIL_FROM",
        _mail_address,
        means="Whom mail comes from. Unset: tracker@ and the host of the base address.",
        allowed="an address, perhaps with a name: Tracker <tracker@example.org>",
    ),
    "given_secret": Setting(
        "TRACKER_SECRET",
        _secret,
        means="What sign-in links and forms are signed with. Unset: made once, in the file secret at home.",
        allowed=f"{SHORTEST_SECRET} characters or more, the same for every process",
        private=True,
    ),
    "given_log_key": Setting(
        "TRACKER_LOG_KEY",
        read_log_key,
        means="What checkpoints of the record are signed with. Unset: made once, in the file log.key at home.",
        allowed=f"{LOG_KEY_BYTES} random bytes in base64 (openssl rand -base64 32); one for a database, and no other",
        private=True,
    ),
    "clock": Setting(
        "TRACKER_CLOCK",
        _on_or_off,
        means="Whether the web server runs the clock, too. Off where `tracker clock` runs apart.",
        allowed="on or off",
        default="on",
    ),
    "threads": Setting(
        "TRACKER_THREADS",
        _count,
        means="How many requests a process answers at once, half of them pages; as many database connections.",
        allowed="1 to 200",
        default="8",
    ),
    "trusted_proxies": Setting(
        "TRACKER_TRUSTED_PROXIES",
        _networks,
        means="The proxies believed about who is calling (X-Forwarded-For, X-Forwarded-Proto). Unset: none.",
        allowed="addresses or networks, with commas between: 10.0.0.5, 172.16.0.0/12",
    ),
    "metrics_from": Setting(
        "TRACKER_METRICS_FROM",
        _networks,
        means="Who may read /metrics; for everybody else it is not there.",
        allowed="addresses or networks, with commas between",
        default="127.0.0.1, ::1",
    ),
    "may_call": Setting(
        "TRACKER_MAY_CALL",
        _hosts,
        means="Private hosts that may be called, by http or SMTP without TLS. Else public ones by https. Unset: none.",
        allowed="names or addresses, with commas between; with a port, that one alone: witness.internal, 10.0.0.7:8700",
    ),
    "log": Setting(
        "TRACKER_LOG",
        _one_of("text", "json", "faults"),
        means="How the lines of the log are written; with faults, as text and only what went wrong.",
        allowed="text, json or faults",
        default="text",
    ),
}


def read_setting(setting: Setting, environment: Mapping[str, str]) -> Any:
    """A private one may come from a file of its name in CREDENTIALS_DIRECTORY, where systemd, or what else keeps
    secrets, puts them for this process alone."""
    text = environment.get(setting.name, "").strip()
    try:
        text = text or _credential(setting, environment) or setting.default
        return setting.read(text)
    except ValueError:
        found = "has a value that is not allowed" if setting.private else f"is “{text}”"
        raise WrongSetting(f"{setting.name} {found}. Allowed: {setting.allowed}.") from None


def _credential(setting: Setting, environment: Mapping[str, str]) -> str:
    """Raises ValueError where it is there and cannot be read."""
    folder = environment.get("CREDENTIALS_DIRECTORY", "")
    if not (setting.private and folder):
        return ""
    try:
        return (Path(folder) / setting.name).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ValueError from error


def shown(setting: Setting, value: Any) -> str:
    if setting.private:
        return "(set)" if value else ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
