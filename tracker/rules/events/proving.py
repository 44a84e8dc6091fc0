"""The kinds of event by which the record is kept provable: its checkpoints, and the key that signs them."""

from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.kinds import Passage, passages, said


class CheckpointMade(OfArrangement):
    """What had happened until then was signed. `size`: how many checkpoints there are; `unseen`: by whose witnesses the
    one before it was not seen."""

    name = "checkpoint_made"
    in_brief = False
    size: int = 0
    checkpoint: str = said()
    unseen: str = said()

    def sentence(self, who: str) -> str:
        return (
            f"{who} made checkpoint {self.size} of the record: whoever keeps it can have it proven later that nothing "
            "before it was changed"
        )

    def passages(self) -> tuple[Passage, ...]:
        return passages(("As it was signed", self.checkpoint), (f"Checkpoint {self.size - 1}", self.unseen))


class CheckpointAsked(OfArrangement):
    """A lead wanted a checkpoint at once. Word of it goes out with the checkpoint."""

    name = "checkpoint_asked"
    hears = frozenset()
    in_brief = False

    def sentence(self, who: str) -> str:
        return f"{who} asked for a checkpoint of the record"

    def next_text(self) -> str:
        return "The clock makes it within a minute, and sends it to every lead."


class WitnessNamed(OfArrangement):
    """A lead said who cosigns for their organisation."""

    name = "witness_named"
    organisation: str = ""
    organisation_name: str = said()
    verifier: str = said()
    address: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} named the witness of {self.organisation_name}"

    def passages(self) -> tuple[Passage, ...]:
        return passages(("Its key", self.verifier), ("Its address", self.address))

    def next_text(self) -> str:
        asked = "The clock asks it to cosign every checkpoint" if self.address else "It cosigns by itself"
        return f"{asked}, and only what it cosigns reads as seen by {self.organisation_name}."


class WitnessRetired(OfArrangement):
    """A lead said that nobody cosigns for their organisation any more."""

    name = "witness_retired"
    organisation: str = ""
    organisation_name: str = said()

    def sentence(self, who: str) -> str:
        return f"{who} ended the witness of {self.organisation_name}"

    def next_text(self) -> str:
        return f"From now on no checkpoint reads as seen by {self.organisation_name}; what was cosigned stays."


class WitnessDiffers(OfArrangement):
    """A witness has seen what this record does not have. `seen`: how many checkpoints, where it has seen more than the
    `size` that there are; 0: as many at most, of another history."""

    name = "witness_differs"
    urgent = True
    organisation: str = ""
    seen: int = 0
    size: int = 0
    organisation_name: str = said()

    def sentence(self, who: str) -> str:
        witness = f"The witness of {self.organisation_name} has seen"
        if self.seen:
            return (
                f"{witness} {self.seen} checkpoints of this record, which has {self.size} now: what came last is gone"
            )
        return f"{witness} another history of this record than the one that is here"


class LogKeyChanged(OfArrangement):
    """From now on another key signs. `number`: which one of the database it is."""

    name = "log_key_changed"
    number: int = 0
    note: str = said()

    def sentence(self, who: str) -> str:
        return (
            f"{who} had the log of the record signed with a new key from now on, and whoever runs a witness gives it "
            "that key"
        )

    def passages(self) -> tuple[Passage, ...]:
        return passages(("As both keys signed it", self.note))


class EpochBegun(OfArrangement):
    """The log goes on under a new name, without what was lost. `epoch`: which one it is, the first is 1; `size`: how
    many checkpoints it has; `lost`: the note of the last one that it had."""

    name = "epoch_begun"
    epoch: int = 2
    size: int = 0
    lost: str = said()

    def sentence(self, who: str) -> str:
        return (
            f"{who} had the log of the record begin its epoch {self.epoch} after checkpoint {self.size}: what was "
            "cosigned later is lost, and whoever runs a witness gives it the new key"
        )

    def passages(self) -> tuple[Passage, ...]:
        return passages(("The last checkpoint that was lost", self.lost))
