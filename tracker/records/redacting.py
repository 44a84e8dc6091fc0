"""Redacting: words leave every place in which they stand, for good or until a lead settles it; the event stays."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, col, select

from tracker.records.columns import NumberedRow, choice, json_value, moment
from tracker.records.event import Event
from tracker.records.issue_facts import IssueFacts
from tracker.records.issue_parts import numbered_occurrence
from tracker.records.note import Note
from tracker.records.pack import Pack
from tracker.records.quotation import Quotation
from tracker.records.timer import Erasure
from tracker.rules.arrangement import Organisation
from tracker.rules.digest import Word
from tracker.rules.events.kinds import REDACTED, Actor, EventKind
from tracker.rules.events.redaction import Redacted, WordsHidden, WordsShown
from tracker.rules.packs import without
from tracker.rules.rings import Ring


class PlaceKind(StrEnum):
    """What words stand in."""

    EVENT = "event"
    NOTE = "note"
    OCCURRENCE = "occurrence"
    ISSUE = "issue"
    PROPOSAL = "proposal"
    QUOTATION = "quotation"
    PACK = "pack"


@dataclass(frozen=True, slots=True)
class Place:
    """One place in which words stand: of which row (`id`; of an occurrence its number), and there under which name or,
    in a pack, at which path. `kept`: what puts them back: the text as `value`, with its `salt` where it has one; in a
    pack what stood there, with the `words` that are taken out of it; of a quotation its whole row."""

    kind: PlaceKind
    id: int
    name: str = ""
    path: tuple[str | int, ...] = ()
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Words:
    """What people of one organisation wrote about an issue, the same text wherever it stands.

    `mark`: the salted hash of the first, by which it is named without being said; `called`: “a title”; `ring`: who may
    read it; `at`: when it was first written; `of_issue`: it is its title or what it says happened, or was.
    """

    mark: str
    called: str
    side: Organisation
    ring: Ring
    text: str
    at: datetime
    places: tuple[Place, ...] = ()
    of_issue: bool = False


class HiddenWords(NumberedRow, table=True):
    """Words that a lead of another side hid, kept apart from everything that is read: only leads of `organisation_id`,
    which wrote them, see them, and settle it. `places`: where they are put back."""

    __tablename__ = "hidden_words"
    __table_args__ = (UniqueConstraint("issue_id", "mark"),)  # settling finds them

    issue_id: int = Field(foreign_key="issue.id")
    mark: str
    organisation_id: int = Field(foreign_key="organisation.id")
    ring: Ring = Field(sa_type=choice(Ring))
    called: str
    text: str
    written_at: datetime = Field(sa_type=moment())
    places: list[dict[str, Any]] = Field(sa_type=json_value())
    hidden_at: datetime = Field(sa_type=moment())

    def words(self, side: Organisation) -> Words:
        """As they were; `side`: the organisation that wrote them."""
        places = tuple(
            Place(**{**each, "kind": PlaceKind(each["kind"]), "path": tuple(each["path"])}) for each in self.places
        )
        return Words(self.mark, self.called, side, self.ring, self.text, self.written_at, places)


def _named(words: Words) -> dict[str, Any]:
    """What an event says of words: never the words."""
    return {"mark": words.mark, "called": words.called, "side": words.side.key, "side_name": words.side.name}


class Redacting(IssueFacts):
    """The verbs of taking words out."""

    def redact(self, words: Words, why: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Gone for good, wherever they stand."""
        self._clear(words.places)
        self._drop_hidden(words.mark)
        self.session.add(Erasure(since=at))
        redacted = Redacted(why=why, **_named(words))
        self._append_of(words, redacted, actor, at, once=once)

    def hide_words(self, words: Words, why: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Nobody reads them from now on but who is to settle it."""
        hidden = HiddenWords(
            issue_id=self.id,
            mark=words.mark,
            organisation_id=words.side.id,
            ring=words.ring,
            called=words.called,
            text=words.text,
            written_at=words.at,
            places=[asdict(place) for place in words.places],
            hidden_at=at,
        )
        self._clear(words.places)
        self.session.add_all([hidden, Erasure(since=at)])
        self._append_of(words, WordsHidden(why=why, **_named(words)), actor, at, once=once)

    def show_words(self, words: Words, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Hidden words stand again where they stood, unless something else stands there by now."""
        for place in words.places:
            _CHANGE[place.kind](self.session, self, place, place.kept)
        self._drop_hidden(words.mark)
        self._append_of(words, WordsShown(**_named(words)), actor, at, once=once)

    def _append_of(self, words: Words, kind: EventKind, actor: Actor, at: datetime, *, once: str | None) -> None:
        """What is done about words is for those who could read them."""
        notes = [self.session.get_one(Note, each.id) for each in words.places if each.kind is PlaceKind.NOTE]
        named = frozenset[int]().union(*(self.named_at(each.event_position) for each in notes))
        self.append(kind, actor, at, ring=words.ring, named=named if words.ring is Ring.NAMED else (), once=once)

    def _clear(self, places: Iterable[Place]) -> None:
        for place in places:
            _CHANGE[place.kind](self.session, self, place, None)

    def _drop_hidden(self, mark: str) -> None:
        mine = select(HiddenWords).where(HiddenWords.issue_id == self.id, col(HiddenWords.mark) == mark)
        for hidden in self.session.exec(mine):
            self.session.delete(hidden)


def _event_words(session: Session, _: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    event = session.get_one(Event, place.id)
    if word:
        event.put_back(place.name, Word(word["salt"], word["value"]))
    else:
        event.take_out(place.name)


def _note(session: Session, _: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    note = session.get_one(Note, place.id)
    note.text, note.salt = (word["value"], word["salt"]) if word else (REDACTED, "")


def _occurrence(session: Session, issue: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    """One that was taken back has no row any more."""
    occurrence = numbered_occurrence(session, issue.id, place.id)
    if occurrence is not None:
        occurrence.detail = word["value"] if word else REDACTED


def _issue(_: Session, issue: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    """What was amended meanwhile stays."""
    if word is None or getattr(issue, place.name) == REDACTED:
        setattr(issue, place.name, word["value"] if word else REDACTED)


def _proposal(_: Session, issue: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    """One that was returned meanwhile is none; another stays."""
    kept = issue.proposal
    if kept and kept.get(place.name) == (REDACTED if word else place.kept["value"]):
        issue.proposal = {**kept, place.name: word["value"] if word else REDACTED}


def _quotation(session: Session, _: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    quotation = session.get(Quotation, place.id)
    if word is None and quotation:
        session.delete(quotation)
        session.flush()
    elif word and quotation is None:
        session.add(Quotation(**{**word, "at": datetime.fromisoformat(word["at"])}))


def _pack(session: Session, _: IssueFacts, place: Place, word: dict[str, Any] | None) -> None:
    """Where other words were taken out of the same sentence, it stays as it is."""
    pack, words = session.get_one(Pack, place.id), place.kept["words"]
    said = _at(pack.content, place.path)
    if word is None:
        pack.content = _put(pack.content, place.path, without(said, words))
    elif said == without(word["value"], words):
        pack.content = _put(pack.content, place.path, word["value"])


# How a place is left without the words (None), and how they are put back.
_CHANGE: dict[PlaceKind, Callable[[Session, IssueFacts, Place, dict[str, Any] | None], None]] = {
    PlaceKind.EVENT: _event_words,
    PlaceKind.NOTE: _note,
    PlaceKind.OCCURRENCE: _occurrence,
    PlaceKind.ISSUE: _issue,
    PlaceKind.PROPOSAL: _proposal,
    PlaceKind.QUOTATION: _quotation,
    PlaceKind.PACK: _pack,
}


def _at(content: Any, path: Sequence[str | int]) -> Any:
    for step in path:
        content = content[step]
    return content


def _put(content: Any, path: Sequence[str | int], text: str) -> Any:
    """A copy of plain values with this text at that path."""
    if not path:
        return text
    first, *rest = path
    if isinstance(content, list):
        return [_put(each, rest, text) if place == first else each for place, each in enumerate(content)]
    return {**content, first: _put(content[first], rest, text)}
