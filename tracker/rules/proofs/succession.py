"""How a log goes on under another key, or under another name: what is signed when, and by which key it has to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.rules.proofs.notes import SignatureType, SignedNote, VerifierKey, WrongNote, whole_number

CHANGE_BEGINS = "partnership-tracker/log-key@v1"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """From one key of a log to the next: a note that both sign. `size`: how many checkpoints the old one signed."""

    size: int
    old: VerifierKey
    new: VerifierKey

    @property
    def text(self) -> str:
        lines = (CHANGE_BEGINS, self.old.name, self.size, self.old, self.new)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def read(cls, note: SignedNote) -> "KeyChange":
        """Refuses with WrongNote; whether both signed it is for who can check signatures."""
        lines = note.text.removesuffix("\n").split("\n")
        if len(lines) != 5 or lines[0] != CHANGE_BEGINS:
            raise WrongNote(f"A change of a log's key begins with {CHANGE_BEGINS}, and has five lines.")
        change = cls(whole_number(lines[2]), VerifierKey.read(lines[3]), VerifierKey.read(lines[4]))
        if {change.old.name, change.new.name} != {lines[1]}:
            raise WrongNote("Both keys are of the log that the note names.")
        return change


@dataclass(frozen=True, slots=True)
class LogName:
    """A name that a log had up to `size` checkpoints; None: the one it has now."""

    origin: str
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Succession:
    """The names and keys of a log, the first ones first. `changes`: (up to which size, the public key) of the keys that
    are in force no more; `public`: of the one that is."""

    names: Sequence[LogName]
    changes: Sequence[tuple[int, bytes]]
    public: bytes

    def origin_at(self, size: int) -> str:
        """The name under which that checkpoint was signed."""
        return next(each.origin for each in self.names if each.size is None or size <= each.size)

    def key_at(self, size: int) -> VerifierKey:
        """What that checkpoint has to be signed with, and with nothing else."""
        public = next((public for last, public in self.changes if size <= last), self.public)
        return VerifierKey(self.origin_at(size), SignatureType.ED25519, public)

    def keys_of(self, origin: str) -> tuple[VerifierKey, ...]:
        """All that ever signed under a name of it: of a checkpoint that it no longer has it is not known which."""
        every = dict.fromkeys((*(public for _, public in self.changes), self.public))
        return tuple(VerifierKey(origin, SignatureType.ED25519, public) for public in every)
