"""The kinds of event by which an issue ends, and by which it does not stay ended."""

from dataclasses import replace
from typing import Self

from tracker.rules.events.kinds import EventKind, Passage, Recipients, lost_passage, passages, said, written
from tracker.rules.wording import say_kept_day

OUTCOME_WORDS = {
    "solved": "solved",
    "worked_round": "worked round",
    "not_solved": "not solved",
    "not_ours": "not ours to solve",
    "duplicate": "a duplicate of another issue",
    "withdrawn": "withdrawn",
}


class Proposed(EventKind):
    """One side proposed how to end it; each other side agrees or returns it."""

    name = "proposed"
    hears = frozenset({Recipients.OTHER_HOLDERS, Recipients.RAISER})
    urgent = True
    counts_after_end = True
    outcome: str = "solved"
    changes_agreement: bool = False
    lost_minutes: int | None = None
    imported: bool = False
    done: str = written("an account")
    cause: str = written("a cause")

    def sentence(self, who: str) -> str:
        how = f" as {OUTCOME_WORDS[self.outcome]}" if self.outcome else ""  # history may not say
        change = ", and asks to change the agreement" if self.changes_agreement else ""
        return f"{who} proposed to resolve it{how}{change}"

    def passages(self) -> tuple[Passage, ...]:
        said = (("What was done", self.done), ("What lay behind it", self.cause))
        return passages(*said, *lost_passage("in all", self.lost_minutes))


class Agreed(EventKind):
    """A side agreed to the proposal."""

    name = "agreed"
    hears = frozenset({Recipients.HOLDERS})

    def sentence(self, who: str) -> str:
        return f"{who} agreed"


class Returned(EventKind):
    """A side returned the proposal with a reason."""

    name = "returned"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    tone = "back"
    due_at: str = ""
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        return f"{who} returned the proposal: {self.reason}"

    def to_doer(self) -> str:
        return "You returned the proposal"


class ResolutionTakenBack(EventKind):
    """The side that had proposed took it back before anybody answered: the old limit stands, and where it had passed
    meanwhile, the rest of that working day is left."""

    name = "resolution_taken_back"
    hears = frozenset({Recipients.OTHER_HOLDERS, Recipients.RAISER})
    tone = "back"
    due_at: str = ""

    def sentence(self, who: str) -> str:
        return f"{who} took the proposal back"


class SilenceAgreed(EventKind):
    """A side did not answer for `agree_silence`: counted as agreement, and marked so."""

    name = "silence_agreed"
    hears = frozenset({Recipients.HOLDERS})
    tone = "end"
    silent: tuple[str, ...] = ()
    silent_names: str = said()

    def sentence(self, who: str) -> str:
        return f"{self.silent_names} did not answer in time; silence counts as agreement"


class Resolved(EventKind):
    """Every side agreed: it is over."""

    name = "resolved"
    hears = frozenset({Recipients.HOLDERS, Recipients.BELOW, Recipients.RAISER})
    moves_totals = True
    tone = "end"
    ends = True
    counts_after_end = True
    outcome: str = "solved"
    by_silence: bool = False
    imported: bool = False
    done: str = written("an account")

    def sentence(self, who: str) -> str:
        how = f"Resolved: {OUTCOME_WORDS[self.outcome]}" if self.outcome else "Resolved"  # history may not say
        silence = ", by silence" if self.by_silence else ""
        return f"{how}{silence}" + (f" ({self.done})" if self.done else "")

    def to_doer(self) -> str:
        return f"It is resolved: {OUTCOME_WORDS[self.outcome]}" if self.outcome else "It is resolved"


class Withdrawn(EventKind):
    """Whoever raised it took it back before another side acknowledged it."""

    name = "withdrawn"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    tone = "end"
    ends = True
    counts_after_end = True
    reason: str = written("a reason")

    def sentence(self, who: str) -> str:
        return f"{who} withdrew it" + (f": {self.reason}" if self.reason else "")

    def to_doer(self) -> str:
        return "You withdrew it"


class Reopened(EventKind):
    """It was not over after all: back to the tier that decided, or one above when it was reopened too often."""

    name = "reopened"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    urgent = True
    moves_totals = True
    tone = "again"
    reopens = True
    time: int = 1
    to: int = 0
    imported: bool = False
    reason: str = written("a reason")
    tier_name: str = said()

    def sentence(self, who: str) -> str:
        where = f" at {self.tier_name}" if self.tier_name else ""
        return f"{who} reopened it{where}" + (f": {self.reason}" if self.reason else "")


class StayedFixedAsked(EventKind):
    """Four weeks after it was resolved those who reported it are asked whether it stayed fixed."""

    name = "stayed_fixed_asked"
    hears = frozenset({Recipients.ASKED})
    moves_totals = True
    resolved_on: str = ""

    def sentence(self, who: str) -> str:
        since = f"Resolved on {say_kept_day(self.resolved_on)}: did" if self.resolved_on else "Did"
        return f"{since} it stay fixed?"


class StayedFixed(EventKind):
    """Somebody who was asked said whether it stayed fixed."""

    name = "stayed_fixed"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    fixed: bool = True

    def sentence(self, who: str) -> str:
        return f"{who} said it stayed fixed" if self.fixed else f"{who} said it did not stay fixed"


class OfTwo(EventKind):
    """Names another issue, by its reference: whoever may not see that one reads of none."""

    again: str = ""

    def unlinked(self) -> Self:
        return replace(self, again="")


class HappenedAgain(OfTwo):
    """After it was resolved it happened once more: a new issue is linked to this one."""

    name = "happened_again"
    hears = frozenset({Recipients.HOLDERS})
    moves_totals = True
    tone = "again"

    def sentence(self, who: str) -> str:
        where = f": see {self.again}" if self.again else ""  # not everybody may see the new one
        return f"{who} said it happened again after it was resolved{where}"


def unlinked(kind: EventKind) -> EventKind:
    """What happened, without the reference of another issue: for several readers, and for who may not see that one."""
    return kind.unlinked() if isinstance(kind, OfTwo) else kind
