"""How the clocks of an issue follow a changed arrangement: each from what gave it, and what moved is said."""

from datetime import datetime
from functools import partial

from tracker.records.issue_facts import IssueFacts
from tracker.records.timer import Timer, TimerKind
from tracker.rules import ladder
from tracker.rules.deadlines import Due, Origin, warning_before
from tracker.rules.events.issue import LimitRecomputed
from tracker.rules.events.kinds import CLOCK
from tracker.rules.ladder import LadderContext
from tracker.rules.lifecycle import State

_TOLD = (TimerKind.ACKNOWLEDGEMENT, TimerKind.SILENCE)  # besides the limit: what people are shown, and so told of


class Reckoning(IssueFacts):
    """The verb of the clocks that are set."""

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
        """Whether the limit has not passed yet: while an end is proposed, its clock is not set."""
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
