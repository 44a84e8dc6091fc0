"""Notices: one message of one event to one person, with what became of it."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import NumberedRow, TableRow, choice, index_where, moment
from tracker.rules.notices import NoticeState


class Notice(NumberedRow, table=True):
    """One person is told of one event. Several that are due together go in one letter.

    `letter_id` is the notice that carries the letter, settled before it is sent for the first time, so that a letter
    that is sent again says the same. `lease_until` keeps other senders away meanwhile.
    """

    __table_args__ = (
        UniqueConstraint("event_id", "person_id"),  # nobody is told twice
        index_where("state IN ('waiting', 'held')", "ix_notice_due", "due_at"),  # the sending sweep
        index_where("state IN ('waiting', 'held') AND urgent", "ix_notice_urgent", "due_at"),  # and what it sends first
        Index("ix_notice_page", "partnership_id", "id"),  # the leads' page, newest first
    )

    event_id: int = Field(foreign_key="event.id")
    person_id: int = Field(foreign_key="person.id", index=True)  # what else this person is due
    partnership_id: int = Field(foreign_key="partnership.id")
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    urgent: bool = False
    digest: bool = False
    state: NoticeState = Field(sa_type=choice(NoticeState))
    why: str = ""
    made_at: datetime = Field(sa_type=moment())
    due_at: datetime = Field(sa_type=moment())
    letter_id: int | None = Field(default=None, foreign_key="notice.id", index=True)  # a letter that is sent again
    message_id: str = Field(unique=True)
    lease_until: datetime | None = Field(default=None, sa_type=moment())
    attempts: int = 0
    sent_at: datetime | None = Field(default=None, sa_type=moment())
    channel: str = ""


class Unannounced(TableRow, table=True):
    """An event whose hearers could not be found: set aside with the reason, tried again later."""

    event_id: int = Field(foreign_key="event.id", primary_key=True)
    set_aside_at: datetime = Field(sa_type=moment())
    why: str
