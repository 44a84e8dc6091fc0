"""How the clocks of an issue stand still in a pause, go on after it, and follow a changed arrangement."""

from datetime import datetime
from functools import partial

from tracker.records.climbing import Climbing
from tracker.records.timer import Timer, TimerKind
from tracker.rules import ladder
from tracker.rules.arrangement import Ladder, Organisation
from tracker.rules.deadlines import Due, Origin, warning_before
from tracker.rules.events.issue import LimitRecomputed
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.moving import LadderMoved, Paused, Resumed
from tracker.rules.ladder import Entry, HolderAt, LadderContext
from tracker.rules.lifecycle import State
from tracker.rules.rings import Step

# Besides the limit: what people are shown, and so told of.
_TOLD = (TimerKind.ACKNOWLEDGEMENT, TimerKind.SILENCE, TimerKind.PAUSE, TimerKind.ASK)


class Reckoning(Climbing):
    """The verbs of the clocks that are set."""

    def stand_still(self, paused: Paused, at: datetime, *, ends: Due) -> None:
        """Every side agreed to a pause: the clock of the tier stops, its limit stays to be seen."""
        self.pause = {"since": at.isoformat(), "state": self.state.value, "number": paused.number}
        self.state = State.PAUSED
        self.clear_timers(TimerKind.LIMIT, TimerKind.WARNING)
        self.set_timer(TimerKind.PAUSE, ends)
        self.append(paused, CLOCK, at)

    def go_on(
        self,
        resumed: Resumed,
        actor: Actor,
        at: datetime,
        *,
        due: Due,
        warn_at: datetime | None,
        once: str | None = None,
    ) -> None:
        """A pause is over: the limit is where `due` has it."""
        self.require(Step.RESUME)
        self.state, self.pause = State((self.pause or {}).get("state", State.OPEN)), None
        self.clear_timers(TimerKind.PAUSE)
        self.set_limit(due)
        self.set_timer(TimerKind.WARNING, Due(warn_at) if warn_at else None)
        self.append(resumed, actor, at, once=once)

    def seat_side(self, organisation: Organisation, holders: tuple[HolderAt, ...], acknowledge: Due | None) -> None:
        """Who has it for a side that has just been added, and by when that is to acknowledge."""
        self._write_holders(holders)
        self._await_acknowledgement(organisation.id, organisation.key, acknowledge)

    def change_ladder(
        self, newer: Ladder, moved: LadderMoved, at: datetime, *, due: Due | None, warn_at: datetime | None
    ) -> None:
        """Onto a newer version that has it where it is: its limit runs on, who has acknowledged has."""
        self.ladder_version_id = newer.id
        if self.deciding_tier is not None and self.deciding_tier <= self.tier:
            self.deciding_tier = None
        self.set_limit(due)
        self.set_timer(TimerKind.WARNING, Due(warn_at) if warn_at else None)
        self.clear_timers(TimerKind.TOP_REMINDER)
        self.append(moved, CLOCK, at)

    def decided_by(self, tier: int | None) -> None:
        """The tier that handed it down has another number on the ladder that it climbs from now on."""
        self.deciding_tier = tier

    def enter_ladder(self, newer: Ladder, moved: LadderMoved, at: datetime, *, entry: Entry) -> None:
        """Onto a newer version at another tier than it was on."""
        self.enter(entry)
        self.ladder_version_id = newer.id
        self.append(moved, CLOCK, at)
        self.tell_vacancies(entry.vacancies, at)

    @property
    def paused_since(self) -> datetime | None:
        return datetime.fromisoformat(self.pause["since"]) if self.pause else None

    def reckon_anew(self, before: LadderContext, after: LadderContext, at: datetime, *, why: str) -> bool:
        """Each clock that is set moves to where its origin has it by the arrangement of now. Whether anything moved
        that people are shown; where nothing did, there is no event."""
        after_change = partial(ladder.after_change, before, after, now=at)
        old, origin, moved = self.due_at, self.limit_origin, dict[str, Due]()
        if self.limit_stands and origin and old:
            self._keep_limit(due := after_change(origin, old))
            moved |= {TimerKind.LIMIT.value: due} if due.at != old else {}
        self._warn_anew(before, after, old)
        for timer in [each for each in self.timers if each.origin]:
            due = after_change(Origin.read(timer.origin or {}), timer.due_at)
            moved |= {_name(timer): due} if due.at != timer.due_at and timer.kind in _TOLD else {}
            self.set_timer(timer.kind, due, timer.side)
            if timer.kind is TimerKind.ACKNOWLEDGEMENT:
                self.side(after.arrangement.organisation(timer.side).id).acknowledge_by = due.at
        if moved:
            self.append(_recomputed(moved, old, self.due_at, why), CLOCK, at)
        return bool(moved)

    @property
    def limit_stands(self) -> bool:
        """Whether the limit has not passed yet: while it is paused, or an end is proposed, its clock is not set."""
        if self.state is State.PAUSED:
            return True
        if self.state is State.PROPOSED:
            return bool(self.due_at and self.proposed_at and self.due_at > self.proposed_at)
        return any(timer.kind is TimerKind.LIMIT for timer in self.timers)

    def _keep_limit(self, due: Due) -> None:
        """The limit as it is shown, with what gave it; where its clock is set, that moves along."""
        self.due_at, self.due_origin = due.at, due.origin.kept() if due.origin else None
        for timer in self.timers:
            if timer.kind is TimerKind.LIMIT:
                timer.due_at = due.at

    def _warn_anew(self, before: LadderContext, after: LadderContext, old: datetime | None) -> None:
        warning = next((timer for timer in self.timers if timer.kind is TimerKind.WARNING), None)
        text = after.ladder.tiers[self.tier - 1].warn
        if warning and text and old and self.due_at:
            at = warning_before(text, self.due_at, after.calendar)
            if at != warning_before(text, old, before.calendar):
                warning.due_at = at


def _name(timer: Timer) -> str:
    return f"{timer.kind.value} {timer.side}".strip()


def _recomputed(moved: dict[str, Due], old: datetime | None, new: datetime | None, why: str) -> LimitRecomputed:
    floors = {name: due.origin.not_before for name, due in moved.items() if due.origin}
    return LimitRecomputed(
        from_at=old.isoformat() if old else "",
        to_at=new.isoformat() if new else "",
        moved=tuple(moved),
        floors={name: floor.isoformat() for name, floor in floors.items() if floor},
        why=why,
    )
