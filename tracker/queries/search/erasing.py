"""Words that were taken out of rows, taken out of what the database keeps of them besides."""

import time
from collections.abc import Collection

from sqlalchemy import TextClause, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, delete

from tracker.database import Database, raise_unless_of_the_row, straight
from tracker.records.timer import Erasure
from tracker.rules.sweeps import Batch, SweepResult


def erase_words(db: Database, but: Collection[int]) -> Batch[SweepResult]:
    """All that is kept of words that were taken out. Where a reader is in the way, a moment later."""
    with db.read() as session:
        count, last = _to_erase(session)
    if not count or last in but:
        return Batch()
    try:
        is_clean = _forget_words(db)
    except SQLAlchemyError as fault:
        raise_unless_of_the_row(fault, last)
        raise
    if not is_clean:
        return Batch(held=(last,))
    with db.write() as session:
        session.execute(delete(Erasure).where(col(Erasure.id) <= last))
    return Batch((SweepResult("the database", f"cleaned of words that were taken out {count} times"),))


def _to_erase(session: Session) -> tuple[int, int]:
    """How often words were taken out since all that was kept of such was cleaned away; and the last of these times."""
    count, last = session.execute(select(func.count(), func.max(Erasure.id))).one()
    return count, last or 0


def _forget_words(db: Database) -> bool:
    """Nothing stays, in the index or the write-ahead log, of words that were taken out; whether that is so. SQLite only
    marks them as gone in its index, until it is merged: a step is a transaction, so that other writers get their turn
    between two. Broken off, it is begun again, and finds merged what was."""
    if not db.is_sqlite:
        db.vacuum(*_WITH_WORDS)
        return True
    for merging in _MERGING:
        pages = -_MERGED
        while _merge(db, merging, pages):
            pages = _MERGED
    return db.truncate_log()


_WITH_WORDS = ("event", "hidden_words", "issue", "note", "occurrence", "pack", "quotation", "sealed_paper")
_MERGED = 500  # pages of an index that are merged in one step
_MERGING = (
    text("INSERT INTO issue_cut_fts(issue_cut_fts, rank) VALUES ('merge', :pages)"),
    text("INSERT INTO note_cut_fts(note_cut_fts, rank) VALUES ('merge', :pages)"),
    text("INSERT INTO issue_fts(issue_fts, rank) VALUES ('merge', :pages)"),
    text("INSERT INTO note_fts(note_fts, rank) VALUES ('merge', :pages)"),
)


def _merge(db: Database, merging: TextClause, pages: int) -> bool:
    """Whether anything was left to merge (https://www.sqlite.org/fts5.html#the_merge_command)."""
    with db.write() as session:
        began, before = time.monotonic(), session.scalar(_CHANGES)
        straight(session).execute(merging, {"pages": pages})
        is_left = int(session.scalar(_CHANGES) or 0) - int(before or 0) >= 2
    db.let_others_write(time.monotonic() - began)
    return is_left


_CHANGES = select(func.total_changes())
