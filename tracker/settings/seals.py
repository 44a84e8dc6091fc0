"""Texts that go out into a page and come back, and that nobody reads on the way: sealed with a key of the server."""

import zlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

SEAL_LIVES = timedelta(days=7)


def sealed(text: str, key: bytes, *, now: datetime) -> str:
    """The text, as nobody reads it who has not the key of 32 bytes."""
    return _with(key).encrypt_at_time(zlib.compress(text.encode()), int(now.timestamp())).decode()


def opened(seal: str, key: bytes, *, now: datetime, lives: timedelta = SEAL_LIVES) -> str | None:
    """What was sealed with this key in the last seven days, or as long as it `lives`; None of anything else."""
    length, at = int(lives.total_seconds()), int(now.timestamp())
    try:
        return zlib.decompress(_with(key).decrypt_at_time(seal.encode(), length, at)).decode()
    except InvalidToken:
        return None


def _with(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(key))
