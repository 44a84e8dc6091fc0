"""A Merkle tree as RFC 9162 has it: a root that grows with its leaves, and proofs of what a root holds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256().digest()
LONGEST_PATH = 63  # of a tree whose size fits in 64 bits; as much as a witness takes


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """All that a growing tree needs to remember: the roots of its full subtrees, the largest first."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "CompactRange":
        """With one more leaf, given as its hash."""
        roots, merged = [*self.roots, leaf], self.size
        while merged & 1:
            right, left = roots.pop(), roots.pop()
            roots.append(node_hash(left, right))
            merged >>= 1
        return CompactRange(self.size + 1, tuple(roots))

    @property
    def root(self) -> bytes:
        if not self.roots:
            return EMPTY_ROOT
        *larger, root = self.roots
        for left in reversed(larger):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over the hashes of leaves."""
    tree = CompactRange()
    for leaf in leaves:
        tree = tree.append(leaf)
    return tree.root


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """What leads from the leaf at `index` to the root over these hashes, the leaf's sibling first."""
    if len(leaves) <= 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_path(leaves[:split], index), root_of(leaves[split:]))
    return (*inclusion_path(leaves[split:], index - split), root_of(leaves[:split]))


def root_above(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from the hash of the leaf at `index`; None where no tree of this size has such a
    path."""
    if not 0 <= index < size:
        return None
    turns, root = _turns(index, size - 1, path), leaf
    for is_left, sibling in turns or ():
        root = node_hash(sibling, root) if is_left else node_hash(root, sibling)
    return None if turns is None else root


def consistency_path(leaves: Sequence[bytes], old_size: int) -> tuple[bytes, ...]:
    """What shows that the tree over these hashes began as the one over the first `old_size` of them."""
    return _subproof(leaves, old_size, is_whole=True) if 0 < old_size < len(leaves) else ()


def is_consistent(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` leaves extends that of `old_size`. Everything extends what is empty."""
    if old_size == size:
        return not path and old_root == root
    if old_size == 0:
        return not path and old_root == EMPTY_ROOT
    if not (0 < old_size < size and path):
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first, *others = path if old_size & (old_size - 1) else (old_root, *path)
    turns, old, new = _turns(place, last, others), first, first
    for is_left, sibling in turns or ():
        old = node_hash(sibling, old) if is_left else old
        new = node_hash(sibling, new) if is_left else node_hash(new, sibling)
    return turns is not None and (old, new) == (old_root, root)


def _turns(place: int, last: int, path: Iterable[bytes]) -> list[tuple[bool, bytes]] | None:
    """Of each sibling on the way up whether it stands to the left; None where the way is of another length. `place` and
    `last`: of the node it begins at, and of the last one beside it."""
    turns = []
    for sibling in path:
        if not last:
            return None
        is_left = bool(place & 1) or place == last
        while is_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        turns.append((is_left, sibling))
        place, last = place >> 1, last >> 1
    return None if last else turns


def _subproof(leaves: Sequence[bytes], old_size: int, *, is_whole: bool) -> tuple[bytes, ...]:
    if old_size == len(leaves):
        return () if is_whole else (root_of(leaves),)
    split = _split(len(leaves))
    if old_size <= split:
        return (*_subproof(leaves[:split], old_size, is_whole=is_whole), root_of(leaves[split:]))
    return (*_subproof(leaves[split:], old_size - split, is_whole=False), root_of(leaves[:split]))


def _split(size: int) -> int:
    """The largest power of two below a size above one."""
    return 1 << (size - 1).bit_length() - 1
