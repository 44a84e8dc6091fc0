"""Decisions: what a body decided, for which organisations, who owns it, by when; with the verbs that change it."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship

from tracker.records.columns import NumberedRow, TableRow, choice, moment
from tracker.records.event import session_of
from tracker.records.partnership_chain import record
from tracker.records.timer import Timer, TimerKind
from tracker.rules.deciding import DecisionState, Reminders, SubjectKind, reminder_moments, say_decision
from tracker.rules.digest import together
from tracker.rules.events.decision import (
    DecisionDone,
    DecisionDue,
    DecisionMoved,
    DecisionNear,
    DecisionProgressed,
    DecisionSuperseded,
    DecisionWithdrawn,
)
from tracker.rules.events.kinds import CLOCK, Actor, EventKind
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.working_time import WorkingTime

_OWN = {"lazy": "raise", "cascade": "all, delete-orphan"}


class DecisionSide(TableRow, table=True):
    """An organisation that decided, and who owns it there, as they were called then."""

    __tablename__ = "decision_side"
    __table_args__ = (Index("ix_decision_side_reader", "organisation_id", "decision_id"),)  # who may read

    decision_id: int = Field(default=None, foreign_key="decision.id", primary_key=True)
    organisation_id: int = Field(foreign_key="organisation.id", primary_key=True)
    position: int = 0
    owner_id: int = Field(foreign_key="person.id")
    owner_name: str


class DecisionSubject(TableRow, table=True):
    """A theme, clause or topic that a decision is on, by its key."""

    __tablename__ = "decision_subject"
    __table_args__ = (Index("ix_decision_subject_key", "kind", "key"),)  # precedents; the charts of a theme

    decision_id: int = Field(default=None, foreign_key="decision.id", primary_key=True)
    kind: SubjectKind = Field(sa_type=choice(SubjectKind), primary_key=True)
    key: str = Field(primary_key=True)


class DecisionIssue(TableRow, table=True):
    """An issue that a decision concerns."""

    __tablename__ = "decision_issue"

    decision_id: int = Field(default=None, foreign_key="decision.id", primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", primary_key=True, index=True)  # the issue's page


class Decision(NumberedRow, table=True):
    """What was decided. Its state changes only through the verbs, each of which records an event."""

    __table_args__ = (
        UniqueConstraint("partnership_id", "number"),
        Index("ix_decision_body", "body_id", "decided_on"),  # a body's page and packs
    )

    partnership_id: int = Field(foreign_key="partnership.id")
    number: int
    body_id: int = Field(foreign_key="body.id")
    what: str
    detail: str = ""
    changes_agreement: bool = False
    decided_on: date
    due_on: date
    state: DecisionState = Field(default=DecisionState.OPEN, sa_type=choice(DecisionState))
    ended_on: date | None = None
    superseded_by: int | None = None  # the number of the later one
    version: int = 1
    recorded_at: datetime = Field(sa_type=moment())

    sides: list[DecisionSide] = Relationship(sa_relationship_kwargs=_OWN)
    subjects: list[DecisionSubject] = Relationship(sa_relationship_kwargs=_OWN)
    issues: list[DecisionIssue] = Relationship(sa_relationship_kwargs=_OWN)
    timers: list[Timer] = Relationship(sa_relationship_kwargs=_OWN)

    @property
    def owner_ids(self) -> tuple[int, ...]:
        return tuple(side.owner_id for side in sorted(self.sides, key=lambda side: side.position))

    def progress(self, text: str, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """An owner says how far it is."""
        self._require_open()
        self.append(DecisionProgressed(number=self.number, decision=self.what, progress=text), actor, at, once=once)

    def move(
        self, due_on: date, reason: str, actor: Actor, at: datetime, *, again: Reminders, once: str | None = None
    ) -> None:
        """Another due date, with its reason; the reminders are set anew."""
        self._require_open()
        old, self.due_on = self.due_on, due_on
        self.set_reminders(again)
        moved = DecisionMoved(
            number=self.number, decision=self.what, from_on=old.isoformat(), to_on=due_on.isoformat(), reason=reason
        )
        self.append(moved, actor, at, once=once)

    def finish(
        self, how: str, on: date, actor: Actor, at: datetime, *, since: date | None = None, once: str | None = None
    ) -> None:
        """An owner says that it is done. `since`: the day, where it is told with it."""
        self._end(DecisionState.DONE, on)
        day = since.isoformat() if since else ""
        done = DecisionDone(number=self.number, decision=self.what, how=how, done_on=day)
        self.append(done, actor, at, once=once)

    def withdraw(self, reason: str, on: date, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """The body takes it back."""
        self._end(DecisionState.WITHDRAWN, on)
        self.append(DecisionWithdrawn(number=self.number, decision=self.what, reason=reason), actor, at, once=once)

    def supersede(self, by: int, on: date, actor: Actor, at: datetime) -> None:
        """A later decision (its number) takes its place."""
        self._end(DecisionState.SUPERSEDED, on)
        self.superseded_by = by
        self.append(DecisionSuperseded(number=self.number, decision=self.what, by=by), actor, at)

    def remind(self, kind: TimerKind, at: datetime) -> None:
        """The clock reminds the owners, once before the due date and once on it; what is due no longer comes near."""
        reminder = _REMINDERS[kind](number=self.number, decision=self.what, due_on=self.due_on.isoformat())
        over = (kind, TimerKind.DECISION_NEAR)
        self.timers[:] = [each for each in self.timers if each.kind not in over]
        self.append(reminder, CLOCK, at)

    def set_reminders(self, reminders: Reminders) -> None:
        """Sets both clocks anew; one whose moment has passed is not set."""
        wanted = {TimerKind.DECISION_NEAR: reminders.near_at, TimerKind.DECISION_DUE: reminders.due_at}
        kept = {each.kind: each for each in self.timers}
        for kind, due_at in wanted.items():
            if due_at is not None and kind in kept:
                kept[kind].due_at = due_at
            elif due_at is not None:
                self.timers.append(Timer(kind=kind, due_at=due_at))
        self.timers[:] = [each for each in self.timers if wanted.get(each.kind) is not None]

    def reckon_anew(self, before: WorkingTime, after: WorkingTime) -> None:
        """Calendars changed: reminders still to come move to where its due date has them by the joint time of now."""
        kinds = (TimerKind.DECISION_NEAR, TimerKind.DECISION_DUE)
        old, new = (reminder_moments(self.due_on, calendar) for calendar in (before, after))
        moved = {kind: at for kind, was, at in zip(kinds, old, new, strict=True) if at != was}
        for timer in self.timers:
            timer.due_at = moved.get(timer.kind, timer.due_at)

    def append(self, kind: EventKind, actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """Records what happened to it, in the partnership's chain of those who took it."""
        self.version += 1
        home, session = self.partnership_id, session_of(self)
        readers = together([each.organisation_id for each in self.sides])
        record(
            session,
            partnership_id=home,
            kind=kind,
            actor=actor,
            now=at,
            decision_id=self.id,
            once=once,
            readers=readers,
        )

    def _end(self, state: DecisionState, on: date) -> None:
        self._require_open()
        self.state, self.ended_on = state, on
        self.timers[:] = []

    def _require_open(self) -> None:
        if self.state is not DecisionState.OPEN:
            which = say_decision(self.number, self.what)
            raise MoveNotAllowed(f"It is over with {which}: it is {self.state.value}. What is new is a decision anew.")


_REMINDERS: dict[TimerKind, type[DecisionNear] | type[DecisionDue]] = {
    TimerKind.DECISION_NEAR: DecisionNear,
    TimerKind.DECISION_DUE: DecisionDue,
}
