"""Events: what happened, append-only, each with a digest over the one before it in its chain."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import object_session
from sqlmodel import Field, Session

from tracker.records.columns import NumberedRow, choice, index_where, json_value, moment
from tracker.rules.digest import Word, link
from tracker.rules.events.kinds import Actor, EventKind, read
from tracker.rules.rings import Ring


class Event(NumberedRow, table=True):
    """One thing that happened: to an issue, or (issue_id empty) in the partnership: to a decision, to a pack, or, where
    it is of neither, to the arrangement. What happens in the partnership is one chain.

    `details` holds keys, numbers and ids; `words` names and texts with their salts; `hashes` the salted hash of each
    word, which stays when the word is taken out. `tier`, `ball_with_id` and `state` are as they were after it.
    """

    __table_args__ = (
        UniqueConstraint("issue_id", "position"),  # one chain an issue; a second writer fails instead of forking it
        # one chain of the partnership
        index_where("issue_id IS NULL", "ix_event_administrative", "partnership_id", "position", unique=True),
        # the story on a decision's page
        index_where("decision_id IS NOT NULL", "ix_event_decision", "decision_id", "position"),
        # a double click finds what the first click did
        index_where("once IS NOT NULL", "ix_event_once", "once", unique=True),
        index_where("NOT announced", "ix_event_unannounced", "id"),  # the announcing sweep
        # how often what was suggested was confirmed
        index_where("kind = 'theme_confirmed'", "ix_event_theme_confirmed", "partnership_id", "id"),
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    pack_id: int | None = Field(default=None, foreign_key="pack.id")
    position: int
    kind: str
    at: datetime = Field(sa_type=moment())
    person_id: int | None = Field(default=None, foreign_key="person.id")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id")
    ring: Ring = Field(default=Ring.SHARED, sa_type=choice(Ring))
    tier: int = 0
    ball_with_id: int | None = None
    state: str = ""
    details: dict[str, Any] = Field(sa_type=json_value())
    words: dict[str, dict[str, str]] = Field(sa_type=json_value())
    hashes: dict[str, str] = Field(sa_type=json_value())
    digest: str
    once: str | None = None  # the random word of the form it was sent with
    announced: bool = False

    def read(self) -> EventKind:
        """The event as its kind, with the words of the time."""
        return read_event(self.kind, self.details, self.words, self.hashes)

    @property
    def actor_name(self) -> str:
        return self.words.get("actor", {}).get("value", "")


def event_row(
    kind: EventKind,
    actor: Actor,
    at: datetime,
    *,
    previous: str,
    sealed: Mapping[str, Word],
    more: Mapping[str, Any] | None = None,
    **columns: Any,
) -> dict[str, Any]:
    """The columns of an event after `previous` (a digest). `sealed`: words kept elsewhere, of which only the hash is
    kept here; `more`: details of this one that its kind has no name for."""
    details, texts = kind.split()
    details |= more or {}
    named = {"actor": actor.name, "actor_organisation": actor.organisation_name} | texts
    words = {name: Word.of(value) for name, value in named.items() if value}
    hashes = {name: word.hash for name, word in {**words, **sealed}.items()}
    after = {name: columns.get(name) for name in ("tier", "ball_with_id", "state", "ring")}
    return {
        "kind": kind.name,
        "at": at,
        "person_id": actor.person_id,
        "organisation_id": actor.organisation_id,
        "details": details,
        "words": {name: {"salt": word.salt, "value": word.value} for name, word in words.items()},
        "hashes": hashes,
        "digest": link(previous, kind=kind.name, at=at, details={**details, "after": after}, hashes=hashes),
        **columns,
    }


def read_event(
    kind: str, details: dict[str, Any], words: dict[str, dict[str, str]], hashes: dict[str, str]
) -> EventKind:
    """The columns of an event as its kind: what a page reads without loading entities."""
    return read(kind, details, {name: word["value"] for name, word in words.items()}, hashes)


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
