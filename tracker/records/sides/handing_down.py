"""How a decision returns the doing to a lower tier, and how what was done comes back to be confirmed."""

from datetime import datetime

from tracker.records.climbing import Climbing
from tracker.rules.arrangement import Tier
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.moving import ConfirmationAsked, HandedDown
from tracker.rules.ladder import Entry
from tracker.rules.rings import Step


class HandingDown(Climbing):
    """The verbs of what was decided above and is done below."""

    def hand_down(
        self, entry: Entry, actor: Actor, at: datetime, *, left: Tier, reason: str, once: str | None = None
    ) -> None:
        """Down to the tier of `entry`, from `left`, with that tier's limit anew. Handed on further down, it is still
        for the one above to confirm that decided first."""
        self.require(Step.HAND_DOWN)
        deciding = self.deciding_tier or left.number
        self.enter(entry)
        self.deciding_tier = deciding
        handed = HandedDown(
            from_tier=left.number, to=entry.tier.number, from_name=left.name, tier_name=entry.tier.name, reason=reason
        )
        self.append(handed, actor, at, once=once)

    def ask_confirmation(self, entry: Entry, at: datetime) -> None:
        """An end is proposed: it stands with the tier that handed it down, and its clocks stand still."""
        asked = ConfirmationAsked(from_tier=self.tier, to=entry.tier.number, tier_name=entry.tier.name)
        self.stand_at(entry)
        self.append(asked, CLOCK, at)
