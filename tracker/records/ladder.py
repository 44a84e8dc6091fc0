"""Ladders: their versions, the tiers of each, and which organisations agreed."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import ArrangementEntry, NumberedRow, moment


class Ladder(ArrangementEntry, table=True):
    """An escalation path by key; what it says stands in its versions. `template`: its starter's key."""

    name: str
    default: bool = False
    template: str | None = None


class LadderVersion(NumberedRow, table=True):
    """One wording of a ladder. It never changes; it is in force once every organisation agreed, unless withdrawn."""

    __tablename__ = "ladder_version"
    __table_args__ = (UniqueConstraint("ladder_id", "number"),)  # two proposals at once: one number each

    ladder_id: int = Field(foreign_key="ladder.id")
    number: int
    keep_in_loop: str
    pause_cap: str
    agree_silence: str
    reopens_to_escalate: int
    skip: str = ""
    proposed_at: datetime = Field(sa_type=moment())
    proposed_by_name: str
    in_force_at: datetime | None = Field(default=None, sa_type=moment())
    withdrawn_at: datetime | None = Field(default=None, sa_type=moment())


class Tier(NumberedRow, table=True):
    """One step of a ladder version, by default named as its body; an external one may have no limit and no body."""

    __table_args__ = (UniqueConstraint("version_id", "number"),)  # tiers are numbered from 1, each once

    version_id: int = Field(foreign_key="ladder_version.id")
    number: int
    name: str = ""
    body_id: int | None = Field(default=None, foreign_key="body.id")
    limit: str | None = None
    acknowledge: str | None = None
    warn: str | None = None
    or_at_most: str | None = None
    paper: bool = False
    whole_body: bool = False
    external: bool = False


class LadderAgreement(NumberedRow, table=True):
    """That a lead agreed a ladder version for an organisation; the name is the one of the time."""

    __tablename__ = "ladder_agreement"
    __table_args__ = (UniqueConstraint("version_id", "organisation_id"),)  # an organisation agrees once

    version_id: int = Field(foreign_key="ladder_version.id")
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int = Field(foreign_key="person.id")
    person_name: str
    agreed_at: datetime = Field(sa_type=moment())
