"""The tree of RFC 9162: published roots, and proofs for every place of every small tree."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.proofs.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    root_above,
    root_of,
)

PUBLISHED_LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
# Certificate Transparency's reference tree: the root over the first one, two, ... of these leaves.
PUBLISHED_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
MOST = 40


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(str(each).encode()) for each in range(size)]


def test_the_root_over_nothing_is_the_hash_of_nothing() -> None:
    assert CompactRange().root == root_of([]) == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    assert root_of(map(leaf_hash, PUBLISHED_LEAVES[:size])).hex() == PUBLISHED_ROOTS[size - 1]


def test_a_path_is_that_of_the_reference_tree() -> None:
    path = inclusion_path([leaf_hash(each) for each in PUBLISHED_LEAVES], 0)
    assert [each.hex()[:16] for each in path] == ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"]


def test_the_tree_of_seven_leaves_is_put_together_as_rfc_9162_draws_it() -> None:
    """Section 2.1.5: hash = node(k, l), k = node(g, h), l = node(i, j), and j is the last leaf."""
    a, b, c, d, e, f, j = hashes(7)
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, right = node_hash(g, h), node_hash(i, j)
    leaves = [a, b, c, d, e, f, j]
    assert root_of(leaves) == node_hash(k, right)
    assert inclusion_path(leaves, 0) == (b, h, right)
    assert inclusion_path(leaves, 3) == (c, g, right)
    assert inclusion_path(leaves, 4) == (f, j, k)
    assert inclusion_path(leaves, 6) == (i, k)
    assert consistency_path(leaves, 3) == (c, d, g, right)
    assert consistency_path(leaves, 4) == (right,)
    assert consistency_path(leaves, 6) == (i, j, k)


@pytest.mark.parametrize("size", range(1, MOST))
def test_every_leaf_is_proven_and_no_other_in_its_place(size: int) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        assert root_above(leaf, index, size, path) == root
        assert root_above(leaf_hash(b"another"), index, size, path) != root
        assert root_above(leaf, index, size, (*path, root)) != root
        assert all(root_above(leaf, other, size, path) != root for other in range(size) if other != index)
    assert root_above(leaves[0], size, size, ()) is None


@pytest.mark.parametrize("size", range(1, MOST))
def test_every_tree_extends_those_before_it_and_no_other(size: int) -> None:
    leaves = hashes(size)
    root = root_of(leaves)
    for old_size in range(size + 1):
        path, old_root = consistency_path(leaves, old_size), root_of(leaves[:old_size])
        assert is_consistent(old_size, old_root, size, root, path)
        assert not is_consistent(old_size, leaf_hash(b"another"), size, root, path)
        assert not is_consistent(old_size, old_root, size, leaf_hash(b"another"), path) or old_size == 0
        assert not is_consistent(old_size, old_root, size, root, (*path, root))


@given(st.integers(2, 200), st.data())
def test_a_path_of_which_anything_was_changed_proves_nothing(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    old_size = data.draw(st.integers(1, size - 1))
    path = list(consistency_path(leaves, old_size))
    path[data.draw(st.integers(0, len(path) - 1))] = leaf_hash(b"another")
    assert not is_consistent(old_size, root_of(leaves[:old_size]), size, root_of(leaves), path)
    shorter = consistency_path(leaves, old_size)[:-1]
    assert not is_consistent(old_size, root_of(leaves[:old_size]), size, root_of(leaves), shorter)
