"""The issue: one record of one problem at the boundary, with the verbs by which it lives."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Relationship, Session

from tracker.measures.cut_text import cut
from tracker.records.climbing import Climbing
from tracker.records.columns import TableRow, index_where, write_row, write_rows
from tracker.records.event import Event
from tracker.records.issue_facts import IssueFacts, organisation_of
from tracker.records.issue_parts import Holder, IssueSide, Occurrence
from tracker.records.quotation import Quoting
from tracker.records.reckoning import Reckoning
from tracker.records.redacting import Redacting
from tracker.records.sides.mending import Mending
from tracker.records.sides.merging import Merging
from tracker.records.sides.papers import PaperWriting
from tracker.records.tally import mark_months
from tracker.records.timer import Timer
from tracker.rules.events.issue import Raised
from tracker.rules.events.kinds import Actor
from tracker.rules.new_issue import NewIssue

_NEWEST = ("raised_at", "id")
_OWN = {"lazy": "raise", "cascade": "all, delete-orphan"}


class Issue(Merging, Reckoning, Climbing, Mending, PaperWriting, Quoting, Redacting, IssueFacts, table=True):
    """A problem between organisations. Its status changes only through verbs, each of which appends an event."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        UniqueConstraint("partnership_id", "outside_ref"),  # a second import finds the first
        Index("ix_issue_newest", "partnership_id", *_NEWEST),  # the list
        # the list of what is not over: what of that is late, paused, on a tier or with somebody is asked of the index
        index_where(
            "resolved_at IS NULL",
            *("ix_issue_unresolved", "partnership_id", *_NEWEST, "due_at", "state", "tier", "ball_with_id"),
        ),
        # what presses, before it in the list
        index_where("severity = 'critical' AND resolved_at IS NULL", "ix_issue_pressing", "partnership_id", *_NEWEST),
        # the list by one filter, however rare; what else is asked of few of many is asked of the index
        Index("ix_issue_of_tier", "partnership_id", "tier", *_NEWEST),
        Index("ix_issue_of_theme", "partnership_id", "theme", *_NEWEST, "tier", "service_area", "outcome"),
        Index("ix_issue_of_area", "partnership_id", "service_area", *_NEWEST, "tier"),
        index_where(
            "outcome IS NOT NULL", "ix_issue_of_outcome", "partnership_id", "outcome", *_NEWEST, "theme", "tier"
        ),
        index_where("topic IS NOT NULL", "ix_issue_of_topic", "partnership_id", "topic", *_NEWEST),
        index_where("clause IS NOT NULL", "ix_issue_of_clause", "partnership_id", "clause", *_NEWEST),
        index_where("kind = 'early_warning'", "ix_issue_early_warning", "partnership_id", *_NEWEST),
        # the list of what has none, which PostgreSQL finds in order only so
        index_where("theme IS NULL", "ix_issue_of_no_theme", "partnership_id", *_NEWEST),
        index_where("service_area IS NULL", "ix_issue_of_no_area", "partnership_id", *_NEWEST),
        Index("ix_issue_limit", "partnership_id", "due_at", "id"),  # the list by limit
        # the same of what is not over
        index_where("resolved_at IS NULL", "ix_issue_due", "partnership_id", "due_at", "id", "state"),
        index_where("asking > 0", "ix_issue_asked", "body_id"),  # the desk of whoever has a seat where it is
        index_where("resolved_at IS NULL", "ix_issue_agenda", "body_id", "due_at", "id", "severity"),  # a body's agenda
        index_where("resolved_at IS NOT NULL", "ix_issue_decided", "body_id", "resolved_at"),  # what left a body lately
        # what was solved lately, and whether it lasts
        index_where("resolved_at IS NOT NULL", "ix_issue_resolved", "partnership_id", "resolved_at"),
        # which lately happened again
        index_where("again_of_id IS NOT NULL", "ix_issue_linked", "partnership_id", "raised_at", "id"),
        index_where("again_of_id IS NOT NULL", "ix_issue_again", "again_of_id"),  # the chain on the issue page
        index_where("same_as_id IS NOT NULL", "ix_issue_same_as", "same_as_id"),  # what was merged into it, there
        # "what I raised" on the desk, the last at first; and whose name is searched for
        Index("ix_issue_raised_by", "raised_by_id", "resolved_at", "id"),
        index_where("cut_words IS NULL", "ix_issue_uncut", "id"),  # what is still to be cut
        # how which issues climbed is still to be counted
        index_where("uncounted_at IS NOT NULL", "ix_issue_uncounted", "partnership_id", "uncounted_at"),
    )

    sides: list[IssueSide] = Relationship(sa_relationship_kwargs=_OWN)
    holders: list[Holder] = Relationship(sa_relationship_kwargs=_OWN)
    timers: list[Timer] = Relationship(sa_relationship_kwargs=_OWN)

    @classmethod
    def raised(
        cls,
        session: Session,
        new: NewIssue,
        actor: Actor,
        at: datetime,
        *,
        partnership_id: int,
        with_id: int,
        once: str | None = None,
    ) -> "Issue":
        """Somebody said what went wrong. It has its own side and, unless kept inside, the one it is with. Until it is
        written (`write_new`) it has no reference, and nobody waits for what else is to be said of it."""
        own_id = organisation_of(actor)
        facts = asdict(new)
        del facts["with_"], facts["taken_over"]
        issue = cls(
            partnership_id=partnership_id,
            ref="",
            raised_at=at,
            raised_by_id=actor.person_id,
            raised_by_name=actor.name,
            raised_for_id=own_id,
            meant_for_id=with_id,
            ball_with_id=own_id,
            occurrences=0,
            cut_words=cut(new.title, new.detail),
            other_themes=[],
            **facts,
        )
        issue.sides, issue.holders, issue.timers = [], [], []
        session.add(issue)
        issue.add_side(own_id)
        if issue.crossed:
            issue.add_side(with_id)
        issue.add_occurrence(issue.occurred_on, "", actor, at)
        raised = Raised(
            kind=new.kind.value,
            severity=new.severity.value,
            worked_round=new.worked_round,
            lost_minutes=new.lost_minutes,
            taken_over=new.taken_over,
            title=new.title,
            detail=new.detail,
        )
        issue.append(raised, actor, at, once=once)
        return issue

    def drafted(self) -> tuple[TableRow, ...]:
        """What was said of a new issue so far, which leaves the session: nothing of it is written by that."""
        session = self.session
        said = [each for each in session.new if isinstance(each, Occurrence | Event)]
        for each in (self, *said):
            session.expunge(each)
        return (*self.sides, *self.holders, *self.timers, *said)

    def write_new(self, session: Session, drafted: Iterable[TableRow], ref: str, number: int | None) -> None:
        """Writes a new issue with all that was `drafted` of it, by a statement for each table; whoever goes on with it
        loads it."""
        self.ref, self.number = ref, number
        self.id = write_row(session, self)
        rows = [*drafted]
        for each in rows:
            each.issue_id = self.id
        write_rows(session, rows)
        mark_months(session, self.partnership_id, [self.id], self.raised_at)
