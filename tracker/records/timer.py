"""Timers: every clock of an issue or decision is a row with an indexed moment; no deadline is kept anywhere else."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import NumberedRow, TableRow, choice, index_where, json_value, moment


class TimerKind(StrEnum):
    """What is due when a timer rings."""

    PAUSE = "pause"
    LIMIT = "limit"
    ASK = "ask"
    WARNING = "warning"
    ACKNOWLEDGEMENT = "acknowledgement"
    LAPSE = "lapse"
    SILENCE = "silence"
    TOP_REMINDER = "top_reminder"
    FOUR_WEEKS = "four_weeks"
    PAPERS = "papers"
    DECISION_NEAR = "decision_near"
    DECISION_DUE = "decision_due"


class Timer(NumberedRow, table=True):
    """One clock that is set, of an issue or of a decision. Ringing it, or its becoming pointless, deletes the row; a
    bad one is set aside."""

    __table_args__ = (
        UniqueConstraint("issue_id", "kind", "side"),  # a clock is set once
        UniqueConstraint("decision_id", "kind"),  # that of a decision, too
        CheckConstraint("(issue_id IS NULL) <> (decision_id IS NULL)", name="of_one"),
        index_where("set_aside_at IS NULL", "ix_timer_due", "due_at"),  # the sweep's question: what is due
        index_where("set_aside_at IS NOT NULL", "ix_timer_aside", "set_aside_at"),  # what is to be tried anew
    )

    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    decision_id: int | None = Field(default=None, foreign_key="decision.id")
    kind: TimerKind = Field(sa_type=choice(TimerKind))
    side: str = ""  # the organisation's key, where each side has its own; the kind of ask that lapses
    due_at: datetime = Field(sa_type=moment())
    # what gave it (rules/deadlines: Origin), where a changed arrangement moves it; that of a limit is with the issue
    origin: dict[str, Any] | None = Field(default=None, sa_type=json_value())
    set_aside_at: datetime | None = Field(default=None, sa_type=moment())
    set_aside_why: str | None = None


class Sweep(TableRow, table=True):
    """`did` counts what the sweep found to do when it last found something."""

    name: str = Field(primary_key=True)
    ended_at: datetime = Field(sa_type=moment())
    did: int = 0


class Erasure(NumberedRow, table=True):
    """Words left their rows; what the database keeps of them besides is still to be cleaned away (the clock's)."""

    since: datetime = Field(sa_type=moment())


class RestoredCopy(NumberedRow, table=True):
    """The database was restored from a backup, and is not live yet. While its row is there nothing is done by itself:
    no clock, no letters, no signing. Going live deletes it."""

    __tablename__ = "restored_copy"

    taken_at: datetime = Field(sa_type=moment())  # the backup
    restored_at: datetime = Field(sa_type=moment())
