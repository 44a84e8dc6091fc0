"""The chain of events: each digest stands on the one before it, and on salted hashes of words, never the words."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

FIRST = "0" * 64  # what the first event of a chain stands on


@dataclass(frozen=True, slots=True)
class Word:
    """A name or text kept with an event. The salt goes when the value is redacted, the hash stays."""

    salt: str
    value: str

    @classmethod
    def of(cls, value: str) -> "Word":
        return cls(secrets.token_hex(16), value)

    @property
    def hash(self) -> str:
        return sha256(f"{self.salt}\n{self.value}".encode()).hexdigest()


def link(previous: str, *, kind: str, at: datetime, details: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """The digest (64 hex digits) of one event over the one before it.

    `details` hold keys, numbers and ids; `hashes` the salted hash of every word of the event, by name.
    """
    payload = {
        "previous": previous,
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "details": dict(details),
        "hashes": dict(hashes),
    }
    return sha256(json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
