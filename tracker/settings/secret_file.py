"""The secret in its file at home: made once, for the eyes of its owner alone."""

import os
import secrets
from pathlib import Path

from tracker.settings.meanings import SHORTEST_SECRET, WrongSetting


def kept_secret(home: Path) -> str:
    """The secret in its file. Several processes may start at once on a new home: all get the same one."""
    kept = home / "secret"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True)
        make_private_file(kept, secrets.token_urlsafe(48))
    return _secret_in(kept)


def make_private_file(file: Path, text: str) -> None:
    """For the eyes of its owner alone. Written whole under another name, then linked: whoever is first wins, nobody
    reads half of it."""
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


def _secret_in(kept: Path) -> str:
    text = kept.read_text().strip()
    if len(text) < SHORTEST_SECRET:
        raise WrongSetting(f"{kept} is shorter than {SHORTEST_SECRET} characters. Remove it: a new one is made.")
    return text
