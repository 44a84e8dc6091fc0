"""Checkpoints as C2SP `tlog-checkpoint` has them, what a cosigner signs of one, and proofs as `tlog-proof` has them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import dropwhile, takewhile

from tracker.rules.proofs.merkle import LONGEST_PATH, root_above
from tracker.rules.proofs.notes import (
    NoteSignature,
    SignedNote,
    WrongNote,
    base64_bytes,
    base64_hash,
    base64_text,
    whole_number,
)

PROOF_BEGINS = "c2sp.org/tlog-proof@v1"
_STAMP = 8  # bytes of the time before a cosignature


@dataclass(frozen=True, slots=True)
class TreeHead:
    """How far a log has come, and the root over its leaves. `more`: lines of others, which are signed as they stand."""

    origin: str
    size: int
    root: bytes
    more: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_text(self.root), *self.more))

    @classmethod
    def read(cls, text: str) -> "TreeHead":
        """Refuses with WrongNote a text that is no checkpoint's."""
        origin, *lines = text.removesuffix("\n").split("\n")
        if len(lines) < 2 or not all((origin, *lines)):
            raise WrongNote("A checkpoint has three lines at least: its log, its size and its root.")
        return cls(origin, whole_number(lines[0]), base64_hash(lines[1]), tuple(lines[2:]))


def note_in(text: str) -> SignedNote:
    """The first checkpoint in a text, whatever stands around it and however it is quoted, as it comes by mail. Refuses
    with WrongNote a text without one."""
    lines = [line.strip().lstrip("> ") for line in text.splitlines()]
    for at, (origin, size, root) in enumerate(zip(lines, lines[1:], lines[2:], strict=False)):
        if origin and re.fullmatch(r"\d+", size, re.ASCII) and re.fullmatch(r"[A-Za-z0-9+/]{43}=", root):
            below = dropwhile(lambda line: not line, lines[at + 3 :])
            signatures = "".join(f"{line}\n" for line in takewhile(lambda line: line.startswith("— "), below))
            return SignedNote.read(f"{TreeHead(origin, whole_number(size), base64_hash(root)).text}\n{signatures}")
    raise WrongNote("There is no checkpoint in it: its log, its size, its root, and below them who signed it.")


def cosigned_text(text: str, at: int) -> str:
    """What `cosignature/v1` is made over: the text of a checkpoint, and the seconds since 1970 at which it was seen."""
    return f"cosignature/v1\ntime {at}\n{text}"


def stamped(at: int, signature: bytes) -> bytes:
    """A cosignature as it stands in its line, after the time it was made."""
    return at.to_bytes(_STAMP, "big") + signature


def stamp_of(signature: bytes) -> tuple[int, bytes]:
    """(the time, what was signed) of a cosignature."""
    return int.from_bytes(signature[:_STAMP], "big"), signature[_STAMP:]


def cosigned_at(signature: NoteSignature) -> datetime:
    return datetime.fromtimestamp(stamp_of(signature.bytes)[0], UTC)


@dataclass(frozen=True, slots=True)
class TlogProof:
    """That the leaf at `index` is in the tree of a checkpoint. `extra` is for whoever uses the proof."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: SignedNote
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {base64_text(self.extra)}"] if self.extra else []
        lines = [PROOF_BEGINS, *extra, f"index {self.index}", *map(base64_text, self.path), "", str(self.checkpoint)]
        return "\n".join(lines)

    def root(self, leaf: bytes) -> bytes | None:
        """To which it leads from the hash of a leaf; None where it leads to none."""
        return root_above(leaf, self.index, TreeHead.read(self.checkpoint.text).size, self.path)

    @classmethod
    def read(cls, written: str) -> "TlogProof":
        """Refuses with WrongNote."""
        head, parted, checkpoint = written.partition("\n\n")
        begins, *lines = head.split("\n")
        if begins != PROOF_BEGINS or not parted:
            raise WrongNote(f"A proof begins with {PROOF_BEGINS}, and ends with a checkpoint after an empty line.")
        extra = base64_bytes(lines.pop(0).removeprefix("extra ")) if head.startswith(f"{begins}\nextra ") else b""
        if extra is None or not lines or not lines[0].startswith("index "):
            raise WrongNote("A proof says at which place of its log it stands.")
        path = tuple(base64_hash(line) for line in lines[1:])
        if len(path) > LONGEST_PATH:
            raise WrongNote(f"A proof has at most {LONGEST_PATH} steps.")
        return cls(whole_number(lines[0].removeprefix("index ")), path, SignedNote.read(checkpoint), extra)
