"""Rows that are found by their words: these are cut anew whenever a row is written whose texts have changed."""

from typing import Any, ClassVar

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import Mapper

from tracker.measures.cut_text import cut
from tracker.records.columns import TableRow


class SearchedRow(TableRow):
    """`cut_words`: what it is found by (`measures/cut_text`); of a row from before that was kept None, until it is
    cut or its texts change. What is written past the session (many rows at once) brings its own."""

    TEXTS: ClassVar[tuple[str, ...]]  # the columns that are searched

    cut_words: str | None = None


@event.listens_for(SearchedRow, "before_insert", propagate=True)
def _cut(_: Mapper[Any], __: Connection, row: SearchedRow) -> None:
    row.cut_words = cut(*(getattr(row, name) for name in row.TEXTS))


@event.listens_for(SearchedRow, "before_update", propagate=True)
def _cut_anew(mapper: Mapper[Any], connection: Connection, row: SearchedRow) -> None:
    attributes = inspect(row).attrs
    if any(attributes[name].history.has_changes() for name in row.TEXTS):
        _cut(mapper, connection, row)
