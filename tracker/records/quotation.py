"""Quotations: the words that whoever raised an issue lets be quoted in reports."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from tracker.records.columns import moment
from tracker.rules.digest import Word


class Quotation(SQLModel, table=True):
    """What may be quoted of an issue, who agreed to it and for which organisation. Its event holds only the salted
    hash of the words, so taking them back leaves nothing of them."""

    __tablename__ = "quotation"

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    event_position: int  # of its event, in the chain of the issue
    person_id: int = Field(foreign_key="person.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    text: str
    salt: str
    at: datetime = Field(sa_type=moment())

    @property
    def word(self) -> Word:
        return Word(self.salt, self.text)
