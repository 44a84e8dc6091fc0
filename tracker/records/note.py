"""Notes: what people say about an issue, each in a ring that settles who reads it."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from tracker.records.columns import NumberedRow, choice, hex_digits, index_where, moment
from tracker.records.searched import SearchedRow
from tracker.rules.digest import Word
from tracker.rules.rings import Ring


class Note(SearchedRow, NumberedRow, table=True):
    """The words of a note. Its event holds only their salted hash, so a private note is an opaque link to others."""

    TEXTS: ClassVar = ("text",)
    __table_args__ = (
        index_where("cut_words IS NULL", "ix_note_uncut", "id"),  # what is still to be cut
        Index("ix_note_written_by", "person_id", "issue_id"),  # whose name is searched for
        Index("ix_note_at", "at"),  # a common word, on PostgreSQL: what was written lately
    )

    issue_id: int = Field(foreign_key="issue.id", index=True)
    event_position: int  # of its event, in the chain of the issue
    ring: Ring = Field(sa_type=choice(Ring))
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    person_name: str
    text: str
    salt: str = Field(sa_type=hex_digits())
    spoke: bool = False
    at: datetime = Field(sa_type=moment())

    @property
    def word(self) -> Word:
        return Word(self.salt, self.text)
