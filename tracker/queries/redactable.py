"""What people wrote about an issue in their own words, wherever it stands: what a lead can take out of it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy import Row, and_
from sqlmodel import Session, col, select

from tracker.queries.issues import load_by_id, readable_events
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.pack import Pack
from tracker.records.quotation import Quotation
from tracker.records.redacting import HiddenWords, Place, PlaceKind, Words
from tracker.rules import packs
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.issue import Amended, Occurred, QuotationAgreed, Raised
from tracker.rules.events.kinds import KINDS, REDACTED
from tracker.rules.events.resolution import Proposed
from tracker.rules.rings import Ring, Viewer

OF_ISSUE = ("title", "detail")
_CALLED = {"title": "a title", "detail": "an account"}


@dataclass(slots=True)
class _Text:
    """A text of one organisation while its places are gathered. `is_shared`: all sides may read it somewhere."""

    mark: str
    called: str
    at: datetime
    ring: Ring | None
    is_readable: bool = False
    is_shared: bool = False
    of_issue: bool = False
    places: list[Place] = field(default_factory=list)


_Key = tuple[int, str, Ring | None]  # the organisation that wrote it, the text, and of a note its ring


class _Gathering:
    """The texts of an issue by who wrote them: the same text of the same organisation is one, whatever it stands in;
    of a note, only where the same people may read it."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        self.texts: dict[_Key, _Text] = {}
        self.writers = dict.fromkeys(OF_ISSUE, issue.raised_for_id)

    def event(self, row: Row[Any]) -> None:
        """The words of one event, and where they stand besides."""
        by = row.organisation_id or self.issue.raised_for_id
        called = KINDS[row.kind].own_words()
        for name, word in row.words.items():
            if name in called and word["value"] != REDACTED:
                of = name.removeprefix("old_").removeprefix("new_")
                writer = self.writers[of] if name.startswith("old_") else by
                text = self._add(row, name, called[name], word, writer)
                text.places.append(Place(PlaceKind.EVENT, row.id, name, kept=word))
                text.of_issue |= row.kind in (Raised.name, Amended.name)
                self._beside(row, name, word, text)
        if row.kind in (Raised.name, Amended.name):
            changed = OF_ISSUE if row.kind == Raised.name else row.details["fields"]
            self.writers |= {name: by for name in changed if name in OF_ISSUE}
        if row.note_id and row.salt:
            note = self._add(row, "text", "a note", {"value": row.text}, by, ring=row.ring)
            note.places.append(Place(PlaceKind.NOTE, row.note_id, kept={"value": row.text, "salt": row.salt}))

    def quotation(self, row: Row[Any], quoted: Quotation) -> None:
        """The words that may be quoted, by the event in which that was agreed: reports show them to all sides."""
        text = self._add(row, "text", "a quotation", {"value": quoted.text}, quoted.organisation_id)
        text.is_readable = text.is_shared = True
        text.places.append(_quotation(quoted))

    def issue_itself(self, row: Row[Any]) -> None:
        """Title and detail as they stand, which whoever may open the issue reads. `row`: the event that began it."""
        for name in OF_ISSUE:
            value = getattr(self.issue, name)
            if value and value != REDACTED:
                text = self._add(row, name, _CALLED[name], {"value": value}, self.writers[name])
                text.is_readable, text.of_issue = True, True
                text.is_shared |= self.issue.crossed
                text.places.append(Place(PlaceKind.ISSUE, self.issue.id, name, kept={"value": value}))

    def _add(
        self, row: Row[Any], name: str, called: str, word: dict[str, str], by: int, *, ring: Ring | None = None
    ) -> _Text:
        mark = row.hashes.get(name) or f"{row.digest}-{name}"  # history may have a title that stands in no event
        text = self.texts.setdefault((by, word["value"], ring), _Text(mark, called, row.at, ring))
        text.is_readable |= row.may_read
        text.is_shared |= row.ring is Ring.SHARED
        return text

    def _beside(self, row: Row[Any], name: str, word: dict[str, str], text: _Text) -> None:
        kept = {"value": word["value"]}
        if row.kind == Occurred.name and row.details.get("occurrence"):
            text.places.append(Place(PlaceKind.OCCURRENCE, row.details["occurrence"], kept=kept))
        proposal = self.issue.proposal or {}
        if row.kind == Proposed.name and proposal.get(name) == word["value"]:
            text.places.append(Place(PlaceKind.PROPOSAL, self.issue.id, name, kept=kept))


def written_words(
    session: Session, issue: Issue, arrangement: Arrangement, viewer: Viewer, *, packs_too: bool = False
) -> tuple[Words, ...]:
    """Every text about it that this person may read, the oldest first, each with every place in which it stands.
    `packs_too`: those in published packs among them, which costs reading them all."""
    texts = _gathered(session, issue, viewer).items()
    published = _published(session, issue) if packs_too else ()
    return tuple(
        _words(value, text, arrangement.organisations[writer], (*text.places, *_in_packs(published, issue.ref, value)))
        for (writer, value, _), text in texts
        if text.is_readable
    )


def copies(
    session: Session, issue: Issue, words: Words, arrangement: Arrangement, viewer: Viewer
) -> Iterator[tuple[Issue, Words]]:
    """Where what an issue says was taken over when it happened again: each other issue of the chain, locked, with the
    words as they stand there. They stay those of who wrote them first, whoever may read that issue."""
    published = _published(session, issue)
    for other_id in _chain(session, issue.id):
        other = load_by_id(session, other_id)
        for (_, value, _), text in _gathered(session, other, viewer).items():
            if text.of_issue and value == words.text:
                places = (*text.places, *_in_packs(published, other.ref, value))
                yield other, _words(value, text, words.side, places)


def hidden_words(session: Session, issue_id: int) -> tuple[HiddenWords, ...]:
    """What of an issue is hidden; the caller shows it only to whoever settles it."""
    asked = select(HiddenWords).where(HiddenWords.issue_id == issue_id)
    return tuple(session.exec(asked.order_by(col(HiddenWords.id))))


def copies_hidden(session: Session, hidden: HiddenWords) -> Iterator[tuple[Issue, HiddenWords]]:
    """The same words where they were hidden together with these: in the other issues of the chain, locked."""
    for other_id in _chain(session, hidden.issue_id):
        for each in hidden_words(session, other_id):
            if (each.text, each.organisation_id, each.hidden_at) == (
                hidden.text,
                hidden.organisation_id,
                hidden.hidden_at,
            ):
                yield load_by_id(session, other_id), each


def _gathered(session: Session, issue: Issue, viewer: Viewer) -> dict[_Key, _Text]:
    gathering = _Gathering(issue)
    rows = session.execute(_events(issue, viewer)).all()
    quoted = session.get(Quotation, issue.id)
    for row in rows:
        gathering.event(row)
        if quoted and row.kind == QuotationAgreed.name and row.position == quoted.event_position:
            gathering.quotation(row, quoted)
    if rows:
        gathering.issue_itself(rows[0])
    for (_, value, _), text in gathering.texts.items():
        if quoted and text.of_issue and packs.holds(value, quoted.text):  # a part of what it says goes with it
            text.places.append(_quotation(quoted))
    return gathering.texts


def _words(value: str, text: _Text, side: Organisation, places: tuple[Place, ...]) -> Words:
    ring = text.ring or (Ring.SHARED if text.is_shared else Ring.ORGANISATION)
    return Words(text.mark, text.called, side, ring, value, text.at, places, text.of_issue)


def _chain(session: Session, issue_id: int) -> list[int]:
    """The ids of the other issues that happened again of one another."""
    found, new = {issue_id}, {issue_id}
    while new:
        before = select(Issue.again_of_id).where(col(Issue.id).in_(new), col(Issue.again_of_id).is_not(None))
        after = select(Issue.id).where(col(Issue.again_of_id).in_(new))
        new = {*session.exec(before), *session.exec(after)} - found
        found |= new
    return sorted(found - {issue_id})


def _events(issue: Issue, viewer: Viewer) -> Any:
    names = ("id", "position", "kind", "at", "organisation_id", "ring", "words", "hashes", "details", "digest")
    note_of = and_(col(Note.issue_id) == col(Event.issue_id), col(Note.event_position) == col(Event.position))
    columns = (*(getattr(Event, name) for name in names), col(Note.id).label("note_id"), col(Note.text), col(Note.salt))
    asked: Any = sql.select(*columns, readable_events(viewer).label("may_read")).outerjoin(Note, note_of)
    return asked.where(col(Event.issue_id) == issue.id).order_by(col(Event.position))


def _quotation(quoted: Quotation) -> Place:
    return Place(PlaceKind.QUOTATION, quoted.issue_id, kept={**quoted.model_dump(), "at": quoted.at.isoformat()})


def _published(session: Session, issue: Issue) -> Collection[Pack]:
    mine = (Pack.partnership_id == issue.partnership_id, col(Pack.content).is_not(None))
    return session.exec(select(Pack).where(*mine)).all()


def _in_packs(published: Collection[Pack], ref: str, value: str) -> Iterator[Place]:
    for pack in published:
        for path, said in packs.where_said(pack.content or {}, ref, value):
            yield Place(PlaceKind.PACK, pack.id, path=path, kept={"value": said, "words": value})
