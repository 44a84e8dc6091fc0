"""How issues climbed: what the events of each say, and sums of that, which reports add up instead of issues."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from tracker.records.columns import NumberedRow, TableRow, json_value, likely_json, moment

EVERY_MONTH = 0  # the number of all months together

# What counts are likely to say, the likeliest last. What is kept cannot be read with another.
LIKELY_COUNTS = (
    rb'"reopened":1,"handed over":1,"hand-overs":2,"ping-pong":1,"without clock":1,"came back":1,"passed\t",'
    rb'"returns":2,"returned":1,"to and fro":1,"settled\t","contested\t","not settled\t","lying\theld\t":1,'
    rb'"lying since\theld\t":17,"lapsed":1,"waiting\t","not acknowledged\t8":1,"moved up\t1":1,"still there\t1":1,'
    rb'"rose\t1\ttimed out\t":1,"due\t1\t","told","limit":1,"staying\t1\t","not left\t1\t",'
    rb'"outcome\tnot_solved":1,"not solved":1,"within\t1":0,"came\t2":1,"told\t2":1,"timed\t2":1,"within\t2":1,'
    rb'"left\t2\t{"24300":{"raised":1,"resolved":1,"reached\t1":1,"past second\t1":1,"outcome\tsolved":1,"ended\t1":1,'
    rb'"solved\t1":1,"followed\t46\tstayed":1,"spent\theld\t":1,"asked":1,"acknowledged\t8":1,"came\t1":1,"told\t1":1,'
    rb'"timed\t1":1,"within\t1":1,"left\t1\t'
)


class ClimbScope(NumberedRow, table=True):
    """Issues between the same sides that the same people may read. `sides`: organisation ids in order, with commas
    between; `named`: only those may read them whom they concern; `body_id`: whose every member may, 0: no body's."""

    __tablename__ = "climb_scope"
    __table_args__ = (UniqueConstraint("partnership_id", "sides", "named", "body_id"),)  # what an issue belongs to

    partnership_id: int = Field(foreign_key="partnership.id")
    sides: str
    named: bool = False
    body_id: int = 0


class ClimbTally(NumberedRow, table=True):
    """The sum of what the issues of a scope add to a month (measures/climb); `longest`: of those raised in it that went
    the longest way, as [tiers, hand-overs, seconds, minus the second it was raised in, minus its id]."""

    __tablename__ = "climb_tally"
    __table_args__ = (UniqueConstraint("scope_id", "month"),)  # the report

    scope_id: int = Field(foreign_key="climb_scope.id")
    month: int
    counts: dict[str, int] = Field(sa_type=likely_json(LIKELY_COUNTS))
    longest: list[list[int]] = Field(sa_type=json_value())


class IssueClimb(TableRow, table=True):
    """What the events of an issue say, as it was counted: it follows from them, and is made anew when there are more.

    `figures`: those of `measures.ladder_flow.LadderFlow`, in their order; `counts`: by the number of a month what it
    adds to it; `followed_from`: the hour since 1970 from which on it can be told whether it `came_back`.
    """

    __tablename__ = "issue_climb"
    __table_args__ = (
        # those that went the longest way: of a month, and of all
        Index("ix_issue_climb_longest", "scope_id", "month", "steps", "hand_overs", "elapsed_seconds"),
        Index("ix_issue_climb_longest_ever", "scope_id", "steps", "hand_overs", "elapsed_seconds"),
    )

    issue_id: int = Field(foreign_key="issue.id", primary_key=True)
    scope_id: int = Field(foreign_key="climb_scope.id")
    month: int  # in which it was raised
    raised_at: datetime = Field(sa_type=moment())
    steps: int
    hand_overs: int
    elapsed_seconds: int = Field(sa_type=BigInteger)
    figures: list[Any] = Field(sa_type=json_value())
    counts: dict[str, dict[str, int]] = Field(sa_type=likely_json(LIKELY_COUNTS))
    followed_from: int | None = None
    came_back: bool = False
