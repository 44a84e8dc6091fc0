"""Search: words in titles, details and readable notes, newest first, so that a common word is answered at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    TextClause,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlmodel import Session, col

from tracker.database import Database
from tracker.queries.issues import readable_notes, visible_issues
from tracker.records.columns import HIGHEST
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Viewer

MOST_NOTES = 300  # how many notes that match and may be read, newest first, are looked through for one page
_MOST_WORDS = 12
_LEAST_BEGINNING = 3  # letters: the beginnings of words that one or two letters could be are half the index
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class SearchHits:
    """The ids of issues that match, newest first. `bounded`: more notes match than were looked through."""

    ids: tuple[int, ...]
    bounded: bool = False


def words_of(text: str) -> tuple[str, ...]:
    """The words that are searched for: letters and digits only, so that nothing in them can be a command."""
    return tuple(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))[:_MOST_WORDS]


def search(
    session: Session,
    words: Sequence[str],
    viewer: Viewer,
    conditions: Sequence[ColumnElement[bool]],
    *,
    below: int | None,
    most: int,
) -> SearchHits:
    """At most `most` issues with an id below `below` that hold every word, the last one as the beginning of a word, in
    title and detail together or in one note. Of the notes only the newest MOST_NOTES that match are looked through."""
    if not words:
        return SearchHits(())
    match = _match(session, words)
    below, among = below or HIGHEST, (visible_issues(viewer), *conditions)
    issues = session.execute(_matching_issues(session, match, *among, below=below).limit(most)).scalars()
    notes = session.execute(_matching_notes(session, viewer, match, col(Issue.id) < below, *among)).scalars().all()
    ids = sorted({*issues, *notes}, reverse=True)[:most]
    return SearchHits(tuple(ids), bounded=len(notes) == MOST_NOTES)


def newest_with(
    session: Session, viewer: Viewer, word: str, conditions: Sequence[ColumnElement[bool]], *, most: int
) -> Select[Any]:
    """The ids of the newest issues that hold a word and that this person may see. Whether they may is asked in that
    order, and no more once there are so many: of every issue with a word that a tenth of them have it costs more than
    all the rest. The OFFSET keeps PostgreSQL from it."""
    matching = _matching_issues(session, _all_of(session, [word]), *conditions)
    if _is_sqlite(session):
        return matching.where(visible_issues(viewer)).limit(most)
    newest = matching.offset(0).subquery()
    seen: Select[Any] = select(col(Issue.id).label("id")).select_from(newest).join(Issue, col(Issue.id) == newest.c.id)
    return seen.where(visible_issues(viewer)).order_by(newest.c.id.desc()).limit(most)


def _matching_issues(session: Session, match: str, *among: ColumnElement[bool], below: int = HIGHEST) -> Select[Any]:
    """The ids of the issues whose title and detail match, newest first."""
    if _is_sqlite(session):
        index = table("issue_fts", column("rowid"))
        matching = select(index.c.rowid.label("id")).join(Issue, col(Issue.id) == index.c.rowid)
        return matching.where(_in_fts("issue_fts", match), index.c.rowid < below, *among).order_by(index.c.rowid.desc())
    matching = select(col(Issue.id).label("id")).where(_in_tsvector("issue", match), col(Issue.id) < below, *among)
    return matching.order_by(col(Issue.id).desc())


def _all_of(session: Session, words: Sequence[str]) -> str:
    """The match text for all of these words."""
    return " ".join(f'"{word}"' for word in words) if _is_sqlite(session) else " & ".join(words)


def _match(session: Session, words: Sequence[str]) -> str:
    last = words[-1]
    if len(last) < _LEAST_BEGINNING:
        return _all_of(session, words)
    return f"{_all_of(session, words)}{'*' if _is_sqlite(session) else ':*'}"


def _matching_notes(session: Session, viewer: Viewer, match: str, *among: ColumnElement[bool]) -> Select[Any]:
    """The issue of each of the newest notes that match, that this person may read, in issues they may see."""
    if _is_sqlite(session):
        index = table("note_fts", column("rowid"))
        matching = select(col(Note.issue_id)).select_from(index).join(Note, col(Note.id) == index.c.rowid)
        matching = matching.join(Issue, col(Issue.id) == col(Note.issue_id))
        matching = matching.where(_in_fts("note_fts", match), readable_notes(viewer), *among)
        return matching.order_by(index.c.rowid.desc()).limit(MOST_NOTES)
    notes = _newest_first(viewer, match)
    matching = select(notes.c.issue_id).join(Issue, col(Issue.id) == notes.c.issue_id).where(*among)
    return matching.order_by(notes.c.id.desc()).limit(MOST_NOTES)


def _newest_first(viewer: Viewer, match: str) -> Subquery:
    """Put in order before their issues are looked at, which ends with the page: by one plain join PostgreSQL would look
    at the issue of every note that matches. The OFFSET keeps it from doing so."""
    matching = select(col(Note.id), col(Note.issue_id)).where(_in_tsvector("note", match), readable_notes(viewer))
    return matching.order_by(col(Note.id).desc()).offset(0).subquery("notes")


def _in_fts(index: str, match: str) -> ColumnElement[bool]:
    return literal_column(index).bool_op("MATCH")(match)


def _in_tsvector(searched: str, match: str) -> ColumnElement[bool]:
    """The words stand in the statement itself, so that each is planned for how rare it is."""
    words = func.to_tsquery("english", bindparam("match", match, unique=True, literal_execute=True))
    return literal_column(f"{searched}.search_fts").bool_op("@@")(words)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def forget_words(db: Database) -> None:
    """Nothing stays, in the index or the write-ahead log, of words that were taken out. SQLite only marks them as gone
    in its index, until it is merged: a step is a transaction, so that other writers get their turn between two."""
    if not db.is_sqlite:
        return
    for merging in _MERGING:
        pages = -_MERGED
        while _merge(db, merging, pages):
            pages = _MERGED
    db.truncate_log()


_MERGED = 500  # pages of an index that are merged in one step
_MERGING = (
    text("INSERT INTO issue_fts(issue_fts, rank) VALUES ('merge', :pages)"),
    text("INSERT INTO note_fts(note_fts, rank) VALUES ('merge', :pages)"),
)


def _merge(db: Database, merging: TextClause, pages: int) -> bool:
    """Whether anything was left to merge (https://www.sqlite.org/fts5.html#the_merge_command)."""
    with db.write() as session:
        before = session.scalar(_CHANGES)
        session.execute(merging, {"pages": pages})
        return int(session.scalar(_CHANGES) or 0) - int(before or 0) >= 2


_CHANGES = select(func.total_changes())
