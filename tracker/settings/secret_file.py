"""What is made once and kept in a file at home, for the eyes of its owner alone: the secret, the key of the log."""

import os
import secrets
from base64 import b64encode
from pathlib import Path

from tracker.settings.meanings import LOG_KEY_BYTES, SHORTEST_SECRET, WrongSetting, read_log_key

LOG_KEY, NEXT_LOG_KEY = "log.key", "log.key.next"


def kept_secret(home: Path) -> str:
    """The secret in its file. Several processes may start at once on a new home: all get the same one."""
    return _secret_in(_kept(home / "secret", secrets.token_urlsafe(48)))


def kept_log_key(home: Path, *, may_make: bool) -> bytes | None:
    """The key in its file; None where there is none, and none may be made."""
    file = home / LOG_KEY
    if not (may_make or file.exists()):
        return None
    return _log_key_in(_kept(file, _new_log_key()))


def next_log_key(home: Path) -> bytes:
    """The key that is to follow, in a file of its own beside the one in force; made where it is not there."""
    return _log_key_in(_kept(home / NEXT_LOG_KEY, _new_log_key()))


def take_next_log_key(home: Path) -> None:
    """It is the one in force from now on."""
    (home / NEXT_LOG_KEY).replace(home / LOG_KEY)
    handle = os.open(home, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def log_key_file(file: Path) -> bytes:
    """The key in a file that was named. Refuses with WrongSetting."""
    return _log_key_in(file)


def _new_log_key() -> str:
    return b64encode(secrets.token_bytes(LOG_KEY_BYTES)).decode()


def _kept(file: Path, made: str) -> Path:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        make_private_file(file, made)
    return file


def make_private_file(file: Path, text: str) -> None:
    """Written whole under another name, then linked: whoever is first wins, nobody reads half of it."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(text)
        kept.flush()
        os.fsync(kept.fileno())
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _secret_in(file: Path) -> str:
    text = file.read_text().strip()
    if len(text) < SHORTEST_SECRET:
        raise WrongSetting(f"{file} is shorter than {SHORTEST_SECRET} characters. Remove it: a new one is made.")
    return text


def _log_key_in(file: Path) -> bytes:
    try:
        key = read_log_key(file.read_text().strip())
    except ValueError:
        key = None
    if key is None:
        raise WrongSetting(f"{file} holds no key: {LOG_KEY_BYTES} bytes in base64. Put the one back that was there.")
    return key
