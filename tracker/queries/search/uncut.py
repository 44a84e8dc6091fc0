"""What is not cut into words yet: rows from before words were kept. `tracker migrate` cuts them, a batch at a time."""

import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlmodel import Session, col

from tracker.database import Database
from tracker.measures.cut_text import cut
from tracker.records.issue import Issue
from tracker.records.note import Note

_BATCH = 500  # rows in one transaction
_TABLES: tuple[Any, ...] = (Issue, Note)


def has_uncut(session: Session) -> bool:
    """Whether there is any such row. Once there is none there never will be: each process asks until then."""
    place = str(session.get_bind().engine.url)
    if place in wholly_cut:
        return False
    if session.execute(_IS_ANY).scalar():
        return True
    wholly_cut.add(place)
    return False


def cut_older(db: Database) -> Iterator[int]:
    """Cuts them; says of each batch how many. Broken off, it goes on where it was. What somebody has written meanwhile
    is cut by then, and stays so."""
    for table in _TABLES:
        began = time.monotonic()
        while count := _cut_batch(db, table):
            yield count
            db.let_others_write(time.monotonic() - began)
            began = time.monotonic()


def _cut_batch(db: Database, table: Any) -> int:
    with db.write() as session:
        texts: list[Any] = [col(getattr(table, name)).label(name) for name in table.TEXTS]
        uncut = select(col(table.id).label("id"), *texts).where(col(table.cut_words).is_(None))
        rows = session.execute(uncut.order_by(col(table.id)).limit(_BATCH)).all()
        made = [{"of": row.id, "words": cut(*row[1:])} for row in rows]
        if made:
            session.connection().execute(_cutting(table), made)
    return len(made)


def _cutting(table: Any) -> Any:
    of_row = (col(table.id) == bindparam("of"), col(table.cut_words).is_(None))
    return update(table).where(*of_row).values(cut_words=bindparam("words"))


wholly_cut: set[str] = set()  # addresses of databases
_IS_ANY = select(or_(*(exists().where(col(table.cut_words).is_(None)) for table in _TABLES)))
