"""Texts that go out into a page and come back, and that nobody reads on the way: sealed with a key of the server."""

import zlib
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken

SEAL_LIVES = timedelta(days=7)
_BLOCK = 64  # bytes, up to which what is sealed is filled: else its length would tell of a number how long it is


def sealed(text: str, key: bytes, *, now: datetime) -> str:
    """The text, as nobody reads it who has not the key of 32 bytes; every short one is as long as any other."""
    content = zlib.compress(text.encode())
    filled = content + bytes(-len(content) % _BLOCK)
    return _with(key).encrypt_at_time(filled, int(now.timestamp())).decode()


def opened(seal: str, key: bytes, *, now: datetime, lives: timedelta = SEAL_LIVES) -> str | None:
    """What was sealed with this key in the last seven days, or as long as it `lives`; None of anything else."""
    length, at = int(lives.total_seconds()), int(now.timestamp())
    try:
        filled = _with(key).decrypt_at_time(seal.encode(), length, at)
        return zlib.decompressobj().decompress(filled).decode()
    except InvalidToken:
        return None


def _with(key: bytes) -> Fernet:
    return Fernet(urlsafe_b64encode(key))
