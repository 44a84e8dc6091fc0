"""Themes of friction and the groups they stand under."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.records.columns import choice, json_value, moment
from tracker.rules.rings import Ring


class ThemeGroup(SQLModel, table=True):
    """A heading over themes."""

    __tablename__ = "theme_group"
    __table_args__ = (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    name: str
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())


class Theme(SQLModel, table=True):
    """Why it rubs. `phrases` suggest it; `ring` is the tighter default where a person may be recognised."""

    __table_args__ = (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    group_key: str
    topic: str
    name: str
    means: str
    phrases: list[str] = Field(default_factory=list, sa_type=json_value())
    ring: Ring | None = Field(default=None, sa_type=choice(Ring))
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())
