"""What is kept of an issue, and the ways in which every verb of it writes: events, timers, sides, holders."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import inspect
from sqlmodel import Field, Session, select

from tracker.records.columns import NumberedRow, choice, heads_by_name, json_value, moment
from tracker.records.event import Event, EventReader, event_row, keep_recorded, session_of
from tracker.records.issue_parts import Holder, IssueSide
from tracker.records.searched import SearchedRow
from tracker.records.tally import mark_months_soon
from tracker.records.timer import Timer, TimerKind
from tracker.rules import lifecycle
from tracker.rules.deadlines import Due, Origin
from tracker.rules.digest import Head, Word, next_on, readers_of, with_head
from tracker.rules.events.kinds import Actor, EventKind
from tracker.rules.lifecycle import Kind, Outcome, Severity, State
from tracker.rules.rings import Ring, Step

TIER_TIMERS = (TimerKind.LIMIT, TimerKind.WARNING, TimerKind.ACKNOWLEDGEMENT, TimerKind.TOP_REMINDER)
UNRESOLVED_TIMERS = (*TIER_TIMERS, TimerKind.LAPSE, TimerKind.SILENCE, TimerKind.PAUSE, TimerKind.ASK)


class IssueFacts(SearchedRow, NumberedRow):
    """The columns of an issue. `service_area`, `theme` and `clause` are keys of the arrangement."""

    TEXTS: ClassVar = ("title", "detail")

    partnership_id: int = Field(foreign_key="partnership.id")
    ref: str = Field(unique=True)
    number: int | None = None  # taken when it crosses
    kind: Kind = Field(default=Kind.ISSUE, sa_type=choice(Kind))
    ring: Ring = Field(default=Ring.SHARED, sa_type=choice(Ring))
    title: str
    detail: str = ""
    severity: Severity = Field(sa_type=choice(Severity))
    state: State = Field(default=State.RAISED, sa_type=choice(State))
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome))
    version: int = 1  # moves with what every side can read
    occurred_on: date
    raised_at: datetime = Field(sa_type=moment())
    raised_by_id: int | None = Field(default=None, foreign_key="person.id")
    raised_by_name: str = ""
    hide_reporter: bool = False
    raised_for_id: int = Field(foreign_key="organisation.id")
    meant_for_id: int | None = Field(default=None, foreign_key="organisation.id")  # with whom, before it crosses
    service_area: str | None = None
    theme: str | None = None
    theme_confirmed: bool = False
    other_themes: list[str] = Field(default_factory=list, sa_type=json_value())
    topic: str | None = None
    clause: str | None = None
    ladder_version_id: int | None = Field(default=None, foreign_key="ladder_version.id")
    tier: int = 0  # 0: on no ladder
    deciding_tier: int | None = None  # that handed it down: what passes goes back there, and it confirms how it ends
    body_id: int | None = Field(default=None, foreign_key="body.id")
    whole_body_id: int | None = Field(default=None, foreign_key="body.id")  # whose every member may read it now
    entered_at: datetime | None = Field(default=None, sa_type=moment())
    due_at: datetime | None = Field(default=None, sa_type=moment())
    due_origin: dict[str, Any] | None = Field(default=None, sa_type=json_value())  # rules/deadlines: Origin
    ball_with_id: int = Field(foreign_key="organisation.id")
    route_key: str | None = None
    route_why: str = ""  # where a route is for it
    worked_round: bool = False
    lost_minutes: int | None = None  # as said when it was raised, until a resolution is agreed that says another
    reopens: int = 0
    occurrences: int = 1
    proposal: dict[str, Any] | None = Field(default=None, sa_type=json_value())
    proposed_at: datetime | None = Field(default=None, sa_type=moment())
    asking: int = 0  # how many asks are open
    pause: dict[str, Any] | None = Field(default=None, sa_type=json_value())  # that it stands still in: `reckoning`
    resolved_at: datetime | None = Field(default=None, sa_type=moment())
    stayed_fixed: str | None = None  # what those asked four weeks on say together: "asked", "yes" or "no"
    again_of_id: int | None = Field(default=None, foreign_key="issue.id")
    same_as_id: int | None = Field(default=None, foreign_key="issue.id")
    outside_ref: str | None = None
    events: int = 0  # how many events its chain holds, private ones too: never shown
    # of each of its chains where it ends, on which the next event stands: never shown
    heads: dict[str, Head] = Field(default_factory=dict, sa_type=heads_by_name())
    uncounted_at: datetime | None = Field(default=None, sa_type=moment())  # since when its climb is (records/climb)

    if TYPE_CHECKING:
        sides: list[IssueSide]
        holders: list[Holder]
        timers: list[Timer]

    @property
    def crossed(self) -> bool:
        """Whether the other side knows of it."""
        return self.ring is not Ring.ORGANISATION

    @property
    def limit_origin(self) -> Origin | None:
        """What gave the limit of the tier it is on."""
        return Origin.read(self.due_origin) if self.due_origin else None

    @property
    def is_resolved(self) -> bool:
        return self.state is State.RESOLVED

    @property
    def is_confirming(self) -> bool:
        """Whether the tier that handed it down has been asked to confirm how it ends."""
        return self.state is State.PROPOSED and self.deciding_tier == self.tier

    @property
    def proposer_id(self) -> int | None:
        """Who proposed what stands; None once another of their side has confirmed it."""
        kept = self.proposal if self.state is State.PROPOSED else None
        person: int | None = kept.get("answers", {}).get(str(kept.get("by"))) if kept else None
        return person

    def side(self, organisation_id: int) -> IssueSide:
        return next(side for side in self.sides if side.organisation_id == organisation_id)

    def add_side(self, organisation_id: int) -> None:
        """One more organisation is concerned; a second time changes nothing."""
        if organisation_id not in self.side_ids:
            self.sides.append(IssueSide(organisation_id=organisation_id, position=len(self.sides)))

    @property
    def side_ids(self) -> tuple[int, ...]:
        """The sides' organisation ids, the one spoken for first."""
        ordered = sorted(self.sides, key=lambda side: (side.position, side.organisation_id))
        return tuple(side.organisation_id for side in ordered)

    def require(self, step: Step) -> None:
        """Refuses with `MoveNotAllowed` a step that this issue's kind, ring or state does not allow."""
        lifecycle.require(step, self.state, kind=self.kind, crossed=self.crossed)

    def append(
        self,
        kind: EventKind,
        actor: Actor,
        at: datetime,
        *,
        ring: Ring = Ring.SHARED,
        named: Collection[int] = (),
        sealed: dict[str, Word] | None = None,
        once: str | None = None,
    ) -> Event:
        """Records what happened. An event that not all sides read moves no version that they see. `named`: in the ring
        of that name, the ids of who reads it besides its actor."""
        self.events += 1
        ring = ring if self.crossed else Ring.ORGANISATION
        named = frozenset(named) - {actor.person_id} if ring is Ring.NAMED else frozenset()
        readers = self._readers(ring, actor, named)
        columns = event_row(
            kind,
            actor,
            at,
            readers=readers,
            on=next_on(self.heads, readers),
            sealed=sealed or {},
            partnership_id=self.partnership_id,
            issue_id=self.id,
            position=self.events,
            once=once,
            ring=ring,
            tier=self.tier,
            ball_with_id=self.ball_with_id,
            state=self.state.value,
        )
        event = Event(**columns)
        self.heads = with_head(self.heads, readers, Head(event.place, event.digest))
        if event.ring is Ring.SHARED or not self.crossed:
            self.version += 1
        if self.crossed:
            self.uncounted_at = at  # always: a clock may have counted it since it was read
        self.session.add(event)
        for each in sorted(named):
            self.session.add(EventReader(issue_id=self.id, position=event.position, person_id=each))
        keep_recorded(self.session, event)
        if kind.moves_totals and self.id is not None:  # those of a new one are marked when it is written
            mark_months_soon(self.session, self.partnership_id, self.id, at)
        return event

    def _readers(self, ring: Ring, actor: Actor, named: Collection[int]) -> str:
        return readers_of(
            ring,
            self.side_ids,
            organisation_id=actor.organisation_id,
            people=[*named, *([] if actor.person_id is None else [actor.person_id])],
            tier=self.tier,
            personal=self.ring is Ring.NAMED,
        )

    def named_at(self, position: int) -> frozenset[int]:
        """The ids of who reads what happened at a position in the ring `named`, whoever did it among them."""
        read = select(EventReader.person_id).where(EventReader.issue_id == self.id, EventReader.position == position)
        did = select(Event.person_id).where(Event.issue_id == self.id, Event.position == position)
        people = (*self.session.exec(read), *self.session.exec(did))
        return frozenset(each for each in people if each is not None)

    @property
    def session(self) -> Session:
        return session_of(self)

    def set_timer(self, kind: TimerKind, due: Due | None, side: str = "") -> None:
        """Sets a clock anew, in the row it had; None takes it away."""
        if due is None:
            self.clear_timers(kind, side=side)
            return
        origin = due.origin.kept() if due.origin else None
        timer = self._timer(kind, side)
        if timer is not None:
            timer.due_at, timer.origin = due.at, origin
        else:
            self.timers.append(Timer(kind=kind, side=side, due_at=due.at, origin=origin))

    def _timer(self, kind: TimerKind, side: str) -> Timer | None:
        """The row of a clock. One that was taken away a moment ago is put back: a row is written before one goes."""
        gone = inspect(self).attrs.timers.history.deleted
        found = next((each for each in (*self.timers, *gone) if (each.kind, each.side) == (kind, side)), None)
        if found is not None and found not in self.timers:
            self.timers.append(found)
        return found

    def clear_timers(self, *kinds: TimerKind, side: str | None = None) -> None:
        """Takes clocks away: of every side, or of one."""
        gone = [each for each in self.timers if each.kind in kinds and side in (None, each.side)]
        if any(each.id is None for each in gone):  # else SQLAlchemy may write what follows before what came before
            self.session.flush()
        self.timers[:] = [each for each in self.timers if each not in gone]

    def holders_now(self) -> Iterable[Holder]:
        """The holders at the tier it is on."""
        return [each for each in self.holders if each.tier == self.tier and each.active]


def organisation_of(actor: Actor) -> int:
    """For which organisation somebody does what the clock cannot."""
    if actor.organisation_id is None:
        raise ValueError("only a person who speaks for an organisation can do this")
    return actor.organisation_id
