"""The agreement: its clauses, each a promise under a topic."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.records.columns import choice, json_value, moment
from tracker.rules.rings import Ring


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


class RoutingRule(SQLModel, table=True):
    """`when` gives the allowed values by condition; `leads` the person id by organisation key."""

    __tablename__ = "routing_rule"
    __table_args__ = (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    when: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_value())
    ladder_key: str
    start: str | None = None
    answers: str | None = None
    leads: dict[str, int] = Field(default_factory=dict, sa_type=json_value())
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())


class ServiceArea(SQLModel, table=True):
    """Where it rubs: who answers there (an organisation key), and who leads, as in a rule."""

    __tablename__ = "service_area"
    __table_args__ = (UniqueConstraint("partnership_id", "key"),)  # loading a charter goes by key

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id")
    key: str
    name: str
    answers: str | None = None
    leads: dict[str, int] = Field(default_factory=dict, sa_type=json_value())
    position: int = 0
    retired_at: datetime | None = Field(default=None, sa_type=moment())
