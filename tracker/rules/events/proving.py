"""The kinds of event by which the record is kept provable: its checkpoints, and the key that signs them."""

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import Passage, passages, said


class CheckpointMade(OfArrangement):
    """What had happened until then was signed. `size`: how many checkpoints there are."""

    name = "checkpoint_made"
    in_brief = False
    size: int = 0
    checkpoint: str = said()

    def sentence(self, who: str) -> str:
        return (
            f"{who} made checkpoint {self.size} of the record: whoever keeps it can have it proven later that nothing "
            "before it was changed"
        )

    def passages(self) -> tuple[Passage, ...]:
        return passages(("As it was signed", self.checkpoint))


class CheckpointAsked(OfArrangement):
    """A lead wanted a checkpoint at once. Word of it goes out with the checkpoint."""

    name = "checkpoint_asked"
    hears = frozenset()
    in_brief = False

    def sentence(self, who: str) -> str:
        return f"{who} asked for a checkpoint of the record"

    def next_text(self) -> str:
        return "The clock makes it within a minute, and sends it to every lead."
