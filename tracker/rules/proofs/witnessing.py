"""What a witness is asked, as C2SP `tlog-witness` has it: it cosigns only what extends what it saw."""

from dataclasses import dataclass

from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.merkle import EMPTY_ROOT, LONGEST_PATH, is_consistent
from tracker.rules.proofs.notes import SignedNote, WrongNote, base64_hash, base64_text, whole_number

SIZE_TYPE = "text/x.tlog.size"  # of the answer that says how far the witness has seen


class NotCosigned(Exception):
    """A witness says no. `status` is of HTTP; `size`: how far it has seen, where that is what does not fit."""

    def __init__(self, status: int, reason: str, size: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.size = status, size


@dataclass(frozen=True, slots=True)
class SeenTree:
    """The last tree of a log that a witness cosigned."""

    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A checkpoint to be cosigned, with what shows that it extends the tree of `old_size` leaves."""

    old_size: int
    path: tuple[bytes, ...]
    note: SignedNote

    def __str__(self) -> str:
        return "\n".join((f"old {self.old_size}", *map(base64_text, self.path), "", str(self.note)))

    @classmethod
    def read(cls, written: str) -> "AddCheckpoint":
        """Refuses with WrongNote."""
        head, parted, note = written.partition("\n\n")
        old, *path = head.split("\n")
        if not parted or not old.startswith("old ") or len(path) > LONGEST_PATH:
            raise WrongNote(f"First a line “old” with a size, then at most {LONGEST_PATH} hashes, then a checkpoint.")
        return cls(whole_number(old.removeprefix("old ")), tuple(map(base64_hash, path)), SignedNote.read(note))

    def require_extends(self, seen: SeenTree) -> TreeHead:
        """The tree that is now seen. Refuses with NotCosigned one that does not extend what was seen before."""
        head = TreeHead.read(self.note.text)
        if self.old_size > head.size:
            raise NotCosigned(400, "The old size is above that of the checkpoint.")
        if self.old_size != seen.size:
            raise NotCosigned(409, "This witness has seen another size.", seen.size)
        if self.old_size == head.size and head.root != seen.root:
            raise NotCosigned(409, "This witness has seen another tree of this size.", seen.size)
        if not is_consistent(seen.size, seen.root, head.size, head.root, self.path):
            raise NotCosigned(422, "The checkpoint does not extend what this witness has seen.")
        return head
