"""Search: words in titles, details and readable notes, newest first: a common word costs no more than a rare one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, TextClause, select, text
from sqlmodel import Session, col

from tracker.queries.issues import readable_notes
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.rules.rings import Viewer

MOST_NOTES = 300  # how many notes that match, newest first, are looked through for one page
_WORD = re.compile(r"\w+")


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
    issues = session.execute(_among_issues(session, among, most), {"match": match}).scalars().all()
    notes = session.execute(_among_notes(session, viewer, among), {"match": match}).scalars().all()
    ids = sorted({*issues, *notes}, reverse=True)[:most]
    return Found(tuple(ids), bounded=len(notes) == MOST_NOTES)


def any_of(session: Session, words: Sequence[str]) -> str:
    """The match text for any of these words, in the tongue of this database."""
    return " OR ".join(f'"{word}"' for word in words) if _is_sqlite(session) else " | ".join(words)


def all_of(session: Session, words: Sequence[str]) -> str:
    """The match text for all of these words."""
    return " ".join(f'"{word}"' for word in words) if _is_sqlite(session) else " & ".join(words)


def newest_matching(session: Session, conditions: Sequence[ColumnElement[bool]], most: int) -> Select[int]:
    """The statement for the newest issues whose title or detail match the parameter `match`."""
    return _among_issues(session, conditions, most)


def _words(words: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(words)][:12]


def _match(session: Session, words: Sequence[str]) -> str:
    """Every word, the last one as the beginning of a word. Only letters and digits get here: nothing to escape."""
    *whole, last = words
    if _is_sqlite(session):
        return " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    return " & ".join([*whole, f"{last}:*"])


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _matches(session: Session, table: str) -> tuple[TextClause, TextClause]:
    """(the condition, the order newest first) on the index over one table's words."""
    if _is_sqlite(session):
        found = f"{table}.id = {table}_fts.rowid AND {table}_fts MATCH :match"
        return text(found), text(f"{table}_fts.rowid DESC")
    return text(f"{table}.search_fts @@ to_tsquery('english', :match)"), text(f"{table}.id DESC")


def _among_issues(session: Session, conditions: Sequence[ColumnElement[bool]], most: int) -> Select[int]:
    condition, newest = _matches(session, "issue")
    statement = select(col(Issue.id)).where(condition, *conditions).order_by(newest).limit(most)
    return statement.select_from(Issue, text("issue_fts")) if _is_sqlite(session) else statement


def _among_notes(session: Session, viewer: Viewer, conditions: Sequence[ColumnElement[bool]]) -> Select[int]:
    condition, newest = _matches(session, "note")
    statement = (
        select(col(Note.issue_id))
        .join(Issue, col(Issue.id) == col(Note.issue_id))
        .where(condition, readable_notes(viewer), *conditions)
        .order_by(newest)
        .limit(MOST_NOTES)
    )
    return statement.select_from(text("note_fts")) if _is_sqlite(session) else statement
