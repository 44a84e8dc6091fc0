"""The kinds of event of a decision, and of a body's packs."""

from tracker.rules.deciding import say_decision
from tracker.rules.events.kinds import EventKind, Passage, Recipients, passages, said
from tracker.rules.wording import say_kept_day


class OfDecision(EventKind):
    """What every event of a decision says: which one it is of."""

    number: int = 0
    decision: str = said()

    @property
    def which(self) -> str:
        return say_decision(self.number, self.decision)


class Decided(OfDecision):
    """A body decided something, for some of its organisations."""

    name = "decided"
    hears = frozenset({Recipients.OWNERS, Recipients.MEMBERS, Recipients.LEADS})
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
        return f"{taken}, owned by {self.owners}, due {say_kept_day(self.due_on)}{change}"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("What it means in practice", self.detail))


class DecisionProgressed(OfDecision):
    """An owner said how far it is."""

    name = "decision_progressed"
    hears = frozenset({Recipients.OWNERS})
    progress: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} on {self.which}: {self.progress}"

    def to_doer(self) -> str:
        return f"You said how far {self.which} is: {self.progress}"


class DecisionMoved(OfDecision):
    """Its due date was changed, with the reason; the old one is kept."""

    name = "decision_moved"
    hears = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    from_on: str = ""
    to_on: str = ""
    reason: str = said()

    def sentence(self, who: str) -> str:
        return (
            f"{who} moved {self.which} from {say_kept_day(self.from_on)} to {say_kept_day(self.to_on)}: {self.reason}"
        )


class DecisionDone(OfDecision):
    """An owner said it is done."""

    name = "decision_done"
    hears = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    done_on: str = ""
    how: str = said()

    def sentence(self, who: str) -> str:
        since = f" since {say_kept_day(self.done_on)}" if self.done_on else ""
        return f"{who} said that {self.which} is done{since}" + (f": {self.how}" if self.how else "")


class DecisionWithdrawn(OfDecision):
    """The body took it back."""

    name = "decision_withdrawn"
    hears = frozenset({Recipients.OWNERS, Recipients.MEMBERS})
    reason: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} withdrew {self.which}: {self.reason}"


class DecisionSuperseded(OfDecision):
    """A later decision took its place."""

    name = "decision_superseded"
    hears = frozenset({Recipients.OWNERS})
    by: int = 0

    def sentence(self, who: str) -> str:
        return f"{who} put decision {self.by} in the place of {self.which}"


class DecisionNear(OfDecision):
    """The clock reminds the owners: the due date comes near."""

    name = "decision_near"
    hears = frozenset({Recipients.OWNERS})
    due_on: str = ""

    def sentence(self, who: str) -> str:
        return f"Due soon, {say_kept_day(self.due_on)}: {self.which}"


class DecisionDue(OfDecision):
    """The clock reminds the owners: the due date is here."""

    name = "decision_due"
    hears = frozenset({Recipients.OWNERS})
    urgent = True
    due_on: str = ""

    def sentence(self, who: str) -> str:
        return f"Due now, {say_kept_day(self.due_on)}, and not yet done: {self.which}"


class PackDrafted(EventKind):
    """A pack for a meeting was begun; what is in it moves until it is published."""

    name = "pack_drafted"
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} began the pack for {self.meeting}"

    def next_text(self) -> str:
        return "What is in it moves until it is published."


class PackPublished(EventKind):
    """A pack was published: from here on it says what it said."""

    name = "pack_published"
    hears = frozenset({Recipients.MEMBERS})
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} published the pack for {self.meeting}"

    def next_text(self) -> str:
        return "From now on it stays as it is."


class PackDiscarded(EventKind):
    """A draft of a pack was given up; its meeting may have another."""

    name = "pack_discarded"
    number: int = 0
    meeting: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} discarded the draft of the pack for {self.meeting}"
