"""The issue: one record of one problem at the boundary, with the verbs by which it lives."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Relationship, Session

from tracker.records.climbing import Climbing
from tracker.records.issue_facts import IssueFacts
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.mending import Mending
from tracker.records.quotation import Quoting
from tracker.records.resolving import Resolving
from tracker.records.timer import Timer
from tracker.rules.events.issue import Raised
from tracker.rules.events.kinds import Actor
from tracker.rules.new_issue import NewIssue

_OWN = {"lazy": "raise", "cascade": "all, delete-orphan"}


class Issue(Resolving, Climbing, Mending, Quoting, IssueFacts, table=True):
    """A problem between organisations. Its status changes only through verbs, each of which appends an event."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        UniqueConstraint("partnership_id", "outside_ref"),  # a second import finds the first
        Index("ix_issue_newest", "partnership_id", "raised_at", "id"),  # the list
        Index("ix_issue_unresolved", "partnership_id", "raised_at", "id", sqlite_where=text("resolved_at IS NULL"),
              postgresql_where=text("resolved_at IS NULL")),  # the list of what is not over
        Index("ix_issue_raiser", "raised_by_id", sqlite_where=text("resolved_at IS NULL"),
              postgresql_where=text("resolved_at IS NULL")),  # "what I raised" on the desk
        Index("ix_issue_stayed_fixed", "raised_by_id", sqlite_where=text("stayed_fixed = 'asked'"),
              postgresql_where=text("stayed_fixed = 'asked'")),  # "did it stay fixed?" on the desk
        Index("ix_issue_agenda", "body_id", "due_at", sqlite_where=text("resolved_at IS NULL"),
              postgresql_where=text("resolved_at IS NULL")),  # a body's agenda
        Index("ix_issue_decided", "body_id", "resolved_at", sqlite_where=text("resolved_at IS NOT NULL"),
              postgresql_where=text("resolved_at IS NOT NULL")),  # what left a body lately
        Index("ix_issue_resolved", "partnership_id", "resolved_at", sqlite_where=text("resolved_at IS NOT NULL"),
              postgresql_where=text("resolved_at IS NOT NULL")),  # what was solved lately, and whether it lasts
        Index("ix_issue_linked", "partnership_id", "raised_at", "id", sqlite_where=text("again_of_id IS NOT NULL"),
              postgresql_where=text("again_of_id IS NOT NULL")),  # which lately happened again
        Index("ix_issue_again", "again_of_id", sqlite_where=text("again_of_id IS NOT NULL"),
              postgresql_where=text("again_of_id IS NOT NULL")),  # the chain on the issue page
    )  # fmt: skip

    sides: list[IssueSide] = Relationship(sa_relationship_kwargs=_OWN)
    holders: list[Holder] = Relationship(sa_relationship_kwargs=_OWN)
    timers: list[Timer] = Relationship(sa_relationship_kwargs=_OWN)

    @classmethod
    def raised(
        cls, session: Session, new: NewIssue, actor: Actor, at: datetime, *,
        partnership_id: int, with_id: int, ref: str, number: int | None, once: str | None = None,
    ) -> "Issue":  # fmt: skip
        """Somebody said what went wrong. It has its own side and, unless kept inside, the one it is with."""
        if actor.organisation_id is None:
            raise ValueError("an issue is raised for an organisation")
        facts = asdict(new)
        del facts["with_"]
        issue = cls(
            partnership_id=partnership_id, ref=ref, number=number, raised_at=at, raised_by_id=actor.person_id,
            raised_by_name=actor.name, raised_for_id=actor.organisation_id, meant_for_id=with_id,
            ball_with_id=actor.organisation_id, occurrences=0, other_themes=[], due_why=[], **facts,
        )  # fmt: skip
        issue.sides, issue.holders, issue.timers = [], [], []
        issue.add_side(actor.organisation_id)
        if issue.crossed:
            issue.add_side(with_id)
        session.add(issue)
        session.flush()
        issue.add_occurrence(issue.occurred_on, "", actor, at)
        raised = Raised(
            kind=new.kind.value, severity=new.severity.value, worked_round=new.worked_round,
            title=new.title, detail=new.detail,
        )  # fmt: skip
        issue.append(raised, actor, at, once=once)
        return issue
