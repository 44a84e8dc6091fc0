"""The kinds of event by which an issue moves: up and down the ladder, from hand to hand, to a stop and on."""

from enum import StrEnum

from tracker.rules.events.kinds import EventKind, Recipients, said, written
from tracker.rules.lifecycle import Cause, cause_text
from tracker.rules.wording import say_kept_day

FROM_FILE = " (from the file)"


class Escalated(EventKind):
    """It went up: by the clock, by a holder's fast-track reason, or because it was reopened too often."""

    name = "escalated"
    hears = frozenset({Recipients.HOLDERS, Recipients.BELOW, Recipients.RAISER})
    urgent = True
    tone = "up"
    counts_after_end = True
    from_tier: int = 0
    to: int = 0
    cause: str = ""
    late_seconds: int = 0
    skipped: tuple[int, ...] = ()
    back: bool = False
    imported: bool = False
    from_name: str = said()
    tier_name: str = said()
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        left = f"from {self.from_name} " if self.from_name else ""
        where = f"{left}to {self.tier_name or f'tier {self.to}'}"
        ending = f": {self.reason}" if self.reason else ""
        if self.back:
            return f"Limit passed: it went back {where}, which had handed it down"
        if self.cause == Cause.LIMIT:
            return f"Limit passed: escalated {where}{ending}"
        if self.cause == Cause.AGREED:
            return f"Every side agreed: escalated {where}{ending}"
        if self.imported or not self.cause:
            return f"{who} escalated it {where}{ending}"
        return f"{who} escalated it {where} ({cause_text(self.cause)}{ending})"


class TierSkipped(EventKind):
    """A tier was skipped for a reason that allows it; its people are told."""

    name = "tier_skipped"
    hears = frozenset({Recipients.SKIPPED})
    urgent = True
    tone = "up"
    skipped: tuple[int, ...] = ()
    cause: str = ""
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} skipped {self.tier_name} ({cause_text(self.cause)})"


class TierVacant(EventKind):
    """A side has no holder at a tier, so the tier was passed at once."""

    name = "tier_vacant"
    hears = frozenset({Recipients.LEADS, Recipients.SKIPPED})
    urgent = True
    tone = "up"
    skipped: tuple[int, ...] = ()
    vacant: tuple[str, ...] = ()
    stays: bool = False
    tier_name: str = said()
    side_names: str = said()

    def sentence(self, who: str) -> str:
        ending = "and nobody is above, so it stays where it is" if self.stays else "so it was passed at once"
        return f"{self.side_names} has nobody at {self.tier_name}, {ending}"


class TopLimitPassed(EventKind):
    """The limit of the top tier passed: it stays on the agenda until decided."""

    name = "top_limit_passed"
    hears = frozenset({Recipients.CHAIRS, Recipients.HOLDERS, Recipients.LEADS})
    urgent = True
    tone = "up"
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        return f"The limit of {self.tier_name} passed; it stays on their agenda until decided"


class TopReminded(EventKind):
    """Still at the top, past its limit: the chairs are told every `keep_in_loop`."""

    name = "top_reminded"
    hears = frozenset({Recipients.CHAIRS})
    in_brief = False
    routine = "chairs reminded"
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        return f"Still on the agenda of {self.tier_name}, past its limit"


class Rerouted(EventKind):
    """Somebody had it routed anew, because what routes look at had changed."""

    name = "rerouted"
    hears = frozenset({Recipients.HOLDERS, Recipients.BELOW, Recipients.RAISER})
    route: str | None = None
    ladder: str = ""
    version: int = 0
    from_ladder: str = ""
    from_tier: int = 0
    to: int = 1
    answers: str = ""
    from_name: str = said()
    tier_name: str = said()
    ladder_name: str = said()
    answers_name: str = said()
    why: str = said()

    def sentence(self, who: str) -> str:
        where = f"{self.tier_name} on the {self.ladder_name} ladder, with {self.answers_name} to answer"
        left = f" instead of {self.from_name}" if self.from_name else ""
        return f"{who} sent it to where it belongs: {self.why}, so it is with {where}{left}"


class LadderMoved(EventKind):
    """Every side agreed that it climbs a newer version of its ladder."""

    name = "ladder_moved"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    ladder: str = ""
    version: int = 0
    from_version: int = 0
    from_tier: int = 0
    to: int = 0
    from_name: str = said()
    tier_name: str = said()
    ladder_name: str = said()

    def sentence(self, who: str) -> str:
        left = f", from {self.from_name}" if self.from_name != self.tier_name else ""
        where = f"version {self.version} of the {self.ladder_name} ladder, at {self.tier_name}{left}"
        return f"Every side agreed: it is on {where} now"


class HandedOver(EventKind):
    """The ball went to another organisation: every side had agreed to it. `number`: of the ask; out of a file it has
    none."""

    name = "handed_over"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    counts_after_end = True
    number: int = 0
    to_organisation: str = ""
    imported: bool = False
    to_name: str = said()
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        whom = self.to_name or "somebody else"
        how = f"Every side agreed: it is the turn of {whom}" if self.number else f"{who} handed it over to {whom}"
        return how + (f": {self.reason}" if self.reason else "")


class HandedToColleague(EventKind):
    """Within a side, somebody gave it to a colleague; whose turn it is stays as it was."""

    name = "handed_to_colleague"
    hears = frozenset({Recipients.HOLDERS})
    side: str = ""
    colleague_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} gave it to {self.colleague_name or 'a colleague'}, of the same organisation"


class HolderLeft(EventKind):
    """Somebody who held it left their organisation; whoever has their seat by now inherits it."""

    name = "holder_left"
    hears = frozenset({Recipients.HOLDERS, Recipients.LEADS})
    side: str = ""
    vacant: bool = False
    left_name: str = said()
    heir_names: str = said()
    side_name: str = said()

    def sentence(self, who: str) -> str:
        now = f"{self.heir_names} has it now" if self.heir_names else "nobody there holds it now"
        return f"{self.left_name or 'Somebody'} left {self.side_name}; {now}"


class HolderSeated(EventKind):
    """A side that nobody held it for, where it is, has seated somebody who does."""

    name = "holder_seated"
    hears = frozenset({Recipients.HOLDERS, Recipients.LEADS})
    urgent = True
    side: str = ""
    holder_names: str = said()
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.side_name} had nobody where it is; {self.holder_names or 'somebody'} has it now"


class HandedDown(EventKind):
    """A decision returned the doing to a lower tier, with its limit anew; how it ends the upper one confirms."""

    name = "handed_down"
    hears = frozenset({Recipients.HOLDERS, Recipients.DECIDERS, Recipients.RAISER})
    tone = "down"
    counts_after_end = True
    from_tier: int = 0
    to: int = 0
    imported: bool = False
    from_name: str = said()
    tier_name: str = said()
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        left = f"from {self.from_name} " if self.from_name else ""
        where = f"{left}to {self.tier_name or f'tier {self.to}'}"
        return f"{who} handed it down {where}" + (f": {self.reason}" if self.reason else "")

    def next_text(self) -> str:
        return f"{self.from_name} confirms how it ends, and has it back if the limit passes." if self.from_name else ""


class ConfirmationAsked(EventKind):
    """What a tier had handed down is proposed to end: it is with that tier, whose agreement it needs."""

    name = "confirmation_asked"
    hears = frozenset({Recipients.HOLDERS})
    urgent = True
    tone = "up"
    counts_after_end = True
    confirms = True
    from_tier: int = 0
    to: int = 0
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.tier_name}, which had handed it down, is asked to confirm how it ends"


class Paused(EventKind):
    """The clock stopped, waiting for somebody: every side had agreed to it. `number`: of the ask; `until`: the last day
    of it. One taken in from a file names neither, and moves no limit here."""

    name = "paused"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    tone = "pause"
    pauses = True
    counts_after_end = True
    number: int = 0
    until: str = ""
    imported: bool = False
    reason: str = written("a reason")
    waits_for: str = written("a name")

    def sentence(self, who: str) -> str:
        whom = f", waiting for {self.waits_for}" if self.waits_for else ""
        why = f": {self.reason}" if self.reason else ""
        if self.imported or not self.until:
            return f"{who} paused it{whom}{FROM_FILE if self.imported else ''}{why}"
        return f"Paused until {say_kept_day(self.until)}{whom}{why}"


class PauseEnd(StrEnum):
    """What ends a pause by itself."""

    DAY = "day"
    CAP = "cap"


class Resumed(EventKind):
    """The clock goes on: a side ended the pause, or its day or the most that the ladder allows was over (`ended`).
    `due_at`: where the limit is now."""

    name = "resumed"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    resumes = True
    counts_after_end = True
    ended: str = ""
    due_at: str = ""
    imported: bool = False
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        if self.ended == PauseEnd.DAY:
            return "The day until which it was paused is over: the clock goes on"
        if self.ended == PauseEnd.CAP:
            return "It was paused as long as the ladder allows: the clock goes on"
        why = f": {self.reason}" if self.reason else ""
        return f"{who} resumed it{FROM_FILE if self.imported else ''}{why}"

    def to_doer(self) -> str:
        return "You ended the pause"

    def next_text(self) -> str:
        return "The clock goes on."
