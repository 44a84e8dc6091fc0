"""Events: what happened, append-only, each with a digest over the one before it in its chain."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_bytes
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import object_session
from sqlmodel import Field, Session

from tracker.records.columns import (
    NumberedRow,
    TableRow,
    choice,
    counted_moment,
    hex_by_name,
    hex_digits,
    index_where,
    json_value,
    words_by_name,
)
from tracker.rules.digest import ACTOR, CLOSED, SALT_BYTES, Head, Word, actor_id_hash, link, salt_of
from tracker.rules.events.kinds import KINDS, Actor, EventKind, OfAnotherVersion, read
from tracker.rules.rings import Ring

HASH_BYTES = 32


class Event(NumberedRow, table=True):
    """One thing that happened: to an issue, or (issue_id empty) in the partnership: to a decision, to a pack, or, where
    it is of neither, to the arrangement. `position` is its place in the story, among what others read too; `place` that
    in the chain of its `readers` (rules/digest), of the issue or of the partnership.

    `details` holds keys, numbers and ids; `words` names and texts; `salts` what the salt of each follows from, or each
    in the order of their names (`salted`); `hashes` the salted hash of each word that stands elsewhere or was taken
    out: those of the others follow.
    `tier`, `ball_with_id` and `state` are as they were after it.
    """

    __table_args__ = (
        # the story; one order of it. Where an issue's chains end stands beside how long it is, so a second writer fails
        # instead of forking one of them
        UniqueConstraint("issue_id", "position"),
        # apart from issues only this holds one chain together
        index_where("issue_id IS NULL", "ix_event_chain_apart", "partnership_id", "readers", "place", unique=True),
        # the order of what happens in a partnership
        index_where("issue_id IS NULL", "ix_event_administrative", "partnership_id", "position", unique=True),
        # the story on a decision's page
        index_where("decision_id IS NOT NULL", "ix_event_decision", "decision_id", "position"),
        # a double click finds what the first click did
        index_where("once IS NOT NULL", "ix_event_once", "once", unique=True),
        index_where("NOT announced", "ix_event_unannounced", "id"),  # the announcing sweep
        # how often what was suggested was confirmed
        index_where("kind = 'theme_confirmed'", "ix_event_theme_confirmed", "partnership_id", "id"),
        index_where("kind = 'redacted'", "ix_event_redacted", "partnership_id", "id"),  # whether copies have it
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    pack_id: int | None = Field(default=None, foreign_key="pack.id")
    position: int
    readers: str
    place: int
    kind: str
    at: datetime = Field(sa_type=counted_moment())
    person_id: int | None = Field(default=None, foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    ring: Ring = Field(default=Ring.SHARED, sa_type=choice(Ring))
    tier: int = 0
    ball_with_id: int | None = None
    state: str = ""
    details: dict[str, Any] = Field(sa_type=json_value())
    words: dict[str, str] = Field(sa_type=words_by_name())
    salts: bytes
    hashes: dict[str, str] = Field(sa_type=hex_by_name(HASH_BYTES), nullable=True)
    digest: str = Field(sa_type=hex_digits())
    once: str | None = None  # the random word of the form it was sent with
    announced: bool = False

    def read(self) -> EventKind:
        """The event as its kind, with the words of the time."""
        return read_event(self.kind, self.details, self.words, self.hashes)

    @property
    def actor_name(self) -> str:
        return self.words.get(ACTOR, "")

    def take_out(self, name: str) -> None:
        """A word of it goes for good; its hash stays, so that the digest still proves the rest."""
        words = salted(self.words, self.salts)
        if name in words:
            doer = actor_id_hash(words, self.person_id) if name == ACTOR else {}
            self.hashes = {**self.hashes, name: words.pop(name).hash, **doer}
            self.words, self.salts = unsalted(words)

    def put_back(self, name: str, word: Word) -> None:
        """A word that was taken out stands there again."""
        self.hashes = {other: each for other, each in self.hashes.items() if other != name}
        self.words, self.salts = unsalted({**salted(self.words, self.salts), name: word})

    def link_after(self, previous: str) -> str:
        """What its digest is, standing on that one: as it is kept, unless something of it was changed."""
        return link_of({name: getattr(self, name) for name in LINKED}, previous)


class EventReader(TableRow, table=True):
    """Somebody who reads what happened to an issue at that position in the ring `named`, besides who did it."""

    __tablename__ = "event_reader"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    position: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)


def salted(words: Mapping[str, str], salts: bytes) -> dict[str, Word]:
    """Each word of an event with its salt, of the columns of that name. For several words one seed may stand in the
    place of their salts: whoever has some of these knows nothing of the others."""
    if len(words) > 1 and len(salts) == SALT_BYTES:
        return {name: Word(salt_of(salts, name), text) for name, text in words.items()}
    each = (salts[at : at + SALT_BYTES].hex() for at in range(0, len(salts), SALT_BYTES))
    salt = dict(zip(sorted(words), each, strict=True))
    return {name: Word(salt[name], text) for name, text in words.items()}


def unsalted(words: Mapping[str, Word]) -> tuple[dict[str, str], bytes]:
    """The two columns that keep them, each salt for itself: from a seed that of a word which was taken out would
    follow, too."""
    salts = b"".join(bytes.fromhex(words[name].salt) for name in sorted(words))
    return {name: word.value for name, word in words.items()}, salts


def new_salts(words: Mapping[str, str]) -> bytes:
    """For words that nobody has salted yet: of one its salt, of several the seed of theirs."""
    return token_bytes(SALT_BYTES) if words else b""


def event_row(
    kind: EventKind,
    actor: Actor,
    at: datetime,
    *,
    readers: str,
    on: Head,
    sealed: Mapping[str, Word],
    more: Mapping[str, Any] | None = None,
    **columns: Any,
) -> dict[str, Any]:
    """The columns of the event after `on` in the chain of its readers. `sealed`: words kept elsewhere, of which only
    the hash is kept here; `more`: details of this one that its kind has no name for."""
    details, texts = kind.split()
    details |= more or {}
    named = {ACTOR: actor.name, "actor_organisation": actor.organisation_name} | texts
    words = {name: value for name, value in named.items() if value}
    row = {
        "kind": kind.name,
        "at": at,
        "readers": readers,
        "place": on.place + 1,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "ring": Ring.SHARED,
        "tier": 0,
        "ball_with_id": None,
        "state": "",
        "details": details,
        "words": words,
        "salts": new_salts(words),
        "hashes": {name: word.hash for name, word in sealed.items()},
        **columns,
    }
    return {**row, "digest": link_of({"issue_id": None, **row}, on.digest)}


LINKED = (
    "issue_id", "readers", "kind", "at", "person_id", "organisation_id", "ring", "tier", "ball_with_id", "state",
    "details", "words", "salts", "hashes",
)  # fmt: skip
"""The columns over which a digest goes, besides the one before it."""


def link_of(row: Mapping[str, Any], previous: str) -> str:
    """The digest of an event, of its columns, that stands on another. In a closed chain it goes over as much as it did
    then: not over who did it, and in the partnership's over nothing of where it stood."""
    words = salted(row["words"], row["salts"])
    hashes = {**row["hashes"], **{name: word.hash for name, word in words.items()}}
    after = {name: row[name] for name in ("tier", "ball_with_id", "state", "ring")}
    if not row["readers"].startswith(CLOSED):
        after["organisation_id"] = row["organisation_id"]
        hashes |= actor_id_hash(words, row["person_id"])
    elif row["issue_id"] is None:
        after = {**dict.fromkeys(after), "ring": None if row["ring"] is Ring.SHARED else row["ring"]}
    details = {**row["details"], "after": after}
    return link(previous, kind=row["kind"], at=row["at"], details=details, hashes=hashes)


def read_event(kind: str, details: dict[str, Any], words: dict[str, str], hashes: dict[str, str]) -> EventKind:
    """The columns of an event as its kind: what a page reads without loading entities."""
    return read(kind, details, words, hashes)


def told_event(kind: str, details: dict[str, Any], words: dict[str, str], hashes: dict[str, str]) -> EventKind:
    """The same, where the program beside this one is newer and a page only tells what happened."""
    return read_event(kind, details, words, hashes) if kind in KINDS else OfAnotherVersion()


_RECORDED = "recorded events"


def keep_recorded(session: Session, event: Event) -> None:
    session.info.setdefault(_RECORDED, []).append(event)


def recorded(session: Session) -> tuple[Event, ...]:
    """What was recorded in this session and stands, in order: without what a refusal undid."""
    events: list[Event] = session.info.get(_RECORDED, [])
    return tuple(each for each in events if each in session)


def session_of(row: object) -> Session:
    """The session in which a row is changed, and what happens to it recorded."""
    session = object_session(row)
    if not isinstance(session, Session):
        raise RuntimeError("a record is changed only inside a session")
    return session
