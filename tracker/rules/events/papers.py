"""The kinds of event of a two-sided paper: each side writes one, and all are opened together."""

from tracker.rules.events.kinds import EventKind, Passage, Recipients, passages, said, written

# What a side writes, in order, and what each part is called.
PAPER_PARTS = {"facts": "What happened", "view": "How they see it", "asks": "What they ask"}


class PaperWritten(EventKind):
    """A side wrote its paper. Only its own people read of that, and nothing that others see moves."""

    name = "paper_written"
    hears = frozenset({Recipients.HOLDERS})
    side: str = ""
    again: bool = False
    side_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} {'rewrote' if self.again else 'wrote'} the paper of {self.side_name}, sealed until all are in"

    def to_doer(self) -> str:
        return "Your side\u2019s paper is kept"

    def next_text(self) -> str:
        return "Nobody else reads it, or that there is one, until all are in or the time is up."


class PaperOpened(EventKind):
    """All papers were in, or the time was up: what a side wrote is open to all who read the issue."""

    name = "paper_opened"
    hears = frozenset({Recipients.HOLDERS, Recipients.RAISER})
    side: str = ""
    side_name: str = said()
    facts: str = written("a paper")
    view: str = written("a view")
    asks: str = written("what is asked")

    def sentence(self, who: str) -> str:
        return f"The paper of {self.side_name}, by {who}, was opened"

    def next_text(self) -> str:
        return "All papers are open now, to everybody who reads this issue."

    def passages(self) -> tuple[Passage, ...]:
        return passages(*((called, getattr(self, name)) for name, called in PAPER_PARTS.items()))
