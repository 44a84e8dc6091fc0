"""What people wrote about an issue in their own words, wherever it stands: what a lead can take out of it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sql
from sqlalchemy import Row, and_, func
from sqlmodel import Session, col, select

from tracker.queries.issues import load_by_id, readable_events, visible_issues
from tracker.records.event import Event, read_event, salted
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.pack import Pack
from tracker.records.quotation import Quotation
from tracker.records.redacting import HiddenWords, Place, PlaceKind, Words
from tracker.rules import packs
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.issue import Amended, Occurred, QuotationAgreed, Raised
from tracker.rules.events.kinds import KINDS, REDACTED
from tracker.rules.events.resolution import Proposed, unlinked
from tracker.rules.rings import Ring, Viewer

OF_ISSUE = ("title", "detail")
_CALLED = {"title": "a title", "detail": "an account"}


@dataclass(slots=True)
class _Text:
    """A text of one organisation while its places are gathered. `is_shared`: all sides may read it somewhere; `endings`
    and `quoted`: see `packs.WrittenWords`."""

    mark: str
    called: str
    at: datetime
    ring: Ring | None
    is_readable: bool = False
    is_shared: bool = False
    of_issue: bool = False
    places: list[Place] = field(default_factory=list)
    endings: set[str] = field(default_factory=set)
    quoted: set[str] = field(default_factory=set)


_Key = tuple[int, str, Ring | None]  # the organisation that wrote it, the text, and of a note its ring


class _Gathering:
    """The texts of an issue by who wrote them: the same text of the same organisation is one, whatever it stands in;
    of a note, only where the same people may read it."""

    def __init__(self, issue: Issue, taken_over_from: Mapping[str, int]) -> None:
        """`taken_over_from`: who wrote what of it ("title", "detail") is in the words of the issue that it is again."""
        self.issue = issue
        self.texts: dict[_Key, _Text] = {}
        self.taken_over_from = taken_over_from
        self.writers = {**dict.fromkeys(OF_ISSUE, issue.raised_for_id), **taken_over_from}
        self.was_quoted = False  # and is no more: which of its words is not known

    def event(self, row: Row[Any]) -> None:
        """The words of one event, and where they stand besides."""
        by = row.organisation_id or self.issue.raised_for_id
        called, ending = KINDS[row.kind].own_words(), _ending(row)
        for name, said in salted(row.words, row.salts).items():
            if name in called and said.value != REDACTED:
                word = {"salt": said.salt, "value": said.value}
                said_by = by if row.organisation_id else self._first_to_write(said.value)
                text = self._add(row, name, called[name], word, self._writer(row, name, said_by))
                text.places.append(Place(PlaceKind.EVENT, row.id, name, kept=word))
                text.of_issue |= row.kind in (Raised.name, Amended.name)
                text.endings.add(ending)
                self._beside(row, name, word, text)
        if row.kind in (Raised.name, Amended.name):
            changed = OF_ISSUE if row.kind == Raised.name else row.details["fields"]
            self.writers |= {name: self._writer(row, name, by) for name in changed if name in OF_ISSUE}
        if row.note_id and row.salt:
            note = self._add(row, "text", "a note", {"value": row.text}, by, ring=row.ring)
            note.places.append(Place(PlaceKind.NOTE, row.note_id, kept={"value": row.text, "salt": row.salt}))
            note.endings.add(f"{ending}: “{packs.shortened(row.text)}”")

    def _first_to_write(self, text: str) -> int:
        """Whose the words are that the clock says again: of an ask, when it is done."""
        return next((by for by, same, ring in self.texts if same == text and ring is None), self.issue.raised_for_id)

    def _writer(self, row: Row[Any], name: str, by: int) -> int:
        """Whose a word of an event is. `by`: who did that; what it says was, or took over, others may have written."""
        if name.startswith("old_"):
            return self.writers[name.removeprefix("old_")]
        return self.taken_over_from.get(name, by) if row.kind == Raised.name else by

    def quotation(self, row: Row[Any], quoted: Quotation) -> None:
        """The words that may be quoted, by the event in which that was agreed: reports show them to all sides."""
        text = self._add(row, "text", "a quotation", {"value": quoted.text}, quoted.organisation_id)
        text.is_readable = text.is_shared = True
        self._quoted(text, quoted)

    def of_what_it_says(self, quoted: Quotation) -> None:
        """A part of what it says goes with that."""
        for (_, value, _), text in self.texts.items():
            if text.of_issue and packs.holds(value, quoted.text):
                self._quoted(text, quoted)

    def _quoted(self, text: _Text, quoted: Quotation) -> None:
        text.places.append(Place(PlaceKind.QUOTATION, quoted.issue_id, kept=_kept(quoted)))
        text.quoted.add(quoted.text)

    def issue_itself(self, row: Row[Any]) -> None:
        """Title and detail as they stand, which whoever may open the issue reads. `row`: the event that began it."""
        for name in OF_ISSUE:
            value = getattr(self.issue, name)
            if value and value != REDACTED:
                text = self._add(row, name, _CALLED[name], {"value": value}, self.writers[name])
                text.is_readable, text.of_issue = True, True
                text.is_shared |= self.issue.crossed
                text.places.append(Place(PlaceKind.ISSUE, self.issue.id, name, kept={"value": value}))

    def words(self, key: _Key, side: Organisation, published: Collection[Pack]) -> Words:
        """One of the texts, with every place in which it stands; those in packs among them."""
        (writer, value, _), text = key, self.texts[key]
        ring = text.ring or (Ring.SHARED if text.is_shared else Ring.ORGANISATION)
        said = packs.WrittenWords(
            value,
            side.name,
            endings=frozenset(text.endings),
            of_issue=text.of_issue,
            quoted=None if self.was_quoted and text.of_issue else frozenset(text.quoted),
            alone=all(other == writer for other, same, _ in self.texts if same == value),
        )
        places = (*text.places, *_in_packs(published, self.issue.ref, said))
        return Words(text.mark, text.called, side, ring, value, text.at, places, text.of_issue)

    def _add(
        self, row: Row[Any], name: str, called: str, word: dict[str, str], by: int, *, ring: Ring | None = None
    ) -> _Text:
        hashes = {each: said.hash for each, said in salted(row.words, row.salts).items()} | row.hashes
        mark = hashes.get(name) or f"{row.digest}-{name}"  # history may have a title that stands in no event
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
    gathering = _gathered(session, issue, viewer)
    published = _published(session, issue) if packs_too else ()
    return tuple(
        gathering.words(key, arrangement.organisations[key[0]], published)
        for key, text in gathering.texts.items()
        if text.is_readable
    )


def copies(
    session: Session, issue: Issue, words: Words, arrangement: Arrangement, viewer: Viewer
) -> Iterator[tuple[Issue, Words]]:
    """Where what an issue says was taken over when it happened again: each other issue of the chain, locked, with the
    words as they stand there. They stay those of who wrote them first, whoever may read that issue; what others wrote
    in the same words stays."""
    published = _published(session, issue)
    for other_id in _chain(session, issue.id):
        other = load_by_id(session, other_id)
        gathering = _gathered(session, other, viewer)
        for key, text in gathering.texts.items():
            if text.of_issue and key[:2] == (words.side.id, words.text):
                yield other, gathering.words(key, words.side, published)


def hidden_words(session: Session, issue_id: int) -> tuple[HiddenWords, ...]:
    """What of an issue is hidden; the caller shows it only to whoever settles it."""
    asked = select(HiddenWords).where(HiddenWords.issue_id == issue_id)
    return tuple(session.exec(asked.order_by(col(HiddenWords.id))))


def hidden_to_settle(session: Session, viewer: Viewer, led: Collection[int]) -> Sequence[str]:
    """The references of the issues that this person may read and in which words are hidden that the organisations which
    they lead wrote, the longest hidden first."""
    since = func.min(col(HiddenWords.hidden_at)).label("since")
    theirs = sql.select(col(HiddenWords.issue_id), since).where(col(HiddenWords.organisation_id).in_(led))
    hidden = theirs.group_by(col(HiddenWords.issue_id)).subquery()
    asked = select(Issue.ref).join(hidden, hidden.c.issue_id == col(Issue.id)).where(visible_issues(viewer))
    return session.exec(asked.order_by(hidden.c.since)).all()


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


def _gathered(session: Session, issue: Issue, viewer: Viewer) -> _Gathering:
    gathering = _Gathering(issue, _taken_over_from(session, issue))
    rows = session.execute(_events(issue, viewer)).all()
    quoted = session.get(Quotation, issue.id)
    for row in rows:
        gathering.event(row)
        if quoted and row.kind == QuotationAgreed.name and row.position == quoted.event_position:
            gathering.quotation(row, quoted)
    if rows:
        gathering.issue_itself(rows[0])
    if quoted:
        gathering.of_what_it_says(quoted)
    gathering.was_quoted = quoted is None and any(row.kind == QuotationAgreed.name for row in rows)
    return gathering


def _taken_over_from(session: Session, issue: Issue) -> dict[str, int]:
    """By name who wrote what of an issue is in the words of the one that it is again: for whom the first of the chain
    was raised that has them of its own."""
    found: dict[str, int] = {}
    asked, names = issue, set(OF_ISSUE)
    while asked.again_of_id is not None and names:
        raised = select(Event.details).where(Event.issue_id == asked.id, Event.kind == Raised.name)
        names &= {*(session.exec(raised).first() or {}).get("taken_over", ())}
        asked = session.get_one(Issue, asked.again_of_id)
        found |= dict.fromkeys(names, asked.raised_for_id)
    return found


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
    names = ("id", "position", "kind", "at", "organisation_id", "ring", "words", "salts", "hashes", "details", "digest")
    note_of = and_(col(Note.issue_id) == col(Event.issue_id), col(Note.event_position) == col(Event.position))
    columns = (*(getattr(Event, name) for name in names), col(Note.id).label("note_id"), col(Note.text), col(Note.salt))
    asked: Any = sql.select(*columns, readable_events(viewer).label("may_read")).outerjoin(Note, note_of)
    return asked.where(col(Event.issue_id) == issue.id).order_by(col(Event.position))


def _kept(quoted: Quotation) -> dict[str, Any]:
    return {**quoted.model_dump(), "at": quoted.at.isoformat()}


def _ending(row: Row[Any]) -> str:
    """What the sentence that tells an event says behind who did it; all of it where it names nobody."""
    kind = unlinked(read_event(row.kind, row.details, row.words, row.hashes))
    return kind.sentence(_WHO).rpartition(_WHO)[2]


_WHO = "\0"  # stands in no text


def _published(session: Session, issue: Issue) -> Collection[Pack]:
    mine = (Pack.partnership_id == issue.partnership_id, col(Pack.content).is_not(None))
    return session.exec(select(Pack).where(*mine)).all()


def _in_packs(published: Collection[Pack], ref: str, said: packs.WrittenWords) -> Iterator[Place]:
    for pack in published:
        for path, text in packs.where_said(pack.content or {}, ref, said):
            yield Place(PlaceKind.PACK, pack.id, path=path, kept={"value": text, "words": said.words})
