"""The parts of an issue: sides, holders on each tier, each time it happened, who is asked, and who has read what."""

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Session, select

from tracker.records.columns import HIGHEST, NumberedRow, TableRow, choice, index_where, json_value, moment
from tracker.rules.lifecycle.asks import AskKind, AskState
from tracker.rules.notices import AttentionWish


class IssueSide(TableRow, table=True):
    """An organisation concerned. Having such a row is what lets an organisation read a shared issue."""

    __tablename__ = "issue_side"
    __table_args__ = (Index("ix_issue_side_reader", "organisation_id", "issue_id"),)  # who may read

    issue_id: int = Field(default=None, foreign_key="issue.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    position: int = 0  # 0: the organisation spoken for
    acknowledged_at: datetime | None = Field(default=None, sa_type=moment())  # at the tier it is on
    acknowledged_by_name: str | None = None
    acknowledge_by: datetime | None = Field(default=None, sa_type=moment())  # at that tier, until its side has
    lapsed_at: datetime | None = Field(default=None, sa_type=moment())  # asked since whether it still has it
    agreed_at: datetime | None = Field(default=None, sa_type=moment())  # to the proposal that stands
    proposes_from: datetime | None = Field(default=None, sa_type=moment())  # no sooner, since it took a proposal back
    theme: str | None = None  # why it rubs as this side sees it; which theme counts is the issue's


class Holder(NumberedRow, table=True):
    """Who has an issue for an organisation at a tier, as agreed, written at entry whoever was away. Lower holders stay
    attached; so does, `acted`, whoever stood in for one and did something: they hold nothing, and keep sight of it."""

    __table_args__ = (
        index_where("active", "ix_holder_desk", "person_id", "id"),  # desks: what was given last
        Index("ix_holder_held_by", "person_id", "issue_id"),  # whose name is searched for
    )

    issue_id: int = Field(default=None, foreign_key="issue.id", index=True)
    organisation_id: int = Field(foreign_key="organisation.id")
    tier: int
    person_id: int = Field(foreign_key="person.id")
    first: bool = True  # the named opposite number
    active: bool = True  # at the tier it is on, and not resolved
    acted: bool = False


class Occurrence(NumberedRow, table=True):
    """One time it happened. Charts count these by the day they happened. `number`: by which its events name it, and
    which says nothing of how many there are."""

    __table_args__ = (Index("ix_occurrence_report", "occurred_on", "issue_id"),)  # reports, by period

    issue_id: int = Field(default=None, foreign_key="issue.id", index=True)
    number: int
    occurred_on: date
    organisation_id: int = Field(foreign_key="organisation.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    person_name: str = ""
    detail: str = ""
    recorded_at: datetime = Field(sa_type=moment())


def lot() -> int:
    """The number of an occurrence."""
    return 1 + secrets.randbelow(HIGHEST)


def numbered_occurrence(session: Session, issue_id: int, number: int) -> Occurrence | None:
    """None where it was taken back."""
    mine = select(Occurrence).where(Occurrence.issue_id == issue_id, Occurrence.number == number)
    return session.exec(mine).first()


class StayedFixedQuestion(TableRow, table=True):
    """Somebody who is asked, since four weeks after the resolution that stands, whether it stayed fixed."""

    __tablename__ = "stayed_fixed_question"
    __table_args__ = (index_where("answer IS NULL", "ix_stayed_fixed_question_desk", "person_id"),)  # desks

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    answer: str | None = None  # "yes" or "no", once


class Attention(TableRow, table=True):
    """What an issue is to one person: up to which event they have looked at it, private ones counted; None where they
    have not. Never shown to anybody as it is. `wish`: which word of it they want besides what is theirs to hear."""

    __table_args__ = (index_where("wish IS NOT NULL", "ix_attention_wish", "issue_id"),)  # who else hears of it

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    looked: int | None = None  # the position of that event
    wish: AttentionWish | None = Field(default=None, sa_type=choice(AttentionWish))


class Ask(NumberedRow, table=True):
    """What one side asks of the others about an issue. Its words stand in the event at `position`; who answered for
    which side, by the organisation's id, in `answers`, with whoever asked."""

    __table_args__ = (
        UniqueConstraint("issue_id", "number"),  # its address
        index_where("state = 'open'", "ix_ask_open", "issue_id", "kind", unique=True),  # one of a kind at a time; desks
    )

    issue_id: int = Field(foreign_key="issue.id")
    number: int
    kind: AskKind = Field(sa_type=choice(AskKind))
    state: AskState = Field(default=AskState.OPEN, sa_type=choice(AskState))
    by_id: int = Field(foreign_key="organisation.id")
    asked_at: datetime = Field(sa_type=moment())
    position: int
    answers: dict[str, int | None] = Field(sa_type=json_value())
    terms: dict[str, Any] = Field(sa_type=json_value())

    @property
    def agreed_ids(self) -> frozenset[int]:
        """The organisations that have agreed, the one that asked among them."""
        return frozenset(int(each) for each in self.answers)
