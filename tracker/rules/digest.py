"""The chains of events: each digest stands on the one before it, and on salted hashes of words, never the words.

An issue has one chain for each group of readers, so that what some keep to themselves leaves no link in what others
read: no size, place or time of it shows there.
"""

import hmac
import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from tracker.rules.rings import Ring

FIRST = "0" * 64  # what the first event of a chain stands on
SALT_BYTES = 16
LEADS = "leads"  # who reads what is done to an arrangement
CLOSED = "before "  # begins the name of a chain of the time when the events of all readers stood in one
ACTOR, ACTOR_ID = "actor", "actor_id"


@dataclass(frozen=True, slots=True)
class Word:
    """A name or text kept with an event. The salt goes when the value is redacted, the hash stays."""

    salt: str
    value: str

    @classmethod
    def of(cls, value: str) -> "Word":
        return cls(secrets.token_hex(SALT_BYTES), value)

    @property
    def hash(self) -> str:
        return sha256(f"{self.salt}\n{self.value}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the place of its last event, 0 where it has none yet, and the digest the next stands on."""

    place: int
    digest: str


NO_HEAD = Head(0, FIRST)


def salt_of(seed: bytes, name: str) -> str:
    """The salt of the word of that name, from the seed of an event."""
    return hmac.digest(seed, name.encode(), "sha256")[:SALT_BYTES].hex()


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


def actor_id_hash(words: Mapping[str, Word], person_id: int | None) -> dict[str, str]:
    """The salted hash of who did it, under its name: two events of the same person are not told to be that by it."""
    return {ACTOR_ID: Word(words[ACTOR].salt, str(person_id)).hash} if person_id and ACTOR in words else {}


def readers_of(
    ring: Ring,
    sides: Collection[int],
    *,
    organisation_id: int | None,
    people: Collection[int],
    tier: int,
    personal: bool,
) -> str:
    """Who reads an event of an issue, as the name of its chain. `sides`: ids of organisations; `people`: of who
    reads it in the ring `named`; `personal`: the issue concerns a person, so that of its sides only those read it who
    have to do with it."""
    if ring is Ring.NAMED:
        return f"person {together(people)}"
    own = ring is Ring.ORGANISATION and organisation_id is not None
    organisations = together([organisation_id] if own and organisation_id else sides)
    if ring is Ring.TIER:
        return f"tier {tier} of {organisations}"
    return f"named {organisations}" if personal else organisations


def together(ids: Collection[int]) -> str:
    """What all of these organisations, or people, read."""
    return "+".join(str(each) for each in sorted(ids))


def next_on(heads: Mapping[str, Head], readers: str) -> Head:
    """What the next event for these readers stands on, among the heads of an issue's chains. A chain that begins
    stands on the closed one. What the sides read goes on in another chain when the sides are others: that stands on
    the one before it, so whoever becomes a side can prove by it what came before."""
    closed = [head.digest for name, head in heads.items() if name.startswith(CLOSED)]
    former = [head.digest for name, head in heads.items() if _is_of_sides(name)] if _is_of_sides(readers) else []
    begun = heads.get(readers)
    if begun and not former:
        return begun
    return Head(begun.place if begun else 0, [FIRST, *closed, *former][-1])


def with_head(heads: Mapping[str, Head], readers: str, head: Head) -> dict[str, Head]:
    """The heads after that event: its chain is the last of them."""
    return {**{name: each for name, each in heads.items() if name != readers}, readers: head}


def _is_of_sides(readers: str) -> bool:
    return "+" in readers and not readers.startswith((CLOSED, "tier ", "person "))
