"""The kinds of event of a decision, and of a body's packs."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from tracker.rules.deciding import say_decision
from tracker.rules.events.kinds import EventKind, Recipients, declared, said
from tracker.rules.wording import say_day


@dataclass(frozen=True, kw_only=True)
class OfDecision(EventKind):
    """What every event of a decision says: which one it is of."""

    number: int = 0
    decision: str = said()

    @property
    def which(self) -> str:
        return say_decision(self.number, self.decision)


@declared
@dataclass(frozen=True, kw_only=True)
class Decided(OfDecision):
    """A body decided something, for some of its organisations."""

    name: ClassVar[str] = "decided"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS, Recipients.MEMBERS, Recipients.LEADS})
    body: str = ""
    sides: tuple[str, ...] = ()
    decided_on: str = ""
    due_on: str = ""
    changes_agreement: bool = False
    themes: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()
    detail: str = said()
    body_name: str = said()
    owners: str = said()

    def sentence(self, who: str) -> str:
        change = "; it changes the agreement" if self.changes_agreement else ""
        taken = f"{who} recorded what {self.body_name} decided: {self.which}"
        return f"{taken}, owned by {self.owners}, due {_day(self.due_on)}{change}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionProgressed(OfDecision):
    """An owner said how far it is."""

    name: ClassVar[str] = "decision_progressed"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS})
    progress: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} on {self.which}: {self.progress}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionMoved(OfDecision):
    """Its due date was changed, with the reason; the old one is kept."""

    name: ClassVar[str] = "decision_moved"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    from_on: str = ""
    to_on: str = ""
    reason: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} moved {self.which} from {_day(self.from_on)} to {_day(self.to_on)}: {self.reason}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionDone(OfDecision):
    """An owner said it is done."""

    name: ClassVar[str] = "decision_done"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    how: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} said that {self.which} is done" + (f": {self.how}" if self.how else "")


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionWithdrawn(OfDecision):
    """The body took it back."""

    name: ClassVar[str] = "decision_withdrawn"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    reason: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} withdrew {self.which}: {self.reason}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionSuperseded(OfDecision):
    """A later decision took its place."""

    name: ClassVar[str] = "decision_superseded"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS})
    by: int = 0

    def sentence(self, who: str) -> str:
        return f"{who} put decision {self.by} in the place of {self.which}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionNear(OfDecision):
    """The clock reminds the owners: the due date comes near."""

    name: ClassVar[str] = "decision_near"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS})
    due_on: str = ""

    def sentence(self, who: str) -> str:
        return f"Due soon, {_day(self.due_on)}: {self.which}"


@declared
@dataclass(frozen=True, kw_only=True)
class DecisionDue(OfDecision):
    """The clock reminds the owners: the due date is here."""

    name: ClassVar[str] = "decision_due"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.OWNERS})
    urgent: ClassVar[bool] = True
    due_on: str = ""

    def sentence(self, who: str) -> str:
        return f"Due now, {_day(self.due_on)}, and not yet done: {self.which}"


@declared
@dataclass(frozen=True, kw_only=True)
class PackDrafted(EventKind):
    """A pack for a meeting was begun; what is in it moves until it is published."""

    name: ClassVar[str] = "pack_drafted"
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} began the pack for {self.meeting}"


@declared
@dataclass(frozen=True, kw_only=True)
class PackPublished(EventKind):
    """A pack was published: from here on it says what it said."""

    name: ClassVar[str] = "pack_published"
    hears: ClassVar[frozenset[Recipients]] = frozenset({Recipients.MEMBERS})
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} published the pack for {self.meeting}"


@declared
@dataclass(frozen=True, kw_only=True)
class PackDiscarded(EventKind):
    """A draft of a pack was given up; its meeting may have another."""

    name: ClassVar[str] = "pack_discarded"
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} discarded the draft of the pack for {self.meeting}"


def _day(iso: str) -> str:
    """As it was kept, with its year: what happened is read for long."""
    return say_day(date.fromisoformat(iso), 0) if iso else "some day"
