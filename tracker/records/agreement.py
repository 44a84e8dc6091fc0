"""The agreement: its clauses, each a promise under a topic."""

from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, choice, json_value
from tracker.rules.rings import Ring


class Clause(ArrangementEntry, table=True):
    """A promise; `topic` is one of rules.agreement.TOPICS."""

    topic: str
    title: str
    text: str


class ThemeGroup(ArrangementEntry, table=True):
    """A heading over themes."""

    __tablename__ = "theme_group"
    name: str


class Theme(ArrangementEntry, table=True):
    """Why it happens. `phrases` suggest it; `ring` is the tighter default where a person may be recognised."""

    group_key: str
    topic: str
    name: str
    means: str
    phrases: list[str] = Field(default_factory=list, sa_type=json_value())
    ring: Ring | None = Field(default=None, sa_type=choice(Ring))


class RoutingRule(ArrangementEntry, table=True):
    """`when` gives the allowed values by condition; `leads` the person id by organisation key."""

    __tablename__ = "routing_rule"
    when: dict[str, list[str]] = Field(default_factory=dict, sa_type=json_value())
    ladder_key: str
    start: str | None = None
    answers: str | None = None
    leads: dict[str, int] = Field(default_factory=dict, sa_type=json_value())


class ServiceArea(ArrangementEntry, table=True):
    """Where it happens: who answers there (an organisation key), and who leads, as in a rule."""

    __tablename__ = "service_area"
    name: str
    answers: str | None = None
    leads: dict[str, int] = Field(default_factory=dict, sa_type=json_value())
