"""The leaf of a checkpoint tells nobody what moved where they do not read, and proves it to those who do."""

import pytest

from tracker.rules.proofs.leaves import APART_AT_LEAST, Blinding, ChainHead, Leaf, LeafPlace, ReaderGroup
from tracker.rules.proofs.notes import WrongNote

ORGANISATIONS = ("acute", "council", "community")
AT = 1_777_276_800
BLINDING, ANOTHER = (Blinding(bytes([each]) * 32, ORGANISATIONS) for each in (1, 2))
BOTH, ALL = ReaderGroup(("acute", "council")), ReaderGroup(ORGANISATIONS)
COUNCIL, APART = ReaderGroup(("council",)), ReaderGroup(("acute", "council"), apart=True)
PLACE = BOTH.places[0]


def heads(*chains: str) -> list[ChainHead]:
    return [ChainHead(each, 3, each * 64) for each in chains]


def of(group: ReaderGroup, *chains: str) -> list[tuple[ReaderGroup, ChainHead]]:
    return [(group, head) for head in heads(*chains)]


def test_each_organisation_and_each_pair_has_a_place_and_one_apart() -> None:
    assert list(Blinding(b"s", ("acute", "council")).leaf(AT, []).commitments) == [
        "acute",
        "acute (apart)",
        "council",
        "council (apart)",
        "acute council",
        "acute council (apart)",
    ]


@pytest.mark.parametrize(
    "group, wanted",
    [
        (COUNCIL, ["council"]),
        (BOTH, ["acute council"]),
        (ALL, ["acute council", "acute community", "council community"]),
        (APART, ["acute council (apart)"]),
    ],
)
def test_a_chain_stands_in_the_place_of_each_two_who_read_it(group: ReaderGroup, wanted: list[str]) -> None:
    assert [each.name for each in group.places] == wanted
    calm, busy = BLINDING.leaf(AT, []), BLINDING.leaf(AT, of(group, "a"))
    assert [name for name in calm.commitments if calm.commitments[name] != busy.commitments[name]] == wanted


def test_a_leaf_has_the_same_places_and_the_same_length_whatever_moved() -> None:
    leaves = BLINDING.leaf(AT, []), BLINDING.leaf(AT, of(BOTH, "a", "b") + of(COUNCIL, "c") + of(APART, *"defgh"))
    assert len({tuple(each.commitments) for each in leaves}) == 1
    assert len({len(each.text) for each in leaves}) == 1


def test_an_opening_shows_that_a_head_is_in_its_commitment_and_no_other() -> None:
    moved = heads("c", "a", "b")
    leaf = BLINDING.leaf(AT, of(BOTH, "a", "b", "c"))
    for head in moved:
        opening = BLINDING.opening(PLACE, moved, head)
        assert opening.commitment(head) == leaf.commitments[PLACE.name]
        assert opening.commitment(ChainHead(head.chain, 4, head.digest)) != leaf.commitments[PLACE.name]


def test_an_opening_depends_on_nothing_that_others_keep() -> None:
    alone = BLINDING.leaf(AT, of(BOTH, "a", "b"))
    beside = BLINDING.leaf(AT, of(BOTH, "a", "b") + of(COUNCIL, "x", "y") + of(APART, "z"))
    assert alone.commitments[PLACE.name] == beside.commitments[PLACE.name]


def test_what_stands_apart_gives_paths_of_one_length_however_much_there_is() -> None:
    place = APART.places[0]
    few = BLINDING.opening(place, heads("a"), heads("a")[0])
    many = [ChainHead(f"{each:064d}", 1, f"{each:064d}") for each in range(APART_AT_LEAST - 1)]
    much = BLINDING.opening(place, [*heads("a"), *many], heads("a")[0])
    assert (few.size, len(few.path)) == (much.size, len(much.path)) == (256, 8)
    assert (
        much.commitment(heads("a")[0])
        == BLINDING.leaf(AT, [(APART, each) for each in (*heads("a"), *many)]).commitments[place.name]
    )


def test_what_moved_again_cannot_be_told_from_what_did_not() -> None:
    first, second = (each.leaf(AT, of(BOTH, "a")) for each in (BLINDING, ANOTHER))
    assert {*first.commitments.values()}.isdisjoint(second.commitments.values())


def test_a_salt_opens_no_other_place() -> None:
    """Salts come from a secret by a function that cannot be turned round."""
    others = [LeafPlace(("acute",)), LeafPlace(("council",)), LeafPlace(("acute", "council"), apart=True)]
    salts = {BLINDING.opening(each, heads("a"), heads("a")[0]).salt for each in (PLACE, *others)}
    assert len(salts) == 4


def test_a_leaf_is_read_as_it_was_written() -> None:
    leaf = BLINDING.leaf(AT, of(BOTH, "a"))
    assert Leaf.read(leaf.text) == leaf
    with pytest.raises(WrongNote):
        Leaf.read(leaf.text.replace("@v1", "@v2"))
