"""The leaf of a checkpoint: at fixed places a blinded commitment to what moved, for every organisation and every pair.

A chain that several organisations read stands in the place of each two of them, so that no two are told different
things; what one alone reads stands in its own. What only some of their people read stands apart, among so many fillers
that a proof tells nothing of how much there is. Where nothing moved stands something random, which nobody can tell from
a commitment. All that is random in a leaf comes from one secret, which whoever keeps the record keeps.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

from tracker.rules.digest import CLOSED, LEADS
from tracker.rules.proofs.merkle import inclusion_path, leaf_hash, root_above, root_of
from tracker.rules.proofs.notes import WrongNote, base64_hash, base64_text, whole_number

LEAF_BEGINS = "partnership-tracker/leaf@v1"
APART_AT_LEAST = 256  # heads and fillers that stand apart: a path of eight hashes, as long as no more moved


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """Who reads a chain: the keys of organisations, in the order of the log; `apart`: only some of their people."""

    organisations: tuple[str, ...]
    apart: bool = False

    @property
    def places(self) -> tuple["LeafPlace", ...]:
        """Where its chains stand, in the order in which a leaf lists them."""
        pairs = combinations(self.organisations, 2) if len(self.organisations) > 1 else (self.organisations,)
        return tuple(LeafPlace(each, self.apart) for each in pairs)


@dataclass(frozen=True, slots=True)
class LeafPlace:
    """One place of a leaf: for what these organisations, one or two, read."""

    organisations: tuple[str, ...]
    apart: bool = False

    @property
    def name(self) -> str:
        return " ".join((*self.organisations, *(("(apart)",) if self.apart else ())))


@dataclass(frozen=True, slots=True)
class ChainHead:
    """How far a chain has come: the digests of its first event, by which it is known, and of its last."""

    chain: str
    length: int
    digest: str

    @property
    def hash(self) -> bytes:
        return leaf_hash(f"{self.chain} {self.length} {self.digest}\n".encode())


@dataclass(frozen=True, slots=True)
class PlaceOpening:
    """What shows that a head is in the commitment at a place."""

    place: str
    salt: bytes
    index: int
    size: int
    path: tuple[bytes, ...]

    def commitment(self, head: ChainHead) -> bytes | None:
        root = root_above(head.hash, self.index, self.size, self.path)
        return None if root is None else _commitment(self.salt, root)


@dataclass(frozen=True, slots=True)
class WholePlace:
    """All that stands at a place, for who reads it: the heads, and the hashes of what else is there, fillers mostly."""

    place: str
    salt: bytes
    heads: tuple[ChainHead, ...]
    others: tuple[bytes, ...]

    @property
    def commitment(self) -> bytes:
        return _commitment(self.salt, root_of(sorted((*(each.hash for each in self.heads), *self.others))))


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a checkpoint adds to the tree: when it was made, and the commitment at each place, by its name."""

    at: int
    commitments: Mapping[str, bytes]

    @property
    def text(self) -> str:
        lines = (f"{base64_text(value)} {name}" for name, value in self.commitments.items())
        return "".join(f"{line}\n" for line in (LEAF_BEGINS, f"time {self.at}", *lines))

    @property
    def hash(self) -> bytes:
        return leaf_hash(self.text.encode())

    @classmethod
    def read(cls, text: str) -> "Leaf":
        """Refuses with WrongNote."""
        begins, *lines = text.removesuffix("\n").split("\n")
        if begins != LEAF_BEGINS or not lines or not lines[0].startswith("time "):
            raise WrongNote(f"A leaf begins with {LEAF_BEGINS} and the time.")
        parted = (line.partition(" ") for line in lines[1:])
        at = whole_number(lines[0].removeprefix("time "))
        return cls(at, {name: base64_hash(value) for value, _, name in parted})


@dataclass(frozen=True)
class Blinding:
    """The secret of one leaf, and what comes from it; `organisations`: the keys of all, in the order of the log."""

    secret: bytes
    organisations: Sequence[str]

    def leaf(self, at: int, moved: Iterable[tuple[ReaderGroup, ChainHead]]) -> Leaf:
        heads = self._by_place(moved)
        return Leaf(at, {place.name: self._commitment(place, heads.get(place, [])) for place in self._places()})

    def opening(self, place: LeafPlace, heads: Iterable[ChainHead], head: ChainHead) -> PlaceOpening:
        """`heads`: all that stand at the place, the one that is shown among them."""
        hashes = self._hashes(place, heads)
        index = hashes.index(head.hash)
        return PlaceOpening(place.name, self._drawn(place, "salt"), index, len(hashes), inclusion_path(hashes, index))

    def whole(self, place: LeafPlace, heads: Iterable[ChainHead], shown: Iterable[ChainHead]) -> WholePlace:
        """The place opened at once for who reads these heads of all that stand there."""
        readable = tuple(shown)
        hashes = {each.hash for each in readable}
        others = tuple(each for each in self._hashes(place, heads) if each not in hashes)
        return WholePlace(place.name, self._drawn(place, "salt"), readable, others)

    def _places(self) -> Iterable[LeafPlace]:
        groups = (*((each,) for each in self.organisations), *combinations(self.organisations, 2))
        return (LeafPlace(group, apart) for group in groups for apart in (False, True))

    @staticmethod
    def _by_place(moved: Iterable[tuple[ReaderGroup, ChainHead]]) -> dict[LeafPlace, list[ChainHead]]:
        heads: dict[LeafPlace, list[ChainHead]] = {}
        for group, head in moved:
            for place in group.places:
                heads.setdefault(place, []).append(head)
        return heads

    def _commitment(self, place: LeafPlace, heads: Sequence[ChainHead]) -> bytes:
        if not heads:
            return self._drawn(place, "nothing")
        return _commitment(self._drawn(place, "salt"), root_of(self._hashes(place, heads)))

    def _hashes(self, place: LeafPlace, heads: Iterable[ChainHead]) -> list[bytes]:
        """In an order that tells nothing, with fillers to a power of two, so that every path is of one length."""
        hashes = [each.hash for each in heads]
        size = max(APART_AT_LEAST if place.apart else 1, 1 << (len(hashes) - 1).bit_length())
        hashes += [self._drawn(place, f"filler {number}") for number in range(size - len(hashes))]
        return sorted(hashes)

    def _drawn(self, place: LeafPlace, what: str) -> bytes:
        return hmac.digest(self.secret, f"{place.name}\n{what}".encode(), "sha256")


def _commitment(salt: bytes, root: bytes) -> bytes:
    return sha256(salt + root).digest()


def reader_group(readers: str, keys: Mapping[int, str]) -> ReaderGroup:
    """Who reads a chain of this name (rules/digest). `keys`: of all organisations, by id, in the order of the log. Of
    what is read by persons, or by members of a body, the name does not say whose they are: it stands with all."""
    match readers.removeprefix(CLOSED).split():
        case [ids] if ids != LEADS:
            return ReaderGroup(_keys_of(ids, keys))
        case ["tier", _, "of", ids] | ["named", ids] | ["leads", ids]:
            return ReaderGroup(_keys_of(ids, keys), apart=True)
    return ReaderGroup(tuple(keys.values()), apart=True)


def _keys_of(ids: str, keys: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(keys[int(each)] for each in ids.split("+"))
