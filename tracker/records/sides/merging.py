"""How two issues become one, and how a side that was wrong is none any more."""

from datetime import date, datetime

from tracker.records.resolving import Resolving
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Organisation
from tracker.rules.events.kinds import Actor
from tracker.rules.events.merging import Merged, MergedInto, SideRemoved
from tracker.rules.lifecycle import Outcome
from tracker.rules.rings import Step


class Merging(Resolving):
    """The verbs of putting right what an issue is one of, and whose it is."""

    def merge_into(self, other: "Merging", actor: Actor, at: datetime, *, once: str | None = None) -> None:
        """It is over as a duplicate, and goes on in `other`, which is on its tier or above."""
        self.require(Step.MERGE)
        other.require(Step.MERGE)
        self.same_as_id = other.id
        self._end(Outcome.DUPLICATE, at)
        self.append(MergedInto(again=other.ref), actor, at, once=once)

    def take_over(
        self, other: "Merging", raised_on: date, actor: Actor, at: datetime, *, once: str | None = None
    ) -> None:
        """What `other` told goes on in this one, which says since when that one was there."""
        self.append(Merged(again=other.ref, raised_on=raised_on.isoformat()), actor, at, once=once)

    def remove_side(
        self, organisation: Organisation, reason: str, actor: Actor, at: datetime, *, ball: int, once: str | None = None
    ) -> None:
        """An organisation is no side any more: nobody holds it for them, no clock waits for them; whose turn it is."""
        self.require(Step.REMOVE_SIDE)
        self.sides[:] = [side for side in self.sides if side.organisation_id != organisation.id]
        self.holders[:] = [each for each in self.holders if each.organisation_id != organisation.id]
        self.clear_timers(*TimerKind, side=organisation.key)
        self.ball_with_id = ball
        removed = SideRemoved(side=organisation.key, side_name=organisation.name, reason=reason)
        self.append(removed, actor, at, once=once)
