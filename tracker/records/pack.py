"""Packs: what a body has before it at a meeting; live while drafted, frozen when published."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from tracker.measures.periods import Period, period, twelve_months_to
from tracker.records.columns import NumberedRow, json_value, moment
from tracker.records.event import session_of
from tracker.records.partnership_chain import record
from tracker.rules.events.decision import PackDiscarded, PackPublished
from tracker.rules.events.kinds import Actor, EventKind
from tracker.rules.refusals import MoveNotAllowed


class Pack(NumberedRow, table=True):
    """`content` is what was in it when it was published (rules/packs), None while it is a draft. It never changes
    after, so figures that were withheld then can not be had by cutting them anew. A draft that was discarded stays for
    its events alone."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        Index("ix_pack_body", "body_id", "meets_at"),  # the one before
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    number: int
    body_id: int = Field(foreign_key="body.id")
    meets_at: datetime = Field(sa_type=moment())
    period: str  # of its theme report (measures/periods); "" of a draft: see `period_on`
    decided_from: date | None = None  # the day of the meeting before, whose pack had the decisions until then
    drafted_at: datetime = Field(sa_type=moment())
    published_at: datetime | None = Field(default=None, sa_type=moment())
    published_by: str = ""
    discarded_at: datetime | None = Field(default=None, sa_type=moment())
    content: dict[str, Any] | None = Field(default=None, sa_type=json_value())

    def publish(self, content: dict[str, Any], meeting: str, actor: Actor, at: datetime) -> None:
        """Freezes it. Refuses a second time with MoveNotAllowed."""
        self._require_draft("What is new goes into the next one.")
        self.content, self.published_at, self.published_by = content, at, actor.name
        self.append(PackPublished(number=self.number, meeting=meeting), actor, at)

    def period_on(self, today: date) -> Period:
        """Of its theme report; where nobody asked for one, the twelve whole months before it is published."""
        return period(self.period) if self.period else twelve_months_to(today)

    def discard(self, meeting: str, actor: Actor, at: datetime) -> None:
        """Gives a draft up. Refuses with MoveNotAllowed what is published."""
        self._require_draft("Only a draft can be discarded.")
        self.discarded_at = at
        self.append(PackDiscarded(number=self.number, meeting=meeting), actor, at)

    def _require_draft(self, allowed: str) -> None:
        if self.published_at is not None:
            raise MoveNotAllowed(f"This pack is published: it stays as it is. {allowed}")

    def append(self, kind: EventKind, actor: Actor, at: datetime) -> None:
        """Records what happened to it, in the partnership's chain of its body."""
        home, readers = self.partnership_id, f"body {self.body_id}"
        record(session_of(self), partnership_id=home, kind=kind, actor=actor, now=at, pack_id=self.id, readers=readers)
