"""Search: words in titles, details and readable notes, newest first: a common word costs no more than a rare one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, column, select, table, text
from sqlmodel import Session, col

from tracker.queries.issues import readable_notes
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Viewer

MOST_NOTES = 300  # how many notes that match, newest first, are looked through for one page
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of issues that match, newest first. `bounded`: more notes match than were looked through."""

    ids: tuple[int, ...]
    bounded: bool = False


def search(
    session: Session, words: str, viewer: Viewer, conditions: Sequence[ColumnElement[bool]], *, below: int, most: int
) -> Found:
    """At most `most` issues with an id below `below`. `conditions` hold the viewer's; no text can make it fail."""
    wanted = _words(words)
    if not wanted:
        return Found(())
    match = _match(session, wanted)
    among = (*conditions, col(Issue.id) < below)
    issues = session.execute(newest_matching(session, among, most), {"match": match}).scalars().all()
    notes = session.execute(_notes(session, viewer, among), {"match": match}).scalars().all()
    ids = sorted({*issues, *notes}, reverse=True)[:most]
    return Found(tuple(ids), bounded=len(notes) == MOST_NOTES)


def any_of(session: Session, words: Sequence[str]) -> str:
    """The match text for any of these words, in the tongue of this database."""
    return " OR ".join(f'"{word}"' for word in words) if _is_sqlite(session) else " | ".join(words)


def all_of(session: Session, words: Sequence[str]) -> str:
    """The match text for all of these words."""
    return " ".join(f'"{word}"' for word in words) if _is_sqlite(session) else " & ".join(words)


def newest_matching(session: Session, conditions: Sequence[ColumnElement[bool]], most: int) -> Select[Any]:
    """The statement for the newest issues whose title or detail match the parameter `match`."""
    return _matching(session, Issue, col(Issue.id)).where(*conditions).limit(most)


def _words(words: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(words)][:12]


def _match(session: Session, words: Sequence[str]) -> str:
    """Every word, the last one as the beginning of a word. Only letters and digits get here: nothing to escape."""
    *whole, last = words
    if _is_sqlite(session):
        return " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    return " & ".join([*whole, f"{last}:*"])


def _notes(session: Session, viewer: Viewer, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    found = _matching(session, Note, col(Note.issue_id)).join(Issue, col(Issue.id) == col(Note.issue_id))
    return found.where(readable_notes(viewer), *conditions).limit(MOST_NOTES)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _matching(session: Session, record: type[Issue] | type[Note], wanted: Any) -> Select[Any]:
    """The statement for `wanted` of the rows whose words match the parameter `match`, newest first."""
    name = record.__name__.lower()
    if not _is_sqlite(session):
        found = text(f"{name}.search_fts @@ to_tsquery('english', :match)")
        return select(wanted).where(found).order_by(col(record.id).desc())
    index = table(f"{name}_fts", column("rowid"))
    joined = select(wanted).join(index, index.c.rowid == col(record.id))
    return joined.where(text(f"{name}_fts MATCH :match")).order_by(index.c.rowid.desc())
