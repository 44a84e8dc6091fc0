"""The agreement: its clauses, each a promise under a topic."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.records.columns import moment


class Clause(SQLModel, table=True):
    """A promise; `topic` is one of rules.agreement.TOPICS."""

    __table_args__ = (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    topic: str
    title: str
    text: str
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())
